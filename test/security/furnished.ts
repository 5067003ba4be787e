import type { Engine } from '../../src/engine/engine.js'
import { inProcess, stoppedClock } from '../mock/door.js'
import {
  configure,
  credentials,
  makeConnection,
  makeEndUser,
  makeWorkspace,
  startSession,
} from '../mock/world.js'

/** A world in which every endpoint has something to find: accounts of every type, in use and not. */
export async function furnished(engines: readonly Engine[]) {
  const clock = stoppedClock()
  const api = await inProcess({ clock, providerFetch: neverAsked })
  const { id: workspaceId } = await makeWorkspace(api)
  const endUser = await makeEndUser(api, workspaceId)
  const slack = await makeConnection(api, { ...credentials.OAUTH2, workspaceId })
  for (const [type, integrationName] of [
    ['SECRET_TEXT', 'openai'],
    ['BASIC_AUTH', 'clicksend'],
    ['CUSTOM_AUTH', 'airtable'],
    ['PLATFORM_OAUTH2', 'notion'],
  ] as const) {
    const body = { ...credentials[type], integrationName, externalId: type, displayName: type, workspaceId }
    await api.ok('connections.create', { body: { ...body, endUserId: 'user_123' } })
  }
  const integration = await configure(api, workspaceId, { integrationName: 'slack', connectionId: slack.id })
  const started = await startSession(api, workspaceId)
  const { partial } = await api.ok('partials.create', {
    body: { workspaceId, integrationName: 'slack', name: 'Defaults', values: { channel: 'C1' } },
  })
  const key = await api.ok('apiKeys.create', { body: { name: 'Other' } })
  const { policy } = await api.ok('approvalPolicies.create', {
    body: { name: 'Ask first', workspaceId, actionNames: ['update_message'] },
  })
  const asking = { channel: 'C1', timestamp: '1', text: 'Hello' }
  const pending = await api.reply('actions.execute', {
    body: { integrationName: 'slack', actionName: 'update_message', workspaceId, input: asking },
  })
  if (!('approval' in pending.body)) throw new Error('The call was not held back')
  const decider = await api.ok('apiKeys.create', {
    body: { name: 'Decides', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  const { catalog } = engines.at(-1) as Engine
  catalog.register('slack', { ...catalog.get('slack')!, triggers: { new_message: { input: {} } } })
  const { triggerSource } = await api.ok('triggers.enable', { body: trigger(workspaceId) })
  const { server } = await api.ok('mcpServers.create', {
    body: { name: 'Tools', workspaceId, authMode: 'oauth_and_bearer', endUserAccess: 'open' },
  })
  const { tools } = await api.ok('mcpServers.get', { params: { id: server.id } })
  const code = await api.ok('mcpServers.create', { body: { name: 'Code', workspaceId, mode: 'CODE' } })
  api.weavz.onExecuteCode(({ weavz }) => weavz.slack?.list_users?.({}))
  for (const action of ['list_users', 'send_channel_message'])
    api.weavz.onAction('slack', action, () => 'done')
  api.weavz.onOptions('slack', 'send_channel_message', 'channel', () => [{ label: '#general', value: 'C1' }])
  api.weavz.onProps('slack', 'send_channel_message', 'blocks', () => ({}))
  return {
    api,
    clock,
    workspaceId,
    endUser,
    slack,
    integration,
    ...{ serverId: server.id, toolId: tools[0]?.id ?? 'none', codeServerId: code.server.id },
    started,
    partial,
    ...{ apiKeyId: key.apiKey.id, policyId: policy.id, approvalId: pending.body.approval.id },
    ...{ decider: { authorization: `Bearer ${decider.plainKey}` }, triggerSourceId: triggerSource.id },
  }
}
export type World = Awaited<ReturnType<typeof furnished>>

export const trigger = (workspaceId: string) => ({
  ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId },
  ...{ callbackUrl: 'https://app.test/hook', callbackHeaders: { 'x-hook-secret': 'secret of a hook' } },
})

async function neverAsked(): Promise<never> {
  throw new Error('No provider is asked')
}
