import { describe, expect, test } from 'vitest'
import { endpoints, type EndpointId } from '../../src/contract/index.js'
import { WeavzClient } from '../../src/index.js'
import { apiKey, connection, json, script } from '../transport/support.js'
import * as sample from './samples.js'

const id = connection.id
const workspaceId = sample.workspace.id
const create = {
  type: 'BASIC_AUTH',
  integrationName: 'smtp',
  externalId: 'x',
  displayName: 'X',
  username: 'u',
  password: 'p',
} as const
const token = {
  integrationName: 'slack',
  connectionName: 'My Slack',
  externalId: 'my_slack',
  workspaceId,
  endUserId: 'user_123',
}
const property = { propertyName: 'channel', actionName: 'send_channel_message', workspaceId }

interface Wire {
  call: (weavz: WeavzClient) => Promise<unknown>
  /** Method, path and query, exactly. */
  sends: string
  body?: unknown
  headers?: Record<string, string>
  /** Status and body of the answer, which is also the result. */
  answers: readonly [status: number, body: unknown]
}

const enable = {
  integrationName: 'slack',
  triggerName: 'new_message',
  workspaceId,
  callbackUrl: 'https://app.example.com/events',
  callbackHeaders: { 'x-secret': 'hush' },
}
const trial = {
  policy: { name: 'Slack', integrationNames: ['slack'] },
  context: { integrationName: 'slack', actionName: 'send_channel_message' },
}
const approvalId = sample.approval.id
const decided = {
  approval: { ...sample.approval, status: 'approved' },
  receipt: { id, expiresAt: sample.approval.expiresAt },
}

