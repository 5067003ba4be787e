import { defineCommand } from 'citty'
import { isControl } from '../mock/control/guard.js'
import { controlRoutes } from '../mock/control/routes.js'
import { SeedError, createMockWeavz, type MockWeavz, type MockWeavzOptions } from '../mock/index.js'
import { listen, type ListeningWeavz, type ListenOptions } from '../mock/node.js'
import { openDurable } from '../mock/node/durable.js'
import { DataFileError } from '../mock/node/trouble.js'
import { CliFailure } from './failure.js'
import { logging } from './log.js'
import { hostOf, latencyOf, logOf, mockArgs, portOf, seedOf } from './mock-args.js'
import { refuseUnknownArgs } from './strict-args.js'

/** How long requests may go on after the first signal to stop. */
const graceMs = 10_000

/** `weavz mock`: an offline Weavz on a port, until SIGINT or SIGTERM. */
export const mock = defineCommand({
  meta: {
    name: 'weavz mock',
    description: 'Start an offline Weavz: the whole API, without an account',
  },
  args: mockArgs,
  async run({ rawArgs, args }) {
    refuseUnknownArgs(rawArgs, mockArgs)
    const address = { port: portOf(args.port), host: hostOf(args.host) }
    const around = aroundOf(logOf(args.log), latencyOf(args.latency))
    const controlToken = args['control-token'] ?? process.env.WEAVZ_CONTROL_TOKEN
    const opened = await open(args, {
      strict: args.strict,
      ...(args['api-key'] !== undefined && { apiKey: args['api-key'] }),
      ...(controlToken && { controlToken }),
      seed: await seedOf(args.seed),
    })
    try {
      // Before listening: a signal that arrives meanwhile must end it as cleanly as a later one.
      const signalled = stopSignal()
      const server = await start(opened.weavz, { ...address, around, graceMs })
      const { url } = server
      const { apiKey } = opened.weavz
      console.log(
        args.json ? JSON.stringify({ url, apiKey }) : `Offline Weavz at ${url} with API key ${apiKey}`,
      )
      await signalled
      await server.close()
    } finally {
      await opened.close()
    }
  },
})

/** What `--help` tells beside the options. */
export function mockNotes(): string {
  const names = new Set(controlRoutes.map(({ path }) => path.split('/')[2]))
  return [
    ...wrap(`Control routes, below /_weavz/: ${[...names].join(', ')}.`),
    'Environment: WEAVZ_CONTROL_TOKEN, WEAVZ_VAULT_KEY (for --data).',
    'Exit codes: 0 stopped by a signal, 1 could not go on, 2 bad arguments or seed.',
  ].join('\n')
}

/** In lines of at most 80 characters. */
function wrap(text: string): string[] {
  return text.match(/.{1,80}(?:\s|$)/g)?.map((line) => line.trim()) ?? []
}

type Opened = Pick<Awaited<ReturnType<typeof openDurable>>, 'weavz' | 'close'>
type Given = Omit<MockWeavzOptions, 'seed'> & { readonly seed: object | undefined }

/** The mock that was asked for. What is wrong with the arguments, the seed or the data file is said in one sentence. */
async function open(args: { data?: string; seed?: string }, { seed = {}, ...given }: Given): Promise<Opened> {
  const options = { ...given, seed }
  try {
    if (args.data !== undefined) {
      const vaultKeyText = process.env.WEAVZ_VAULT_KEY
      const opened = await openDurable(args.data, { ...options, vaultKeyText, onTrouble: console.error })
      if (opened.resumed && args.seed !== undefined) {
        console.error(`The state is that of ${args.data}; the seed is what a reset leads back to.`)
      }
      return opened
    }
    const weavz = createMockWeavz(options)
    await weavz.ready
    return { weavz, close: () => Promise.resolve() }
  } catch (error) {
    if (error instanceof DataFileError) throw new CliFailure(`--data: ${error.message}`, 1, error)
    if (error instanceof SeedError) {
      throw new CliFailure(`--seed ${args.seed}: ${error.message.replace(/[.?]?$/, '.')}`, 2, error)
    }
    if (!(error instanceof TypeError)) throw error
    const option = error.message.startsWith('controlToken') ? '--control-token' : '--api-key'
    throw new CliFailure(`${option} cannot be used: ${error.message}.`, 2, error)
  }
}

type Around = NonNullable<ListenOptions['around']>

function aroundOf(log: ReturnType<typeof logOf>, latency: ReturnType<typeof latencyOf>): Around {
  const delayed: Around = latency
    ? (request, next) => delay(latency, request, next)
    : (_request, next) => next()
  if (!log) return delayed
  const logged = logging(log, console.error)
  return (request, next) => logged(request, () => delayed(request, next))
}

/** Whoever steers the mock does not wait. */
async function delay([from, to]: readonly [number, number], request: Request, next: () => Promise<Response>) {
  const response = await next()
  if (!isControl(new URL(request.url))) {
    await new Promise((resolve) => setTimeout(resolve, from + Math.random() * (to - from)))
  }
  return response
}

const listenFailures: Readonly<
  Record<string, (address: Pick<Required<ListenOptions>, 'port' | 'host'>) => string>
> = {
  EADDRINUSE: ({ port, host }) =>
    `Port ${port} of ${host} is in use: choose another, or --port 0 for a free one.`,
  EACCES: ({ port }) => `Port ${port} is reserved for privileged programs: choose one from 1024.`,
  EADDRNOTAVAIL: ({ host }) => `"${host}" is no address of this machine.`,
  ENOTFOUND: ({ host }) => `"${host}" is no address of this machine.`,
}

async function start(weavz: MockWeavz, options: Required<ListenOptions>): Promise<ListeningWeavz> {
  try {
    return await listen(weavz, options)
  } catch (error) {
    const describe = listenFailures[(error as NodeJS.ErrnoException).code ?? '']
    if (!describe) throw error
    throw new CliFailure(describe(options), 1, error)
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
