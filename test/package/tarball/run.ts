import { execFile } from 'node:child_process'

export interface RunOptions {
  readonly cwd: string
  /** Beside PATH and HOME, which are all that a program sees of the environment. */
  readonly env?: NodeJS.ProcessEnv
  /**
   * Milliseconds after which a program that has not ended is killed, which fails the test. Far more than any of them
   * takes, so that only a handle that was left open gets there.
   */
  readonly limit?: number
}

/** Runs a program to its own end and returns what it printed. Throws, with all that it printed, if it failed. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { cwd, env, limit = 60_000 } = options
  const { PATH, HOME } = process.env
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { cwd, env: { PATH, HOME, ...env }, timeout: limit, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        const end = error.killed ? `did not end within ${limit} ms` : `failed (${error.code})`
        reject(new Error(`${[command, ...args].join(' ')} ${end}\n${stdout}\n${stderr}`))
      },
    )
  })
}

/** npm as it is set up here: unlike the programs under test, it sees the whole environment. */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  return run('npm', args, { cwd, env: process.env, limit: 300_000 })
}
