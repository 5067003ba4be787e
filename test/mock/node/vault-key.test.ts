import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDurable } from '../../../src/mock/node/durable.js'
import { DataFileError } from '../../../src/mock/node/trouble.js'
import { hush, post, typicalSeed } from '../kit/world.js'
import { bytesOf, folder, fresh, opened, written } from './files.js'

describe('the vault key of a data file', () => {
  it('is beside it, for its owner alone, and never in it', async () => {
    const file = fresh()
    const { weavz } = await opened(file, { seed: typicalSeed })
    const key = (await bytesOf(`${file}.key`)).trim()
    expect(key).toMatch(/^[\w-]{43}$/)
    for (const end of ['', '.key']) expect((await stat(file + end)).mode & 0o777).toBe(0o600)
    for (const secret of [key, hush, weavz.apiKey]) expect(await bytesOf(file)).not.toContain(secret)
  })

  it('opens what was sealed before a restart', async () => {
    const file = fresh()
    const first = await opened(file, { seed: typicalSeed })
    await first.close()
    const { weavz } = await opened(file, { seed: typicalSeed })
    await weavz.clock.advance('2h')
    expect(await post(weavz, 'bot', { channel: '#general', text: 'Hi' })).toMatchObject({ success: true })
    expect(weavz.openings.list().map(({ purpose }) => purpose)).toContain('refresh')
  })

  it('may come from the environment instead', async () => {
    const file = fresh()
    const vaultKeyText = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
    const first = await opened(file, { seed: typicalSeed, vaultKeyText })
    await first.close()
    expect(await readdir(folder)).not.toContain(`${path.basename(file)}.key`)
    await expect(openDurable(file)).rejects.toThrow(/vault key .* is missing/)
    await unlink(`${file}.key`).catch(() => undefined)
    expect((await opened(file, { vaultKeyText })).resumed).toBe(true)
  })

  it.each([
    ['missing', (key: string) => unlink(key), /is missing/],
    ['another', (key: string) => writeFile(key, `${'ab'.repeat(16)}${'0f'.repeat(16)}`), /another vault key/],
    ['no key', (key: string) => writeFile(key, 'a passphrase of mine'), /holds no vault key/],
    ['empty', (key: string) => writeFile(key, ''), /holds no vault key/],
    ['a folder', async (key: string) => (await unlink(key), mkdir(key)), /it is a folder/],
  ])('that is %s is told, and the file stays as it is', async (_, spoil, sentence) => {
    const file = await written()
    const before = await bytesOf(file)
    const key = (await bytesOf(`${file}.key`)).trim()
    await spoil(`${file}.key`)
    const error = await openDurable(file).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DataFileError)
    expect((error as Error).message).toMatch(sentence)
    expect((error as Error).message).not.toContain(key)
    expect((error as Error).message).not.toContain('passphrase')
    expect(await bytesOf(file)).toBe(before)
  })
})
