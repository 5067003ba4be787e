/** A whole offline call, with resolver and vault, beside the ways to answer the same call with canned JSON. */
import { WeavzClient } from '@weavz/sdk'
import { answers, apiKey, cannedFetch, ids, input } from './lib/exchange.js'
import { race, type Timed } from './lib/measure.js'
import { mockWorld } from './lib/mock-world.js'
import { missingPeers, optional } from './lib/peers.js'
import { tableOf, type Benchmark, type Goal } from './lib/report.js'

const canned = 'canned, fetch in memory'
const offline = 'offline Weavz'
const msw = 'canned, msw setupServer'

const url = 'https://api.weavz.io/api/v1/actions/execute'

/** The same client and the same call for all of them; only what answers differs. */
function call(name: string, fetch: typeof globalThis.fetch | undefined, around: Partial<Timed> = {}): Timed {
  const client = new WeavzClient({ apiKey, ...(fetch && { fetch }) })
  const params = { workspaceId: ids.workspace, input }
  return { name, run: () => client.actions.execute('slack', 'send_channel_message', params), ...around }
}

async function cannedByMsw(): Promise<Timed | undefined> {
  const { http, HttpResponse } = (await optional('msw')) ?? {}
  const { setupServer } = (await optional('msw/node')) ?? {}
  if (!setupServer) return undefined
  const headers = { 'content-type': 'application/json' }
  const server = setupServer(http.post(url, () => new HttpResponse(answers.POST, { headers })))
  return call(msw, undefined, { enter: () => server.listen(), leave: () => server.close() })
}

async function cannedByNock(): Promise<Timed | undefined> {
  const { default: nock } = (await optional('nock')) ?? {}
  if (!nock) return undefined
  const { origin, pathname } = new URL(url)
  const headers = { 'content-type': 'application/json' }
  nock(origin).persist().post(pathname).reply(200, answers.POST, headers)
  // It is active from the moment of its import
  nock.restore()
  return call('canned, nock', undefined, { enter: () => nock.activate(), leave: () => nock.restore() })
}

async function cannedByHono(): Promise<Timed | undefined> {
  const { Hono } = (await optional('hono')) ?? {}
  if (!Hono) return undefined
  const app = new Hono()
  const headers = { 'content-type': 'application/json' }
  app.post(new URL(url).pathname, ({ body }: any) => body(answers.POST, 200, headers))
  return call('canned, hono app.request', async (input, init) => app.request(input, init))
}

export const run: Benchmark = async ({ quick }) => {
  const weavz = await mockWorld()
  const ours = call(offline, weavz.fetch)
  const contestants = [
    call(canned, cannedFetch),
    ours,
    await cannedByHono(),
    await cannedByMsw(),
    await cannedByNock(),
  ].filter((task) => task !== undefined)

  await ours.run()
  if (weavz.openings.count === 0) throw new Error('The offline call opened no credential')

  const samples = await race(contestants, quick ? { rounds: 3, batchMs: 5 } : { rounds: 150, batchMs: 15 })
  const table = tableOf({
    title: 'An offline call',
    about:
      'Time of `actions.execute` of the same client, with everything in one process. The offline Weavz authenticates, ' +
      'parses, resolves the connection, opens its credential, runs the handler and writes the journal; the others ' +
      'return the same JSON each time.',
    reference: canned,
    ours: [offline],
    columns: [{ title: 'POST', unit: 'time', samples }],
    notes: {
      [offline]: 'Resolver, vault and journal included.',
      [msw]: 'Takes the place of fetch and node:http in the whole process, and clones what passes.',
      'canned, nock': 'Takes the place of node:http, and of fetch above it.',
      'canned, hono app.request': 'A Request and the router.',
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
  return { tables: [table], leftOut: missingPeers() }
}
