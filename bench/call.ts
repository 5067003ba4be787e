/** What a client adds to a call: beside bare fetch, and beside the SDKs that people know. */
import { raceApart } from './lib/apart.js'
import { bare, contestants, ours, planOf, tasksOf, type Target } from './lib/clients.js'
import { answers } from './lib/exchange.js'
import { race, type Effort, type Samples, type Timed } from './lib/measure.js'
import { missingPeers, notInstalled } from './lib/peers.js'
import { program, start } from './lib/processes.js'
import { tableOf, type Benchmark, type Goal } from './lib/report.js'

const subject = ours[0].name
const leanest = 'ky (lean)'
const names = contestants.map(({ name }) => name)

function columnsOf(samples: ReadonlyMap<string, Samples<'time'>>) {
  return Array.from(samples, ([title, samples]) => ({ title, unit: 'time' as const, samples }))
}

/** In this process, so that all of them speak to the server in turns through the same sockets of the system. */
async function raceAgainst(target: Target, rounds: number, effort: Effort) {
  const tasks = new Map<string, Record<string, Timed>>()
  for (const { name, connect } of contestants) {
    const client = await connect(target)
    if (client) tasks.set(name, await tasksOf(name, client))
  }
  const samples = new Map<string, Samples<'time'>>()
  for (const [title, each] of Object.entries(planOf(effort))) {
    const column = Array.from(tasks.values(), (byTitle) => byTitle[title] as Timed)
    samples.set(title, await race(column, { rounds, ...each }))
  }
  return samples
}

export const run: Benchmark = async ({ quick }) => {
  const common = {
    reference: bare.name,
    ours: ours.map(({ name }) => name),
    notes: Object.fromEntries(contestants.map(({ name, note }) => [name, note])),
  }
  const sizes = `${answers.GET.length} bytes of JSON come back from a GET, ${answers.POST.length} from a POST`

  // Abort signals live until a full collection, which takes a third of the time of a client that makes them, and comes
  // every half second: a shorter batch has one or none, and costs half as much again or not
  const inMemory = planOf({ clock: 'processor', batchMs: quick ? 2 : 1500 })
  const { samples, missing } = await raceApart('client-call', names, inMemory, {
    rounds: quick ? 2 : 3,
    generations: quick ? 1 : 3,
    pinned: true,
  })
  const memory = tableOf({
    ...common,
    title: 'A call, over an in-memory fetch',
    about:
      `Processor time of one call whose \`fetch\` answers from memory: what the client itself costs. ${sizes}. Each ` +
      'client has a process of its own, kept on one core.',
    columns: columnsOf(samples),
    goals: (compare) =>
      missing.includes(leanest)
        ? []
        : ['GET', 'POST'].map((column): Goal => {
            const text = `${column} in memory beside the leanest ky`
            return { text, limit: 1.15, value: compare(column, subject, leanest) }
          }),
  })

  const server = await start([program('canned-server')])
  try {
    const target = { baseUrl: server.line, fetch: undefined }
    const remote = await raceAgainst(target, quick ? 2 : 120, { batchMs: quick ? 4 : 10 })
    const loopback = tableOf({
      ...common,
      title: 'A call, over loopback',
      about:
        'Time of one call to a bare `node:http` server in another process: what a user waits for on top of the network.',
      columns: columnsOf(remote),
      goals: (compare) =>
        ['GET', 'POST'].flatMap((column): Goal[] => {
          const value = compare(column, subject, bare.name)
          const rivals = ['openai', '@composio/client', '@pipedream/sdk', '@nangohq/node']
          return [
            { text: `${column} over loopback beside bare fetch`, limit: 1.35, value },
            ...rivals
              .filter((name) => !missing.includes(name) && !(column === 'POST' && name === '@nangohq/node'))
              .map((name) => ({
                text: `${column} over loopback beside ${name}`,
                limit: 1,
                value: compare(column, subject, name),
              })),
          ]
        }),
    })
    return {
      tables: [memory, loopback],
      leftOut: [...new Set([...missing.map(notInstalled), ...missingPeers()])],
    }
  } finally {
    await server.stop()
  }
}
