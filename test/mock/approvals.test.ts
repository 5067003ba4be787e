import { expect, it } from 'vitest'
import { parseApprovalEvent, type ApiKeyPermissions, type CreateApprovalPolicy } from '../../src/index.js'
import { hush, stoppedClock, throughBothDoors, type Open } from './door.js'
import { receiver } from './receiver.js'
import { configure, makeConnection, makeEndUser, makeWorkspace, nobody, poll, startSession } from './world.js'

const second = 1000
const at = '2025-01-15T10:30:00.000Z'
const webhookUrl = 'https://app.example.com/approvals'

/** A workspace where Slack runs on one connection, a policy, and a key that may decide. */
async function gated(
  open: Open,
  terms: Partial<CreateApprovalPolicy> = {},
  options: Parameters<Open>[0] = {},
) {
  const clock = stoppedClock()
  const api = await open({ clock, ...options })
  const { id: workspaceId } = await makeWorkspace(api)
  const connection = await makeConnection(api, { workspaceId })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
  })
  const { policy } = await api.ok('approvalPolicies.create', { body: { name: 'Slack', ...terms } })
  const { plainKey, apiKey } = await api.ok('apiKeys.create', {
    body: { name: 'Decider', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  const decider = { authorization: `Bearer ${plainKey}` }
  let runs = 0
  api.weavz.onAction('slack', 'send_channel_message', () => ++runs)

  const call = (fields: Record<string, unknown> = {}) => ({
    body: {
      ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
      input: { channel: 'C1', text: 'Hi' } as Record<string, unknown>,
      idempotencyKey: 'k1',
      ...fields,
    },
  })
  const execute = async (fields?: Record<string, unknown>, headers?: Record<string, string>) =>
    api.reply('actions.execute', { ...call(fields), ...(headers && { headers }) })
  /** Executes what must wait, and answers the id of its request. */
  const request = async (fields?: Record<string, unknown>, headers?: Record<string, string>) => {
    const { status, body } = await execute(fields, headers)
    if (status !== 202) throw new Error('Expected an approval to be needed')
    return body.approval.id
  }
  const decide = async (verb: 'approve' | 'reject' | 'cancel', id: string, body?: object) =>
    api.ok(`approvals.${verb}`, { params: { id }, headers: decider, body: body as object })
  const get = async (id: string) => (await api.ok('approvals.get', { params: { id } })).approval
  return {
    ...{ api, clock, workspaceId, connection, integration, policy, apiKey, decider },
    ...{ call, execute, request, decide, get, runs: () => runs },
  }
}

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

throughBothDoors('the repeat of a call', (open) => {
  it('answers the same request while it is pending, and runs once after the approval', async () => {
    const { request, decide, execute, get, runs, clock } = await gated(open)
    const id = await request()
    expect(await request()).toBe(id)
    clock.advance(second)
    const { approval, receipt } = await decide('approve', id, { reason: 'Fine' })
    expect(approval).toMatchObject({ status: 'approved', decidedAt: '2025-01-15T10:30:01.000Z' })
    expect(receipt).toEqual({ id: expect.any(String) })
    clock.advance(second)
    // The order of keys is no difference
    const { status, body } = await execute({ input: { text: 'Hi', channel: 'C1' } })
    expect([status, body, runs()]).toMatchObject([200, { success: true, output: 1 }, 1])
    expect(await get(id)).toMatchObject({ status: 'consumed', consumedAt: '2025-01-15T10:30:02.000Z' })
    expect(await request()).not.toBe(id)
    expect(runs()).toBe(1)
  })

  it('uses an approval up exactly once, however many come at the same time', async () => {
    const { request, decide, execute, runs } = await gated(open)
    const id = await request()
    await decide('approve', id)
    const replies = await Promise.all(Array.from({ length: 8 }, () => execute()))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(202)])
    expect(runs()).toBe(1)
    const others = replies.flatMap(({ status, body }) => (status === 202 ? [body.approval.id] : []))
    expect(new Set(others).size).toBe(1)
    expect(others).not.toContain(id)
  })

  it('is one call with the run that follows a refreshed token', async () => {
    const { api, workspaceId, integration, request, decide, execute, get } = await gated(open)
    const { token } = await startSession(api, workspaceId, { externalId: 'fresh' })
    await api.weavz.user.approve(token)
    const { connectionId } = await poll(api, token)
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { connectionId } })
    let attempts = 0
    api.weavz.onAction('slack', 'send_channel_message', () => {
      if (++attempts > 1) return 'sent'
      throw Object.assign(new Error('invalid_auth'), { status: 401 })
    })
    const id = await request()
    await decide('approve', id)
    const { status, body } = await execute()
    expect([status, body, attempts]).toMatchObject([200, { output: 'sent' }, 2])
    expect(await get(id)).toMatchObject({ status: 'consumed' })
    expect((await api.ok('approvals.list')).total).toBe(1)
  })

  it('uses it up also where the action fails', async () => {
    const { api, call, request, decide, get } = await gated(open)
    api.weavz.onAction('slack', 'send_channel_message', () => {
      throw new Error('no such channel')
    })
    const id = await request()
    await decide('approve', id)
    await api.refused('actions.execute', 'ACTION_FAILED', call())
    expect(await get(id)).toMatchObject({ status: 'consumed' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['another input', { input: { channel: 'C1', text: 'Bye' } }],
    ['another key', { idempotencyKey: 'k2' }],
    ['no key', { idempotencyKey: undefined }],
    ['another end user', { endUserId: 'ada' }],
    ['another action', { actionName: 'send_direct_message', input: { user: 'U1', text: 'Hi' } }],
  ])('opens a new request with %s', async (_, fields) => {
    const { request, decide, runs } = await gated(open)
    const id = await request()
    await decide('approve', id)
    expect(await request(fields)).not.toBe(id)
    expect(runs()).toBe(0)
  })

  it('cannot be matched without a key', async () => {
    const { api, call, request } = await gated(open)
    const fields = { idempotencyKey: undefined }
    const { body } = await api.reply('actions.execute', call(fields))
    expect(body).toMatchObject({ approval: { retry: {} } })
    expect(await request(fields)).not.toBe(await request(fields))
  })

  it.each(['reject', 'cancel'] as const)('opens a new request after a %s', async (verb) => {
    const { request, decide } = await gated(open)
    const id = await request()
    await decide(verb, id)
    expect(await request()).not.toBe(id)
  })

  it('opens a new request where the account has become another', async () => {
    const { api, workspaceId, integration, request, decide, runs } = await gated(open)
    await decide('approve', await request())
    const other = await makeConnection(api, { workspaceId, externalId: 'other' })
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { connectionId: other.id } })
    await request()
    expect(runs()).toBe(0)
  })

  it('needs no request within the window after an approval of the same call', async () => {
    const { api, request, decide, execute, clock, policy, runs } = await gated(open, {
      reuseWindowSeconds: 60,
    })
    const id = await request()
    const { receipt } = await decide('approve', id)
    expect(receipt.expiresAt).toBe('2025-01-15T10:31:00.000Z')
    expect((await execute()).status).toBe(200)
    clock.advance(59_999)
    expect((await execute({ idempotencyKey: 'k2' })).status).toBe(200)
    expect((await execute({ idempotencyKey: undefined })).status).toBe(200)
    await request({ input: { channel: 'C2', text: 'Hi' } })
    clock.advance(1)
    await request({ idempotencyKey: 'k3' })
    expect(runs()).toBe(3)
    await api.ok('approvalPolicies.delete', { params: { id: policy.id } })
    expect((await execute()).status).toBe(200)
  })

  it('needs one where another policy approved, because that one may ask other people', async () => {
    const { api, request, decide, execute } = await gated(open, { reuseWindowSeconds: 60 })
    await decide('approve', await request())
    const stricter = { name: 'Stricter', priority: 1, reuseWindowSeconds: 60 }
    await api.ok('approvalPolicies.create', { body: stricter })
    // Its own request was approved, whichever policy asked for it
    expect((await execute()).status).toBe(200)
    await request({ idempotencyKey: 'k2' })
  })

  it('needs one again after a rejection of the same call, but not after a withdrawal', async () => {
    const { request, decide, execute, clock } = await gated(open, { reuseWindowSeconds: 60 })
    const [one, two] = [await request(), await request({ idempotencyKey: 'k2' })]
    const three = await request({ idempotencyKey: 'k3' })
    await decide('approve', one)
    clock.advance(1)
    await decide('cancel', two)
    expect((await execute({ idempotencyKey: 'k4' })).status).toBe(200)
    clock.advance(1)
    await decide('reject', three)
    expect((await execute()).status).toBe(200)
    await request({ idempotencyKey: 'k5' })
  })
})

