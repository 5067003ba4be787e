import { readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDurable } from '../../../src/mock/node/durable.js'
import { folder, opened, written } from './files.js'

describe('the lock of a data file', () => {
  it('keeps a second one out, and is gone in the end', async () => {
    const file = await written()
    const { close } = await opened(file)
    await expect(openDurable(file)).rejects.toThrow(new RegExp(`in use by process ${process.pid}; .*\\.lock`))
    await close()
    await (await opened(file)).close()
    expect(await readdir(folder)).not.toContain(`${path.basename(file)}.lock`)
  })

  const holder = (fields: object) =>
    JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, began: null, ...fields })

  it.each([
    ['a process that is no more', holder({})],
    ['a process whose id another one has now', holder({ pid: process.pid, began: '1' })],
    ['a loss of power', ''],
  ])('of %s is taken over', async (_, text) => {
    const file = await written()
    await writeFile(`${file}.lock`, text)
    expect((await opened(file)).resumed).toBe(true)
  })

  it('of another machine is not', async () => {
    const file = await written()
    await writeFile(`${file}.lock`, holder({ host: 'another.example' }))
    await expect(openDurable(file)).rejects.toThrow(/in use by process \d+ of another\.example/)
  })

  it('of a process that was killed while it took another one over is taken over', async () => {
    const file = await written()
    await writeFile(`${file}.lock`, holder({}))
    await writeFile(`${file}.lock.clearing`, holder({}))
    expect((await opened(file)).resumed).toBe(true)
    expect((await readdir(folder)).filter((name) => name.endsWith('.clearing'))).toEqual([])
  })

  it('lets one through of many that come at once, again and again', async () => {
    const file = await written()
    for (let round = 0; round < 40; round++) {
      await writeFile(`${file}.lock`, holder({}))
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => openDurable(file)))
      const through = all.filter((result) => result.status === 'fulfilled')
      expect(through).toHaveLength(1)
      await through[0]!.value.close()
    }
  })
})
