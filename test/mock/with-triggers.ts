import { stoppedClock, type Api, type Open } from './door.js'
import { configure, makeConnection, makeWorkspace } from './world.js'

export const callbackUrl = 'https://app.example.com/events'

function register({ weavz }: Api): void {
  const channel = { type: 'string', required: true } as const
  weavz.registerTrigger('slack', 'new_message', { sample: { text: 'Hi' }, input: { channel } })
  weavz.registerTrigger('slack', 'new_file', { triggerType: 'POLLING' })
}

/** A workspace where Slack runs on one connection and has two triggers. */
export async function withTriggers(
  open: Open,
  options: Parameters<Open>[0] = {},
  fields: Parameters<typeof makeConnection>[1] = {},
) {
  const api = await open({ clock: stoppedClock(), ...options })
  register(api)
  const { id: workspaceId } = await makeWorkspace(api)
  const connection = await makeConnection(api, { workspaceId, ...fields })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
  })
  const call = (fields: Record<string, unknown> = {}) => ({
    body: {
      ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId, callbackUrl },
      input: { channel: 'C1' },
      ...fields,
    },
  })
  const enable = async (fields?: Record<string, unknown>) =>
    (await api.ok('triggers.enable', call(fields))).triggerSource
  const list = async (query: object = {}) => api.ok('triggers.list', { query })
  return { api, workspaceId, connection, integration, call, enable, list }
}
