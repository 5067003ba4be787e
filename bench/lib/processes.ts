/** Other processes: servers that must not share the processor time of their clients, and starts from cold. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program of `bench/processes`, where the build puts it. */
export const program = (name: string) => fileURLToPath(new URL(`./processes/${name}.js`, import.meta.url))

export interface Running {
  /** The first line that it printed. */
  readonly line: string
  /** Writes a line and waits for the one that it prints. */
  ask(line?: string): Promise<string>
  stop(): Promise<void>
}

/** What keeps a process on the last core; nothing where the system has no such program. */
const onOneCore = (() => {
  const pin = ['taskset', '-c', String(cpus().length - 1)]
  const { status } = spawnSync(pin[0] as string, [...pin.slice(1), 'true'])
  return status === 0 ? pin : []
})()

const children = new Set<ChildProcess>()
// Also when a benchmark fails
process.once('exit', () => children.forEach((child) => child.kill()))

/**
 * Starts a program and waits for its first line. It is stopped when it has not printed one within a minute.
 *
 * @param options.pinned Keeps it on one core. To wake another one takes a virtual machine several times as long as what
 * that one is to compute, which would be most of what is measured.
 */
export async function start(args: readonly string[], { pinned = false } = {}): Promise<Running> {
  const [command, ...rest] = [...(pinned ? onOneCore : []), process.execPath, ...args]
  const child = spawn(command as string, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.add(child)
  const kill = () => void child.kill()
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${args.join(' ')} ended and said nothing`)
    return value
  }
  const tooLate = setTimeout(kill, 60_000)
  const line = await next()
  clearTimeout(tooLate)
  return {
    line,
    ask(line = '') {
      child.stdin.write(`${line}\n`)
      return next()
    },
    stop() {
      kill()
      children.delete(child)
      return closed
    },
  }
}

/** Runs a program to its end and parses the one line of JSON that it prints. */
export async function ask<T>(args: readonly string[]): Promise<T> {
  const { line, stop } = await start(args)
  await stop()
  return JSON.parse(line) as T
}
