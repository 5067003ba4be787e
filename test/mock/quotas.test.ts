import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMockWeavz, SeedError, type QuotaName, type Quotas } from '../../src/mock/index.js'
import type { EndpointId } from '../../src/contract/index.js'
import { hush, throughBothDoors, type AnyCall, type Api } from './door.js'
import { callbackUrl, withTriggers } from './with-triggers.js'
import { makeConnection, makeEndUser, makeWorkspace, poll, session, slack, startSession } from './world.js'

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

const usage = ({ weavz }: Api) => weavz.quotas.usage()

throughBothDoors('the quota of monthly actions', (open) => {
  async function begin(quotas: Quotas) {
    const world = await withTriggers(open)
    const { api, workspaceId } = world
    api.weavz.quotas.set(quotas)
    const run = (fields: object = {}) => ({
      body: {
        ...{ integrationName: 'slack', actionName: 'list_users', workspaceId, input: {} },
        ...fields,
      },
    })
    return { ...world, run, used: () => usage(api).monthlyActions.used }
  }

  it('counts what has run, and what has failed while it ran', async () => {
    const { api, run, used } = await begin({ monthlyActions: 3 })
    await api.ok('actions.execute', run())
    api.weavz.onAction('slack', 'list_users', () => {
      throw new Error('The third party is down')
    })
    await api.refused('actions.execute', 'ACTION_FAILED', run())
    await api.refused(
      'actions.execute',
      'ACTION_FAILED',
      run({
        integrationName: 'http',
        actionName: 'send_request',
        input: { method: 'GET', url: 'https://example.com', headers: {}, queryParams: {}, authType: 'NONE' },
      }),
    )
    const { status, details } = await api.refused('actions.execute', 'QUOTA_EXCEEDED', run())
    expect([status, details]).toEqual([
      403,
      { quota: 'monthlyActions', limit: 3, used: 3, resetsAt: '2025-02-01T00:00:00.000Z' },
    ])
    expect(used()).toBe(3)
  })

  it('does not count what never ran: refused, blocked, or waiting for a person', async () => {
    const { api, workspaceId, run, used } = await begin({ monthlyActions: 1 })
    await api.refused('actions.execute', 'ACTION_NOT_FOUND', run({ actionName: 'nothing' }))
    await api.refused('actions.execute', 'CONNECTION_REQUIRED', run({ connectionExternalId: 'nobody' }))
    const block = { name: 'Block', workspaceId, actionNames: ['list_users'], decision: 'block' as const }
    const { policy } = await api.ok('approvalPolicies.create', { body: block })
    await api.refused('actions.execute', 'APPROVAL_POLICY_BLOCKED', run())
    await api.ok('approvalPolicies.update', {
      params: { id: policy.id },
      body: { decision: 'require_approval' },
    })
    expect((await api.reply('actions.execute', run({ idempotencyKey: 'k' }))).status).toBe(202)
    expect(used()).toBe(0)

    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
    })
    const [pending] = (await api.ok('approvals.list')).approvals
    const headers = { authorization: `Bearer ${plainKey}` }
    await api.ok('approvals.approve', { params: { id: pending?.id as string }, headers, body: {} })
    expect((await api.reply('actions.execute', run({ idempotencyKey: 'k' }))).status).toBe(200)
    expect(used()).toBe(1)
    // Nobody is asked about what could not run, and an approval is not used up by it
    await api.refused('actions.execute', 'QUOTA_EXCEEDED', run({ idempotencyKey: 'k2' }))
    expect((await api.ok('approvals.list')).total).toBe(1)
  })

  it('keeps an approval for the month in which the call can run', async () => {
    const { api, workspaceId, run } = await begin({})
    await api.ok('approvalPolicies.create', {
      body: { name: 'Ask', workspaceId, timeoutSeconds: 100 * 86_400 },
    })
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
    })
    const { body } = await api.reply('actions.execute', run({ idempotencyKey: 'k' }))
    const { id } = (body as { approval: { id: string } }).approval
    const headers = { authorization: `Bearer ${plainKey}` }
    await api.ok('approvals.approve', { params: { id }, headers, body: {} })
    api.weavz.quotas.set({ monthlyActions: 0 })
    await api.refused('actions.execute', 'QUOTA_EXCEEDED', run({ idempotencyKey: 'k' }))
    expect((await api.ok('approvals.get', { params: { id } })).approval.status).toBe('approved')
    api.weavz.quotas.set({ monthlyActions: 1 })
    expect((await api.reply('actions.execute', run({ idempotencyKey: 'k' }))).status).toBe(200)
  })

  it('counts a call once that is repeated on a refreshed token', async () => {
    const { api, workspaceId, integration, run, used } = await begin({})
    const { token } = await startSession(api, workspaceId, { externalId: 'fresh' })
    await api.weavz.user.approve(token)
    const { connectionId } = await poll(api, token)
    await api.ok('workspaces.integrations.update', {
      params: { workspaceId, id: integration.id },
      body: { connectionId },
    })
    let attempts = 0
    api.weavz.onAction('slack', 'list_users', () => {
      if (++attempts > 1) return []
      throw Object.assign(new Error('invalid_auth'), { status: 401 })
    })
    await api.ok('actions.execute', run())
    expect([attempts, used()]).toEqual([2, 1])
  })

  it('begins anew with the month, in UTC', async () => {
    const { api, run, used } = await begin({ monthlyActions: 1 })
    await api.weavz.clock.set('2025-01-31T23:59:59.999Z')
    await api.ok('actions.execute', run())
    const { details } = await api.refused('actions.execute', 'QUOTA_EXCEEDED', run())
    expect(details).toMatchObject({ resetsAt: '2025-02-01T00:00:00.000Z' })
    await api.weavz.clock.advance(1)
    expect(used()).toBe(0)
    await api.ok('actions.execute', run())
    await api.weavz.clock.set('2025-12-31T12:00:00.000Z')
    await api.ok('actions.execute', run())
    const { details: december } = await api.refused('actions.execute', 'QUOTA_EXCEEDED', run())
    expect(december).toMatchObject({ used: 1, resetsAt: '2026-01-01T00:00:00.000Z' })
    // A year later it is another December
    await api.weavz.clock.set('2026-12-31T12:00:00.000Z')
    await api.ok('actions.execute', run())
  })

  it('lets exactly as many of many calls at once run as are left', async () => {
    const { api, run, used } = await begin({ monthlyActions: 3 })
    const responses = await Promise.all(Array.from({ length: 8 }, () => api.send('actions.execute', run())))
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 200, 403, 403, 403, 403, 403])
    expect(used()).toBe(3)
  })

  it('leaves alone what is no action: options of properties, tests, triggers', async () => {
    const { api, workspaceId, enable, used } = await begin({ monthlyActions: 0 })
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', () => [{ label: 'a', value: 'b' }])
    await api.ok('integrations.resolveOptions', {
      params: { integrationName: 'slack' },
      body: { workspaceId, actionName: 'send_channel_message', propertyName: 'channel' },
    })
    await enable()
    await api.ok('triggers.test', { body: { integrationName: 'slack', triggerName: 'new_message' } })
    expect(used()).toBe(0)
  })
})

