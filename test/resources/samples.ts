import { connection } from '../transport/support.js'

/** Answers as the API gives them. */

const at = '2025-01-15T10:30:00.000Z'

export const workspace = {
  id: '22222222-2222-4222-8222-222222222222',
  orgId: '33333333-3333-4333-8333-333333333333',
  name: 'Acme',
  slug: 'acme',
  createdAt: at,
  updatedAt: at,
}

export const workspaceIntegration = {
  id: '44444444-4444-4444-8444-444444444444',
  workspaceId: workspace.id,
  orgId: workspace.orgId,
  integrationName: 'slack',
  alias: 'slack_bot',
  displayName: null,
  connectionStrategy: 'fixed',
  connectionId: connection.id,
  authMethodKey: 'oauth2',
  oauthAppMode: 'weavz_managed',
  oauthAppId: null,
  enabledActions: null,
  settings: {},
  sortOrder: 0,
  createdAt: at,
  updatedAt: at,
}

export const connectToken = {
  token: 'cst_0123456789',
  connectUrl: 'https://api.weavz.io/connect?token=cst_0123456789',
  expiresAt: at,
  sessionId: '55555555-5555-4555-8555-555555555555',
}

export const poll = {
  status: 'PENDING',
  connectionId: null,
  integrationName: 'slack',
  workspaceIntegrationId: null,
  authMethodKey: 'oauth2',
  oauthAppMode: null,
  oauthAppId: null,
  externalId: 'my_slack',
  error: null,
}

export const session = {
  ...poll,
  id: connectToken.sessionId,
  connectionName: 'My Slack',
  expiresAt: at,
  createdAt: at,
}

export const endUser = {
  id: '66666666-6666-4666-8666-666666666666',
  workspaceId: workspace.id,
  externalId: 'user_123',
  displayName: null,
  email: null,
  metadata: { plan: 'pro' },
  type: 'external',
  connectionCount: 0,
  createdAt: at,
  updatedAt: at,
}

export const portal = {
  token: 'eut_0123456789',
  connectUrl: 'https://api.weavz.io/connect/portal?token=eut_0123456789',
  expiresAt: at,
}

export const approvalRequired = {
  success: false,
  status: 'approval_required',
  approval: {
    id: 'apr_0123456789abcdef0123456789abcdef',
    policyId: '77777777-7777-4777-8777-777777777777',
    status: 'pending',
    expiresAt: at,
    retry: { idempotencyKey: 'k' },
  },
}

export const partial = {
  id: '88888888-8888-4888-8888-888888888888',
  orgId: workspace.orgId,
  workspaceId: workspace.id,
  integrationName: 'github',
  workspaceIntegrationId: null,
  integrationAlias: 'bugs',
  actionName: null,
  triggerName: null,
  name: 'Acme',
  description: null,
  values: { owner: 'acme' },
  enforcedKeys: ['owner'],
  isDefault: true,
  createdAt: at,
  updatedAt: at,
}

export const apiKeyInfo = {
  id: '99999999-9999-4999-8999-999999999999',
  orgId: workspace.orgId,
  name: 'CI',
  keyPrefix: 'wvz_ab12',
  permissions: { scope: 'workspace', workspaceIds: [workspace.id], approvals: { decide: true } },
  lastUsedAt: null,
  expiresAt: null,
  createdAt: at,
}

export const triggerSource = {
  id: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  orgId: workspace.orgId,
  workspaceId: workspace.id,
  triggerType: 'WEBHOOK',
  integrationName: 'slack',
  triggerName: 'new_message',
  callbackUrl: 'https://app.example.com/events',
  workspaceIntegrationId: workspaceIntegration.id,
  webhookUrl: 'https://api.weavz.io/api/v1/webhooks/slack/1',
  simulate: false,
  lastDelivery: { status: 'success', attempt: 1, httpStatus: 204, region: 'eu' },
  createdAt: at,
}

export const policy = {
  id: 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb',
  orgId: workspace.orgId,
  name: 'Large payments',
  workspaceId: null,
  description: null,
  enabled: true,
  priority: 100,
  sources: ['rest', 'sdk', 'fax'],
  integrationNames: ['stripe'],
  endUserMode: 'any',
  decision: 'require_approval',
  riskMode: 'rules',
  rules: { amountThresholds: { amount: 1000 } },
  approvers: [{ type: 'webhook', webhookUrl: 'https://app.example.com/approvals' }],
  timeoutSeconds: 3600,
  defaultOnTimeout: 'reject',
  reuseWindowSeconds: null,
  approvalAccessMode: 'dashboard_only',
  createdAt: at,
  updatedAt: at,
}

