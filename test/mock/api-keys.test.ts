import { expect, it } from 'vitest'
import type { ApiKeyPermissions } from '../../src/contract/api-keys.js'
import type { EndpointId } from '../../src/contract/index.js'
import { refusalOf, stoppedClock, throughBothDoors, type AnyCall, type Api } from './door.js'
import { makeConnection, makeEndUser, makeWorkspace, nobody, session, slack, startSession } from './world.js'

const createKey = async (
  api: Api,
  body: { name: string; expiresAt?: string; permissions?: ApiKeyPermissions },
) => api.ok('apiKeys.create', { body })

const as = (plainKey: string) => ({ authorization: `Bearer ${plainKey}` })

throughBothDoors('api keys', (open) => {
  it('are shown once, and work', async () => {
    const api = await open()
    const { apiKey, plainKey } = await createKey(api, { name: 'CI' })
    expect(plainKey).toMatch(/^wvz_[A-Za-z0-9]{32}$/)
    expect(apiKey).toMatchObject({ name: 'CI', keyPrefix: plainKey.slice(0, 8), permissions: null })
    await api.ok('workspaces.list', { headers: as(plainKey) })
    const listed = await api.ok('apiKeys.list')
    expect(listed.total).toBe(2)
    expect(JSON.stringify(listed)).not.toContain(plainKey)
    expect(listed.apiKeys[1]?.lastUsedAt).toEqual(expect.any(String))
  })

  it('echo their permissions exactly as sent', async () => {
    const api = await open()
    const permissions = { scope: 'org', approvals: { decide: true } } as const
    const { apiKey } = await createKey(api, { name: 'Approver', permissions })
    expect(apiKey.permissions).toEqual(permissions)
  })

  it('stop working when they expire', async () => {
    const clock = stoppedClock()
    const api = await open({ clock })
    const expiresAt = new Date(clock.now() + 1000).toISOString()
    const { plainKey } = await createKey(api, { name: 'Short', expiresAt })
    await api.ok('workspaces.list', { headers: as(plainKey) })
    clock.advance(1000)
    await api.refused('workspaces.list', 'UNAUTHORIZED', { headers: as(plainKey) })
  })

  it('stop working when they are deleted, and cannot delete themselves', async () => {
    const api = await open()
    const { apiKey, plainKey } = await createKey(api, { name: 'Gone' })
    const params = { id: apiKey.id }
    await api.refused('apiKeys.delete', 'FORBIDDEN', { params, headers: as(plainKey) })
    await api.ok('apiKeys.delete', { params })
    await api.refused('workspaces.list', 'UNAUTHORIZED', { headers: as(plainKey) })
    await api.refused('apiKeys.delete', 'NOT_FOUND', { params })
  })

  it('stop working when they are deleted, after any number of calls of theirs and of others', async () => {
    const api = await open()
    const keys = await Promise.all(Array.from({ length: 120 }, () => createKey(api, { name: 'One of many' })))
    for (const { plainKey } of [...keys, ...keys]) await api.ok('workspaces.list', { headers: as(plainKey) })
    for (const { apiKey, plainKey } of keys) {
      await api.ok('apiKeys.delete', { params: { id: apiKey.id } })
      await api.refused('workspaces.list', 'UNAUTHORIZED', { headers: as(plainKey) })
    }
  })

  it.each([
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a date that is none', { name: 'x', expiresAt: 'tomorrow' }],
    ['an unknown scope', { name: 'x', permissions: { scope: 'everything' } }],
    ['a workspace scope without workspaces', { name: 'x', permissions: { scope: 'workspace' } }],
  ])('with %s are 400', async (_, body) => {
    const api = await open()
    await api.refused('apiKeys.create', 'VALIDATION_ERROR', { body })
  })
})

/** Two workspaces with something of everything in each, and a key that is limited to the first. */
async function limited(api: Api) {
  const mine = await makeWorkspace(api, 'mine')
  const other = await makeWorkspace(api, 'other')
  const shared = await makeConnection(api, { externalId: 'shared' })
  const at = async (workspaceId: string) => {
    const connection = await makeConnection(api, { workspaceId })
    const params = { workspaceId }
    const body = { integrationName: 'slack', connectionId: connection.id }
    const { integration } = await api.ok('workspaces.integrations.create', { params, body })
    const endUser = await makeEndUser(api, workspaceId)
    const named = { workspaceId, integrationName: 'slack', name: 'x' }
    const { partial } = await api.ok('partials.create', { body: named })
    const { sessionId } = await startSession(api, workspaceId, { externalId: 'session' })
    return { workspaceId, connection, integration, endUser, partial, sessionId: sessionId as string }
  }
  const [here, there] = [await at(mine.id), await at(other.id)]
  const permissions: ApiKeyPermissions = { scope: 'workspace', workspaceIds: [mine.id] }
  const { plainKey } = await createKey(api, { name: 'Limited', permissions })
  return { here, there, shared, headers: as(plainKey) }
}
type Place = Awaited<ReturnType<typeof limited>>['here']