throughBothDoors('the quota of sandbox time', (open) => {
  async function begin(quotas: Quotas) {
    const world = await withTriggers(open)
    const { api, workspaceId } = world
    const { server } = await api.ok('mcpServers.create', { body: { name: 'S', workspaceId, mode: 'CODE' } })
    api.weavz.quotas.set(quotas)
    api.weavz.onExecuteCode(async ({ weavz, code }) => {
      await api.weavz.clock.advance(1500)
      if (code === 'fail') throw new Error('The code failed')
      return weavz.slack?.list_users?.()
    })
    const run = (code: string) => ({ params: { id: server.id }, body: { code } }) as never
    return { ...world, run }
  }

  it('counts how long code runs by the clock of the mock, and refuses once that is used up', async () => {
    const { api, run } = await begin({ sandboxTime: 3 })
    expect(await api.ok('mcpServers.executeCode', run('x'))).toMatchObject({ isError: false })
    expect(usage(api).sandboxTime).toEqual({ used: 1.5, limit: 3 })
    expect(await api.ok('mcpServers.executeCode', run('fail'))).toMatchObject({ isError: true })
    const { status, details } = await api.refused('mcpServers.executeCode', 'QUOTA_EXCEEDED', run('x'))
    expect([status, details]).toEqual([
      403,
      { quota: 'sandboxTime', limit: 3, used: 3, resetsAt: '2025-02-01T00:00:00.000Z' },
    ])
    // The actions that the code called are actions like any other
    expect(usage(api).monthlyActions.used).toBe(1)
    await api.weavz.clock.set('2025-02-01T00:00:00.000Z')
    await api.ok('mcpServers.executeCode', run('x'))
    expect(usage(api).sandboxTime).toEqual({ used: 1.5, limit: 3 })
  })

  it('covers the built-ins that run code, and no other action', async () => {
    const { api, workspaceId } = await begin({ sandboxTime: 2 })
    const execute = (integrationName: string, actionName: string, input: object) => ({
      body: { integrationName, actionName, workspaceId, input },
    })
    const code = execute('code', 'run_code', { code: '1' })
    const advanced = execute('advanced-code', 'run_code', { language: 'python', code: '1' })
    for (const name of ['code', 'advanced-code', 'slack'] as const) {
      api.weavz.onAction(name, name === 'slack' ? 'list_users' : 'run_code', () =>
        api.weavz.clock.advance('1s'),
      )
    }
    await api.ok('actions.execute', execute('slack', 'list_users', {}) as never)
    expect(usage(api).sandboxTime.used).toBe(0)
    await api.ok('actions.execute', code as never)
    await api.ok('actions.execute', advanced as never)
    expect(usage(api).sandboxTime.used).toBe(2)
    await api.refused('actions.execute', 'QUOTA_EXCEEDED', code)
    await api.refused('actions.execute', 'QUOTA_EXCEEDED', advanced)
    await api.ok('actions.execute', execute('slack', 'list_users', {}) as never)
    expect(usage(api).monthlyActions.used).toBe(4)
  })

  it('does not run backwards with the clock', async () => {
    const { api, run } = await begin({})
    api.weavz.onExecuteCode(() => api.weavz.clock.set('2025-01-15T00:00:00.000Z'))
    await api.ok('mcpServers.executeCode', run('x'))
    expect(usage(api).sandboxTime.used).toBe(0)
  })
})

