import { createHash } from 'node:crypto'
import { open, readFile, rename, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { replay } from '../kit/changes.js'
import { DataFileError, isCode, reasonOf } from './trouble.js'

/**
 * The format: lines, each a checksum and JSON. The first is `{"type":"weavz-data","version":1,"snapshot":…}`, the
 * others hold what has changed since, one line for what was saved at once. A checksum is over that of the line before,
 * too, so that none can be missing. Only the end of the file is ever written in place; a line that has no end was being written when the process was killed, and nobody was told that it is there.
 */
const version = 1
const headPattern = /^[0-9a-f]{16} \{"type":"weavz-data","version":(\d+),/

const checksum = (before: string, json: string) =>
  createHash('sha256').update(before).update(json).digest('hex').slice(0, 16)

interface Line {
  readonly checksum: string
  readonly bytes: Buffer
}

/** @param before Checksum of the line before. */
function lineOf(before: string, json: string): Line {
  const sum = checksum(before, json)
  return { checksum: sum, bytes: Buffer.from(`${sum} ${json}\n`) }
}

const headOf = (snapshot: string) =>
  lineOf('', `{"type":"weavz-data","version":${version},"snapshot":${snapshot}}`)

/** What a data file holds. */
export interface DataFileContent {
  /** The state, with all changes. */
  readonly snapshot: string
  /** Bytes up to the end of the last whole line. */
  readonly size: number
  /** Bytes of the first line. */
  readonly headSize: number
  /** Of the last whole line. */
  readonly checksum: string
}

/**
 * Reads a data file; undefined if there is none, or nothing in it.
 *
 * @throws DataFileError if it is something else, is damaged, or was written by a newer version.
 */
export async function readDataFile(file: string): Promise<DataFileContent | undefined> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw new DataFileError(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error })
  }
  if (bytes.length === 0) return undefined
  const size = bytes.lastIndexOf(10) + 1
  const headSize = bytes.indexOf(10) + 1
  const start = bytes.subarray(0, 60).toString('latin1')
  const [, written] = headPattern.exec(start) ?? []
  if (written === undefined || headSize === 0) {
    throw new DataFileError(`${file} is no data file of weavz mock: it is left as it is.`)
  }
  if (Number(written) > version) {
    throw new DataFileError(`${file} was written by a newer version of weavz: it is left as it is.`)
  }
  const [first = '', ...lines] = bytes
    .subarray(0, size - 1)
    .toString('utf8')
    .split('\n')
  let [last, number] = ['', 0]
  const parse = (line: string): unknown => {
    number++
    const json = line.slice(17)
    const sum = checksum(last, json)
    if (line.slice(0, 17) !== `${sum} `) {
      throw new DataFileError(`${file} is damaged in line ${number}: it is left as it is.`)
    }
    last = sum
    return JSON.parse(json)
  }
  const state = replay((parse(first) as { snapshot: unknown }).snapshot)
  for (const line of lines) state.apply(parse(line))
  return { snapshot: state.snapshot(), size, headSize, checksum: last }
}

/** A data file that is written to. One write at a time. */
export class DataFile {
  #handle: FileHandle | undefined
  #size: number
  #headSize: number
  #checksum: string
  #closed = false
  /** Whether the end of the file is not what `#size` says. */
  #spoilt = true

  /** @param content What the file holds; undefined if it is yet to be written. */
  constructor(
    readonly path: string,
    content: DataFileContent | undefined,
  ) {
    this.#size = content?.size ?? 0
    this.#headSize = content?.headSize ?? 0
    this.#checksum = content?.checksum ?? ''
  }

  /** Whether it is time to write a snapshot: the changes take more than it does, and more than a little. */
  get isLong(): boolean {
    const changes = this.#size - this.#headSize
    return changes > Math.max(this.#headSize, 256 * 1024)
  }

  /** Whether it holds anything yet. */
  get exists(): boolean {
    return this.#headSize > 0
  }

  /** Adds a line; it is on disk when this resolves. When it rejects, the file holds what it held before. */
  async append(json: string): Promise<void> {
    this.#refuseClosed()
    const handle = (this.#handle ??= await open(this.path, 'r+'))
    await this.#refuseForeign()
    const line = lineOf(this.#checksum, json)
    if (this.#spoilt) await handle.truncate(this.#size)
    this.#spoilt = true
    try {
      await writeAll(handle, line.bytes, this.#size)
      await handle.datasync()
    } catch (error) {
      await handle.truncate(this.#size).catch(() => undefined)
      throw error
    }
    this.#spoilt = false
    this.#size += line.bytes.length
    this.#checksum = line.checksum
  }

  /** Puts a snapshot in the place of everything. When it rejects, the file is what it was. */
  async rewrite(snapshot: string): Promise<void> {
    this.#refuseClosed()
    const head = headOf(snapshot)
    const draft = `${this.path}.tmp`
    // Nobody else writes there: that is what the lock is for
    const handle = await open(draft, 'w', 0o600)
    try {
      await writeAll(handle, head.bytes, 0)
      await handle.sync()
      if (this.#handle) await this.#refuseForeign()
      await rename(draft, this.path)
    } catch (error) {
      await handle.close()
      throw error
    }
    const before = this.#handle
    this.#handle = handle
    this.#size = this.#headSize = head.bytes.length
    this.#checksum = head.checksum
    this.#spoilt = false
    await before?.close()
    await syncFolder(path.dirname(this.path))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#handle?.close()
    this.#handle = undefined
  }

  #refuseClosed(): void {
    if (this.#closed) throw new DataFileError(`${this.path} has been let go of.`)
  }

  /** What is written to a file that has been deleted or replaced would be lost; and another's must not be. */
  async #refuseForeign(): Promise<void> {
    const own = await this.#handle?.stat()
    const there = await stat(this.path).catch((error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw error
    })
    if (own?.ino === there?.ino && own?.dev === there?.dev) return
    throw new DataFileError(`${this.path} was deleted or replaced while it was in use.`)
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

/** Without it a rename may be forgotten when the power fails. Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
