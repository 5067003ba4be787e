import { expect, it } from 'vitest'
import type { EndpointId } from '../../src/contract/index.js'
import { createMockWeavz, type QuotaName } from '../../src/mock/index.js'
import { throughBothDoors, type AnyCall, type Api } from './door.js'
import { callbackUrl, withTriggers } from './with-triggers.js'
import { makeConnection, makeWorkspace, poll, session, slack, startSession } from './world.js'

interface Holding {
  readonly quota: QuotaName
  readonly create: EndpointId
  /** The n-th call that creates one. */
  readonly call: (workspaceId: string, n: number) => AnyCall
  /** Deletes the one that was created last. */
  readonly remove: (api: Api, created: any) => Promise<unknown>
}

const holdings: Holding[] = [
  {
    ...{ quota: 'workspaces', create: 'workspaces.create' },
    call: (_, n) => ({ body: { name: 'W', slug: `w-${n}` } }),
    remove: (api, { workspace: { id } }) => api.ok('workspaces.delete', { params: { id } }),
  },
  {
    ...{ quota: 'connections', create: 'connections.create' },
    call: (workspaceId, n) => ({ body: slack({ workspaceId, externalId: `c${n}` }) }),
    remove: (api, { connection: { id } }) => api.ok('connections.delete', { params: { id } }),
  },
  {
    ...{ quota: 'apiKeys', create: 'apiKeys.create' },
    call: (_, n) => ({ body: { name: `K${n}` } }),
    remove: (api, { apiKey: { id } }) => api.ok('apiKeys.delete', { params: { id } }),
  },
  {
    ...{ quota: 'mcpServers', create: 'mcpServers.create' },
    call: (workspaceId, n) => ({ body: { name: `S${n}`, workspaceId } }),
    remove: (api, { server: { id } }) => api.ok('mcpServers.delete', { params: { id } }),
  },
  {
    ...{ quota: 'triggers', create: 'triggers.enable' },
    call: (workspaceId) => ({
      body: {
        ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId, callbackUrl },
        input: { channel: 'C1' },
      },
    }),
    remove: (api, { triggerSource: { id } }) => api.ok('triggers.disable', { body: { triggerSourceId: id } }),
  },
]

