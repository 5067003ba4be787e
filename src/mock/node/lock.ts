import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
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

/** Undefined where nobody holds it: it is gone meanwhile, or what a loss of power has left of it. */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as Holder
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined
  } catch {
    return undefined
  }
}

const ignore = () => undefined

/** What file systems without links say of one. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** Creates the file with its whole content at once, so that nobody reads half of it. */
async function claim(file: string, own: Holder): Promise<boolean> {
  const draft = `${file}.${own.pid}`
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

/** Takes a dead holder's lock away; puts it back if it turns out to be that of a process that was quicker. */
async function clear(file: string, pid: number): Promise<void> {
  const aside = `${file}.${pid}`
  await rename(file, aside).catch(ignore)
  const holder = await holderOf(aside)
  if (holder && (await isAlive(holder))) await link(aside, file).catch(ignore)
  await unlink(aside).catch(ignore)
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
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      if (await claim(file, own)) return () => unlink(file).catch(ignore)
    } catch (error) {
      throw new DataFileError(`${dataFile} cannot be written: ${reasonOf(error)}.`, { cause: error })
    }
    const holder = await holderOf(file)
    if (holder && (await isAlive(holder))) {
      const where = holder.host === own.host ? '' : ` of ${holder.host}`
      throw new DataFileError(
        `${dataFile} is in use by process ${holder.pid}${where}; if that is not so, delete ${file}.`,
      )
    }
    await clear(file, own.pid)
  }
  throw new DataFileError(`${dataFile} is being taken by several processes at once: try again.`)
}
