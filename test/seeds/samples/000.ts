import type { CurlSample } from '../sample.js'
import { makeSlack, makeWorkspace, workspacePlaceholder } from '../world.js'

/** "Connections": every curl command of the page, in its order. */
export const connectionsPage: readonly CurlSample[] = [
  {
    place: 'OAuth2, step 1: create a connect token',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/connect/token \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"connectionName": "My Slack",
"externalId": "my_slack",
"workspaceId": "550e8400-e29b-41d4-a716-446655440000"
}'`,
    prepare: async (client) => ({ [workspacePlaceholder]: await makeWorkspace(client) }),
    status: 200,
    shows: { token: 'cst_your_connect_token', connectUrl: 'https://…' },
  },
  {
    place: 'OAuth2, step 2: retrieve the session result',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/connect/session/poll \
-H "Content-Type: application/json" \
-d '{"token":"cst_your_connect_token"}'`,
    async prepare(client) {
      const { token } = await client.connect.createToken({
        integrationName: 'slack',
        connectionName: 'My Slack',
        externalId: 'my_slack',
        workspaceId: await makeWorkspace(client),
      })
      return { cst_your_connect_token: token }
    },
    status: 200,
    shows: { status: 'PENDING', connectionId: null },
    echoes: { status: 'PENDING', integrationName: 'slack', externalId: 'my_slack' },
  },
  {
    place: 'API key: create a SECRET_TEXT connection',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/connections \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"type": "SECRET_TEXT",
"integrationName": "openai",
"externalId": "my_openai",
"displayName": "Production OpenAI",
"secretText": "sk-your-openai-key"
}'`,
    status: 201,
    shows: { connection: { id: 'c1d2e3f4-5678-90ab-cdef-1234567890ab' } },
    echoes: {
      connection: {
        type: 'SECRET_TEXT',
        integrationName: 'openai',
        externalId: 'my_openai',
        displayName: 'Production OpenAI',
        status: 'ACTIVE',
      },
    },
  },
  {
    place: 'Custom auth: create a CUSTOM_AUTH connection',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/connections \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"type": "CUSTOM_AUTH",
"integrationName": "airtable",
"externalId": "my_airtable",
"displayName": "My Airtable",
"props": {
"token": "pat_your_airtable_token"
}
}'`,
    status: 201,
    shows: { connection: { id: 'c1d2e3f4-5678-90ab-cdef-1234567890ab' } },
    echoes: {
      connection: {
        type: 'CUSTOM_AUTH',
        integrationName: 'airtable',
        externalId: 'my_airtable',
        displayName: 'My Airtable',
        status: 'ACTIVE',
      },
    },
  },
  {
    place: 'External ids: create a connection with an externalId',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/connections \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"type": "PLATFORM_OAUTH2",
"integrationName": "slack",
"workspaceId": "550e8400-e29b-41d4-a716-446655440000",
"externalId": "conn_customer_789_slack",
"displayName": "Customer 789 Shared Slack",
"accessToken": "xoxb-..."
}'`,
    prepare: async (client) => ({ [workspacePlaceholder]: await makeWorkspace(client) }),
    status: 201,
    shows: { connection: { id: 'c1d2e3f4-5678-90ab-cdef-1234567890ab' } },
    echoes: {
      connection: {
        type: 'PLATFORM_OAUTH2',
        integrationName: 'slack',
        externalId: 'conn_customer_789_slack',
        displayName: 'Customer 789 Shared Slack',
        scope: 'WORKSPACE',
      },
    },
  },
  {
    place: 'External ids: resolve that connection',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/connections/resolve \
-H "Authorization: Bearer wvz_your_api_key" \
-H "Content-Type: application/json" \
-d '{
"integrationName": "slack",
"workspaceId": "550e8400-e29b-41d4-a716-446655440000",
"externalId": "conn_customer_789_slack"
}'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      await makeSlack(client, workspaceId, 'conn_customer_789_slack')
      return { [workspacePlaceholder]: workspaceId }
    },
    status: 200,
    shows: { connection: { id: 'c1d2e3f4-5678-90ab-cdef-1234567890ab' } },
    echoes: { connection: { integrationName: 'slack', externalId: 'conn_customer_789_slack' } },
  },
  {
    place: 'Managing connections: list',
    curl: String.raw`curl https://api.weavz.io/api/v1/connections \
-H "Authorization: Bearer wvz_your_api_key"`,
    status: 200,
    shows: { connections: [], total: 0 },
  },
  {
    place: 'Managing connections: filter by integration',
    curl: String.raw`curl "https://api.weavz.io/api/v1/connections?integrationName=slack" \
-H "Authorization: Bearer wvz_your_api_key"`,
    async prepare(client) {
      await makeSlack(client, await makeWorkspace(client))
      return {}
    },
    status: 200,
    shows: { connections: [{ integrationName: 'slack' }], total: 1 },
  },
  {
    place: 'Managing connections: delete',
    curl: String.raw`curl -X DELETE https://api.weavz.io/api/v1/connections/{connectionId} \
-H "Authorization: Bearer wvz_your_api_key"`,
    prepare: async (client) => ({
      '{connectionId}': await makeSlack(client, await makeWorkspace(client)),
    }),
    status: 200,
    shows: { deleted: true, id: 'c1d2e3f4-5678-90ab-cdef-1234567890ab' },
    echoes: { deleted: true },
  },
]