/** A call of each endpoint that touches a workspace, on what is in that place. Deletions come last. */
const touching = ({ workspaceId, connection, integration, endUser, partial, sessionId }: Place) => {
  const body = { integrationName: 'slack', actionName: 'send_channel_message', workspaceId }
  const calls: [EndpointId, AnyCall][] = [
    ['workspaces.get', { params: { id: workspaceId } }],
    ['workspaces.update', { params: { id: workspaceId }, body: { name: 'New' } }],
    ['workspaces.integrations.list', { params: { workspaceId } }],
    ['workspaces.integrations.create', { params: { workspaceId }, body: { integrationName: 'hash-encode' } }],
    [
      'workspaces.integrations.update',
      { params: { workspaceId, id: integration.id }, body: { sortOrder: 1 } },
    ],
    ['connections.list', { query: { workspaceId } }],
    ['connections.get', { query: { id: connection.id } }],
    ['connections.create', { body: slack({ workspaceId, externalId: 'another' }) }],
    ['connections.resolve', { body: { integrationName: 'slack', workspaceId } }],
    ['connect.createToken', { body: session(workspaceId) }],
    ['connect.getSession', { params: { sessionId } }],
    ['endUsers.list', { query: { workspaceId } }],
    ['endUsers.create', { body: { workspaceId, externalId: 'another' } }],
    ['endUsers.get', { params: { id: endUser.id } }],
    ['endUsers.update', { params: { id: endUser.id }, body: { displayName: 'New' } }],
    ['endUsers.createConnectToken', { params: { id: endUser.id } }],
    ['endUsers.invite', { params: { id: endUser.id }, body: { email: 'ava@example.com' } }],
    ['actions.execute', { body: { ...body, input: { channel: 'C1', text: 'Hi' } } }],
    ['partials.list', { query: { workspaceId } }],
    ['partials.create', { body: { workspaceId, integrationName: 'slack', name: 'y' } }],
    ['partials.get', { params: { id: partial.id } }],
    ['partials.update', { params: { id: partial.id }, body: { name: 'z' } }],
    ['partials.setDefault', { params: { id: partial.id }, body: { isDefault: false } }],
    ['partials.delete', { params: { id: partial.id } }],
    ['endUsers.delete', { params: { id: endUser.id } }],
    ['connections.delete', { params: { id: connection.id } }],
    ['workspaces.integrations.delete', { params: { workspaceId, id: integration.id } }],
    ['workspaces.delete', { params: { id: workspaceId } }],
  ]
  return calls
}

throughBothDoors('a key that is limited to a workspace', (open) => {
  it('may do there what any key may', async () => {
    const api = await open()
    const { here, headers } = await limited(api)
    for (const [id, call] of touching(here)) {
      const response = await api.send(id, { ...call, headers })
      expect(response.status, `${id}: ${await response.clone().text()}`).toBeLessThan(300)
    }
  })

  it('may do nothing in another: 403 SCOPE_DENIED, and nothing has changed', async () => {
    const api = await open()
    const { there, headers } = await limited(api)
    for (const [id, call] of touching(there)) {
      const refusal = await refusalOf(await api.send(id, { ...call, headers }))
      expect(refusal, id).toMatchObject({ status: 403, code: 'SCOPE_DENIED' })
    }
    for (const [id, call] of touching(there)) {
      expect((await api.send(id, call)).status, id).toBeLessThan(300)
    }
  })

  it('may neither see nor make keys, nor create workspaces, nor change what is org-wide', async () => {
    const api = await open()
    const { shared, headers } = await limited(api)
    const calls: [EndpointId, AnyCall][] = [
      ['apiKeys.list', {}],
      ['apiKeys.create', { body: { name: 'x' } }],
      ['apiKeys.delete', { params: { id: nobody } }],
      ['workspaces.create', { body: { name: 'x', slug: 'x' } }],
      ['connections.create', { body: slack({ externalId: 'x' }) }],
      ['connections.delete', { params: { id: shared.id } }],
    ]
    for (const [id, call] of calls) {
      const refusal = await refusalOf(await api.send(id, { ...call, headers }))
      expect(refusal, id).toMatchObject({ status: 403, code: 'SCOPE_DENIED' })
    }
  })

  it('sees in lists what is of its workspaces, and what is org-wide', async () => {
    const api = await open()
    const { here, shared, headers } = await limited(api)
    const { workspaces, total } = await api.ok('workspaces.list', { headers })
    expect([workspaces.map(({ id }) => id), total]).toEqual([[here.workspaceId], 1])
    const { connections } = await api.ok('connections.list', { headers })
    expect(connections.map(({ id }) => id)).toEqual([shared.id, here.connection.id])
    expect(await api.ok('connections.get', { query: { id: shared.id }, headers })).toBeDefined()
  })

  it('gets 404, not 403, for what does not exist', async () => {
    const api = await open()
    const { headers } = await limited(api)
    await api.refused('workspaces.get', 'NOT_FOUND', { params: { id: nobody }, headers })
    await api.refused('endUsers.get', 'END_USER_NOT_FOUND', { params: { id: nobody }, headers })
    const body = { integrationName: 'slack', workspaceId: nobody }
    await api.refused('connections.resolve', 'NOT_FOUND', { body, headers })
  })
})
