import type { CurlSample } from '../sample.js'
import { configureSlack, makeSlack, makeWorkspace, otherWorkspacePlaceholder } from '../world.js'

const integrationPlaceholder = '7df5c03e-4df5-4b5f-95a7-5277d8f972db'

/** The workspace integration that the page shows in its answers. */
const shown = {
  id: '7df5c03e-4df5-4b5f-95a7-5277d8f972db',
  workspaceId: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890',
  orgId: '550e8400-e29b-41d4-a716-446655440000',
  integrationName: 'slack',
  alias: 'slack',
  displayName: 'Team Slack',
  connectionStrategy: 'fixed',
  connectionId: 'c1d2e3f4-5678-90ab-cdef-1234567890ab',
  enabledActions: null,
  settings: {},
  sortOrder: 0,
  createdAt: '2025-01-15T10:30:00.000Z',
  updatedAt: '2025-01-15T10:30:00.000Z',
}

/** Of the strategy samples the page shows no answers: those without a connection have none to show. */
const configured = { integration: { ...shown, displayName: null, connectionId: null } }

/** "Workspace integrations": every curl command of the page, in its order. */
export const workspaceIntegrationsPage: readonly CurlSample[] = [
  {
    place: 'List workspace integrations',
    curl: String.raw`curl https://api.weavz.io/api/v1/workspaces/a1b2c3d4-e5f6-7890-abcd-ef1234567890/integrations \
-H "Authorization: Bearer wvz_your_api_key"`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      await configureSlack(client, workspaceId)
      return { [otherWorkspacePlaceholder]: workspaceId }
    },
    status: 200,
    shows: {
      integrations: [
        {
          ...shown,
          connectionStatus: 'ACTIVE',
          connectionDisplayName: 'Slack Bot',
          connectionExternalId: 'slack_bot',
        },
      ],
      total: 1,
    },
    echoes: {
      integrations: [
        { connectionStatus: 'ACTIVE', connectionDisplayName: 'Slack Bot', connectionExternalId: 'slack_bot' },
      ],
      total: 1,
    },
  },
  {
    place: 'Create workspace integration',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/workspaces/a1b2c3d4-e5f6-7890-abcd-ef1234567890/integrations \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"alias": "team_slack",
"displayName": "Team Slack",
"connectionStrategy": "fixed",
"connectionId": "c1d2e3f4-5678-90ab-cdef-1234567890ab",
"enabledActions": ["send_channel_message", "list_channels"]
}'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      return {
        [otherWorkspacePlaceholder]: workspaceId,
        'c1d2e3f4-5678-90ab-cdef-1234567890ab': await makeSlack(client, workspaceId),
      }
    },
    status: 201,
    shows: { integration: shown },
    echoes: {
      integration: {
        alias: 'team_slack',
        displayName: 'Team Slack',
        connectionStrategy: 'fixed',
        enabledActions: ['send_channel_message', 'list_channels'],
        settings: {},
        sortOrder: 0,
      },
    },
  },
  {
    place: 'Update workspace integration',
    curl: String.raw`curl -X PATCH https://api.weavz.io/api/v1/workspaces/a1b2c3d4-e5f6-7890-abcd-ef1234567890/integrations/7df5c03e-4df5-4b5f-95a7-5277d8f972db \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"connectionStrategy": "per_user_with_fallback",
"enabledActions": ["send_channel_message", "list_channels"]
}'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      return {
        [otherWorkspacePlaceholder]: workspaceId,
        [integrationPlaceholder]: await configureSlack(client, workspaceId, { alias: 'team_slack' }),
      }
    },
    status: 200,
    shows: { integration: { ...shown, enabledActions: ['send_channel_message', 'list_channels'] } },
    echoes: {
      integration: {
        alias: 'team_slack',
        connectionStrategy: 'per_user_with_fallback',
        enabledActions: ['send_channel_message', 'list_channels'],
      },
    },
  },
  {
    place: 'Delete workspace integration',
    curl: String.raw`curl -X DELETE https://api.weavz.io/api/v1/workspaces/a1b2c3d4-e5f6-7890-abcd-ef1234567890/integrations/7df5c03e-4df5-4b5f-95a7-5277d8f972db \
-H "Authorization: Bearer wvz_your_api_key"`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      return {
        [otherWorkspacePlaceholder]: workspaceId,
        [integrationPlaceholder]: await configureSlack(client, workspaceId),
      }
    },
    status: 200,
    shows: { deleted: true, id: integrationPlaceholder },
    echoes: { deleted: true },
  },
  {
    place: 'Connection strategies: fixed',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/workspaces/{workspaceId}/integrations \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "openai",
"connectionStrategy": "fixed",
"connectionId": "conn_org_openai"
}'`,
    async prepare(client) {
      const { connection } = await client.connections.create({
        type: 'SECRET_TEXT',
        integrationName: 'openai',
        externalId: 'conn_org_openai',
        displayName: 'OpenAI of the organization',
        secretText: 'sk-your-openai-key',
      })
      return { '{workspaceId}': await makeWorkspace(client), conn_org_openai: connection.id }
    },
    status: 201,
    shows: configured,
    echoes: { integration: { alias: 'openai', connectionStrategy: 'fixed' } },
  },
  {
    place: 'Connection strategies: per_user',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/workspaces/{workspaceId}/integrations \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "gmail",
"connectionStrategy": "per_user"
}'`,
    prepare: async (client) => ({ '{workspaceId}': await makeWorkspace(client) }),
    status: 201,
    shows: configured,
    echoes: { integration: { alias: 'gmail', connectionStrategy: 'per_user', connectionId: null } },
  },
  {
    place: 'Connection strategies: per_user_with_fallback',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/workspaces/{workspaceId}/integrations \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"connectionStrategy": "per_user_with_fallback",
"connectionId": "conn_slack_default"
}'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      return { '{workspaceId}': workspaceId, conn_slack_default: await makeSlack(client, workspaceId) }
    },
    status: 201,
    shows: configured,
    echoes: { integration: { alias: 'slack', connectionStrategy: 'per_user_with_fallback' } },
  },
  {
    place: 'Integration aliases: bot workspace',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/workspaces/{workspaceId}/integrations \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"alias": "slack_bot",
"connectionStrategy": "fixed",
"connectionId": "conn_slack_bot"
}'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      return { '{workspaceId}': workspaceId, conn_slack_bot: await makeSlack(client, workspaceId) }
    },
    status: 201,
    shows: configured,
    echoes: { integration: { alias: 'slack_bot', connectionStrategy: 'fixed' } },
  },
  {
    place: 'Integration aliases: user workspace',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/workspaces/{workspaceId}/integrations \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"alias": "slack_user",
"connectionStrategy": "per_user"
}'`,
    prepare: async (client) => ({ '{workspaceId}': await makeWorkspace(client) }),
    status: 201,
    shows: configured,
    echoes: { integration: { alias: 'slack_user', connectionStrategy: 'per_user' } },
  },
  {
    place: 'Integration aliases: execute through an alias',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/actions/execute \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"actionName": "send_channel_message",
"integrationAlias": "slack_bot",
"workspaceId": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
"input": {
"channel": "#alerts",
"text": "Automated alert!"
}
}'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      await configureSlack(client, workspaceId, { alias: 'slack_bot' })
      return { [otherWorkspacePlaceholder]: workspaceId }
    },
    status: 200,
    shows: { success: true, output: {}, duration: 0 },
    echoes: { success: true, output: { input: { channel: '#alerts', text: 'Automated alert!' } } },
  },
]
