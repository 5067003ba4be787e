/** One call of one client, answered without a network in several ways. */
import { WeavzClient } from '@weavz/sdk'
import { answers, apiKey, cannedFetch, ids, input } from './exchange.js'
import type { Timed } from './measure.js'
import { mockWorld } from './mock-world.js'
import { optional } from './peers.js'

export const canned = 'canned, fetch in memory'
export const offline = 'offline Weavz'
export const msw = 'canned, msw setupServer'
export const nock = 'canned, nock'
export const hono = 'canned, hono app.request'

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
  const { default: library } = (await optional('nock')) ?? {}
  if (!library) return undefined
  const { origin, pathname } = new URL(url)
  const headers = { 'content-type': 'application/json' }
  library(origin).persist().post(pathname).reply(200, answers.POST, headers)
  // It is active from the moment of its import
  library.restore()
  return call(nock, undefined, { enter: () => library.activate(), leave: () => library.restore() })
}

async function cannedByHono(): Promise<Timed | undefined> {
  const { Hono } = (await optional('hono')) ?? {}
  if (!Hono) return undefined
  const app = new Hono()
  const headers = { 'content-type': 'application/json' }
  app.post(new URL(url).pathname, ({ body }: any) => body(answers.POST, 200, headers))
  return call(hono, async (input, init) => app.request(input, init))
}

async function offlineCall(): Promise<Timed> {
  const weavz = await mockWorld()
  const task = call(offline, weavz.fetch)
  await task.run()
  if (weavz.openings.count === 0) throw new Error('The offline call opened no credential')
  return task
}

/** By name; undefined where a peer is not installed. */
export const offlineCalls: Readonly<Record<string, () => Promise<Timed | undefined>>> = {
  [canned]: async () => call(canned, cannedFetch),
  [offline]: offlineCall,
  [hono]: cannedByHono,
  [msw]: cannedByMsw,
  [nock]: cannedByNock,
}
