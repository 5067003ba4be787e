import { endpoints } from '../../../src/contract/index.js'
import { createCatalog, type CatalogIntegration } from '../../../src/engine/catalog/catalog.js'
import { createMockWeavz, type MockWeavz } from '../../../src/mock/index.js'
import { Api } from '../door.js'
import { credentials } from '../world.js'
import { Pool } from './pool.js'

const thirdParties = ['slack', 'openai', 'airtable', 'clicksend']

const operationsOf = (wanted: (integration: CatalogIntegration) => boolean) =>
  [...createCatalog().values()]
    .filter(wanted)
    .flatMap(({ name: integrationName, actions }) =>
      Object.entries(actions).map(([actionName, { input }]) => ({ integrationName, actionName, input })),
    )
/** The actions that the mock really runs, or says that it cannot run. */
export const builtIns = operationsOf(({ auth }) => auth === null)
/** Some of those that it only echoes. */
export const echoed = operationsOf(({ name }) => thirdParties.includes(name))

/** Whose key a request carries. */
export type Caller = 'admin' | 'limited' | 'nobody' | 'wrong'

/** Where a series of requests begins: a mock with something of everything, and what its answers have named. */
export interface Ground {
  readonly weavz: MockWeavz
  readonly pool: Pool
  /** Values of `Authorization`. */
  readonly keys: Readonly<Record<Caller, string | undefined>>
}

/** The same ground again, for another series. */
export function fork({ weavz, pool, keys }: Ground): Ground {
  return { weavz: weavz.fork(), pool: new Pool(pool), keys }
}

/** A mock that reaches nobody outside of this process, and that knows what only a test can teach it. */
function taught(): MockWeavz {
  const weavz = createMockWeavz({
    seed: { now: '2025-01-15T10:30:00.000Z' },
    deliveryFetch: async () => new Response(null, { status: 204 }),
    providerFetch: async () => new Response(null, { status: 503 }),
  })
  weavz.registerTrigger('slack', 'new_message', { sample: { text: 'Hi' } })
  weavz.registerTrigger('slack', 'new_file', { triggerType: 'POLLING' })
  weavz.onExecuteCode(({ weavz: code }) => code['kv_store']?.['put']?.({ key: 'k', value: 1 }))
  weavz.onAction('slack', 'list_users', () => {
    throw new Error('The third party refused')
  })
  weavz.onOptions('slack', 'send_channel_message', 'channel', () => [{ label: '#general', value: 'C1' }])
  weavz.onProps('slack', 'send_channel_message', 'blocks', () => ({}))
  return weavz
}

/** Lays the ground; slowly, so once for many series. */
export async function layGround(): Promise<Ground> {
  const weavz = taught()
  const pool = new Pool()
  const api = new Api(weavz, 'http://weavz.test', async (url, init) => {
    const response = await weavz.fetch(url, init)
    pool.harvest(await response.clone().json())
    return response
  })
  const acme = await layWorkspace(api, 'acme')
  const beta = await layWorkspace(api, 'beta')
  await layIntegrations(api, acme)
  await layServers(api, beta)
  await layApprovals(api, acme)

  const keyOf = async (name: string, permissions: object) =>
    `Bearer ${(await api.ok('apiKeys.create', { body: { name, permissions } as never })).plainKey}`
  const keys = {
    admin: await keyOf('Admin', { scope: 'org', approvals: { decide: true } }),
    limited: await keyOf('Limited', { scope: 'workspace', workspaceIds: [beta] }),
    nobody: undefined,
    wrong: `Bearer wvz_${'0'.repeat(32)}`,
  }
  const lists = endpoints.filter(({ list, id }) => list !== undefined && !id.startsWith('integrations.'))
  for (const workspaceId of [acme, beta]) {
    for (const { id } of lists) await api.send(id, { params: { workspaceId }, query: { workspaceId } })
  }
  teach(pool, beta)
  await weavz.settled()
  return { weavz, pool, keys }
}

/** Names that no answer tells, or that no answer tells together. */
function teach(pool: Pool, workspaceId: string): void {
  pool.put('code', { code: 'return 1' })
  for (const { integrationName, actionName } of [...builtIns, ...echoed]) {
    pool.put('action', { integrationName, actionName })
  }
  const configured = {
    integrationName: 'slack',
    workspaceId,
    alias: 'slack',
    actionName: 'send_channel_message',
  }
  for (const triggerName of ['new_message', 'new_file']) pool.put('trigger', { ...configured, triggerName })
  for (const propertyName of ['channel', 'blocks', 'text'])
    pool.put('property', { ...configured, propertyName })
}

