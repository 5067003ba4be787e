import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const command = ['--import', 'tsx', 'src/cli/main.ts']
const env = { ...process.env, NO_COLOR: '1' }

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `weavz` to its end. */
export function weavz(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    timeout: 15_000,
  })
  return { exitCode: status, stdout, stderr }
}

export interface Running {
  /** What it printed when it was ready. */
  readonly line: string
  /** Sends a signal, and waits for the end. */
  stop(
    signal: NodeJS.Signals,
  ): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; rest: string }>
}

/** Starts `weavz mock` and waits for its line. */
export async function startMock(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [...command, 'mock', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit') as Promise<[exitCode: number | null, signal: NodeJS.Signals | null]>
  const lines = createInterface({ input: child.stdout })
  const printed: string[] = []
  lines.on('line', (line) => printed.push(line))
  await Promise.race([once(lines, 'line'), ended])
  const [line] = printed
  if (line === undefined) throw new Error('weavz mock ended before it was ready')
  return {
    line,
    async stop(signal) {
      child.kill(signal)
      const [exitCode, killedBy] = await ended
      return { exitCode, signal: killedBy, rest: printed.slice(1).join('\n') }
    },
  }
}

/** Starts `weavz mock` on a free port, for one test. */
export async function runningMock(...args: string[]): Promise<{ url: string; apiKey: string } & Running> {
  const running = await startMock('--port', '0', '--json', ...args)
  onTestFinished(async () => void (await running.stop('SIGKILL')))
  return { ...(JSON.parse(running.line) as { url: string; apiKey: string }), ...running }
}

const hasCurl = spawnSync('curl', ['--version']).status === 0

/**
 * The command of a page as a reader would paste it into a shell, with the status of the answer behind the body.
 * Undefined where this machine has no curl.
 */
export const viaCurl = hasCurl
  ? (sample: string) =>
      new Promise<{ status: number; body: unknown }>((resolve, reject) => {
        const script = `curl() { command curl --silent --write-out '\\n%{http_code}' "$@"; }\n${sample}`
        execFile('sh', ['-c', script], (error, stdout) => {
          if (error) return reject(error)
          const at = stdout.lastIndexOf('\n')
          resolve({ status: Number(stdout.slice(at)), body: JSON.parse(stdout.slice(0, at)) as unknown })
        })
      })
  : undefined