const wire: Record<Exclude<EndpointId, 'health.check'>, Wire> = {
  'workspaces.list': {
    call: (weavz) => weavz.workspaces.list({ limit: 20, offset: 0, includeSuspended: false }),
    sends: 'GET /api/v1/workspaces?limit=20&offset=0&includeSuspended=false',
    answers: [200, { workspaces: [sample.workspace], total: 1 }],
  },
  'workspaces.create': {
    call: (weavz) => weavz.workspaces.create({ name: 'Acme', slug: 'acme' }),
    sends: 'POST /api/v1/workspaces',
    body: { name: 'Acme', slug: 'acme' },
    answers: [201, { workspace: sample.workspace }],
  },
  'workspaces.get': {
    call: (weavz) => weavz.workspaces.get(workspaceId),
    sends: `GET /api/v1/workspaces/${workspaceId}`,
    answers: [200, { workspace: sample.workspace }],
  },
  'workspaces.update': {
    call: (weavz) => weavz.workspaces.update(workspaceId, { name: 'Acme Inc.' }),
    sends: `PATCH /api/v1/workspaces/${workspaceId}`,
    body: { name: 'Acme Inc.' },
    answers: [200, { workspace: sample.workspace }],
  },
  'workspaces.delete': {
    call: (weavz) => weavz.workspaces.delete(workspaceId),
    sends: `DELETE /api/v1/workspaces/${workspaceId}`,
    answers: [200, { deleted: true, id: workspaceId }],
  },
  'workspaces.integrations.list': {
    call: (weavz) => weavz.workspaces.integrations.list(workspaceId),
    sends: `GET /api/v1/workspaces/${workspaceId}/integrations`,
    answers: [
      200,
      { integrations: [{ ...sample.workspaceIntegration, connectionStatus: 'ACTIVE' }], total: 1 },
    ],
  },
  'workspaces.integrations.create': {
    call: (weavz) =>
      weavz.workspaces.integrations.create(workspaceId, { integrationName: 'slack', connectionId: id }),
    sends: `POST /api/v1/workspaces/${workspaceId}/integrations`,
    body: { integrationName: 'slack', connectionId: id },
    answers: [201, { integration: sample.workspaceIntegration }],
  },
  'workspaces.integrations.update': {
    call: (weavz) =>
      weavz.workspaces.integrations.update(workspaceId, id, { displayName: null, enabledActions: [] }),
    sends: `PATCH /api/v1/workspaces/${workspaceId}/integrations/${id}`,
    body: { displayName: null, enabledActions: [] },
    answers: [200, { integration: sample.workspaceIntegration }],
  },
  'workspaces.integrations.delete': {
    call: (weavz) => weavz.workspaces.integrations.delete(workspaceId, id),
    sends: `DELETE /api/v1/workspaces/${workspaceId}/integrations/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'connections.list': {
    call: (weavz) =>
      weavz.connections.list({ integrationName: 'slack', endUserId: 'user_123', workspaceId: undefined }),
    sends: 'GET /api/v1/connections?integrationName=slack&endUserId=user_123',
    answers: [200, { connections: [connection], total: 1 }],
  },
  'connections.get': {
    call: (weavz) => weavz.connections.get(id),
    sends: `GET /api/v1/connections?id=${id}`,
    answers: [200, { connection }],
  },
  'connections.create': {
    call: (weavz) => weavz.connections.create(create),
    sends: 'POST /api/v1/connections',
    body: create,
    answers: [201, { connection }],
  },
  'connections.delete': {
    call: (weavz) => weavz.connections.delete(id),
    sends: `DELETE /api/v1/connections/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'connections.resolve': {
    call: (weavz) =>
      weavz.connections.resolve({ integrationName: 'slack', workspaceId, endUserId: 'user_123' }),
    sends: 'POST /api/v1/connections/resolve',
    body: { integrationName: 'slack', workspaceId, endUserId: 'user_123' },
    answers: [200, { connection }],
  },
  'connect.createToken': {
    call: (weavz) => weavz.connect.createToken(token),
    sends: 'POST /api/v1/connect/token',
    body: token,
    answers: [200, sample.connectToken],
  },
  'connect.poll': {
    call: (weavz) => weavz.connect.poll('cst_1'),
    sends: 'POST /api/v1/connect/session/poll',
    body: { token: 'cst_1' },
    answers: [200, sample.poll],
  },
  'connect.getSession': {
    call: (weavz) => weavz.connect.getSession(id),
    sends: `GET /api/v1/connect/session/${id}`,
    answers: [200, { session: sample.session }],
  },
  'endUsers.list': {
    call: (weavz) => weavz.endUsers.list({ workspaceId, limit: 5 }),
    sends: `GET /api/v1/end-users?workspaceId=${workspaceId}&limit=5`,
    answers: [200, { endUsers: [sample.endUser], total: 1 }],
  },
  'endUsers.create': {
    call: (weavz) =>
      weavz.endUsers.create({ workspaceId, externalId: 'user_123', metadata: { plan: 'pro' } }),
    sends: 'POST /api/v1/end-users',
    body: { workspaceId, externalId: 'user_123', metadata: { plan: 'pro' } },
    answers: [201, { endUser: sample.endUser }],
  },
  'endUsers.get': {
    call: (weavz) => weavz.endUsers.get(id),
    sends: `GET /api/v1/end-users/${id}`,
    answers: [200, { endUser: sample.endUser, connections: [connection] }],
  },
  'endUsers.update': {
    call: (weavz) => weavz.endUsers.update(id, { email: null }),
    sends: `PATCH /api/v1/end-users/${id}`,
    body: { email: null },
    answers: [200, { endUser: sample.endUser }],
  },
  'endUsers.delete': {
    call: (weavz) => weavz.endUsers.delete(id),
    sends: `DELETE /api/v1/end-users/${id}`,
    answers: [200, { deleted: true, id, connectionsDeleted: 2 }],
  },
  'endUsers.createConnectToken': {
    call: (weavz) => weavz.endUsers.createConnectToken(id, { integrationName: 'slack', expiresIn: 3600 }),
    sends: `POST /api/v1/end-users/${id}/connect-token`,
    body: { integrationName: 'slack', expiresIn: 3600 },
    answers: [200, sample.portal],
  },
  'endUsers.invite': {
    call: (weavz) => weavz.endUsers.invite(id, { email: 'ada@example.com' }),
    sends: `POST /api/v1/end-users/${id}/invite`,
    body: { email: 'ada@example.com' },
    answers: [200, { ...sample.portal, emailSent: true }],
  },
  'actions.execute': {
    call: (weavz) =>
      weavz.actions.execute('slack', 'send_channel_message', {
        workspaceId,
        integrationAlias: 'slack_bot',
        input: { channel: '#alerts', text: 'Alert!' },
        partialIds: [],
        idempotencyKey: 'k1',
      }),
    sends: 'POST /api/v1/actions/execute',
    body: {
      integrationName: 'slack',
      actionName: 'send_channel_message',
      workspaceId,
      integrationAlias: 'slack_bot',
      input: { channel: '#alerts', text: 'Alert!' },
      partialIds: [],
      idempotencyKey: 'k1',
    },
    headers: { 'x-weavz-source': 'sdk' },
    answers: [200, { success: true, output: { ok: true }, duration: 12 }],
  },
  'integrations.list': {
    call: (weavz) => weavz.integrations.list(),
    sends: 'GET /api/v1/integrations',
    answers: [200, { integrations: [sample.integration], total: 1, registered: ['slack'] }],
  },
  'integrations.listSummary': {
    call: (weavz) => weavz.integrations.listSummary(),
    sends: 'GET /api/v1/integrations?summary=true',
    answers: [200, { integrations: [sample.integrationSummary], total: 1, registered: [] }],
  },
  'integrations.get': {
    call: (weavz) => weavz.integrations.get('slack'),
    sends: 'GET /api/v1/integrations?name=slack',
    answers: [200, { integration: sample.integration, integrations: [sample.integration], total: 1 }],
  },
  'integrations.resolveOptions': {
    call: (weavz) => weavz.integrations.resolveOptions('slack', { ...property, searchValue: '' }),
    sends: 'POST /api/v1/integrations/slack/properties/options',
    body: { ...property, searchValue: '' },
    answers: [200, { options: [{ label: '#general', value: 'C01' }], disabled: false }],
  },
  'integrations.resolveProperty': {
    call: (weavz) => weavz.integrations.resolveProperty('slack', property),
    sends: 'POST /api/v1/integrations/slack/properties/resolve',
    body: property,
    answers: [200, { channel: { type: 'DROPDOWN', displayName: 'Channel' } }],
  },
  'integrations.oauthStatus': {
    call: (weavz) => weavz.integrations.oauthStatus(),
    sends: 'GET /api/v1/integrations/oauth-status',
    answers: [200, { configured: ['slack'] }],
  },
  'triggers.list': {
    call: (weavz) => weavz.triggers.list({ workspaceId, limit: 10 }),
    sends: `GET /api/v1/triggers?workspaceId=${workspaceId}&limit=10`,
    answers: [200, { triggers: [sample.triggerSource], total: 1 }],
  },
  'triggers.enable': {
    call: (weavz) => weavz.triggers.enable(enable),
    sends: 'POST /api/v1/triggers/enable',
    body: enable,
    answers: [201, { triggerSource: sample.triggerSource }],
  },
  'triggers.disable': {
    call: (weavz) => weavz.triggers.disable(id),
    sends: 'POST /api/v1/triggers/disable',
    body: { triggerSourceId: id },
    answers: [200, { disabled: true, triggerSourceId: id }],
  },
  'triggers.test': {
    call: (weavz) => weavz.triggers.test('slack', 'new_message'),
    sends: 'POST /api/v1/triggers/test',
    body: { integrationName: 'slack', triggerName: 'new_message' },
    answers: [200, { sampleData: { text: 'Hi' } }],
  },
  'approvalPolicies.list': {
    call: (weavz) => weavz.approvalPolicies.list({ workspaceId }),
    sends: `GET /api/v1/approval-policies?workspaceId=${workspaceId}`,
    answers: [200, { policies: [sample.policy], total: 1 }],
  },
  'approvalPolicies.create': {
    call: (weavz) => weavz.approvalPolicies.create({ name: 'Slack', workspaceId: null, priority: 0 }),
    sends: 'POST /api/v1/approval-policies',
    body: { name: 'Slack', workspaceId: null, priority: 0 },
    answers: [201, { policy: sample.policy }],
  },
  'approvalPolicies.test': {
    call: (weavz) => weavz.approvalPolicies.test(trial),
    sends: 'POST /api/v1/approval-policies/test',
    body: trial,
    answers: [200, { decision: 'require_approval', matched: true, reasons: ['riskMode: always'] }],
  },
  'approvalPolicies.get': {
    call: (weavz) => weavz.approvalPolicies.get(id),
    sends: `GET /api/v1/approval-policies/${id}`,
    answers: [200, { policy: sample.policy }],
  },
  'approvalPolicies.update': {
    call: (weavz) => weavz.approvalPolicies.update(id, { enabled: false, description: null }),
    sends: `PATCH /api/v1/approval-policies/${id}`,
    body: { enabled: false, description: null },
    answers: [200, { policy: sample.policy }],
  },
  'approvalPolicies.delete': {
    call: (weavz) => weavz.approvalPolicies.delete(id),
    sends: `DELETE /api/v1/approval-policies/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'approvals.list': {
    call: (weavz) => weavz.approvals.list({ status: 'pending', source: 'sdk', limit: 5 }),
    sends: 'GET /api/v1/approvals?status=pending&source=sdk&limit=5',
    answers: [200, { approvals: [sample.approval], total: 1 }],
  },
  'approvals.get': {
    call: (weavz) => weavz.approvals.get(approvalId),
    sends: `GET /api/v1/approvals/${approvalId}`,
    answers: [200, { approval: { ...sample.approval, webhookDeliveries: [] } }],
  },
  'approvals.approve': {
    call: (weavz) => weavz.approvals.approve(approvalId, { reason: 'Fine', metadata: { by: 'Ada' } }),
    sends: `POST /api/v1/approvals/${approvalId}/approve`,
    body: { reason: 'Fine', metadata: { by: 'Ada' } },
    answers: [200, decided],
  },
  'approvals.reject': {
    call: (weavz) => weavz.approvals.reject(approvalId),
    sends: `POST /api/v1/approvals/${approvalId}/reject`,
    answers: [200, { ...decided, receipt: {} }],
  },
  'approvals.cancel': {
    call: (weavz) => weavz.approvals.cancel(approvalId, { reason: 'Too late' }),
    sends: `POST /api/v1/approvals/${approvalId}/cancel`,
    body: { reason: 'Too late' },
    answers: [200, decided],
  },
  'mcpServers.list': {
    call: (weavz) => weavz.mcpServers.list({ workspaceId, limit: 10, offset: 0, includeSuspended: true }),
    sends: `GET /api/v1/mcp/servers?workspaceId=${workspaceId}&limit=10&offset=0&includeSuspended=true`,
    answers: [200, { servers: [sample.mcpServer], total: 1 }],
  },
  'mcpServers.create': {
    call: (weavz) => weavz.mcpServers.create({ name: 'Support', workspaceId, authMode: 'bearer' }),
    sends: 'POST /api/v1/mcp/servers',
    body: { name: 'Support', workspaceId, authMode: 'bearer' },
    answers: [
      201,
      { server: sample.mcpServer, bearerToken: 'mcp_0123', mcpEndpoint: sample.mcpServer.mcpEndpoint },
    ],
  },
  'mcpServers.get': {
    call: (weavz) => weavz.mcpServers.get(id),
    sends: `GET /api/v1/mcp/servers/${id}`,
    answers: [200, { server: sample.mcpServer, tools: [sample.mcpTool] }],
  },
  'mcpServers.update': {
    call: (weavz) => weavz.mcpServers.update(id, { description: null, endUserId: null }),
    sends: `PATCH /api/v1/mcp/servers/${id}`,
    body: { description: null, endUserId: null },
    answers: [200, { server: sample.mcpServer }],
  },
  'mcpServers.delete': {
    call: (weavz) => weavz.mcpServers.delete(id),
    sends: `DELETE /api/v1/mcp/servers/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'mcpServers.regenerateToken': {
    call: (weavz) => weavz.mcpServers.regenerateToken(id),
    sends: `POST /api/v1/mcp/servers/${id}/regenerate-token`,
    answers: [200, { bearerToken: 'mcp_0123', mcpEndpoint: sample.mcpServer.mcpEndpoint }],
  },
  'mcpServers.createAccessToken': {
    call: (weavz) => weavz.mcpServers.createAccessToken(id, { endUserId: 'user_123', expiresIn: 3600 }),
    sends: `POST /api/v1/mcp/servers/${id}/access-tokens`,
    body: { endUserId: 'user_123', expiresIn: 3600 },
    answers: [
      201,
      {
        accessToken: 'mcp_0123',
        bearerToken: 'mcp_0123',
        token: sample.mcpAccessToken,
        mcpEndpoint: sample.mcpServer.mcpEndpoint,
      },
    ],
  },
  'mcpServers.createOAuthToken': {
    call: (weavz) => weavz.mcpServers.createOAuthToken(id, { endUserId: 'user_123', scopes: ['mcp:tools'] }),
    sends: `POST /api/v1/mcp/servers/${id}/oauth-tokens`,
    body: { endUserId: 'user_123', scopes: ['mcp:tools'] },
    answers: [
      201,
      { accessToken: 'mcpo_0123', token: sample.mcpOAuthToken, mcpEndpoint: sample.mcpServer.mcpEndpoint },
    ],
  },
  'mcpServers.executeCode': {
    call: (weavz) => weavz.mcpServers.executeCode(id, { code: 'return 42', waitForApprovalSeconds: 0 }),
    sends: `POST /api/v1/mcp/servers/${id}/execute-code`,
    body: { code: 'return 42', waitForApprovalSeconds: 0 },
    answers: [200, sample.mcpCodeResult],
  },
  'mcpServers.getDeclarations': {
    call: (weavz) => weavz.mcpServers.getDeclarations(id, 'google-sheets'),
    sends: `GET /api/v1/mcp/servers/${id}/declarations/google-sheets`,
    answers: [200, { declarations: 'interface WeavzTools {}' }],
  },
  'mcpServers.tools.create': {
    call: (weavz) =>
      weavz.mcpServers.tools.create(id, { integrationName: 'slack', actionName: 'x', partialIds: ['Acme'] }),
    sends: `POST /api/v1/mcp/servers/${id}/tools`,
    body: { integrationName: 'slack', actionName: 'x', partialIds: ['Acme'] },
    answers: [201, { tool: sample.mcpTool }],
  },
  'mcpServers.tools.update': {
    call: (weavz) =>
      weavz.mcpServers.tools.update(id, sample.mcpTool.id, { connectionId: null, partialIds: [] }),
    sends: `PATCH /api/v1/mcp/servers/${id}/tools/${sample.mcpTool.id}`,
    body: { connectionId: null, partialIds: [] },
    answers: [200, { tool: sample.mcpTool }],
  },
  'mcpServers.tools.delete': {
    call: (weavz) => weavz.mcpServers.tools.delete(id, sample.mcpTool.id),
    sends: `DELETE /api/v1/mcp/servers/${id}/tools/${sample.mcpTool.id}`,
    answers: [200, { deleted: true, id: sample.mcpTool.id }],
  },
  'apiKeys.list': {
    call: (weavz) => weavz.apiKeys.list(),
    sends: 'GET /api/v1/api-keys',
    answers: [200, { apiKeys: [sample.apiKeyInfo], total: 1 }],
  },
  'apiKeys.create': {
    call: (weavz) => weavz.apiKeys.create({ name: 'CI', expiresAt: null, permissions: { scope: 'org' } }),
    sends: 'POST /api/v1/api-keys',
    body: { name: 'CI', expiresAt: null, permissions: { scope: 'org' } },
    answers: [201, { apiKey: sample.apiKeyInfo, plainKey: 'wvz_new' }],
  },
  'apiKeys.delete': {
    call: (weavz) => weavz.apiKeys.delete(id),
    sends: `DELETE /api/v1/api-keys/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'partials.list': {
    call: (weavz) => weavz.partials.list({ workspaceId, integrationAlias: 'bugs' }),
    sends: `GET /api/v1/partials?workspaceId=${workspaceId}&integrationAlias=bugs`,
    answers: [200, { partials: [sample.partial], total: 1 }],
  },
  'partials.create': {
    call: (weavz) =>
      weavz.partials.create({ workspaceId, integrationName: 'github', name: 'Acme', actionName: null }),
    sends: 'POST /api/v1/partials',
    body: { workspaceId, integrationName: 'github', name: 'Acme', actionName: null },
    answers: [201, { partial: sample.partial }],
  },
  'partials.get': {
    call: (weavz) => weavz.partials.get(id),
    sends: `GET /api/v1/partials/${id}`,
    answers: [200, { partial: sample.partial }],
  },
  'partials.update': {
    call: (weavz) => weavz.partials.update(id, { description: null, enforcedKeys: [] }),
    sends: `PATCH /api/v1/partials/${id}`,
    body: { description: null, enforcedKeys: [] },
    answers: [200, { partial: sample.partial }],
  },
  'partials.delete': {
    call: (weavz) => weavz.partials.delete(id),
    sends: `DELETE /api/v1/partials/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'partials.setDefault': {
    call: (weavz) => weavz.partials.setDefault(id),
    sends: `POST /api/v1/partials/${id}/set-default`,
    body: { isDefault: true },
    answers: [200, { partial: sample.partial }],
  },
}

function clientOver(answers: Wire['answers']) {
  const { fetch, sent } = script(json(answers[1], answers[0]))
  return { weavz: new WeavzClient({ apiKey, fetch, userAgent: 'test' }), sent }
}

describe('On the wire', () => {
  test('every endpoint of the contract has a case here, but for the health check, which no method calls', () => {
    expect(Object.keys(wire).sort()).toEqual(
      endpoints
        .map((endpoint) => endpoint.id as string)
        .filter((id) => id !== 'health.check')
        .sort(),
    )
  })

  test.each(Object.entries(wire))('%s', async (_, { call, sends, body, headers, answers }) => {
    const { weavz, sent } = clientOver(answers)
    expect(await call(weavz)).toEqual(answers[1])

    expect(sent).toHaveLength(1)
    const { method, url, ...request } = sent[0]!
    expect(`${method} ${url.href}`).toBe(sends.replace(' ', ' https://api.weavz.io'))
    expect(request.body).toEqual(body)
    expect(request.headers).toEqual({
      accept: 'application/json',
      'user-agent': 'test',
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    })
  })

  test('actions.execute that needs an approval answers 202 with the approval', async () => {
    const { weavz } = clientOver([202, sample.approvalRequired])
    const result = await weavz.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      idempotencyKey: 'k',
    })
    expect(result).toEqual(sample.approvalRequired)
    if (result.success) expect.unreachable()
    else expect(result.approval.id).toMatch(/^apr_/)
  })

  test('an optional body that is not given is not sent', async () => {
    const { weavz, sent } = clientOver([200, sample.portal])
    await weavz.endUsers.createConnectToken(id)
    expect(sent[0]).toMatchObject({ body: undefined })
    expect(sent[0]?.headers).not.toHaveProperty('content-type')
  })
})

describe('The flat names of the documentation', () => {
  test.each<[string, Wire, Wire['call']]>([
    [
      'addIntegration',
      wire['workspaces.integrations.create'],
      ({ workspaces }) =>
        workspaces.addIntegration(workspaceId, { integrationName: 'slack', connectionId: id }),
    ],
    [
      'listIntegrations',
      wire['workspaces.integrations.list'],
      ({ workspaces }) => workspaces.listIntegrations(workspaceId),
    ],
    [
      'updateIntegration',
      wire['workspaces.integrations.update'],
      ({ workspaces }) =>
        workspaces.updateIntegration(workspaceId, id, { displayName: null, enabledActions: [] }),
    ],
    [
      'removeIntegration',
      wire['workspaces.integrations.delete'],
      ({ workspaces }) => workspaces.removeIntegration(workspaceId, id),
    ],
    [
      'addTool',
      wire['mcpServers.tools.create'],
      ({ mcpServers }) =>
        mcpServers.addTool(id, { integrationName: 'slack', actionName: 'x', partialIds: ['Acme'] }),
    ],
    [
      'updateTool',
      wire['mcpServers.tools.update'],
      ({ mcpServers }) =>
        mcpServers.updateTool(id, sample.mcpTool.id, { connectionId: null, partialIds: [] }),
    ],
    [
      'deleteTool',
      wire['mcpServers.tools.delete'],
      ({ mcpServers }) => mcpServers.deleteTool(id, sample.mcpTool.id),
    ],
  ])('%s is the same call', async (_, { sends, body, answers }, call) => {
    const { weavz, sent } = clientOver(answers)
    expect(await call(weavz)).toEqual(answers[1])
    expect(`${sent[0]?.method} ${sent[0]?.url.pathname}`).toBe(sends)
    expect(sent[0]?.body).toEqual(body)
  })
})