/** A workspace with an end user and accounts of each type; Slack and a built-in are configured. */
async function layWorkspace(api: Api, slug: string): Promise<string> {
  const { id: workspaceId } = (await api.ok('workspaces.create', { body: { name: slug, slug } })).workspace
  const { endUser } = await api.ok('endUsers.create', {
    body: { workspaceId, externalId: 'user_123', email: 'ava@example.com', metadata: { plan: 'pro' } },
  })
  await api.ok('endUsers.createConnectToken', { params: { id: endUser.id }, body: {} })
  const connect = async (fields: Record<string, unknown>) => {
    const body = { displayName: 'Account', workspaceId, ...fields } as never
    return (await api.ok('connections.create', { body })).connection.id
  }
  const slack = { ...credentials.OAUTH2, expiresIn: 7200, integrationName: 'slack' }
  const connectionId = await connect({ ...slack, externalId: `${slug}_slack` })
  await connect({ ...slack, externalId: 'ava_slack', endUserId: 'user_123' })
  await connect({ ...credentials.BASIC_AUTH, integrationName: 'clicksend', externalId: 'sms' })
  const openai = { ...credentials.SECRET_TEXT, integrationName: 'openai', externalId: `${slug}_ai` }
  await connect({ ...openai, scope: 'ORGANIZATION' })

  const enabledActions = ['send_channel_message', 'update_message', 'list_users']
  for (const body of [
    { integrationName: 'slack', connectionId, enabledActions },
    ...['kv-store', 'data-transformer', 'datetime'].map((integrationName) => ({ integrationName })),
  ]) {
    await api.ok('workspaces.integrations.create', { params: { workspaceId }, body })
  }
  const to = { workspaceId, integrationName: 'slack' }
  for (const partial of [
    { name: 'Defaults', values: { channel: 'C1' }, isDefault: true },
    { name: 'Enforced', values: { text: 'Hi' }, enforcedKeys: ['text'], actionName: 'send_channel_message' },
  ]) {
    await api.ok('partials.create', { body: { ...to, ...partial } })
  }
  const callbackUrl = 'https://app.example/hook'
  await api.ok('triggers.enable', { body: { ...to, triggerName: 'new_message', callbackUrl } })
  for (const integrationName of ['slack', 'openai']) {
    const session = { integrationName, connectionName: 'Yours', externalId: 'new', workspaceId }
    await api.ok('connect.createToken', { body: { ...session, endUserId: 'user_789' } })
  }
  return workspaceId
}

/** What else one workspace has: every strategy, every built-in, and repeated integrations. */
async function layIntegrations(api: Api, workspaceId: string): Promise<void> {
  const { connections } = await api.ok('connections.list', {
    query: { workspaceId, integrationName: 'slack' },
  })
  const connectionId = connections[0]?.id ?? null
  const params = { workspaceId }
  const { integrations } = await api.ok('workspaces.integrations.list', { params })
  const there = integrations.map(({ integrationName }) => integrationName)
  const builtInNames = new Set(builtIns.map(({ integrationName }) => integrationName))
  for (const body of [
    { integrationName: 'slack', alias: 'slack_user', connectionStrategy: 'per_user' },
    {
      ...{ integrationName: 'slack', alias: 'slack_any', connectionStrategy: 'per_user_with_fallback' },
      ...{ connectionId, enabledActions: ['get_message'] },
    },
    { integrationName: 'kv-store', alias: 'shared', settings: { persistence: { scope: 'workspace' } } },
    ...[...builtInNames]
      .filter((name) => !there.includes(name))
      .map((integrationName) => ({ integrationName })),
  ] as const) {
    await api.ok('workspaces.integrations.create', { params, body: body as never })
  }
}

/** MCP servers of both modes, with tokens. In a small workspace: each enabled action is a tool of each server. */
async function layServers(api: Api, workspaceId: string): Promise<void> {
  for (const mode of ['TOOLS', 'CODE'] as const) {
    const { server } = await api.ok('mcpServers.create', {
      body: { name: mode, workspaceId, mode, authMode: 'oauth_and_bearer', endUserAccess: 'open' },
    })
    const call = { params: { id: server.id }, body: { endUserId: 'user_123' } }
    await api.ok('mcpServers.createOAuthToken', call)
    await api.ok('mcpServers.createAccessToken', call)
    await api.ok('mcpServers.get', { params: { id: server.id } })
  }
}

async function layApprovals(api: Api, workspaceId: string): Promise<void> {
  await api.ok('approvalPolicies.create', {
    body: {
      name: 'Ask first',
      actionNames: ['update_message', 'put'],
      approvers: [{ type: 'webhook', webhookUrl: 'https://approver.example/hook' }],
      approvalAccessMode: 'dashboard_and_hosted_link',
    },
  })
  const call = {
    integrationName: 'slack',
    actionName: 'update_message',
    integrationAlias: 'slack',
    workspaceId,
  }
  for (const idempotencyKey of ['once', 'twice', 'thrice']) {
    const input = { channel: 'C1', timestamp: '1', text: 'Hello' }
    await api.ok('actions.execute', { body: { ...call, input, idempotencyKey } })
  }
}
