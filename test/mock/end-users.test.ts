import { expect, it } from 'vitest'
import { stoppedClock, throughBothDoors } from './door.js'
import { begin, configure, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

throughBothDoors('end users', (open) => {
  it('are created with what was sent, and nulls for the rest', async () => {
    const { api, workspaceId } = await begin(open)
    const sent = { displayName: 'Ada', email: 'ada@example.com', metadata: { plan: 'pro', tags: ['a'] } }
    const { status, body } = await api.reply('endUsers.create', {
      body: { workspaceId, externalId: 'user_123', ...sent },
    })
    expect(status).toBe(201)
    expect(body.endUser).toMatchObject({
      ...{ workspaceId, externalId: 'user_123', type: 'external', connectionCount: 0, ...sent },
    })
    const bare = await makeEndUser(api, workspaceId, 'user_124')
    expect(bare).toMatchObject({ displayName: null, email: null, metadata: null })
  })

  it('have an externalId of their own in their workspace', async () => {
    const { api, workspaceId } = await begin(open)
    await makeEndUser(api, workspaceId)
    const body = { workspaceId, externalId: 'user_123' }
    expect((await api.refused('endUsers.create', 'DUPLICATE', { body })).status).toBe(409)
    const { id: otherId } = await makeWorkspace(api, 'other')
    await makeEndUser(api, otherId)
    await makeEndUser(api, workspaceId, 'x'.repeat(255))
  })

  it.each([
    [{ externalId: '' }, 'externalId'],
    [{ externalId: 'x'.repeat(256) }, 'externalId'],
    [{ externalId: undefined }, 'externalId'],
    [{ externalId: null }, 'externalId'],
    [{ workspaceId: undefined }, 'workspaceId'],
    [{ email: 'ada' }, 'email'],
    [{ email: 'ada@example.com\n' }, 'email'],
    [{ displayName: 5 }, 'displayName'],
    [{ metadata: [] }, 'metadata'],
    [{ type: 'member' }, 'type'],
    [{ id: nobody }, 'id'],
  ])('are refused with %j', async (fields, field) => {
    const { api, workspaceId } = await begin(open)
    const body = { workspaceId, externalId: 'user_123', ...fields }
    const { paths } = await api.refused('endUsers.create', 'VALIDATION_ERROR', { body })
    expect(paths).toEqual([`body.${field}`])
  })

  it('need a workspace that exists', async () => {
    const { api } = await begin(open)
    for (const workspaceId of [nobody, 'acme']) {
      await api.refused('endUsers.create', 'NOT_FOUND', { body: { workspaceId, externalId: 'u' } })
      await api.refused('endUsers.list', 'NOT_FOUND', { query: { workspaceId } })
    }
    const { status, paths } = await api.refused('endUsers.list', 'VALIDATION_ERROR')
    expect({ status, paths }).toEqual({ status: 400, paths: ['query.workspaceId'] })
  })

  it('are listed by workspace, oldest first, in pages', async () => {
    const { api, workspaceId } = await begin(open)
    const { id: otherId } = await makeWorkspace(api, 'other')
    for (const name of ['a', 'b', 'c']) await makeEndUser(api, workspaceId, name)
    await makeEndUser(api, otherId, 'd')
    const { endUsers, total } = await api.ok('endUsers.list', { query: { workspaceId, limit: 2, offset: 1 } })
    expect(total).toBe(3)
    expect(endUsers.map(({ externalId }) => externalId)).toEqual(['b', 'c'])
  })

  it('are got by UUID, with all their connections and nobody else’s', async () => {
    const { api, workspaceId } = await begin(open)
    const { id: otherId } = await makeWorkspace(api, 'other')
    const { id } = await makeEndUser(api, workspaceId, 'u')
    const own = [
      await makeConnection(api, { workspaceId, endUserId: 'u', externalId: 'a' }),
      await makeConnection(api, { workspaceId, endUserId: 'u', integrationName: 'github' }),
    ]
    await makeConnection(api, { workspaceId, endUserId: 'v', externalId: 'b' })
    await makeConnection(api, { workspaceId: otherId, endUserId: 'u' })
    await makeConnection(api, { workspaceId })
    const { endUser, connections } = await api.ok('endUsers.get', { params: { id } })
    expect(endUser).toMatchObject({ id, connectionCount: 2 })
    expect(connections).toEqual(own)
    expect((await api.refused('endUsers.get', 'END_USER_NOT_FOUND', { params: { id: nobody } })).status).toBe(
      404,
    )
    // An external id in the path is an id that is no UUID
    await api.refused('endUsers.get', 'NOT_FOUND', { params: { id: 'u' } })
  })

  it('change only in the fields that a PATCH sends; null clears', async () => {
    const { api, workspaceId } = await begin(open)
    const { id } = await makeEndUser(api, workspaceId)
    const patch = async (body: Record<string, unknown>) =>
      (await api.ok('endUsers.update', { params: { id }, body })).endUser
    const full = { displayName: 'Ada', email: 'ada@example.com', metadata: { a: 1, b: 2 } }
    expect(await patch(full)).toMatchObject(full)
    expect(await patch({ metadata: { c: 3 } })).toMatchObject({ ...full, metadata: { c: 3 } })
    expect(await patch({ email: null })).toMatchObject({ displayName: 'Ada', email: null })
    expect(await patch({ displayName: null, metadata: null })).toMatchObject({
      displayName: null,
      metadata: null,
    })
    await api.refused('endUsers.update', 'NO_UPDATES', { params: { id }, body: {} })
    await api.refused('endUsers.update', 'END_USER_NOT_FOUND', { params: { id: nobody }, body: full })
    for (const body of [{ externalId: 'new' }, { email: 'no' }, { type: 'member' }]) {
      await api.refused('endUsers.update', 'VALIDATION_ERROR', { params: { id }, body })
    }
  })

  it('take their connections with them, and say how many', async () => {
    const { api, workspaceId } = await begin(open)
    const { id } = await makeEndUser(api, workspaceId, 'u')
    await makeConnection(api, { workspaceId, endUserId: 'u', externalId: 'a' })
    await makeConnection(api, { workspaceId, endUserId: 'u', externalId: 'b' })
    const kept = await makeConnection(api, { workspaceId, endUserId: 'v' })
    expect(await api.ok('endUsers.delete', { params: { id } })).toEqual({
      deleted: true,
      id,
      connectionsDeleted: 2,
    })
    await api.refused('endUsers.delete', 'END_USER_NOT_FOUND', { params: { id } })
    await api.refused('endUsers.get', 'END_USER_NOT_FOUND', { params: { id } })
    expect((await api.ok('connections.list')).connections).toEqual([kept])
    expect(await makeEndUser(api, workspaceId, 'u')).toMatchObject({ connectionCount: 0 })
  })

  it('who come again under the same externalId find none of the state of before', async () => {
    const { api, workspaceId } = await begin(open)
    const { id } = await makeEndUser(api, workspaceId, 'u')
    const call = (actionName: string, input: Record<string, unknown>) => ({
      body: { integrationName: 'kv-store', actionName, workspaceId, endUserId: 'u', input },
    })
    await api.ok('actions.execute', call('put', { key: 'k', value: 1 }))
    await api.ok('endUsers.delete', { params: { id } })
    await makeEndUser(api, workspaceId, 'u')
    expect(await api.ok('actions.execute', call('get', { key: 'k' }))).toMatchObject({
      output: { found: false },
    })
  })
})

throughBothDoors('the portal of an end user', (open) => {
  it('is reached by a token that lives 7 days, unless told otherwise', async () => {
    const { api, workspaceId } = await begin(open, { clock: stoppedClock() })
    const { id } = await makeEndUser(api, workspaceId)
    const { status, body } = await api.reply('endUsers.createConnectToken', { params: { id }, body: {} })
    expect(status).toBe(200)
    expect(body.token).toMatch(/^eut_[A-Za-z0-9]{32}$/)
    expect(body.connectUrl).toBe(`${api.url}/connect/portal?token=${body.token}`)
    expect(body.expiresAt).toBe('2025-01-22T10:30:00.000Z')
    const hour = await api.ok('endUsers.createConnectToken', { params: { id }, body: { expiresIn: 3600 } })
    expect(hour.expiresAt).toBe('2025-01-15T11:30:00.000Z')
    await api.ok('endUsers.createConnectToken', { params: { id }, body: { expiresIn: 2_592_000 } })
  })

  it('is mailed with an invitation', async () => {
    const { api, workspaceId } = await begin(open)
    const { id, ...before } = await makeEndUser(api, workspaceId)
    const invitation = await api.ok('endUsers.invite', { params: { id }, body: { email: 'ada@example.com' } })
    expect(invitation).toMatchObject({ emailSent: true, token: expect.stringMatching(/^eut_/) })
    expect((await api.ok('endUsers.get', { params: { id } })).endUser).toEqual({ id, ...before })
    for (const body of [{}, { email: 'no' }, { email: 'ada@example.com', subject: 'Hi' }]) {
      await api.refused('endUsers.invite', 'VALIDATION_ERROR', { params: { id }, body })
    }
  })

  it.each(['endUsers.createConnectToken', 'endUsers.invite'] as const)(
    'is checked the same by %s',
    async (endpoint) => {
      const { api, workspaceId } = await begin(open)
      const { id } = await makeEndUser(api, workspaceId)
      const { id: otherId } = await makeWorkspace(api, 'other')
      const target = await configure(api, workspaceId, {
        integrationName: 'slack',
        connectionStrategy: 'per_user',
      })
      const foreign = await configure(api, otherId, {
        integrationName: 'slack',
        connectionStrategy: 'per_user',
      })
      const email = endpoint === 'endUsers.invite' ? { email: 'ada@example.com' } : {}
      const call = (fields: Record<string, unknown>) => ({ params: { id }, body: { ...email, ...fields } })
      for (const expiresIn of [3599, 2_592_001, 3600.5, '3600', null]) {
        const { paths } = await api.refused(endpoint, 'VALIDATION_ERROR', call({ expiresIn }))
        expect(paths).toEqual(['body.expiresIn'])
      }
      await api.refused(endpoint, 'INTEGRATION_NOT_FOUND', call({ integrationName: 'slak' }))
      await api.refused(endpoint, 'NOT_FOUND', call({ workspaceIntegrationId: nobody }))
      await api.refused(endpoint, 'NOT_FOUND', call({ workspaceIntegrationId: foreign.id }))
      await api.refused(endpoint, 'END_USER_NOT_FOUND', { ...call({}), params: { id: nobody } })
      await api.refused(endpoint, 'NOT_FOUND', { ...call({}), params: { id: 'user_123' } })
      const both = { integrationName: 'slack', workspaceIntegrationId: target.id }
      expect((await api.send(endpoint, call(both))).status).toBe(200)
      await api.refused(endpoint, 'VALIDATION_ERROR', call({ ...both, integrationName: 'github' }))
    },
  )
})