throughBothDoors('approvals', (open) => {
  it('are decided once, by keys that may', async () => {
    const { api, request, decide, decider } = await gated(open)
    const params = { id: await request() }
    for (const verb of ['approve', 'reject', 'cancel'] as const) {
      const id = `approvals.${verb}` as const
      await api.refused(id, 'APPROVAL_DECISION_SCOPE_REQUIRED', { params })
      await api.refused(id, 'APPROVAL_NOT_FOUND', {
        ...{ params: { id: `apr_${'0'.repeat(32)}` }, headers: decider },
      })
      await api.refused(id, 'NOT_FOUND', { params: { id: nobody }, headers: decider })
    }
    await decide('reject', params.id)
    for (const verb of ['approve', 'reject', 'cancel'] as const) {
      await api.refused(`approvals.${verb}`, 'APPROVAL_ALREADY_DECIDED', { params, headers: decider })
    }
    await api.refused('approvals.get', 'NOT_FOUND', { params: { id: 'apr_xyz' } })
    await api.refused('approvals.get', 'APPROVAL_NOT_FOUND', { params: { id: `apr_${'0'.repeat(32)}` } })
  })

  it('may be decided by the key that asked', async () => {
    const { request, decide, decider, get, apiKey } = await gated(open)
    const id = await request({}, decider)
    expect(await get(id)).toMatchObject({ requestedById: apiKey.id })
    expect((await decide('approve', id)).approval).toMatchObject({ status: 'approved' })
  })

  it.each([
    ['reject', 'rejected'],
    ['expire', 'expired'],
  ] as const)('that nobody decides %s at their end', async (defaultOnTimeout, status) => {
    const { api, request, get, decider, clock } = await gated(open, { defaultOnTimeout, timeoutSeconds: 60 })
    const id = await request()
    const untouched = await request({ idempotencyKey: 'k2' })
    const late = await request({ idempotencyKey: 'k3' })
    clock.advance(60 * second - 1)
    expect(await get(id)).toMatchObject({ status: 'pending' })
    clock.advance(1)
    for (const one of [untouched, id]) {
      await api.refused('approvals.approve', 'APPROVAL_EXPIRED', { params: { id: one }, headers: decider })
    }
    clock.advance(60 * second)
    for (const one of [id, late]) {
      expect(await get(one)).toMatchObject({ status, decidedAt: null, updatedAt: '2025-01-15T10:31:00.000Z' })
    }
    expect(await request()).not.toBe(id)
  })

  it('that were approved in time can be used later', async () => {
    const { request, decide, execute, clock } = await gated(open, { timeoutSeconds: 60 })
    await decide('approve', await request())
    clock.advance(3600 * second)
    expect((await execute()).status).toBe(200)
  })

  it('are listed oldest first, by what is asked for', async () => {
    const { api, workspaceId, request, decide, clock } = await gated(open, { timeoutSeconds: 60 })
    const rejected = await request({ idempotencyKey: 'a' }, { 'x-weavz-source': 'sdk' })
    const ended = await request({ idempotencyKey: 'b' })
    await decide('reject', rejected)
    clock.advance(60 * second)
    const pending = await request({ idempotencyKey: 'c' })
    const list = async (query: object) => {
      const { approvals, total } = await api.ok('approvals.list', { query })
      return { ids: approvals.map(({ id }) => id), total }
    }
    expect(await list({})).toEqual({ ids: [rejected, ended, pending], total: 3 })
    expect(await list({ limit: 1 })).toEqual({ ids: [rejected], total: 3 })
    expect(await list({ status: 'pending' })).toEqual({ ids: [pending], total: 1 })
    expect(await list({ status: 'rejected', workspaceId })).toEqual({ ids: [rejected, ended], total: 2 })
    expect(await list({ source: 'sdk', integrationName: 'slack' })).toEqual({ ids: [rejected], total: 1 })
    expect(await list({ actionName: 'nope' })).toEqual({ ids: [], total: 0 })
    await api.refused('approvals.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
    const { paths } = await api.refused('approvals.list', 'VALIDATION_ERROR', { query: { limit: 101 } })
    expect(paths).toEqual(['query.limit'])
  })

  it('are kept from keys of other workspaces', async () => {
    const { api, workspaceId, request } = await gated(open)
    const id = await request()
    const other = await makeWorkspace(api, 'other')
    const permissions: ApiKeyPermissions = {
      ...{ scope: 'workspace', workspaceIds: [other.id], approvals: { decide: true } },
    }
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'Other', permissions } })
    const headers = { authorization: `Bearer ${plainKey}` }
    expect((await api.ok('approvals.list', { headers })).total).toBe(0)
    for (const verb of ['get', 'approve', 'reject', 'cancel'] as const) {
      const response = await api.send(`approvals.${verb}`, { params: { id }, headers })
      expect([response.status, await response.json()]).toMatchObject([403, { code: 'SCOPE_DENIED' }])
    }
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    await api.refused('approvals.get', 'APPROVAL_NOT_FOUND', { params: { id } })
  })
})

