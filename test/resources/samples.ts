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
