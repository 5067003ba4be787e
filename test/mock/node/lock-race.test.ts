import { hostname } from 'node:os'
import { rm, writeFile } from 'node:fs/promises'
import { expect, it, vi } from 'vitest'
import { lock } from '../../../src/mock/node/lock.js'
import { written } from './files.js'

/** What others do to a lock while it is looked at: after the first look, the second one, and so on. */
const meanwhile: (() => Promise<void>)[] = []

vi.mock(import('node:fs/promises'), async (original) => {
  const actual = await original()
  const readFile = async (...given: Parameters<typeof actual.readFile>) => {
    try {
      return await actual.readFile(...given)
    } finally {
      if (String(given[0]).endsWith('.lock')) await meanwhile.shift()?.()
    }
  }
  return { ...actual, readFile: readFile as typeof actual.readFile }
})

it('a lock is left to who takes it after somebody else has cleared it', async () => {
  const file = `${await written()}.lock`
  const holder = { host: hostname(), pid: 2 ** 22 + 1, began: null }
  await writeFile(file, JSON.stringify(holder))
  meanwhile.push(
    () => rm(file),
    () => writeFile(file, JSON.stringify({ ...holder, host: 'quicker.example' })),
  )
  await expect(lock(file.replace(/\.lock$/, ''))).rejects.toThrow(/in use by process \d+ of quicker\.example/)
})
