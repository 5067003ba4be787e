import { expect, it } from 'vitest'
import type { CreateApprovalPolicy } from '../../src/index.js'
import { hush, throughBothDoors } from './door.js'
import { gated } from './gated.js'
import { makeEndUser, nobody } from './world.js'

const at = '2025-01-15T10:30:00.000Z'

throughBothDoors('a call that a person must approve', (open) => {
  it('answers 202 with the request, and does not run', async () => {
    const { api, execute, policy, runs } = await gated(open)
    const { status, body } = await execute()
    if (status !== 202) return expect.unreachable()
    const { id } = body.approval
    expect(id).toMatch(/^apr_[0-9a-f]{32}$/)
    expect(body).toEqual({
      success: false,
      status: 'approval_required',
      approval: {
        ...{ id, policyId: policy.id, status: 'pending', approvalAccessMode: 'dashboard_only' },
        approvalUrl: `${api.url}/dashboard/approvals/${id}`,
        hostedApprovalUrl: null,
        expiresAt: '2025-01-15T11:30:00.000Z',
        retry: { idempotencyKey: 'k1' },
      },
    })
    expect(runs()).toBe(0)
    expect(api.weavz.openings.count).toBe(0)
  })

  it('is described in the request', async () => {
    const { api, workspaceId, integration, policy, request, get } = await gated(open, {
      ...{
        approvers: [{ type: 'org_role', roles: ['admin'] }],
        approvalAccessMode: 'dashboard_and_hosted_link',
      },
      ...{ timeoutSeconds: 60, defaultOnTimeout: 'expire' },
    })
    await makeEndUser(api, workspaceId, 'ada')
    const id = await request({ endUserId: 'ada' })
    const { apiKeys } = await api.ok('apiKeys.list')
    expect(await get(id)).toEqual({
      ...{ id, policyId: policy.id, orgId: policy.orgId, workspaceId, endUserId: 'ada', source: 'rest' },
      ...{ status: 'pending', mcpServerId: null, mcpMode: null, mcpAuthMode: null },
      ...{ workspaceIntegrationId: integration.id, integrationName: 'slack', integrationAlias: 'slack' },
      ...{
        actionName: 'send_channel_message',
        connectionStrategy: 'fixed',
        connectionScopeSummary: 'WORKSPACE',
      },
      ...{ partialIds: [], enforcedKeys: [], inputHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ...{
        inputPreview: { channel: 'C1', text: 'Hi' },
        redactedPaths: [],
        riskReasons: ['riskMode: always'],
      },
      ...{ riskScore: null, riskCategory: null, approverSpec: [{ type: 'org_role', roles: ['admin'] }] },
      ...{ defaultOnTimeout: 'expire', approvalAccessMode: 'dashboard_and_hosted_link' },
      approvalUrl: `${api.url}/dashboard/approvals/${id}`,
      hostedApprovalUrl: `${api.url}/approvals/${id}`,
      ...{ externalCorrelationId: null, idempotencyKey: 'k1', requestedByType: 'api_key' },
      requestedById: apiKeys.find(({ name }) => name === 'Default')?.id,
      ...{
        decidedAt: null,
        consumedAt: null,
        expiresAt: '2025-01-15T10:31:00.000Z',
        createdAt: at,
        updatedAt: at,
      },
      webhookDeliveries: [],
    })
  })

  it.each<[string, Record<string, string>, string, string | null]>([
    ['the SDK', { 'x-weavz-source': 'sdk' }, 'sdk', null],
    ['a stranger who says so', { 'x-weavz-source': 'playground' }, 'rest', null],
    ['a header', { 'idempotency-key': 'h1' }, 'rest', 'h1'],
    ['the other header', { 'x-idempotency-key': 'h2' }, 'rest', 'h2'],
  ])('learns source and key from %s', async (_, headers, source, idempotencyKey) => {
    const { request, get } = await gated(open)
    const id = await request({ idempotencyKey: undefined }, headers)
    expect(await get(id)).toMatchObject({ source, idempotencyKey })
    // The body wins
    expect(await get(await request({ idempotencyKey: 'b' }, headers))).toMatchObject({ idempotencyKey: 'b' })
  })

  it('shows neither secrets nor what partials enforce', async () => {
    const { api, workspaceId, request, get } = await gated(open)
    const { partial } = await api.ok('partials.create', {
      body: {
        ...{ workspaceId, integrationName: 'slack', name: 'Fixed', isDefault: true },
        ...{ values: { channel: 'C9-private' }, enforcedKeys: ['channel'] },
      },
    })
    const input = { text: 'Hi', blocks: [{ apiKey: hush, note: `Bearer ${hush}` }] }
    const approval = await get(await request({ input }))
    expect(approval).toMatchObject({
      inputPreview: { channel: '[secret]', text: 'Hi', blocks: [{ apiKey: '[secret]' }] },
      ...{ partialIds: [partial.id], enforcedKeys: ['channel'] },
    })
    expect(JSON.stringify(approval)).not.toContain('C9-private')
    expect([...approval.redactedPaths].sort()).toEqual(['blocks.0.apiKey', 'blocks.0.note', 'channel'])
  })

  it('comes after every other check', async () => {
    const { api, call, workspaceId, connection } = await gated(open)
    await api.refused('actions.execute', 'NOT_FOUND', call({ workspaceId: nobody }))
    await api.refused('actions.execute', 'ACTION_NOT_FOUND', call({ actionName: 'nope' }))
    await api.refused('actions.execute', 'VALIDATION_ERROR', call({ input: {} }))
    await api.refused('actions.execute', 'VALIDATION_ERROR', {
      body: { integrationName: 'kv-store', actionName: 'get', workspaceId, input: { key: 'k' } },
    })
    await api.ok('connections.delete', { params: { id: connection.id } })
    await api.refused('actions.execute', 'CONNECTION_REQUIRED', call())
    expect((await api.ok('approvals.list')).total).toBe(0)
  })

  it('is refused where a policy blocks it', async () => {
    const { api, call, runs } = await gated(open, { decision: 'block' })
    const { status } = await api.refused('actions.execute', 'APPROVAL_POLICY_BLOCKED', call())
    expect([status, runs()]).toEqual([403, 0])
  })

  it.each(['notify_only', 'auto_approve'] as const)('runs where the policy says %s', async (decision) => {
    const { api, execute } = await gated(open, { decision })
    expect((await execute()).status).toBe(200)
    expect((await api.ok('approvals.list')).total).toBe(0)
  })

  it('meets the policy that goes before the others', async () => {
    const { api, call, execute } = await gated(open)
    const make = async (body: CreateApprovalPolicy) =>
      (await api.ok('approvalPolicies.create', { body })).policy.id
    await make({ name: 'Blocks, at a tie', decision: 'block', integrationNames: ['slack'] })
    await api.refused('actions.execute', 'APPROVAL_POLICY_BLOCKED', call())
    const id = await make({ name: 'Goes first', decision: 'auto_approve', priority: 1 })
    expect((await execute()).status).toBe(200)
    await api.ok('approvalPolicies.update', { params: { id }, body: { enabled: false } })
    await api.refused('actions.execute', 'APPROVAL_POLICY_BLOCKED', call())
  })

  it('knows the category of the integration and of the action', async () => {
    const { api, workspaceId, execute } = await gated(open, {
      ...{ riskMode: 'rules', rules: { actionCategories: ['finance', 'payment'] } },
    })
    expect((await execute()).status).toBe(200)
    const shared = { displayName: 'Bank', auth: null }
    const pay = { input: {}, categories: ['payment'] }
    api.weavz.registerIntegration('bank', {
      ...shared,
      category: 'FINANCE',
      actions: { look: { input: {} } },
    })
    api.weavz.registerIntegration('shop', {
      ...shared,
      category: 'COMMERCE',
      actions: { pay, look: { input: {} } },
    })
    const statusOf = async (integrationName: string, actionName: string) =>
      (await api.reply('actions.execute', { body: { integrationName, actionName, workspaceId } })).status
    expect(await statusOf('bank', 'look')).toBe(202)
    expect(await statusOf('shop', 'pay')).toBe(202)
    expect(await statusOf('shop', 'look')).toBe(200)
  })
})
