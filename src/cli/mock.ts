import { defineCommand } from 'citty'
import { createMockWeavz, type MockWeavz, type MockWeavzOptions } from '../mock/index.js'
import { listen, type ListeningWeavz, type ListenOptions } from '../mock/node.js'
import { CliFailure } from './failure.js'
import { refuseUnknownArgs } from './strict-args.js'

const args = {
  port: { type: 'string', default: '4010', description: 'Port to listen on; 0 takes a free one' },
  host: { type: 'string', default: '127.0.0.1', description: 'Address to listen on' },
  'api-key': {
    type: 'string',
    description: 'API key to accept, beginning with wvz_; otherwise one is made up',
  },
  json: { type: 'boolean', description: 'Print the line with URL and key as JSON' },
  strict: {
    type: 'boolean',
    default: true,
    description: 'Refuse unknown fields in request bodies',
    negativeDescription: 'Let unknown fields pass',
  },
} as const

/** `weavz mock`: an offline Weavz on a port, until SIGINT or SIGTERM. */
export const mock = defineCommand({
  meta: {
    name: 'weavz mock',
    description: 'Start an offline Weavz: the whole API, in memory, without an account',
  },
  args,
  async run({ rawArgs, args: { port, host, 'api-key': apiKey, json, strict } }) {
    refuseUnknownArgs(rawArgs, args)
    const address = { port: portOf(port), host: hostOf(host) }
    const weavz = create({ strict, ...(apiKey !== undefined && { apiKey }) })
    // Before listening: a signal that arrives meanwhile must end it as cleanly as a later one.
    const signalled = stopSignal()
    const server = await start(weavz, address)
    console.log(
      json
        ? JSON.stringify({ url: server.url, apiKey: weavz.apiKey })
        : `Offline Weavz at ${server.url} with API key ${weavz.apiKey}`,
    )
    await signalled
    await server.close()
  },
})

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new CliFailure(`--port must be a whole number from 0 to 65535, not "${text}".`, 2)
}

/** Node takes an empty host for "every address", which nobody asks for by leaving a variable empty. */
function hostOf(text: string): string {
  if (text !== '') return text
  throw new CliFailure(
    '--host must not be empty: 127.0.0.1 is for this machine, 0.0.0.0 for every address.',
    2,
  )
}

function create(options: MockWeavzOptions): MockWeavz {
  try {
    return createMockWeavz(options)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CliFailure(`--api-key cannot be used: ${error.message}.`, 2, error)
  }
}

const listenFailures: Readonly<Record<string, (address: Required<ListenOptions>) => string>> = {
  EADDRINUSE: ({ port, host }) =>
    `Port ${port} of ${host} is in use: choose another, or --port 0 for a free one.`,
  EACCES: ({ port }) => `Port ${port} is reserved for privileged programs: choose one from 1024.`,
  EADDRNOTAVAIL: ({ host }) => `"${host}" is no address of this machine.`,
  ENOTFOUND: ({ host }) => `"${host}" is no address of this machine.`,
}

async function start(weavz: MockWeavz, address: Required<ListenOptions>): Promise<ListeningWeavz> {
  try {
    return await listen(weavz, address)
  } catch (error) {
    const describe = listenFailures[(error as NodeJS.ErrnoException).code ?? '']
    if (!describe) throw error
    throw new CliFailure(describe(address), 1, error)
  }
}

const stopSignals = ['SIGINT', 'SIGTERM'] as const

/** Resolves at the first signal to stop. A second one, while requests are still finishing, ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of stopSignals) process.off(signal, stop)
      resolve()
    }
    for (const signal of stopSignals) process.on(signal, stop)
  })
}
