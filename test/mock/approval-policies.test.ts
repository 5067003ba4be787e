import { expect, it } from 'vitest'
import { isPublicHttpsUrl } from '../../src/contract/approval-policies.js'
import type { ApiKeyPermissions, ApprovalContext, CreateApprovalPolicy } from '../../src/index.js'
import { stoppedClock, throughBothDoors, type Api, type Open } from './door.js'
import { makeWorkspace, nobody } from './world.js'

const at = '2025-01-15T10:30:00.000Z'

async function begin(open: Open) {
  const clock = stoppedClock()
  const api = await open({ clock })
  const { id: workspaceId } = await makeWorkspace(api)
  return { api, clock, workspaceId }
}

async function create(api: Api, body: Partial<CreateApprovalPolicy> = {}) {
  return (await api.ok('approvalPolicies.create', { body: { name: 'Slack', ...body } })).policy
}

const filters: Partial<CreateApprovalPolicy> = {
  mcpServerIds: [nobody],
  workspaceIntegrationIds: [],
  integrationAliases: ['bot'],
  integrationNames: ['slack'],
  actionNames: ['send_channel_message'],
  connectionStrategies: ['fixed'],
}

throughBothDoors('approval policies', (open) => {
  it('need a name and have a default for everything else', async () => {
    const { api } = await begin(open)
    const { status, body } = await api.reply('approvalPolicies.create', { body: { name: 'All' } })
    expect(status).toBe(201)
    expect(body.policy).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), orgId: expect.any(String), name: 'All' },
      ...{ workspaceId: null, description: null, enabled: true, priority: 100 },
      sources: ['rest', 'sdk', 'mcp_tools', 'mcp_code', 'playground', 'trigger'],
      ...{ endUserMode: 'any', decision: 'require_approval', riskMode: 'always' },
      ...{ timeoutSeconds: 3600, defaultOnTimeout: 'reject', reuseWindowSeconds: null },
      ...{ approvalAccessMode: 'dashboard_only', createdAt: at, updatedAt: at },
    })
  })

  it('keep what they are given', async () => {
    const { api, workspaceId } = await begin(open)
    const given: Partial<CreateApprovalPolicy> = {
      ...filters,
      ...{
        workspaceId,
        description: 'd',
        enabled: false,
        priority: -1.5,
        sources: ['sdk'],
        endUserMode: 'no_end_user',
      },
      ...{
        decision: 'block',
        riskMode: 'rules',
        rules: { amountThresholds: { amount: 10 }, domainDenylist: ['x.test'] },
      },
      approvers: [
        { type: 'org_role', roles: ['owner'] },
        { type: 'webhook', webhookUrl: 'https://app.example.com/approvals' },
      ],
      ...{ timeoutSeconds: 1, defaultOnTimeout: 'expire', reuseWindowSeconds: 0 },
      ...{ approvalAccessMode: 'hosted_link_only', metadata: { team: 'finance' } },
    }
    const policy = await create(api, given)
    expect(policy).toMatchObject(given)
    expect((await api.ok('approvalPolicies.get', { params: { id: policy.id } })).policy).toEqual(policy)
  })

  it('change field by field', async () => {
    const { api, clock, workspaceId } = await begin(open)
    const policy = await create(api, { ...filters, workspaceId })
    clock.advance(1000)
    const patch = async (body: object) =>
      (await api.ok('approvalPolicies.update', { params: { id: policy.id }, body })).policy
    expect(await patch({ priority: 5, integrationNames: ['stripe'] })).toEqual({
      ...policy,
      ...{ priority: 5, integrationNames: ['stripe'], updatedAt: '2025-01-15T10:30:01.000Z' },
    })
    expect(await patch({ workspaceId: null, description: null })).toMatchObject({ workspaceId: null })
    const params = { id: policy.id }
    await api.refused('approvalPolicies.update', 'NO_UPDATES', { params, body: {} })
    await api.refused('approvalPolicies.update', 'NOT_FOUND', { params, body: { workspaceId: nobody } })
  })

  it('are listed oldest first, and go with their workspace', async () => {
    const { api, workspaceId } = await begin(open)
    const everywhere = await create(api)
    const here = await create(api, { workspaceId })
    const list = async (query: object = {}) => api.ok('approvalPolicies.list', { query })
    expect(await list()).toEqual({ policies: [everywhere, here], total: 2 })
    expect(await list({ workspaceId })).toEqual({ policies: [here], total: 1 })
    await api.refused('approvalPolicies.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    expect(await list()).toEqual({ policies: [everywhere], total: 1 })
  })

  it('are deleted once', async () => {
    const { api } = await begin(open)
    const params = { id: (await create(api)).id }
    expect(await api.ok('approvalPolicies.delete', { params })).toEqual({ deleted: true, id: params.id })
    for (const id of ['get', 'delete'] as const) {
      await api.refused(`approvalPolicies.${id}`, 'APPROVAL_POLICY_NOT_FOUND', { params })
      await api.refused(`approvalPolicies.${id}`, 'NOT_FOUND', { params: { id: 'apr_1' } })
    }
    await api.refused('approvalPolicies.update', 'APPROVAL_POLICY_NOT_FOUND', {
      params,
      body: { priority: 1 },
    })
  })

  it.each<[string, object, string]>([
    ['an empty name', { name: '' }, 'body.name'],
    ['an unknown source', { sources: ['fax'] }, 'body.sources.0'],
    ['an unknown decision', { decision: 'maybe' }, 'body.decision'],
    ['a life of no time', { timeoutSeconds: 0 }, 'body.timeoutSeconds'],
    ['an unknown rule', { rules: { moods: [] } }, 'body.rules.moods'],
    ['a webhook without a URL', { approvers: [{ type: 'webhook' }] }, 'body.approvers.0.webhookUrl'],
    [
      'a webhook into the local network',
      { approvers: [{ type: 'webhook', webhookUrl: 'https://192.168.0.1/x' }] },
      'body.approvers.0.webhookUrl',
    ],
  ])('refuse %s', async (_, body, path) => {
    const { api } = await begin(open)
    const { paths } = await api.refused('approvalPolicies.create', 'VALIDATION_ERROR', {
      body: { name: 'x', ...body },
    })
    expect(paths).toEqual([path])
  })

  it('of the whole organization show to workspace keys, which cannot touch them', async () => {
    const { api, workspaceId } = await begin(open)
    const other = await makeWorkspace(api, 'other')
    const permissions: ApiKeyPermissions = { scope: 'workspace', workspaceIds: [workspaceId] }
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'One', permissions } })
    const headers = { authorization: `Bearer ${plainKey}` }
    const everywhere = await create(api)
    const elsewhere = await create(api, { workspaceId: other.id })
    const here = await create(api, { workspaceId })
    const { policies } = await api.ok('approvalPolicies.list', { headers })
    expect(policies).toEqual([everywhere, here])
    await api.ok('approvalPolicies.get', { headers, params: { id: everywhere.id } })
    await api.ok('approvalPolicies.update', { headers, params: { id: here.id }, body: { priority: 1 } })
    const body = { name: 'x' }
    for (const [id, call] of [
      ['approvalPolicies.create', { body }],
      ['approvalPolicies.create', { body: { ...body, workspaceId: other.id } }],
      ['approvalPolicies.get', { params: { id: elsewhere.id } }],
      ['approvalPolicies.update', { params: { id: everywhere.id }, body }],
      ['approvalPolicies.update', { params: { id: here.id }, body: { workspaceId: null } }],
      ['approvalPolicies.update', { params: { id: here.id }, body: { workspaceId: other.id } }],
      ['approvalPolicies.delete', { params: { id: everywhere.id } }],
      [
        'approvalPolicies.test',
        { body: { policy: body, context: { integrationName: 'a', actionName: 'b', workspaceId: other.id } } },
      ],
    ] as const) {
      const response = await api.send(id, { ...call, headers })
      expect([id, response.status, await response.json()]).toMatchObject([id, 403, { code: 'SCOPE_DENIED' }])
    }
  })
})

