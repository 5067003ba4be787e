import type { CurlSample } from '../sample.js'
import { configureSlack, makeWorkspace, workspacePlaceholder } from '../world.js'

/** What the page says an integration's details hold. */
const integration = { name: 'slack', actions: { send_channel_message: { props: { channel: {} } } } }

/** "Actions": every curl command of the page, in its order. */
export const actionsPage: readonly CurlSample[] = [
  {
    place: 'Target a specific alias',
    curl: String.raw`curl -X POST https://api.weavz.io/api/v1/actions/execute \
 -H "Authorization: Bearer wvz_your_key" \
 -H "Content-Type: application/json" \
 -d '{ "integrationName": "slack", "actionName": "send_channel_message", "input": { "channel": "#alerts", "text": "Alert!" }, "workspaceId": "550e8400-e29b-41d4-a716-446655440000", "integrationAlias": "slack_bot" }'`,
    async prepare(client) {
      const workspaceId = await makeWorkspace(client)
      await configureSlack(client, workspaceId, { alias: 'slack_bot' })
      return { [workspacePlaceholder]: workspaceId }
    },
    status: 200,
    shows: { success: true, output: {}, duration: 0 },
    echoes: { success: true, output: { input: { channel: '#alerts', text: 'Alert!' } } },
  },
  {
    place: 'List all integrations',
    curl: String.raw`curl https://api.weavz.io/api/v1/integrations \
 -H "Authorization: Bearer wvz_your_key"`,
    status: 200,
    shows: { integrations: [{ name: 'slack', actions: {} }], total: 1 },
  },
  {
    place: 'Get details for a specific integration',
    curl: String.raw`curl "https://api.weavz.io/api/v1/integrations?name=slack" \
 -H "Authorization: Bearer wvz_your_key"`,
    status: 200,
    shows: { integrations: [integration], integration, total: 1 },
    echoes: { integration: { name: 'slack' }, total: 1 },
  },
]
