import { expect, it } from 'vitest'
import type { ApiKeyPermissions } from '../../src/index.js'
import { hush, throughBothDoors } from './door.js'
import { callbackUrl, withTriggers } from './with-triggers.js'
import { configure, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

const at = '2025-01-15T10:30:00.000Z'

throughBothDoors('triggers', (open) => {
  it('are enabled on the connection that an action would use', async () => {
    const { api, workspaceId, integration, call, list } = await withTriggers(open)
    const { status, body } = await api.reply('triggers.enable', call())
    expect(status).toBe(201)
    const { triggerSource } = body
    expect(triggerSource).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      orgId: integration.orgId,
      ...{ workspaceId, integrationName: 'slack', triggerName: 'new_message', callbackUrl },
      triggerType: 'WEBHOOK',
      workspaceIntegrationId: integration.id,
      webhookUrl: `${api.url}/api/v1/webhooks/slack/${triggerSource.id}`,
      simulate: false,
      lastDelivery: null,
      createdAt: at,
    })
    expect(await list()).toEqual({ triggers: [triggerSource], total: 1 })
  })

  it('have a webhookUrl only where the third party posts, and keep simulate', async () => {
    const { enable } = await withTriggers(open)
    const polled = await enable({ triggerName: 'new_file', pollingIntervalMinutes: 5, simulate: true })
    expect(polled).toMatchObject({ triggerType: 'POLLING', webhookUrl: null, simulate: true })
  })

  it('are listed in pages, of one workspace or of all', async () => {
    const { api, workspaceId, enable, list } = await withTriggers(open)
    const first = await enable()
    const second = await enable({ triggerName: 'new_file' })
    expect(await list({ workspaceId, limit: 1, offset: 1 })).toEqual({ triggers: [second], total: 2 })
    const other = await makeWorkspace(api, 'other')
    expect(await list({ workspaceId: other.id })).toEqual({ triggers: [], total: 0 })
    await api.refused('triggers.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    expect(await list()).toEqual({ triggers: [], total: 0 })
    expect(first.id).not.toBe(second.id)
  })

  it('are disabled once', async () => {
    const { api, enable, list } = await withTriggers(open)
    const { id: triggerSourceId } = await enable()
    expect(await api.ok('triggers.disable', { body: { triggerSourceId } })).toEqual({
      disabled: true,
      triggerSourceId,
    })
    expect((await list()).total).toBe(0)
    await api.refused('triggers.disable', 'TRIGGER_NOT_FOUND', { body: { triggerSourceId } })
    await api.refused('triggers.disable', 'TRIGGER_NOT_FOUND', { body: { triggerSourceId: 'x' } })
    await expect(api.weavz.emit(triggerSourceId, {})).rejects.toThrow('No trigger source')
  })

  it('show sample data', async () => {
    const { api } = await withTriggers(open)
    const test = (integrationName: string, triggerName: string) => ({
      body: { integrationName, triggerName },
    })
    expect(await api.ok('triggers.test', test('slack', 'new_message'))).toEqual({
      sampleData: { text: 'Hi' },
    })
    expect(await api.ok('triggers.test', test('slack', 'new_file'))).toEqual({ sampleData: null })
    await api.refused('triggers.test', 'INTEGRATION_NOT_FOUND', test('nope', 'new_message'))
    await api.refused('triggers.test', 'TRIGGER_NOT_FOUND', test('slack', 'toString'))
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a callback that is no URL', { callbackUrl: 'app.example.com' }, 'body.callbackUrl'],
    ['a callback of another scheme', { callbackUrl: 'ftp://example.com' }, 'body.callbackUrl'],
    ['a callback with credentials', { callbackUrl: `https://user:${hush}@example.com` }, 'body.callbackUrl'],
    ['a header that HTTP has not', { callbackHeaders: { 'x y': '1' } }, 'body.callbackHeaders.x y'],
    ['headers of endless length', { callbackHeaders: { x: 'y'.repeat(20_000) } }, 'body.callbackHeaders'],
    ['polling of what is not polled', { pollingIntervalMinutes: 5 }, 'body.pollingIntervalMinutes'],
    ['polling less than once a day', { pollingIntervalMinutes: 1441 }, 'body.pollingIntervalMinutes'],
    ['input without a required key', { input: {} }, 'body.input.channel'],
    ['an unknown field', { callback: callbackUrl }, 'body.callback'],
  ])('refuse %s', async (_, fields, path) => {
    const { api, call, list } = await withTriggers(open)
    const { paths } = await api.refused('triggers.enable', 'VALIDATION_ERROR', call(fields))
    expect(paths).toEqual([path])
    expect((await list()).total).toBe(0)
  })

  it('refuse what does not exist, and what the plan does not allow', async () => {
    const { api, call } = await withTriggers(open, { minPollingIntervalMinutes: 15 })
    await api.refused('triggers.enable', 'NOT_FOUND', call({ workspaceId: nobody }))
    await api.refused('triggers.enable', 'INTEGRATION_NOT_FOUND', call({ integrationName: 'nope' }))
    await api.refused('triggers.enable', 'TRIGGER_NOT_FOUND', call({ triggerName: 'nope' }))
    await api.refused('triggers.enable', 'PARTIAL_NOT_FOUND', call({ partialIds: ['nope'] }))
    const polled = (pollingIntervalMinutes: number) =>
      call({ triggerName: 'new_file', pollingIntervalMinutes })
    await api.refused('triggers.enable', 'POLLING_INTERVAL_TOO_SHORT', polled(14))
    await api.ok('triggers.enable', polled(15))
  })

  it('resolve their connection as actions do, and take the same refusals', async () => {
    const { api, workspaceId, call } = await withTriggers(open)
    const mine = { integrationAlias: 'mine' }
    await configure(api, workspaceId, {
      ...{ integrationName: 'slack', alias: 'mine', connectionStrategy: 'per_user' },
    })
    await api.refused('triggers.enable', 'AMBIGUOUS_INTEGRATION', call())
    const { details } = await api.refused('triggers.enable', 'CONNECTION_REQUIRED', call(mine))
    expect(details).toMatchObject({ reason: 'END_USER_REQUIRED' })
    await makeEndUser(api, workspaceId, 'ada')
    await makeConnection(api, { workspaceId, endUserId: 'ada', externalId: 'conn_ada' })
    await api.ok('triggers.enable', call({ ...mine, endUserId: 'ada' }))
    await api.refused(
      'triggers.enable',
      'FORBIDDEN',
      call({ connectionExternalId: 'conn_ada', endUserId: 'bob' }),
    )
  })

  it('take the partials of their trigger', async () => {
    const { api, workspaceId, call } = await withTriggers(open)
    const scope = { workspaceId, integrationName: 'slack', triggerName: 'new_message' }
    await api.ok('partials.create', {
      body: { ...scope, name: 'Channel', values: { channel: 'C9' }, isDefault: true },
    })
    await api.ok('triggers.enable', call({ input: {} }))
    await api.refused('triggers.enable', 'VALIDATION_ERROR', call({ input: {}, partialIds: [] }))
  })

  it('are kept from keys of other workspaces', async () => {
    const { api, enable, call, workspaceId } = await withTriggers(open)
    const { id: triggerSourceId } = await enable()
    const other = await makeWorkspace(api, 'other')
    const permissions: ApiKeyPermissions = { scope: 'workspace', workspaceIds: [other.id] }
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'Other', permissions } })
    const headers = { authorization: `Bearer ${plainKey}` }
    expect((await api.ok('triggers.list', { headers })).total).toBe(0)
    for (const [id, rest] of [
      ['triggers.list', { query: { workspaceId } }],
      ['triggers.enable', call()],
      ['triggers.disable', { body: { triggerSourceId } }],
    ] as const) {
      const response = await api.send(id, { ...rest, headers })
      expect([response.status, await response.json()]).toMatchObject([403, { code: 'SCOPE_DENIED' }])
    }
  })
})
