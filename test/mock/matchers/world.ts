import { createMockWeavz, type MockWeavz } from '@weavz/sdk/mock'
import { WeavzClient } from '@weavz/sdk'

/** Ava has connected Slack, Ben has not, and the team has a bot. */
export async function start() {
  const weavz = createMockWeavz({
    seed: {
      workspaces: { acme: {} },
      endUsers: { ava: { workspace: 'acme' }, ben: { workspace: 'acme' } },
      connections: {
        bot: { workspace: 'acme', integrationName: 'slack' },
        ava_slack: { endUser: 'ava', integrationName: 'slack' },
      },
      workspaceIntegrations: {
        slack_bot: { workspace: 'acme', integrationName: 'slack', alias: 'bot', connection: 'bot' },
        slack_user: {
          workspace: 'acme',
          integrationName: 'slack',
          alias: 'user',
          connectionStrategy: 'per_user',
        },
      },
    },
  })
  await weavz.ready
  const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch, maxRetries: 0 })
  return { weavz, client, workspaceId: weavz.seeded.workspaces.acme }
}

/** Asks an MCP server with one JSON-RPC request after the other. */
export function askMcp(weavz: Pick<MockWeavz, 'fetch'>, endpoint: string, bearerToken: string | undefined) {
  return async (method: string, params: object) => {
    const response = await weavz.fetch(endpoint, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${bearerToken}`, 'content-type': 'application/json' },
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return ((await response.json()) as { result: { tools: { name: string }[] } }).result
  }
}

/** What the matcher says when it fails, without colours. */
export function complaintOf(assertion: () => void): string {
  try {
    assertion()
  } catch (error) {
    return (error as Error).message.replace(/\u001b\[\d+m/g, '')
  }
  throw new Error('The assertion held')
}
