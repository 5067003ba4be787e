/** A whole offline call, with resolver and vault, beside the ways to answer the same call with canned JSON. */
import { raceApart } from './lib/apart.js'
import { canned, hono, msw, nock, offline, offlineCalls } from './lib/offline-calls.js'
import { notInstalled } from './lib/peers.js'
import { tableOf, type Benchmark, type Goal } from './lib/report.js'

export const run: Benchmark = async ({ quick }) => {
  // Several full collections long, for the reason that call.ts gives
  const plan = { POST: { clock: 'processor', batchMs: quick ? 3 : 1500 } } as const
  const names = Object.keys(offlineCalls)
  const { samples, missing } = await raceApart('offline-call', names, plan, {
    rounds: 3,
    generations: quick ? 1 : 3,
    pinned: true,
  })
  const table = tableOf({
    title: 'An offline call',
    about:
      'Processor time of `actions.execute` of the same client, each way in a process of its own, kept on one core. The ' +
      'offline Weavz authenticates, parses, resolves the connection, opens its credential, runs the handler and writes ' +
      'the journal; the others return the same JSON each time.',
    reference: canned,
    ours: [offline],
    columns: Array.from(samples, ([title, samples]) => ({ title, unit: 'time', samples })),
    notes: {
      [offline]: 'Resolver, vault and journal included.',
      [msw]: 'Takes the place of fetch and node:http in the whole process, and clones what passes.',
      [nock]: 'Takes the place of node:http, and of fetch above it.',
      [hono]: 'A Request and the router.',
    },
    goals: (compare) => {
      const beside = compare('POST', offline, canned)
      const goals: Goal[] = [
        { text: 'An offline call beside a canned answer in memory', limit: 3, value: beside },
      ]
      if (!missing.includes(msw)) {
        const value = compare('POST', offline, msw)
        goals.push({ text: 'An offline call beside canned JSON over msw', limit: 1 / 3, value })
      }
      return goals
    },
  })
  return { tables: [table], leftOut: missing.map(notInstalled) }
}
