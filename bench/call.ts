/** What a client adds to a call: beside bare fetch, and beside the SDKs that people know. */
import { contestants, ours, type Client, type Target } from './lib/clients.js'
import { answers, cannedFetch } from './lib/exchange.js'
import { race, type Effort, type Timed } from './lib/measure.js'
import { missingPeers } from './lib/peers.js'
import { program, start } from './lib/processes.js'
import { tableOf, type Benchmark, type Column, type Goal } from './lib/report.js'

type Verb = 'get' | 'post'
const subject = ours[0].name
const leanest = 'ky (lean)'
const notes = Object.fromEntries(contestants.map(({ name, note }) => [name, note]))

async function connectAll(target: Target): Promise<Map<string, Client>> {
  const clients = new Map<string, Client>()
  for (const { name, connect } of contestants) {
    const client = await connect(target)
    if (!client) continue
    // Whoever throws away the answer, or asks for something else, has no place here
    const got = JSON.stringify(await client.get())
    const posted = JSON.stringify(await client.post())
    if (!got.includes('acme_slack') || !posted.includes('is green again')) {
      throw new Error(`${name} does not return the answer: ${got} ${posted}`)
    }
    clients.set(name, client)
  }
  return clients
}

async function columnsOf(clients: Map<string, Client>, effort: Effort & { rounds: number }) {
  const columns: Column[] = []
  for (const concurrency of [1, 64]) {
    for (const verb of ['get', 'post'] satisfies Verb[]) {
      const tasks = Array.from(clients, ([name, client]): Timed => ({ name, run: () => client[verb]() }))
      const title = verb.toUpperCase() + (concurrency === 1 ? '' : `, ${concurrency} at once`)
      columns.push({ title, unit: 'time', samples: await race(tasks, { ...effort, concurrency }) })
    }
  }
  return columns
}

export const run: Benchmark = async ({ quick }) => {
  const common = { reference: 'bare fetch', ours: ours.map(({ name }) => name), notes }
  const sizes = `${answers.GET.length} bytes of JSON come back from a GET, ${answers.POST.length} from a POST`

  const installed = await connectAll({ baseUrl: 'http://127.0.0.1:9', fetch: cannedFetch })
  const memory = tableOf({
    ...common,
    title: 'A call, over an in-memory fetch',
    about: `Processor time of one call whose \`fetch\` answers from memory: what the client itself costs. ${sizes}.`,
    columns: await columnsOf(installed, {
      clock: 'processor',
      ...(quick ? { rounds: 3, batchMs: 2 } : { rounds: 150, batchMs: 6 }),
    }),
    goals: (compare) =>
      ['GET', 'POST'].flatMap((column): Goal[] => {
        if (!installed.has(leanest)) return []
        const text = `${column} in memory beside the leanest ky`
        return [{ text, limit: 1.15, value: compare(column, subject, leanest) }]
      }),
  })

  const server = await start([program('canned-server')])
  try {
    const remote = await connectAll({ baseUrl: server.line, fetch: undefined })
    const loopback = tableOf({
      ...common,
      title: 'A call, over loopback',
      about:
        'Time of one call to a bare `node:http` server in another process: what a user waits for on top of the network.',
      columns: await columnsOf(remote, quick ? { rounds: 3, batchMs: 4 } : { rounds: 120, batchMs: 10 }),
      goals: (compare) =>
        ['GET', 'POST'].flatMap((column): Goal[] => {
          const value = compare(column, subject, 'bare fetch')
          const rivals = ['openai', '@composio/client', '@pipedream/sdk', '@nangohq/node']
          return [
            { text: `${column} over loopback beside bare fetch`, limit: 1.35, value },
            ...rivals
              .filter((name) => remote.has(name) && !(column === 'POST' && name === '@nangohq/node'))
              .map((name) => ({
                text: `${column} over loopback beside ${name}`,
                limit: 1,
                value: compare(column, subject, name),
              })),
          ]
        }),
    })
    return { tables: [memory, loopback], leftOut: missingPeers() }
  } finally {
    await server.stop()
  }
}
