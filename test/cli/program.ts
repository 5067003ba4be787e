import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { WeavzClient } from '@weavz/sdk'
import { afterAll } from 'vitest'

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A folder that is gone when the tests of the file are through. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'weavz-durable-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The program in one file, which starts several times as fast as its sources do. */
export async function bundleProgram(folder: string): Promise<string> {
  const outfile = path.join(folder, 'weavz.mjs')
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    // Hono's server is published as CommonJS in part
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  return outfile
}

export interface Program {
  /** Rejects, with what it said, if it ends before it is ready. */
  readonly ready: Promise<{ url: string; apiKey: string; client: WeavzClient }>
  /** Sends a signal, and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended>
  readonly ended: Promise<Ended>
  /** What it has said on stderr so far. */
  stderr(): string
}

export interface Ended {
  readonly exitCode: number | null
  /** What ended it, if it did not end by itself. */
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

/** Starts `weavz mock --port 0`. Given `shell`, that script is run instead, with the command line as its arguments. */
export function startProgram(
  program: string,
  args: readonly string[],
  { shell, env }: { shell?: string; env?: Record<string, string> } = {},
): Program {
  const command = [process.execPath, program, 'mock', '--port', '0', '--json', ...args]
  const [file, rest] = shell ? ['sh', ['-c', shell, 'sh', ...command]] : [command[0]!, command.slice(1)]
  const child = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([exitCode, signal]) => ({
    exitCode: exitCode as number | null,
    signal: signal as NodeJS.Signals | null,
    stderr,
  }))
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.includes('\n')) resolve(stdout)
    })
    void ended.then(() => reject(new Error(`weavz mock ended before it was ready: ${stderr}`)))
  })
  const ready = line.then((text) => {
    const { url, apiKey } = JSON.parse(text) as { url: string; apiKey: string }
    return { url, apiKey, client: new WeavzClient({ apiKey, baseUrl: url, maxRetries: 0 }) }
  })
  ready.catch(() => undefined)
  return {
    ready,
    ended,
    stderr: () => stderr,
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}
