import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { addApiKey, findApiKey } from '../../engine/api-keys.js'
import { abandonDeliveries } from '../../engine/deliveries.js'
import { recordChanges } from '../kit/changes.js'
import type { Seed } from '../kit/seed-schema.js'
import { OtherKeyError } from '../kit/snapshot.js'
import { createRecordedMock, type MockWeavz } from '../mock.js'
import type { MockWeavzOptions } from '../options.js'
import { DataFile, readDataFile } from './data-file.js'
import { lock } from './lock.js'
import { Saver } from './saver.js'
import { DataFileError, reasonOf } from './trouble.js'
import { vaultKeyOf } from './vault-key.js'

export interface DurableOptions<S extends Seed> extends Omit<MockWeavzOptions<S>, 'vaultKey' | 'random'> {
  /** The key that credentials are sealed under, as text. Default: that of `FILE.key`. */
  readonly vaultKeyText?: string | undefined
  /** Hears, in one sentence, when the file cannot be written any more, and when it can again. */
  readonly onTrouble?: (sentence: string) => void
}

/** An offline Weavz whose state is kept in a file. */
export interface DurableWeavz {
  readonly weavz: MockWeavz
  /** Whether the file was there: the state is its own, and a seed is only what `reset` leads back to. */
  readonly resumed: boolean
  /**
   * Writes what is pending, and lets go of the file.
   *
   * @throws DataFileError if that cannot be written.
   */
  close(): Promise<void>
}

/**
 * An offline Weavz that survives the end of its process, however it comes: `fetch` hands out an answer once the state
 * that it tells about is on disk. An answer for which that fails becomes 500 `INTERNAL_ERROR`. What changes outside
 * requests, by the clock or by deliveries, is written at once as well.
 *
 * @throws DataFileError if the file is in use, damaged or not a data file, or cannot be read or written; SeedError.
 */
export async function openDurable<S extends Seed>(
  dataFile: string,
  { vaultKeyText, onTrouble = () => undefined, ...options }: DurableOptions<S> = {},
): Promise<DurableWeavz> {
  // A rename would put a file in the place of a link
  const file = await realpath(dataFile).catch(() => path.resolve(dataFile))
  const unlock = await lock(file)
  try {
    const content = await readDataFile(file)
    const vaultKey = await vaultKeyOf(file, content !== undefined, vaultKeyText)
    const recorder = recordChanges()
    const weavz = createRecordedMock({ ...options, vaultKey }, recorder)
    await weavz.ready
    if (content) {
      resume(file, weavz, content.snapshot)
      recorder.forget()
      const { engine } = recorder.world
      if (!findApiKey(engine, weavz.apiKey)) addApiKey(engine, { name: 'Default', plainKey: weavz.apiKey })
      abandonDeliveries(engine)
    }
    const target = new DataFile(file, content)
    const trouble = tellOnce(file, onTrouble)
    const saver = new Saver(recorder, target, trouble)
    recorder.onChange = () => void saver.schedule()
    await saver.saved().catch((error: unknown) => {
      throw cannotWrite(file, error)
    })
    return {
      weavz: { ...weavz, fetch: (input, init) => fetchDurably(weavz, saver, file, input, init) },
      resumed: content !== undefined,
      async close() {
        recorder.onChange = undefined
        try {
          await saver.saved()
        } catch (error) {
          throw cannotWrite(file, error)
        } finally {
          await target.close()
          await unlock()
        }
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

function resume(file: string, weavz: MockWeavz, snapshot: string): void {
  try {
    weavz.restore(snapshot)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    if (error instanceof OtherKeyError) {
      throw new DataFileError(`${file} was written with another vault key.`, { cause: error })
    }
    throw new DataFileError(`${file} cannot be used: ${error.message}.`, { cause: error })
  }
}

async function fetchDurably(
  weavz: MockWeavz,
  saver: Saver,
  file: string,
  ...request: Parameters<MockWeavz['fetch']>
): Promise<Response> {
  const response = await weavz.fetch(...request)
  try {
    await saver.saved()
    return response
  } catch (error) {
    await response.body?.cancel()
    const told = [...response.headers].filter(([name]) => name.startsWith('x-'))
    const body = { error: cannotWrite(file, error).message, code: 'INTERNAL_ERROR' }
    return Response.json(body, { status: 500, headers: told })
  }
}

function cannotWrite(file: string, error: unknown): DataFileError {
  if (error instanceof DataFileError) return error
  return new DataFileError(`${file} cannot be written: ${reasonOf(error)}.`, { cause: error })
}

/** Hears how each write went, and passes on what is news. */
function tellOnce(file: string, onTrouble: (sentence: string) => void): (error: unknown) => void {
  let told: string | undefined
  return (error) => {
    const trouble = error === undefined ? undefined : cannotWrite(file, error).message
    if (trouble !== undefined && trouble !== told) {
      onTrouble(`${trouble.replace(/\.$/, '')}; until it can, every answer is 500 INTERNAL_ERROR.`)
    }
    if (trouble === undefined && told !== undefined) onTrouble(`${file} is written again.`)
    told = trouble
  }
}
