import { expect, it } from 'vitest'
import { hush, stoppedClock, throughBothDoors } from './door.js'
import { begin, configure, credentials, makeConnection, nobody, poll, startSession } from './world.js'

const hour = 3_600_000

throughBothDoors('connect sessions', (open) => {
  it('begin PENDING and live 4 hours', async () => {
    const { api, workspaceId } = await begin(open, { clock: stoppedClock() })
    const started = await startSession(api, workspaceId, { endUserId: 'user_123' })
    expect(started.token).toMatch(/^cst_[A-Za-z0-9]{32}$/)
    expect(started.expiresAt).toBe('2025-01-15T14:30:00.000Z')
    const url = new URL(started.connectUrl)
    expect(url.pathname).toBe('/connect')
    expect(url.searchParams.get('token')).toBe(started.token)
    const progress = {
      ...{ status: 'PENDING', connectionId: null, error: null, integrationName: 'slack' },
      ...{ workspaceIntegrationId: null, authMethodKey: 'oauth2', externalId: 'conn_slack' },
      ...{ oauthAppMode: 'weavz_managed', oauthAppId: null },
    }
    expect(await poll(api, started.token)).toEqual(progress)
    const params = { sessionId: started.sessionId as string }
    expect((await api.ok('connect.getSession', { params })).session).toEqual({
      ...progress,
      id: started.sessionId,
      connectionName: 'Your Slack',
      expiresAt: started.expiresAt,
      createdAt: '2025-01-15T10:30:00.000Z',
    })
    // The end user comes with the connection, not with the session
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)
  })

  it('say where their pages are: the base URL that was set, else where they were asked', async () => {
    const { api, workspaceId } = await begin(open)
    expect((await startSession(api, workspaceId)).connectUrl).toMatch(`${api.url}/connect?token=cst_`)
    const named = await begin(open, { baseUrl: 'https://api.weavz.io' })
    const { connectUrl } = await startSession(named.api, named.workspaceId)
    expect(connectUrl).toMatch('https://api.weavz.io/connect?token=cst_')
  })

  it('are CONNECTING while an OAuth user is at the provider', async () => {
    const { api, workspaceId } = await begin(open)
    const { token } = await startSession(api, workspaceId)
    await api.weavz.user.abandon(token)
    expect(await poll(api, token)).toMatchObject({ status: 'CONNECTING', connectionId: null })
    await api.weavz.user.approve(token)
    expect(await poll(api, token)).toMatchObject({ status: 'COMPLETED' })
  })

  it('stay PENDING while a form is open', async () => {
    const { api, workspaceId } = await begin(open)
    const { token } = await startSession(api, workspaceId, { integrationName: 'openai' })
    expect(await poll(api, token)).toMatchObject({ authMethodKey: 'api_key', oauthAppMode: null })
    await api.weavz.user.abandon(token)
    expect(await poll(api, token)).toMatchObject({ status: 'PENDING' })
  })

  it.each([
    ['slack', undefined, 'PLATFORM_OAUTH2', 'oauth2'],
    ['openai', undefined, 'SECRET_TEXT', 'api_key'],
    ['clicksend', undefined, 'BASIC_AUTH', 'basic_auth'],
    ['airtable', 'custom_auth', 'CUSTOM_AUTH', 'custom_auth'],
    ['airtable', 'oauth2', 'PLATFORM_OAUTH2', 'oauth2'],
  ])('of %s by %s store a connection of type %s', async (integrationName, asked, type, authMethodKey) => {
    const { api, workspaceId } = await begin(open)
    const { token } = await startSession(api, workspaceId, {
      ...{ integrationName, endUserId: 'user_123' },
      ...(asked && { authMethodKey: asked }),
    })
    await api.weavz.user.approve(token, { ...credentials.SECRET_TEXT, accessToken: `at-${hush}` })
    const { status, connectionId } = await poll(api, token)
    expect(status).toBe('COMPLETED')
    const { connection } = await api.ok('connections.get', { query: { id: connectionId as string } })
    expect(connection).toMatchObject({
      ...{ type, authMethodKey, integrationName, displayName: 'Your Slack', externalId: 'conn_slack' },
      ...{ scope: 'USER', workspaceId, endUserId: 'user_123', status: 'ACTIVE' },
    })
    const { endUsers } = await api.ok('endUsers.list', { query: { workspaceId } })
    expect(endUsers).toMatchObject([{ externalId: 'user_123', connectionCount: 1 }])
  })

  it('of a custom OAuth app store an OAUTH2 connection', async () => {
    const { api, workspaceId } = await begin(open, { oauthApps: [{ id: nobody, integrationName: 'slack' }] })
    const { token } = await startSession(api, workspaceId, { oauthAppMode: 'custom', oauthAppId: nobody })
    await api.weavz.user.approve(token)
    const { connectionId, ...progress } = await poll(api, token)
    expect(progress).toMatchObject({ oauthAppMode: 'custom', oauthAppId: nobody })
    const { connection } = await api.ok('connections.get', { query: { id: connectionId as string } })
    expect(connection.type).toBe('OAUTH2')
  })

  it('are FAILED with a reason when the user denies, and nothing is stored', async () => {
    const { api, workspaceId } = await begin(open)
    const { token } = await startSession(api, workspaceId, { endUserId: 'u' })
    await api.weavz.user.deny(token, 'Not today')
    expect(await poll(api, token)).toMatchObject({ status: 'FAILED', error: 'Not today', connectionId: null })
    expect((await api.ok('connections.list')).total).toBe(0)
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)
    await expect(api.weavz.user.approve(token)).rejects.toThrow('over')
    expect(await poll(api, token)).toMatchObject({ status: 'FAILED' })
  })

  it('keep their final status until the token expires', async () => {
    const clock = stoppedClock()
    const { api, workspaceId } = await begin(open, { clock })
    const { token, sessionId } = await startSession(api, workspaceId)
    await api.weavz.user.approve(token)
    clock.advance(4 * hour - 1)
    expect(await poll(api, token)).toMatchObject({ status: 'COMPLETED' })
    clock.advance(1)
    expect((await api.refused('connect.poll', 'INVALID_TOKEN', { body: { token } })).status).toBe(401)
    const params = { sessionId: sessionId as string }
    expect((await api.ok('connect.getSession', { params })).session.status).toBe('COMPLETED')
  })

  it('cannot be finished after they expired', async () => {
    const clock = stoppedClock()
    const { api, workspaceId } = await begin(open, { clock })
    const { token } = await startSession(api, workspaceId)
    clock.advance(4 * hour)
    await expect(api.weavz.user.approve(token)).rejects.toThrow('expired')
    expect((await api.ok('connections.list')).total).toBe(0)
  })

  it('are polled by their token alone', async () => {
    const { api, workspaceId } = await begin(open)
    const { token } = await startSession(api, workspaceId)
    await api.ok('connect.poll', { body: { token }, headers: { authorization: '' } })
    for (const body of [{}, { token: '' }, undefined]) {
      expect((await api.refused('connect.poll', 'MISSING_TOKEN', { body })).status).toBe(400)
    }
    for (const wrong of ['cst_nothing', api.weavz.apiKey, `${token}x`, ' ']) {
      await api.refused('connect.poll', 'INVALID_TOKEN', { body: { token: wrong } })
    }
    await api.refused('connect.poll', 'VALIDATION_ERROR', { body: { token: 5 } })
    for (const sessionId of [nobody, token]) {
      await api.refused('connect.getSession', 'NOT_FOUND', { params: { sessionId } })
    }
  })

  it('of the same owner re-authorise the connection under its id', async () => {
    const clock = stoppedClock()
    const { api, workspaceId } = await begin(open, { clock })
    const ids = new Set<unknown>()
    for (const accessToken of [`first-${hush}`, `second-${hush}`]) {
      const { token } = await startSession(api, workspaceId, {
        endUserId: 'u',
        connectionName: accessToken.slice(0, 5),
      })
      clock.advance(1000)
      await api.weavz.user.approve(token, { accessToken })
      ids.add((await poll(api, token)).connectionId)
    }
    expect(ids.size).toBe(1)
    const { connections, total } = await api.ok('connections.list')
    expect(total).toBe(1)
    expect(connections[0]).toMatchObject({
      ...{ status: 'ACTIVE', createdAt: '2025-01-15T10:30:01.000Z', updatedAt: '2025-01-15T10:30:02.000Z' },
    })
    let used = ''
    api.weavz.onAction(
      'slack',
      'list_users',
      (call) => void (used = call.credentials?.accessToken?.reveal() ?? ''),
    )
    await configure(api, workspaceId, { integrationName: 'slack', connectionStrategy: 'per_user' })
    const body = { integrationName: 'slack', actionName: 'list_users', workspaceId, endUserId: 'u' }
    await api.ok('actions.execute', { body })
    expect(used).toBe(`second-${hush}`)
  })

  it('re-authorise with another kind of credentials', async () => {
    const { api, workspaceId } = await begin(open)
    const airtable = { integrationName: 'airtable', externalId: 'a' }
    const first = await startSession(api, workspaceId, { ...airtable, authMethodKey: 'custom_auth' })
    await api.weavz.user.approve(first.token, { props: { token: `pat-${hush}` } })
    const second = await startSession(api, workspaceId, { ...airtable, authMethodKey: 'oauth2' })
    await api.weavz.user.approve(second.token)
    const { connections } = await api.ok('connections.list')
    expect(connections).toMatchObject([{ type: 'PLATFORM_OAUTH2', authMethodKey: 'oauth2' }])
  })

  it.each([
    ['another end user', { endUserId: 'other' }],
    ['the workspace', {}],
  ])('on an externalId of an end user, by %s, are FAILED', async (_, fields) => {
    const { api, workspaceId } = await begin(open)
    const owned = await makeConnection(api, { workspaceId, endUserId: 'owner' })
    const { token } = await startSession(api, workspaceId, fields)
    await api.weavz.user.approve(token)
    const { status, error, connectionId } = await poll(api, token)
    expect({ status, connectionId }).toEqual({ status: 'FAILED', connectionId: null })
    expect(error).toContain('Another owner')
    expect(await api.ok('connections.list')).toEqual({ connections: [owned], total: 1 })
    const { endUsers } = await api.ok('endUsers.list', { query: { workspaceId } })
    expect(endUsers.map(({ externalId }) => externalId)).toEqual(['owner'])
  })

  it('of the organization do not touch a workspace’s connection of the same externalId', async () => {
    const { api, workspaceId } = await begin(open)
    await makeConnection(api, { workspaceId })
    const { token } = await startSession(api, workspaceId, { scope: 'ORGANIZATION' })
    await api.weavz.user.approve(token)
    expect(await poll(api, token)).toMatchObject({ status: 'COMPLETED' })
    expect((await api.ok('connections.list')).total).toBe(2)
  })

  it('are FAILED, not broken, when the form holds what cannot be stored', async () => {
    const { api, workspaceId } = await begin(open)
    const { token } = await startSession(api, workspaceId, { integrationName: 'openai', endUserId: 'u' })
    await api.weavz.user.approve(token, { secretText: `sk-${hush}\ud800` })
    expect(await poll(api, token)).toMatchObject({ status: 'FAILED', connectionId: null })
    expect((await api.ok('connections.list')).total).toBe(0)
  })
})
