/** A whole offline call, with resolver and vault, beside the ways to answer the same call with canned JSON. */
import { interleave, type Sampler } from './lib/measure.js'
import { canned, hono, msw, nock, offline, offlineCalls } from './lib/offline-calls.js'
import { notInstalled } from './lib/peers.js'
import { program, start } from './lib/processes.js'
import { tableOf, type Benchmark, type Goal } from './lib/report.js'

export const run: Benchmark = async ({ quick }) => {
  const startOf = (name: string) =>
    start([program('offline-call'), name, quick ? '3' : '80'], { pinned: true })
  const running = new Map(
    await Promise.all(Object.keys(offlineCalls).map(async (name) => [name, await startOf(name)] as const)),
  )
  const missing = [...running].filter(([, { line }]) => line === 'missing').map(([name]) => name)
  const samplers = [...running].flatMap(([name, { ask }]): Sampler<'time'>[] =>
    missing.includes(name) ? [] : [{ name, sample: async () => ({ time: Number(await ask()) }) }],
  )
  const samples = await interleave(samplers, quick ? 3 : 60)
  for (const { stop } of running.values()) await stop()

  const table = tableOf({
    title: 'An offline call',
    about:
      'Processor time of `actions.execute` of the same client, each way in a process of its own, kept on one core. The ' +
      'offline Weavz authenticates, parses, resolves the connection, opens its credential, runs the handler and writes ' +
      'the journal; the others return the same JSON each time.',
    reference: canned,
    ours: [offline],
    columns: [{ title: 'POST', unit: 'time', samples }],
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
      if (samples.has(msw)) {
        const value = compare('POST', offline, msw)
        goals.push({ text: 'An offline call beside canned JSON over msw', limit: 1 / 3, value })
      }
      return goals
    },
  })
  return { tables: [table], leftOut: missing.map(notInstalled) }
}
