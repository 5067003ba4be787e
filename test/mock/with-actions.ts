import type { Api, Open } from './door.js'
import { begin, configure, makeConnection } from './world.js'

/** A workspace where Slack runs on one connection. */
export async function withSlack(open: Open) {
  const { api, workspaceId } = await begin(open)
  const connection = await makeConnection(api, { workspaceId })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
  })
  const call = (fields: Record<string, unknown> = {}) => ({
    body: {
      ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
      input: { channel: 'C1', text: 'Hi' } as Record<string, unknown>,
      ...fields,
    },
  })
  return { api, workspaceId, connection, integration, call }
}

/** A call of the built-in key-value store. */
export function kv(
  workspaceId: string,
  actionName: string,
  input: Record<string, unknown>,
  fields: object = {},
) {
  return { body: { integrationName: 'kv-store', actionName, workspaceId, input, ...fields } }
}

export async function outputOf(api: Api, call: ReturnType<typeof kv>): Promise<any> {
  return (await api.ok('actions.execute', call)).output
}
