import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Offline {
  readonly url: string
  readonly apiKey: string
  stop(): Promise<void>
}

/** Starts `weavz mock` of the installed package on a free port, for runtimes that cannot listen themselves. */
export async function startOffline(consumer: string, apiKey: string): Promise<Offline> {
  const command = ['node_modules/@weavz/sdk/dist/cli/main.js', 'mock', '--port', '0', '--api-key', apiKey]
  const server = spawn(process.execPath, command, { cwd: consumer, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const stop = async () => {
    server.kill()
    await ended
  }
  let printed = ''
  for await (const chunk of server.stdout) {
    printed += String(chunk)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0]
    if (url !== undefined) return { url, apiKey, stop }
  }
  throw new Error(`weavz mock did not start: ${printed}`)
}