export const approval = {
  id: approvalRequired.approval.id,
  policyId: policy.id,
  orgId: workspace.orgId,
  workspaceId: workspace.id,
  endUserId: 'user_123',
  source: 'sdk',
  status: 'pending',
  mcpServerId: null,
  mcpMode: null,
  mcpAuthMode: null,
  workspaceIntegrationId: workspaceIntegration.id,
  integrationName: 'slack',
  integrationAlias: 'slack_bot',
  actionName: 'send_channel_message',
  connectionStrategy: 'fixed',
  connectionScopeSummary: 'WORKSPACE',
  partialIds: [],
  enforcedKeys: [],
  inputHash: 'a'.repeat(64),
  inputPreview: { channel: '#alerts' },
  redactedPaths: [],
  riskReasons: ['riskMode: always'],
  riskScore: null,
  riskCategory: null,
  approverSpec: policy.approvers,
  defaultOnTimeout: 'reject',
  approvalAccessMode: 'dashboard_only',
  approvalUrl: 'https://app.weavz.io/approvals/1',
  hostedApprovalUrl: null,
  externalCorrelationId: null,
  idempotencyKey: 'k',
  requestedByType: 'api_key',
  requestedById: '99999999-9999-4999-8999-999999999999',
  decidedAt: null,
  consumedAt: null,
  expiresAt: at,
  createdAt: at,
  updatedAt: at,
}

const operation = {
  name: 'send_channel_message',
  displayName: 'Send message',
  description: 'Sends a message to a channel',
  props: { channel: { type: 'DROPDOWN', displayName: 'Channel', required: true, refreshers: [] } },
}

export const integration = {
  name: 'slack',
  displayName: 'Slack',
  description: 'Chat',
  logoUrl: 'data:image/png;base64,AA==',
  categories: ['COMMUNICATION'],
  auth: { type: ['OAUTH2'] },
  authOptions: [{ key: 'oauth2', type: 'OAUTH2', displayName: 'OAuth' }],
  actions: { send_channel_message: operation },
  triggers: {},
}

export const integrationSummary = {
  name: 'slack',
  displayName: 'Slack',
  description: 'Chat',
  logoUrl: 'data:image/png;base64,AA==',
  categories: ['COMMUNICATION'],
  auth: { type: 'OAUTH2' },
  actionCount: 1,
  triggerCount: 0,
}

export const mcpServer = {
  id: '77777777-7777-4777-8777-777777777777',
  orgId: workspace.orgId,
  workspaceId: workspace.id,
  name: 'Support',
  description: null,
  mode: 'TOOLS',
  settings: { codeMode: { approvalWaitSeconds: 10 } },
  authMode: 'bearer',
  endUserAccess: 'restricted',
  auth: {
    oauthEnabled: false,
    bearerEnabled: true,
    staticBearerEnabled: true,
    endUserBearerTokensEnabled: true,
    accessTokensEnabled: true,
  },
  createdBy: null,
  mcpEndpoint: 'https://api.weavz.io/mcp/srv_77777777-7777-4777-8777-777777777777',
  endUserId: null,
  createdAt: at,
  updatedAt: at,
}

export const mcpTool = {
  id: '88888888-8888-4888-8888-888888888888',
  mcpServerId: mcpServer.id,
  integrationName: 'slack',
  integrationAlias: 'slack_bot',
  actionName: 'send_channel_message',
  toolType: 'ACTION',
  connectionId: null,
  displayName: null,
  description: null,
  inputDefaults: { channel: '#alerts' },
  partialIds: null,
  sortOrder: 0,
  sourceWorkspaceIntegrationId: workspaceIntegration.id,
}

export const mcpOAuthToken = {
  id: '99999999-9999-4999-8999-999999999999',
  tokenPrefix: 'mcpo_abc',
  scopes: ['mcp:tools'],
  endUserId: 'user_123',
  expiresAt: at,
  createdAt: at,
}

export const mcpAccessToken = {
  ...mcpOAuthToken,
  tokenPrefix: 'mcp_abcd',
  authMethod: 'bearer',
  tokenType: 'mcp_bearer',
}

export const mcpCodeResult = {
  content: [{ type: 'text', text: '42' }],
  structuredContent: { status: 'completed', output: 42 },
  isError: false,
}