throughBothDoors('quotas', (open) => {
  it('are none unless a test sets them', async () => {
    const { api } = await withTriggers(open)
    expect(api.weavz.quotas.usage()).toEqual({
      workspaces: { used: 1, limit: null },
      connections: { used: 1, limit: null },
      apiKeys: { used: 1, limit: null },
      mcpServers: { used: 0, limit: null },
      triggers: { used: 0, limit: null },
      monthlyActions: { used: 0, limit: null },
      sandboxTime: { used: 0, limit: null },
    })
  })

  it.each(holdings)('limit how many $quota there are', async ({ quota, create, call, remove }) => {
    const { api, workspaceId } = await withTriggers(open)
    const { used: before } = api.weavz.quotas.usage()[quota]
    const limit = before + 2
    api.weavz.quotas.set({ [quota]: limit })
    const attempt = (n: number) => api.ok(create, call(workspaceId, n) as never)
    await attempt(1)
    const last = await attempt(2)
    const { status, details, error } = await api.refused(create, 'QUOTA_EXCEEDED', call(workspaceId, 3))
    expect([status, details]).toEqual([403, { quota, limit, used: limit }])
    expect(error).toContain(quota)
    expect(api.weavz.quotas.usage()[quota]).toEqual({ used: limit, limit })
    await remove(api, last)
    await attempt(4)
    await api.refused(create, 'QUOTA_EXCEEDED', call(workspaceId, 5))
    api.weavz.quotas.set({ [quota]: null })
    await attempt(6)
    expect(api.weavz.quotas.usage()[quota]).toEqual({ used: limit + 1, limit: null })
  })

  it.each(holdings)(
    'let no more $quota through at once than there is room for',
    async ({ quota, create, call }) => {
      const { api, workspaceId } = await withTriggers(open)
      const { used } = api.weavz.quotas.usage()[quota]
      api.weavz.quotas.set({ [quota]: used + 3 })
      const sent = Array.from({ length: 8 }, (_, n) => api.send(create, call(workspaceId, n)))
      const statuses = (await Promise.all(sent)).map(({ status }) => status)
      expect(statuses.sort()).toEqual([201, 201, 201, 403, 403, 403, 403, 403])
      expect(api.weavz.quotas.usage()[quota]).toEqual({ used: used + 3, limit: used + 3 })
    },
  )

  it('come last: what is wrong in another way is refused for that', async () => {
    const quotas = {
      workspaces: 0,
      connections: 0,
      apiKeys: 0,
      mcpServers: 0,
      triggers: 0,
      monthlyActions: 0,
    }
    const { api, workspaceId, call } = await withTriggers(open)
    const limited = await api.ok('apiKeys.create', {
      body: { name: 'Other', permissions: { scope: 'workspace', workspaceIds: [] } },
    })
    api.weavz.quotas.set(quotas)
    const headers = { authorization: `Bearer ${limited.plainKey}` }
    await api.refused('workspaces.create', 'VALIDATION_ERROR', { body: { name: '' } })
    await api.refused('workspaces.create', 'DUPLICATE', { body: { name: 'A', slug: 'acme' } })
    await api.refused('connections.create', 'DUPLICATE', { body: slack({ workspaceId }) })
    await api.refused('mcpServers.create', 'END_USER_NOT_FOUND', {
      body: { name: 'S', workspaceId, endUserId: 'nobody' },
    })
    await api.refused('triggers.enable', 'VALIDATION_ERROR', call({ input: {} }))
    const execute = { integrationName: 'slack', actionName: 'send_channel_message', workspaceId, input: {} }
    await api.refused('actions.execute', 'VALIDATION_ERROR', { body: execute })
    for (const [id, body] of [
      ['workspaces.create', { name: 'A', slug: 'a' }],
      ['connections.create', slack({ workspaceId, externalId: 'new' })],
      ['apiKeys.create', { name: 'K' }],
      ['mcpServers.create', { name: 'S', workspaceId }],
      ['triggers.enable', call().body],
      ['actions.execute', { ...execute, actionName: 'list_users' }],
    ] as const) {
      const denied = await api.send(id, { body, headers })
      expect([id, ((await denied.json()) as { code: string }).code]).toEqual([id, 'SCOPE_DENIED'])
      await api.refused(id, 'QUOTA_EXCEEDED', { body })
    }
  })

  it('of connections make a connect session fail, and create no end user on the way', async () => {
    const api = await open({ quotas: { connections: 1 } })
    const { id: workspaceId } = await makeWorkspace(api)
    const { token: first } = await startSession(api, workspaceId)
    await api.weavz.user.approve(first)
    const { connectionId, ...done } = await poll(api, first)
    expect(done.status).toBe('COMPLETED')

    const { token } = await startSession(api, workspaceId, { externalId: 'second', endUserId: 'ada' })
    await api.weavz.user.approve(token)
    expect(await poll(api, token)).toMatchObject({
      ...{ status: 'FAILED', connectionId: null },
      error: expect.stringContaining('connections'),
    })
    const endUsers = await api.ok('endUsers.list', { query: { workspaceId } })
    expect(endUsers.total).toBe(0)
    await api.refused('connections.create', 'QUOTA_EXCEEDED', {
      body: slack({ workspaceId, endUserId: 'ada', externalId: 'third' }),
    })
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)

    // The same account again is no second connection
    const { token: again } = await startSession(api, workspaceId)
    await api.weavz.user.approve(again)
    expect(await poll(api, again)).toMatchObject({ status: 'COMPLETED', connectionId })
  })

  it('take nothing away that is there already', async () => {
    const api = await open()
    const { id } = await makeWorkspace(api)
    await makeConnection(api, { workspaceId: id })
    api.weavz.quotas.set({ workspaces: 0, connections: 0, apiKeys: 0 })
    await api.ok('workspaces.update', { params: { id }, body: { name: 'Still here' } })
    expect((await api.ok('connections.list')).total).toBe(1)
    const { details } = await api.refused('workspaces.create', 'QUOTA_EXCEEDED', {
      body: { name: 'A', slug: 'a' },
    })
    expect(details).toEqual({ quota: 'workspaces', limit: 0, used: 1 })
  })
})

it('a session that is started beyond the quota can still be completed once there is room', async () => {
  const weavz = createMockWeavz({ seed: { workspaces: { acme: {} } }, quotas: { connections: 0 } })
  const headers = { authorization: `Bearer ${weavz.apiKey}` }
  const body = JSON.stringify(session(weavz.seeded.workspaces.acme))
  const response = await weavz.fetch('http://weavz.test/api/v1/connect/token', {
    method: 'POST',
    headers,
    body,
  })
  const { token } = (await response.json()) as { token: string }
  weavz.quotas.set({ connections: 1 })
  await weavz.user.approve(token)
  expect(weavz.quotas.usage().connections).toEqual({ used: 1, limit: 1 })
})
