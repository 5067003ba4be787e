/** The offline Weavz on a port: requests, start and memory, beside servers that answer canned JSON. */
import { fileURLToPath } from 'node:url'
import { apiKey, ids, input } from './lib/exchange.js'
import { interleave, race, type Sampler, type Timed } from './lib/measure.js'
import { missingPeers, optional } from './lib/peers.js'
import { ask, program, start, type Running } from './lib/processes.js'
import { tableOf, type Benchmark, type Column, type Table } from './lib/report.js'
import { bytesOf, openLine, type Line } from './lib/wire.js'

const plain = 'node:http, canned'
const ours = 'offline Weavz'
const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
const requests = {
  GET: bytesOf({ method: 'GET', path: `/api/v1/connections?id=${ids.connection}`, headers }),
  POST: bytesOf({
    method: 'POST',
    path: '/api/v1/actions/execute',
    headers,
    body: JSON.stringify({
      integrationName: 'slack',
      actionName: 'send_channel_message',
      workspaceId: ids.workspace,
      input,
    }),
  }),
}

async function programs(): Promise<Map<string, string[]>> {
  const found = new Map([[plain, [program('canned-server')]]])
  if ((await optional('hono')) && (await optional('@hono/node-server')))
    found.set('hono, canned', [program('hono-server')])
  return found.set(ours, [program('mock-server')])
}

async function throughput(quick: boolean): Promise<Table> {
  const concurrency = 16
  const effort = quick ? { rounds: 3, batchMs: 10 } : { rounds: 150, batchMs: 20 }
  const servers = new Map<string, { server: Running; lines: Line[] }>()
  for (const [name, args] of await programs()) {
    const server = await start(args)
    servers.set(name, {
      server,
      lines: await Promise.all(Array.from({ length: concurrency }, () => openLine(server.line))),
    })
  }
  const columns: Column[] = []
  for (const [title, request] of Object.entries(requests)) {
    const tasks = Array.from(servers, ([name, { lines }]): Timed => {
      const free = [...lines]
      const run = async () => {
        const line = free.pop() as Line
        await line.send(request)
        free.push(line)
      }
      return { name, run }
    })
    columns.push({ title, unit: 'time', samples: await race(tasks, { ...effort, concurrency }) })
  }
  for (const { server, lines } of servers.values()) {
    for (const line of lines) line.close()
    await server.stop()
  }
  return tableOf({
    title: 'Requests to a port',
    about:
      `Time of one request to a server in another process, ${concurrency} at once over kept connections. The GET ` +
      'reads a connection, the POST runs an action with resolver and vault.',
    reference: plain,
    ours: [ours],
    columns,
    notes: {
      [plain]: 'Parses nothing.',
      'hono, canned': 'Routes, parses nothing.',
      [ours]: 'Authenticates, parses, resolves, opens the credential, keeps a journal.',
    },
  })
}

/** Milliseconds until a server that is started as a new process has answered a request. */
function starting(name: string, args: readonly string[]): Sampler<'time'> {
  return {
    name,
    async sample() {
      const begin = performance.now()
      const { line: url, stop } = await start(args)
      const line = await openLine(/http:\S+?(?=[\s"]|$)/.exec(url)?.[0] ?? url)
      await line.send(bytesOf({ method: 'GET', path: '/api/v1/connections', headers }))
      const time = performance.now() - begin
      line.close()
      await stop()
      return { time }
    },
  }
}

async function startup(quick: boolean): Promise<Table> {
  const samplers = Array.from(await programs(), ([name, args]) => starting(name, args))
  const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
  samplers.push(starting('weavz mock', [cli, 'mock', '--port', '0', '--json', '--api-key', apiKey]))
  return tableOf({
    title: 'Start to first answer',
    about: 'Time from starting a process to its first answer on a port.',
    reference: plain,
    ours: [ours, 'weavz mock'],
    columns: [{ title: 'Time', unit: 'time', samples: await interleave(samplers, quick ? 1 : 15) }],
    notes: { [ours]: '`listen(createMockWeavz())`, seeded.', 'weavz mock': 'The program.' },
  })
}

async function memory(quick: boolean): Promise<Table> {
  const count = quick ? 1000 : 100_000
  const holding = (name: string, holder: string): Sampler<'heap'> => ({
    name,
    sample: () => ask(['--expose-gc', program('memory'), holder, String(count)]),
  })
  const map = 'objects in a Map'
  const samples = await interleave([holding(map, 'map'), holding(ours, 'mock')], quick ? 1 : 5)
  return tableOf({
    title: `Memory of ${count.toLocaleString('en')} connections`,
    about: 'Heap after garbage collection, beside the bare objects that the API answers.',
    reference: map,
    ours: [ours],
    columns: [{ title: 'Heap', unit: 'bytes', samples, metric: 'heap' }],
    notes: { [ours]: 'Each with a sealed credential, and in the indexes that the resolver goes by.' },
  })
}

export const run: Benchmark = async ({ quick }) => ({
  tables: [await throughput(quick), await startup(quick), await memory(quick)],
  leftOut: missingPeers(),
})