const seed = {
  now: '2025-01-15T10:30:00.000Z',
  workspaces: { acme: {}, globex: {} },
  connections: { bot: { workspace: 'acme', integrationName: 'slack' } },
  quotas: { workspaces: 1, connections: 2 },
} as const

throughBothDoors('the state of quotas', (open) => {
  const create = (api: Api, slug: string) => api.send('workspaces.create', { body: { name: slug, slug } })

  it('begins with the seed, which may go beyond them, and with the option, which wins', async () => {
    const api = await open({ seed, quotas: { workspaces: 3, monthlyActions: 5 } })
    await api.weavz.ready
    expect(usage(api)).toMatchObject({
      workspaces: { used: 2, limit: 3 },
      connections: { used: 1, limit: 2 },
      monthlyActions: { used: 0, limit: 5 },
      apiKeys: { limit: null },
    })
    expect((await create(api, 'third')).status).toBe(201)
    expect((await create(api, 'fourth')).status).toBe(403)
  })

  it('follows reset, forks and snapshots', async () => {
    const api = await open({ seed, quotas: { workspaces: 3, monthlyActions: 5 } })
    await api.weavz.ready
    const begun = usage(api)
    api.weavz.quotas.set({ workspaces: 9, monthlyActions: null })
    const workspaceId = (await api.ok('workspaces.list')).workspaces[0]?.id as string
    const input = { key: 'k', value: hush.length }
    const execute = { integrationName: 'kv-store', actionName: 'put', workspaceId, input, endUserId: 'ada' }
    await makeEndUser(api, workspaceId, 'ada')
    await api.ok('actions.execute', { body: execute })
    const changed = usage(api)
    expect(changed).toMatchObject({ workspaces: { limit: 9 }, monthlyActions: { used: 1, limit: null } })

    const fork = api.weavz.fork()
    fork.quotas.set({ workspaces: 1 })
    expect(fork.quotas.usage().monthlyActions).toEqual({ used: 1, limit: null })
    expect(usage(api)).toEqual(changed)

    const snapshot = api.weavz.snapshot()
    api.weavz.reset()
    expect(usage(api)).toEqual(begun)
    api.weavz.restore(snapshot)
    expect(usage(api)).toEqual(changed)
    expect(api.weavz.snapshot()).toBe(snapshot)
  })

  it.each([
    [{ workspaces: -1 }, /quotas\.workspaces/],
    [{ workspaces: 1.5 }, /quotas\.workspaces/],
    [{ workspaces: NaN }, /quotas\.workspaces/],
    [{ workspaces: Infinity }, /quotas\.workspaces/],
    [{ workspaces: '3' }, /quotas\.workspaces/],
    [{ sandboxTime: -0.5 }, /quotas\.sandboxTime/],
    [{ workspace: 3 }, /quotas\.workspace: Unknown field/],
    [{ ['__proto__x']: 3 }, /Unknown field/],
    [null, /quotas/],
  ])('takes no nonsense: %j', async (quotas, problem) => {
    const api = await open()
    expect(() => createMockWeavz({ quotas: quotas as Quotas })).toThrow(problem)
    expect(() => api.weavz.quotas.set(quotas as Quotas)).toThrow(TypeError)
    if (quotas === null) return
    const seeding = () => createMockWeavz({ seed: { quotas: quotas as Quotas } })
    expect(seeding).toThrow(SeedError)
    expect(seeding).toThrow(/^seed\.quotas\./)
    expect(api.weavz.quotas.usage().workspaces.limit).toBeNull()
  })

  it('cannot be asked for before the seed is in place', async () => {
    const weavz = createMockWeavz({ seed })
    expect(() => weavz.quotas.usage()).toThrow('weavz.ready')
    expect(() => weavz.quotas.set({})).toThrow('weavz.ready')
    await weavz.ready
    expect(weavz.quotas.usage().workspaces).toEqual({ used: 2, limit: 1 })
  })

  it('agrees with what is there, whatever is created and deleted', async () => {
    const api = await open()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(4),
        fc.array(fc.tuple(fc.boolean(), fc.nat(4)), { maxLength: 12 }),
        async (limit, steps) => {
          api.weavz.reset()
          api.weavz.quotas.set({ workspaces: limit })
          const there = new Map<number, string>()
          for (const [adds, at] of steps) {
            const id = there.get(at)
            if (adds && id === undefined) {
              const response = await create(api, `w-${at}`)
              expect(response.status).toBe(there.size < limit ? 201 : 403)
              const body = (await response.json()) as { workspace?: { id: string } }
              if (body.workspace) there.set(at, body.workspace.id)
            } else if (!adds && id !== undefined) {
              await api.ok('workspaces.delete', { params: { id } })
              there.delete(at)
            }
            expect(usage(api).workspaces).toEqual({ used: there.size, limit })
          }
        },
      ),
      { numRuns: 30 },
    )
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
