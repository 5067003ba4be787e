import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { DataFileError, isCode, reasonOf } from './trouble.js'

/** Who holds a lock. */
interface Holder {
  readonly host: string
  readonly pid: number
  /** When the process began, as its system counts; null where that cannot be told. */
  readonly began: string | null
}

/** A process id alone comes again: after a restart of a container it nearly always does. */
async function beganAt(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name of the program, in parentheses, and may hold anything (proc(5))
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

async function isAlive({ host, pid, began }: Holder): Promise<boolean> {
  // Of another machine nothing can be told
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    return !isCode(error, 'ESRCH')
  }
  return (await beganAt(pid)) === began
}

/** Undefined where it is not there; null where it is what a loss of power has left of one. */
async function holderOf(file: string): Promise<Holder | null | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
  try {
    const holder = JSON.parse(text) as Holder
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : null
  } catch {
    return null
  }
}

const ignore = () => undefined

/** What file systems without links say of one. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

let drafts = 0

/** Creates the file with its whole content at once, so that nobody reads half of it. */
async function claim(file: string, own: Holder): Promise<boolean> {
  const draft = `${file}.${own.pid}.${++drafts}`
  try {
    await writeFile(draft, JSON.stringify(own), { mode: 0o600 })
    await link(draft, file).catch((error: unknown) => {
      if (!noLinks.some((code) => isCode(error, code))) throw error
      return writeFile(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 })
    })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await unlink(draft).catch(ignore)
  }
}

/** Whether it is there, and whoever held it is no more. */
async function isLeft(file: string): Promise<boolean> {
  const holder = await holderOf(file)
  return holder === null || (holder !== undefined && !(await isAlive(holder)))
}

/**
 * Takes a dead holder's lock away, one process at a time: a second one that had seen the same dead holder would take the
 * lock of whoever was quicker.
 */
async function clear(file: string, own: Holder): Promise<void> {
  const turn = `${file}.clearing`
  if (await claim(turn, own)) {
    try {
      // One that is gone may be somebody's in the next moment
      if (await isLeft(file)) await unlink(file).catch(ignore)
    } finally {
      await unlink(turn).catch(ignore)
    }
  } else if (await isLeft(turn)) {
    // Killed in the moment of taking over: its turn is a lock like any other
    await clear(turn, own)
  } else await setTimeout(10)
}

/**
 * Makes this process the only one that writes to a file. What a killed process has left behind is taken over.
 *
 * @returns How to let go.
 * @throws DataFileError if another process holds it.
 */
export async function lock(dataFile: string): Promise<() => Promise<void>> {
  const file = `${dataFile}.lock`
  const own: Holder = { host: hostname(), pid: process.pid, began: await beganAt(process.pid) }
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      if (await claim(file, own)) return () => unlink(file).catch(ignore)
      const holder = await holderOf(file)
      if (holder && (await isAlive(holder))) throw inUse(dataFile, file, holder)
      await clear(file, own)
    } catch (error) {
      if (error instanceof DataFileError) throw error
      throw new DataFileError(`${dataFile} cannot be written: ${reasonOf(error)}.`, { cause: error })
    }
  }
  throw new DataFileError(`${dataFile} is being taken by several processes at once: try again.`)
}

function inUse(dataFile: string, file: string, { host, pid }: Holder): DataFileError {
  const where = host === hostname() ? '' : ` of ${host}`
  return new DataFileError(
    `${dataFile} is in use by process ${pid}${where}; if that is not so, delete ${file}.`,
  )
}