throughBothDoors('approval-policies/test', (open) => {
  const context: ApprovalContext = { integrationName: 'slack', actionName: 'send_channel_message' }

  it.each<[string, Partial<CreateApprovalPolicy>, Partial<ApprovalContext>, object]>([
    ['matches everything by default', {}, {}, { decision: 'require_approval', matched: true }],
    ['gives its decision', { decision: 'notify_only' }, {}, { decision: 'notify_only', matched: true }],
    ['takes model_assisted for always', { riskMode: 'model_assisted' }, {}, { matched: true }],
    ['takes a call for rest', { sources: ['rest'] }, {}, { matched: true }],
    ['knows the source', { sources: ['rest'] }, { source: 'sdk' }, { decision: 'allow', matched: false }],
    ['needs what it filters by', { integrationAliases: ['bot'] }, {}, { matched: false }],
    [
      'finds what it filters by',
      { integrationAliases: ['bot'] },
      { integrationAlias: 'bot' },
      { matched: true },
    ],
    ['knows end users', { endUserMode: 'end_user_present' }, { endUserId: 'ada' }, { matched: true }],
    ['knows their absence', { endUserMode: 'no_end_user' }, { endUserId: 'ada' }, { matched: false }],
    ['is silent when switched off', { enabled: false }, {}, { decision: 'allow', matched: false }],
    [
      'applies by rules',
      { riskMode: 'rules', rules: { amountThresholds: { amount: 5 } } },
      { input: { amount: 5 } },
      { matched: true, reasons: ['amountThresholds: "amount" is 5 or more'] },
    ],
    [
      'applies not without them',
      { riskMode: 'rules' },
      {},
      { matched: false, reasons: ['rules: none of them holds'] },
    ],
    [
      'knows categories',
      { riskMode: 'rules', rules: { actionCategories: ['payment'] } },
      { actionCategories: ['Payment'] },
      { matched: true },
    ],
  ])('%s', async (_, policy, facts, verdict) => {
    const { api } = await begin(open)
    const body = { policy: { name: 'x', ...policy }, context: { ...context, ...facts } }
    const answer = await api.ok('approvalPolicies.test', { body })
    expect(answer).toMatchObject(verdict)
    expect(answer.reasons.length).toBeGreaterThan(0)
    expect((await api.ok('approvalPolicies.list')).total).toBe(0)
  })

  it('names every filter that does not fit', async () => {
    const { api } = await begin(open)
    const policy = { name: 'x', ...filters, integrationNames: ['stripe'], workspaceId: null }
    const { reasons } = await api.ok('approvalPolicies.test', { body: { policy, context } })
    expect(reasons.map((reason) => reason.split(':')[0])).toEqual([
      ...['mcpServerIds', 'integrationAliases', 'integrationNames', 'connectionStrategies'],
    ])
  })

  it('is told of workspaces that exist', async () => {
    const { api } = await begin(open)
    const body = { policy: { name: 'x' }, context: { ...context, workspaceId: nobody } }
    await api.refused('approvalPolicies.test', 'NOT_FOUND', { body })
  })
})

it.each([
  ['https://app.example.com/x?y=1', true],
  ['https://93.184.216.34/', true],
  ['https://172.15.0.1', true],
  ['http://app.example.com', false],
  ['https://user:pass@app.example.com', false],
  ['https://localhost', false],
  ['https://localhost.', false],
  ['https://intranet/x', false],
  ['https://db.internal', false],
  ['https://127.1', false],
  ['https://2130706433', false],
  ['https://0x7f.1', false],
  ['https://0.0.0.0', false],
  ['https://10.1.2.3', false],
  ['https://100.64.0.1', false],
  ['https://169.254.169.254/latest', false],
  ['https://172.31.0.1', false],
  ['https://192.168.1.1', false],
  ['https://224.0.0.1', false],
  ['https://[::1]', false],
  ['https://[::ffff:127.0.0.1]', false],
  ['nonsense', false],
])('%s is public: %j', (url, is) => {
  expect(isPublicHttpsUrl(url)).toBe(is)
})
