import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executeAction } from '../../../src/engine/actions.js'
import { createConnectToken } from '../../../src/engine/connect.js'
import { createEngine } from '../../../src/engine/engine.js'
import { beginAuthorization, finishAuthorization } from '../../../src/engine/oauth/authorization.js'
import { createWorkspaceIntegration } from '../../../src/engine/workspace-integrations.js'
import { createWorkspace } from '../../../src/engine/workspaces.js'
import { startCertifiedProvider, type CertifiedProvider } from './certified-provider.js'
import { callback, handClock, hour, inError, refusalOf, sessionOf } from './kit.js'

let provider: CertifiedProvider

beforeAll(async () => {
  provider = await startCertifiedProvider()
})
afterAll(() => provider.close())

/** An engine whose Slack users authorise at the certified provider; its API is the provider's userinfo. */
function slackAtProvider() {
  const clock = handClock()
  const sent: URLSearchParams[] = []
  const engine = createEngine({
    clock,
    oauth: {
      defaultProvider: () => provider.config,
      fetch: (url, init) => {
        sent.push(new URLSearchParams(String(init.body)))
        return fetch(url, init)
      },
    },
  })
  const { id: workspaceId } = createWorkspace(engine, { name: 'Acme', slug: 'acme' })
  const used: string[] = []
  engine.actions.set('slack', 'list_users', async ({ credentials }) => {
    const token = credentials!.accessToken!.reveal()
    used.push(token)
    const status = await provider.userinfo(token)
    if (status !== 200) throw Object.assign(new Error('The third party refused'), { status })
  })
  return {
    ...{ engine, clock, used },
    /** The forms that were sent to the token endpoint, by grant type. */
    sent: (grantType: string) => sent.filter((form) => form.get('grant_type') === grantType),
    async connect(decision: 'approve' | 'deny' = 'approve') {
      const body = { workspaceId, integrationName: 'slack', connectionName: 'Mine', externalId: 'mine' }
      const { sessionId } = createConnectToken(engine, body, 'https://weavz.test')
      const { authorizationUrl } = await beginAuthorization(engine, sessionId as string, callback)
      const back = await provider.visit(authorizationUrl, decision)
      expect(back.origin + back.pathname).toBe(callback)
      return (await finishAuthorization(engine, back.searchParams, callback)).session
    },
    pin: (connectionId: string) =>
      createWorkspaceIntegration(engine, workspaceId, { integrationName: 'slack', connectionId }),
    execute: () => executeAction(engine, { workspaceId, integrationName: 'slack', actionName: 'list_users' }),
  }
}

describe('against a certified provider', () => {
  it('a user connects with PKCE, and an action runs on the token', async () => {
    const world = slackAtProvider()
    const session = await world.connect()
    expect(session).toMatchObject({ status: 'COMPLETED', error: null })
    world.pin(session.connectionId as string)
    expect(await world.execute()).toMatchObject({ success: true })
    expect(world.sent('authorization_code')).toHaveLength(1)
  })

  it('a user who denies leaves a FAILED session with the reason', async () => {
    const world = slackAtProvider()
    const session = await world.connect('deny')
    expect(session).toMatchObject({
      status: 'FAILED',
      error: 'End-User aborted interaction',
      connectionId: null,
    })
    expect(world.sent('authorization_code')).toEqual([])
  })

  it('tokens rotate at every refresh, a hundred calls at a time', async () => {
    const world = slackAtProvider()
    const { connectionId } = await world.connect()
    world.pin(connectionId as string)
    for (let round = 1; round <= 3; round++) {
      world.clock.advance(hour)
      const results = await Promise.all(Array.from({ length: 100 }, world.execute))
      expect(results.every(({ success }) => success)).toBe(true)
      expect(world.sent('refresh_token')).toHaveLength(round)
    }
    expect(new Set(world.sent('refresh_token').map((form) => form.get('refresh_token'))).size).toBe(3)
    expect(new Set(world.used).size).toBe(3)
  })

  it('a stolen refresh token ends in ERROR, and authorising again heals the connection under its id', async () => {
    const world = slackAtProvider()
    const { connectionId } = await world.connect()
    const id = connectionId as string
    world.pin(id)
    world.clock.advance(hour)
    await world.execute()
    const [first] = world.sent('refresh_token') as [URLSearchParams]
    const { clientId, clientSecret, tokenEndpoint } = provider.config
    const basic = btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
    const reuse = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: first,
    })
    expect(await reuse.json()).toMatchObject({ error: 'invalid_grant' })
    // The provider has revoked everything: the third party says 401 although the token has not expired
    expect(await refusalOf(world.execute())).toEqual(inError)
    const { connections } = world.engine.state.tables
    expect(connections.get(id)?.status).toBe('ERROR')
    const asked = world.sent('refresh_token').length
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect(world.sent('refresh_token')).toHaveLength(asked)

    const session = await world.connect()
    expect(sessionOf(world.engine, session.id).connectionId).toBe(id)
    expect(connections.get(id)?.status).toBe('ACTIVE')
    expect(await world.execute()).toMatchObject({ success: true })
  })

  it('a code that was sent once is not good for a second exchange', async () => {
    const world = slackAtProvider()
    const session = await world.connect()
    world.pin(session.connectionId as string)
    const [exchange] = world.sent('authorization_code') as [URLSearchParams]
    const { clientId, clientSecret, tokenEndpoint } = provider.config
    const basic = btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
    const headers = { authorization: `Basic ${basic}` }
    const replay = await fetch(tokenEndpoint, { method: 'POST', headers, body: exchange })
    expect(await replay.json()).toMatchObject({ error: 'invalid_grant' })
  })
})
