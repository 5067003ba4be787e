import { WeavzClient } from '@weavz/sdk'
import type { APIPromise, Connection, ListPromise, WeavzClientOptions, Workspace } from '@weavz/sdk'
import { isA } from '../expect.js'

export const options: WeavzClientOptions = {
  apiKey: () => Promise.resolve('wvz_key'),
  baseUrl: 'https://api.weavz.io',
  fetch: (url, init) => fetch(url, init),
  timeout: 60_000,
  maxRetries: 0,
  headers: { 'X-Team': 'billing', 'X-None': undefined },
  userAgent: 'my-app/1.0',
  hooks: {
    onRequest: ({ endpoint, attempt }) => console.log(endpoint, attempt),
    onResponse: ({ status, requestId, durationMs }) => console.log(status, requestId, durationMs),
    onRetry: ({ delayMs, error }) => console.log(delayMs, error.code),
    onInvalidResponse: ({ error }) => console.log(error.path),
  },
  validation: 'warn',
  dangerouslyAllowBrowser: false,
}
export const withoutOptions = new WeavzClient()
export const withUndefined = new WeavzClient({ apiKey: undefined, baseUrl: undefined, timeout: undefined })

export async function everyCall(weavz: WeavzClient, signal: AbortSignal): Promise<void> {
  isA<string>()(weavz.baseUrl)
  const call = weavz.workspaces.get('id', { signal, timeout: 1000, maxRetries: 1, headers: { 'X-A': 'b' } })
  isA<APIPromise<{ workspace: Workspace }>>()(call)
  const { data, response, requestId } = await call.withResponse()
  isA<Workspace>()(data.workspace)
  isA<number>()(response.status)
  isA<string | undefined>()(requestId)

  const list = weavz.connections.list({ integrationName: 'slack', limit: 20, offset: 0 })
  isA<ListPromise<{ connections: Connection[]; total: number }, Connection>>()(list)
  for await (const connection of list) isA<Connection>()(connection)
  const { connections, total } = await list
  isA<Connection[]>()(connections)
  isA<number>()(total)

  const { total: triggers } = await weavz.request<{ total: number }>('/api/v1/triggers', {
    query: { limit: 1 },
    signal,
  })
  isA<number>()(triggers)
}

export async function everyField(weavz: WeavzClient): Promise<void> {
  const { workspace } = await weavz.workspaces.create({ name: 'Acme', slug: 'acme' })
  isA<string>()(workspace.id)
  isA<string>()(workspace.createdAt)

  const { connection } = await weavz.connections.resolve({
    integrationName: 'slack',
    workspaceId: workspace.id,
  })
  isA<string>()(connection.externalId)
  isA<string>()(connection.status)
  if (connection.status === 'ACTIVE') console.log('usable')

  const { integration } = await weavz.integrations.get('slack')
  isA<string>()(integration.name)

  const { endUser, connections } = await weavz.endUsers.get('id')
  isA<string | null>()(endUser.externalId)
  isA<Connection[]>()(connections)
}

export async function everyNamespace(weavz: WeavzClient): Promise<void> {
  const workspaceId = 'id'
  await weavz.workspaces.update(workspaceId, { name: 'Acme' })
  await weavz.workspaces.delete(workspaceId)
  await weavz.workspaces.list({ limit: 10 })
  await weavz.workspaces.integrations.create(workspaceId, {
    integrationName: 'slack',
    alias: 'slack_bot',
    connectionStrategy: 'per_user_with_fallback',
    connectionId: 'id',
    enabledActions: null,
    settings: { persistence: { scope: 'end_user' } },
  })
  await weavz.workspaces.integrations.update(workspaceId, 'id', { displayName: null })
  await weavz.workspaces.integrations.delete(workspaceId, 'id')
  for await (const { alias } of weavz.workspaces.integrations.list(workspaceId)) isA<string>()(alias)
  await weavz.workspaces.addIntegration(workspaceId, { integrationName: 'datetime' })
  await weavz.workspaces.listIntegrations(workspaceId)
  await weavz.workspaces.updateIntegration(workspaceId, 'id', { sortOrder: 2 })
  await weavz.workspaces.removeIntegration(workspaceId, 'id')

  const owner = { integrationName: 'openai', externalId: 'e', displayName: 'E', workspaceId, endUserId: 'u' }
  await weavz.connections.create({ type: 'SECRET_TEXT', ...owner, secretText: 's' })
  await weavz.connections.create({ type: 'BASIC_AUTH', ...owner, username: 'u', password: 'p' })
  await weavz.connections.create({ type: 'CUSTOM_AUTH', ...owner, props: { token: 't' } })
  await weavz.connections.create({ type: 'PLATFORM_OAUTH2', ...owner, accessToken: 'a' })
  await weavz.connections.get('id')
  await weavz.connections.delete('id')

  const { token, connectUrl } = await weavz.connect.createToken({
    integrationName: 'slack',
    connectionName: 'Slack',
    externalId: 'e',
    workspaceId,
  })
  isA<string>()(connectUrl)
  await weavz.connect.poll(token)
  const session = await weavz.connect.wait(token, { timeoutMs: 1000 })
  isA<string | null | undefined>()(session.connectionId)
  await weavz.connect.getSession('id')

  await weavz.endUsers.create({ workspaceId, externalId: 'u' })
  await weavz.endUsers.update('id', { displayName: 'Ava' })
  await weavz.endUsers.list({ workspaceId })
  const portal = await weavz.endUsers.createConnectToken('id')
  isA<string>()(portal.token)
  await weavz.endUsers.invite('id', { email: 'ava@example.com' })
  const { connectionsDeleted } = await weavz.endUsers.delete('id')
  isA<number>()(connectionsDeleted)

  const result = await weavz.actions.execute('slack', 'send_channel_message', {
    workspaceId,
    integrationAlias: 'slack_bot',
    endUserId: 'u',
    partialIds: [],
    input: { channel: '#general' },
    idempotencyKey: 'k',
  })
  isA<unknown>()(result.output)
  if (result.success) isA<number>()(result.duration)
  else isA<string>()(result.approval.id)

  await weavz.partials.create({ workspaceId, integrationName: 'slack', name: 'P', values: {} })
  await weavz.partials.setDefault('id', false)
  await weavz.triggers.enable({
    integrationName: 'slack',
    triggerName: 't',
    callbackUrl: 'https://a.example',
    workspaceId,
  })
  await weavz.triggers.disable('id')
  await weavz.triggers.test('slack', 't')
  await weavz.mcpServers.create({ name: 'M', workspaceId })
  await weavz.mcpServers.tools.delete('server', 'tool')
  await weavz.mcpServers.executeCode('id', { code: 'return 1' })
  await weavz.approvalPolicies.create({ name: 'Ask', decision: 'require_approval' })
  await weavz.approvals.approve('apr_1', { reason: 'fine' })
  await weavz.approvals.wait('apr_1')
  const { plainKey } = await weavz.apiKeys.create({ name: 'CI' })
  isA<string>()(plainKey)
}

export function refused(weavz: WeavzClient): void {
  // @ts-expect-error a misspelt field
  void weavz.workspaces.create({ name: 'Acme', slugg: 'acme' })
  // @ts-expect-error workspaceId is always required
  void weavz.actions.execute('slack', 'send_channel_message', {})
  // @ts-expect-error requests are closed, though responses are open
  void weavz.workspaces.addIntegration('id', { integrationName: 'slack', connectionStrategy: 'per_team' })
  // @ts-expect-error a misspelt option
  void weavz.connections.delete('id', { retries: 3 })
}
