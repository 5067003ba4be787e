import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { Seed } from '../../../src/mock/index.js'
import { openDurable, type DurableOptions } from '../../../src/mock/node/durable.js'
import { clientOf } from '../kit/world.js'

/** Where the data files of a test file are. */
export let folder: string
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'weavz-durable-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

let count = 0
/** The path of a file that is not there. */
export const fresh = () => path.join(folder, `world-${++count}`)

/** An offline Weavz on a data file, until the end of the test. */
export async function opened(file: string, options?: DurableOptions<Seed>) {
  const durable = await openDurable(file, options)
  onTestFinished(() => durable.close().catch(() => undefined))
  return { ...durable, client: clientOf(durable.weavz) }
}

/** The file as a kill leaves it: what a process wrote, and its lock without its process. */
export async function killed(file: string): Promise<string> {
  const left = fresh()
  await Promise.all(['', '.key'].map(async (end) => writeFile(left + end, await readFile(file + end))))
  return left
}

export const bytesOf = (file: string) => readFile(file, 'utf8')

/** A file with some writes in it. */
export async function written(options?: DurableOptions<Seed>): Promise<string> {
  const file = fresh()
  const { client, close } = await opened(file, options)
  for (const slug of ['a', 'b', 'c']) await client.workspaces.create({ name: slug, slug })
  await close()
  return file
}