throughBothDoors('webhook approvers', (open) => {
  const webhook = { type: 'webhook', webhookUrl } as const
  // One receiver twice is still one receiver
  const approvers = [webhook, { type: 'end_user' } as const, webhook]

  it('are told of a request and of its decision', async () => {
    const { received, deliveryFetch } = receiver()
    const { api, request, decide, get, workspaceId } = await gated(open, { approvers }, { deliveryFetch })
    const id = await request()
    await decide('approve', id, { reason: 'Fine', metadata: { by: 'ada' } })
    await api.weavz.settled()
    const [requested, approved, ...others] = await Promise.all(
      received.map(({ body }) => parseApprovalEvent(body)),
    )
    expect(others).toEqual([])
    const detailUrl = `${api.url}/api/v1/approvals/${id}`
    const { webhookDeliveries, ...shown } = await get(id)
    const links = {
      ...{ detailUrl, approveUrl: `${detailUrl}/approve` },
      ...{ rejectUrl: `${detailUrl}/reject`, cancelUrl: `${detailUrl}/cancel` },
    }
    expect(requested).toEqual({
      ...{ event: 'approval.requested', createdAt: at },
      approval: { ...shown, status: 'pending', decidedAt: null, api: links },
      context: expect.objectContaining({
        ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
        ...{ source: 'rest', input: { channel: 'C1', text: 'Hi' } },
      }),
    })
    expect(approved).toMatchObject({
      ...{
        event: 'approval.approved',
        approval: { status: 'approved' },
        receipt: { id: expect.any(String) },
      },
      decision: { reason: 'Fine', metadata: { by: 'ada' } },
    })
    expect(received.map(({ url }) => url)).toEqual([webhookUrl, webhookUrl])
    const delivered = { callbackUrl: webhookUrl, attempt: 1, status: 'success', httpStatus: 204 }
    expect(webhookDeliveries).toMatchObject([
      { ...delivered, eventType: 'approval.requested' },
      { ...delivered, eventType: 'approval.approved' },
    ])
  })

  it.each([
    ['reject', 'approval.rejected'],
    ['expire', 'approval.expired'],
  ] as const)('are told when a request ran out (%s)', async (defaultOnTimeout, event) => {
    const { received, deliveryFetch } = receiver()
    const { api, request, get, clock } = await gated(open, { approvers, defaultOnTimeout }, { deliveryFetch })
    const id = await request()
    clock.advance(3600 * second)
    await get(id)
    await get(id)
    await api.weavz.settled()
    expect(received.map(({ body }) => body.event)).toEqual(['approval.requested', event])
  })

  it('hear what happened in its order, however often it takes to reach them', async () => {
    const { received, deliveryFetch } = receiver(500, 503)
    const { api, request, decide, get } = await gated(open, { approvers }, { deliveryFetch })
    const id = await request()
    await decide('cancel', id)
    await api.weavz.settled()
    expect(received.map(({ body }) => body.event)).toEqual([
      ...Array<string>(3).fill('approval.requested'),
      'approval.canceled',
    ])
    const { webhookDeliveries = [] } = await get(id)
    const ofRequest = webhookDeliveries.filter(({ eventType }) => eventType === 'approval.requested')
    expect(ofRequest.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'retrying'],
      [2, 'retrying'],
      [3, 'success'],
    ])
  })

  it('do not hold up the call, even if they never answer', async () => {
    const { request, get } = await gated(
      ...([open, { approvers }, { deliveryFetch: () => new Promise<never>(() => undefined) }] as const),
    )
    const { webhookDeliveries } = await get(await request())
    expect(webhookDeliveries).toMatchObject([{ attempt: 1, status: 'pending', httpStatus: null }])
  })

  it('may decide while they are being told', async () => {
    const { deliveryFetch, received } = receiver()
    const world: { decide?: (id: string) => Promise<unknown> } = {}
    const deciding = async (url: string, init: RequestInit) => {
      const response = await deliveryFetch(url, init)
      const { event, approval } = received.at(-1)?.body ?? {}
      if (event === 'approval.requested') await world.decide?.(approval.id)
      return response
    }
    const { api, request, execute, decide } = await gated(open, { approvers }, { deliveryFetch: deciding })
    world.decide = (id) => decide('approve', id)
    await request()
    await api.weavz.settled()
    expect((await execute()).status).toBe(200)
  })
})
