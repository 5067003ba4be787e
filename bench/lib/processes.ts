/** Other processes: servers that must not share the processor time of their clients, and starts from cold. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A program of `bench/processes`, where the build puts it. */
export const program = (name: string) => fileURLToPath(new URL(`./processes/${name}.js`, import.meta.url))

export interface Running {
  /** The first line that it printed. */
  readonly line: string
  stop(): Promise<void>
}

/** Starts a program and waits for its first line. It is stopped when it has not printed one within a minute. */
export function start(args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  // Also when a benchmark fails
  const kill = () => child.kill()
  process.once('exit', kill)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = () => {
    kill()
    process.off('exit', kill)
    return closed
  }
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(kill, 60_000)
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end < 0) return
      clearTimeout(tooLate)
      resolve({ line: text.slice(0, end), stop })
    })
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(tooLate)
      reject(new Error(`${args.join(' ')} ended with ${code} and said nothing`))
    })
  })
}

/** Runs a program to its end and parses the one line of JSON that it prints. */
export async function ask<T>(args: readonly string[]): Promise<T> {
  const { line, stop } = await start(args)
  await stop()
  return JSON.parse(line) as T
}
