import { describe, expect, it } from 'vitest'
import type { Duration } from '../../../src/engine/duration.js'
import type { MockWeavz } from '../../../src/mock/index.js'
import { inProcess } from '../door.js'
import { begin, knock } from '../mcp/kit.js'
import { serverWithClients } from '../provider/kit.js'
import { signInWorld } from '../sign-in/kit.js'
import { makeEndUser, makeWorkspace, startSession } from '../world.js'

/** How many of a kind are made at first, and then once more: a mock looks what to forget at every thousand. */
const some = 500

/** How much a mock remembers, by what a snapshot calls it. */
function remembered(weavz: MockWeavz, group: 'tables' | 'provider' | 'signIn', ...names: string[]) {
  const snapshot = JSON.parse(weavz.snapshot()) as Record<typeof group, Record<string, unknown[]>>
  return names.map((name) => snapshot[group][name]?.length)
}

/** Does it some times, lets the time pass, and does it as often again. Answers what came of the second half. */
async function before<T>(weavz: MockWeavz, pause: Duration, once: (at: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let at = 0; at < some; at++) await once(at)
  await weavz.clock.advance(pause)
  for (let at = some; at < 2 * some; at++) made.push(await once(at))
  return made
}

describe('a mock that runs for long forgets', () => {
  it('links to the portal that have expired', async () => {
    const { api, workspaceId } = await begin(inProcess)
    const { id } = await makeEndUser(api, workspaceId)
    const links = await before(api.weavz, '8d', () =>
      api.ok('endUsers.createConnectToken', { params: { id }, body: {} }),
    )
    expect(remembered(api.weavz, 'tables', 'portalTokens')).toEqual([some])
    for (const { connectUrl } of [links[0], links.at(-1)] as typeof links) {
      const { pathname, search } = new URL(connectUrl)
      const page = await api.raw('GET', pathname + search, { redirect: 'follow' })
      expect(page.status).toBeLessThan(400)
    }
  })

  it('MCP tokens that have expired, and no others', async () => {
    const { api, workspaceId, makeServer } = await begin(inProcess)
    await makeEndUser(api, workspaceId, 'ada')
    const { server, mcpEndpoint, bearerToken } = await makeServer({ authMode: 'oauth_and_bearer' })
    const tokens = await before(api.weavz, '31d', () =>
      api.ok('mcpServers.createAccessToken', { params: { id: server.id }, body: { endUserId: 'ada' } }),
    )
    // The static one does not expire
    expect(remembered(api.weavz, 'tables', 'mcpTokens')).toEqual([some + 1])
    for (const token of [bearerToken, tokens[0]?.bearerToken, tokens.at(-1)?.bearerToken]) {
      expect((await knock(api, mcpEndpoint ?? server.mcpEndpoint, token)).status).toBe(200)
    }
  })

  it('authorizations that nobody can finish any more', async () => {
    const api = await inProcess()
    const { id } = await makeWorkspace(api)
    await before(api.weavz, '5h', async (at) => {
      const { token } = await startSession(api, id, { externalId: `conn_${at}` })
      await api.weavz.user.abandon(token)
    })
    expect(remembered(api.weavz, 'tables', 'authorizations')).toEqual([some])
  })

  it('requests for a sign-in that nobody has answered in time', async () => {
    const { api, authorizationUrl } = await signInWorld(inProcess)
    await before(api.weavz, '11m', () => api.fetch(authorizationUrl()))
    expect(remembered(api.weavz, 'signIn', 'requests')).toEqual([some])
  })

  it('codes that nobody has redeemed in time, and what was granted by them', async () => {
    const { api, workspaceId, codeFor, redeem } = await signInWorld(inProcess)
    await makeEndUser(api, workspaceId, 'ada')
    const codes = await before(api.weavz, '2m', () => codeFor('ada'))
    expect(remembered(api.weavz, 'signIn', 'codes', 'grants')).toEqual([some, some])
    expect((await redeem(codes[0] as string)).status).toBe(200)
  })

  it('codes and tokens of what was revoked', () => {
    const { server, store, code, redeem } = serverWithClients()
    const sign = () => String(redeem(code()).body.access_token)
    for (let at = 0; at < some; at++) sign()
    server.revoke()
    const tokens = Array.from({ length: some }, sign)
    const { clients, requests, ...rest } = store
    expect([clients.size, requests.size]).toEqual([2, 0])
    expect(Object.values(rest).map(({ size }) => size)).toEqual([some, some, some, some])
    expect(tokens.every((token) => server.accepts(token))).toBe(true)
  })
})
