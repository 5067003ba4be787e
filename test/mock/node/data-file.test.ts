import { link, mkdir, readFile, readdir, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDurable } from '../../../src/mock/node/durable.js'
import { DataFileError } from '../../../src/mock/node/trouble.js'
import { clientOf } from '../kit/world.js'
import { bytesOf, folder, fresh, opened, written } from './files.js'

describe('a data file that cannot be trusted is left as it is:', () => {
  const refused = async (file: string, sentence: RegExp) => {
    const before = await readFile(file)
    await expect(openDurable(file)).rejects.toThrow(sentence)
    await expect(openDurable(file)).rejects.toBeInstanceOf(DataFileError)
    expect(await readFile(file)).toEqual(before)
    expect(await readdir(folder)).not.toContain(`${path.basename(file)}.lock`)
  }

  it.each([
    ['a text', 'Dear diary'],
    ['JSON of something else', '{"type":"weavz-snapshot"}\n'],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0'],
    ['an empty line', '\n'],
    ['a first line without an end', `${'0'.repeat(16)} {"type":"weavz-data","version":1,"snapshot":{}`],
  ])('%s', async (_, text) => {
    const file = fresh()
    await writeFile(file, text, 'latin1')
    await refused(file, /is no data file of weavz mock/)
  })

  it('one of a newer version', async () => {
    const file = await written()
    await writeFile(file, (await bytesOf(file)).replace('"version":1', '"version":2'))
    await refused(file, /newer version/)
  })

  it('one with a byte changed anywhere', async () => {
    const file = await written()
    const bytes = await readFile(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const spoilt = Buffer.from(bytes)
        spoilt[at]! ^= change
        await writeFile(file, spoilt)
        await refused(file, /damaged|no data file|newer version/)
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['half a line', (lines: string[]) => lines.splice(1, 1, lines[1]!.slice(0, 50))],
    ['a line missing', (lines: string[]) => lines.splice(1, 1)],
    ['a line twice', (lines: string[]) => lines.splice(1, 0, lines[1]!)],
    ['two lines in the other order', (lines: string[]) => lines.splice(1, 2, lines[2]!, lines[1]!)],
  ])('one with %s', async (_, spoil) => {
    const file = await written()
    const lines = (await bytesOf(file)).split('\n')
    spoil(lines)
    await writeFile(file, lines.join('\n'))
    await refused(file, /damaged in line [23]/)
  })
})

it('cut off anywhere behind the snapshot, a data file gives back what was whole, and goes on from there', async () => {
  const file = await written()
  const bytes = await readFile(file)
  const text = bytes.toString()
  const head = text.indexOf('\n') + 1
  const full = await opened(file)
  const all = full.weavz.snapshot()
  await full.close()
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: head, max: bytes.length }), async (end) => {
      const cut = fresh()
      await writeFile(cut, bytes.subarray(0, end))
      await writeFile(`${cut}.key`, await readFile(`${file}.key`))
      const lines = text.slice(head, end).split('\n').length - 1
      const { client, close } = await openDurable(cut).then((durable) => ({
        ...durable,
        client: clientOf(durable.weavz),
      }))
      const { workspaces } = await client.workspaces.list()
      expect(['a', 'b', 'c'].slice(0, workspaces.length)).toEqual(workspaces.map(({ slug }) => slug))
      expect(workspaces.length).toBeLessThanOrEqual(lines)
      await client.workspaces.create({ name: 'new', slug: 'new' })
      await close()
      const again = await opened(cut)
      expect((await again.client.workspaces.list()).total).toBe(workspaces.length + 1)
      await again.close()
    }),
    { numRuns: 25, examples: [[bytes.length]] },
  )
  expect((await opened(file)).weavz.snapshot()).toBe(all)
})

describe('a disk that refuses', () => {
  it.each([
    [
      'a folder that is not there',
      (file: string) => Promise.resolve(path.join(file, 'world')),
      /no such folder/,
    ],
    ['a folder in its place', async (file: string) => (await mkdir(file), file), /it is a folder/],
    [
      'a file in the place of its folder',
      async (file: string) => (await writeFile(file, ''), path.join(file, 'world')),
      /part of the path is no folder/,
    ],
  ])('%s is told in one sentence', async (_, place, sentence) => {
    const file = await place(fresh())
    const error = await openDurable(file).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DataFileError)
    expect((error as Error).message).toMatch(sentence)
    expect((error as Error).message.split('\n')).toHaveLength(1)
  })

  it('gets no answer out that is not on disk; what was is, and all of it is once it writes again', async () => {
    const file = fresh()
    const told: string[] = []
    const { client, weavz, close } = await opened(file, { onTrouble: (sentence) => told.push(sentence) })
    await client.workspaces.create({ name: 'Before', slug: 'before' })
    const aside = `${file}.aside`
    await link(file, aside)
    await unlink(file)
    const refusal = { status: 500, code: 'INTERNAL_ERROR' }
    await expect(client.workspaces.create({ name: 'In vain', slug: 'in-vain' })).rejects.toMatchObject(
      refusal,
    )
    await expect(client.workspaces.list()).rejects.toMatchObject(refusal)
    expect(told).toEqual([
      expect.stringMatching(/was deleted or replaced .* every answer is 500 INTERNAL_ERROR\.$/),
    ])
    expect(await bytesOf(aside)).not.toContain('in-vain')
    await link(aside, file)
    await client.workspaces.create({ name: 'After', slug: 'after' })
    expect(told).toHaveLength(2)
    const snapshot = weavz.snapshot()
    await close()
    expect((await opened(file)).weavz.snapshot()).toBe(snapshot)
  })

  it('never writes over a file that another process has put there', async () => {
    const file = fresh()
    const { client, weavz } = await opened(file)
    await client.workspaces.create({ name: 'Mine', slug: 'mine' })
    await unlink(file)
    await writeFile(file, 'Theirs')
    await expect(client.workspaces.create({ name: 'Lost', slug: 'lost' })).rejects.toMatchObject({
      status: 500,
    })
    weavz.reset()
    await expect(client.workspaces.list()).rejects.toMatchObject({ status: 500 })
    expect(await bytesOf(file)).toBe('Theirs')
  })

  it('after it is closed, answers nothing that would have to be kept', async () => {
    const file = await written()
    const { client, close } = await opened(file)
    await close()
    const before = await bytesOf(file)
    await expect(client.workspaces.create({ name: 'Late', slug: 'late' })).rejects.toMatchObject({
      status: 500,
    })
    expect(await bytesOf(file)).toBe(before)
  })
})
