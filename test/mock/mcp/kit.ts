import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { onTestFinished } from 'vitest'
import type { CreateMcpServer } from '../../../src/contract/mcp-servers.js'
import type { MockWeavzOptions } from '../../../src/mock/index.js'
import type { Api, Open } from '../door.js'
import { configure, makeConnection, makeEndUser, makeWorkspace } from '../world.js'

/** A workspace, and short ways to what the suites do most. */
export async function begin(open: Open, options?: MockWeavzOptions) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  return {
    api,
    workspaceId,
    makeServer: (fields: Partial<CreateMcpServer> = {}) =>
      api.ok('mcpServers.create', { body: { name: 'Support', workspaceId, ...fields } }),
    patchServer: (id: string, body: object) => api.ok('mcpServers.update', { params: { id }, body }),
    toolsOf: async (id: string) => (await api.ok('mcpServers.get', { params: { id } })).tools,
    authOf: async (id: string) => (await api.ok('mcpServers.get', { params: { id } })).server.auth,
  }
}

/** Slack on one shared connection, with two of its actions. */
export async function addSlack(api: Api, workspaceId: string, fields: object = {}) {
  const connection = await makeConnection(api, { workspaceId, externalId: 'shared' })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
    enabledActions: ['send_channel_message', 'list_users'],
    ...fields,
  })
  return { connection, integration }
}

/** Slack on each end user's own connection; `user_123` has connected. */
export async function addPersonalSlack(api: Api, workspaceId: string) {
  const endUser = await makeEndUser(api, workspaceId)
  const connection = await makeConnection(api, { workspaceId, endUserId: 'user_123', externalId: 'own' })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionStrategy: 'per_user',
    enabledActions: ['send_channel_message'],
  })
  return { endUser, connection, integration }
}

/** The official client, connected with a token. It goes through the door of the suite. */
export async function connect(api: Api, mcpEndpoint: string, token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(mcpEndpoint), {
    fetch: (url, init) => api.fetch(String(url), init),
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return client
}

/** The status that a token gets, and what the answer says about it. */
export async function knock(api: Api, mcpEndpoint: string, token?: string) {
  const response = await api.fetch(mcpEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
  const body = (await response.json()) as { code?: string; result?: { tools: { name: string }[] } }
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') }
}

/** Adds a tool to a server by hand. */
export const adding =
  (api: Api, serverId: string) =>
  async (fields: Record<string, unknown> = {}) => {
    const body = { integrationName: 'slack', actionName: 'list_users', ...fields }
    return (await api.ok('mcpServers.tools.create', { params: { id: serverId }, body })).tool
  }
