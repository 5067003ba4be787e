import { expect, it } from 'vitest'
import type { Quotas } from '../../src/mock/index.js'
import { throughBothDoors } from './door.js'
import { withTriggers } from './with-triggers.js'
import { poll, startSession, usage } from './world.js'

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
    // Kept with the month that it counts for
    expect(api.weavz.snapshot()).toContain('{"id":"monthlyActions","month":"2025-01","used":3}')
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
