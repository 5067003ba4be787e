/**
 * The whole of Weavz in six chapters, without a network and without an account: `npm run quickstart`.
 *
 * Everything runs against an offline Weavz in this process. With a real API key, leave out `fetch`, and the same calls
 * go to https://api.weavz.io.
 */
import { ConnectionRequiredError, WeavzClient, type ExecuteParams } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { chapter, say, show } from './quickstart/narrator.js'
import { accounts, playSlack } from './quickstart/slack.js'

chapter('A workspace and an end user')

const offline = createMockWeavz()
const weavz = new WeavzClient({ apiKey: offline.apiKey, fetch: offline.fetch })
const slack = playSlack(offline)

const { workspace } = await weavz.workspaces.create({ name: 'Acme', slug: 'acme' })
const workspaceId = workspace.id
const { endUser } = await weavz.endUsers.create({
  workspaceId,
  externalId: 'user_123',
  displayName: 'Ava Chen',
})

say(
  'A workspace is where you configure integrations. An end user is a person who uses your product. They have two ids: ' +
    'Weavz made the UUID, and the external id is your own user id. Wherever a call asks for endUserId, it means yours.',
)
show('Created', {
  workspace: `${workspace.name} (${workspaceId})`,
  'endUser.externalId': endUser.externalId,
  'endUser.id': endUser.id,
})

chapter('Ava connects her Slack account')

const { token, connectUrl } = await weavz.connect.createToken({
  integrationName: 'slack',
  connectionName: "Ava's Slack",
  externalId: 'ava_slack',
  workspaceId,
  endUserId: 'user_123',
})
// In your product Ava opens connectUrl in a popup. Offline, a scripted user plays her: she grants access.
await offline.user.approve(token, { accessToken: accounts.ava.accessToken })
const session = await weavz.connect.wait(token)

say(
  'Your server asks for a connect session, your page opens its URL, Weavz deals with the provider (OAuth, PKCE, token ' +
    'exchange, refresh), and your server waits for the outcome. Your code never sees the access token.',
)
show('Hosted connect', {
  'page to open': new URL(connectUrl).pathname,
  status: session.status,
  connectionId: session.connectionId,
})

chapter('Connections that you create yourself')

await weavz.connections.create({
  type: 'SECRET_TEXT',
  integrationName: 'openai',
  externalId: 'my_openai',
  displayName: 'Production OpenAI',
  secretText: 'sk-quickstart-0003',
})
await weavz.connections.create({
  type: 'CUSTOM_AUTH',
  integrationName: 'airtable',
  externalId: 'my_airtable',
  displayName: 'My Airtable',
  props: { token: 'pat-quickstart-0004' },
})
const { connection: bot } = await weavz.connections.create({
  type: 'PLATFORM_OAUTH2',
  integrationName: 'slack',
  workspaceId,
  externalId: 'conn_customer_789_slack',
  displayName: 'Customer 789 Shared Slack',
  accessToken: accounts.bot.accessToken,
})

say(
  'A connection is a set of credentials, sealed with AES-256 and never returned by any call. Who may use it is its ' +
    'scope: the organization, one workspace, or one end user. Its externalId is your name for that set of credentials.',
)
for await (const { integrationName, externalId, type, scope, endUserId } of weavz.connections.list()) {
  show(externalId, { integrationName, type, scope, owner: endUserId ?? 'shared' })
}
const { total } = await weavz.connections.list({ integrationName: 'slack' })
const { connection: found } = await weavz.connections.resolve({
  integrationName: 'slack',
  workspaceId,
  externalId: 'conn_customer_789_slack',
})
show('Finding them again', {
  'list({ integrationName: "slack" })': `${total} connections`,
  'resolve({ externalId })': `${found.displayName} (${found.id === bot.id ? 'the same connection' : found.id})`,
})

chapter('One action, three strategies')

await weavz.workspaces.integrations.create(workspaceId, {
  integrationName: 'slack',
  alias: 'slack_bot',
  connectionStrategy: 'fixed',
  connectionId: bot.id,
})
await weavz.workspaces.integrations.create(workspaceId, {
  integrationName: 'slack',
  alias: 'slack_user',
  connectionStrategy: 'per_user',
})
await weavz.workspaces.integrations.create(workspaceId, {
  integrationName: 'slack',
  alias: 'slack_any',
  connectionStrategy: 'per_user_with_fallback',
  connectionId: bot.id,
})
await weavz.endUsers.create({ workspaceId, externalId: 'user_456', displayName: 'Ben Ode' })

say(
  'A workspace integration says on whose account an action runs. Here Slack is configured three times, told apart by ' +
    'alias. Ava (user_123) has connected Slack, Ben (user_456) has not. The handler that plays Slack tells accounts ' +
    'apart by their access token alone, so "posted by" shows that the right credentials arrived.',
)

/** Sends a message and shows what arrived at Slack, or why nothing could be sent. */
async function post(who: Pick<ExecuteParams, 'integrationAlias' | 'endUserId'>): Promise<void> {
  const call = `send_channel_message through ${who.integrationAlias}, endUserId: ${who.endUserId ?? 'none'}`
  try {
    await weavz.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      ...who,
      input: { channel: '#general', text: 'Hello from Weavz' },
    })
    const { connection, why, postedBy } = slack.lastDelivery()
    show(call, { connection, why, 'posted by': postedBy })
  } catch (error) {
    if (!(error instanceof ConnectionRequiredError)) throw error
    show(call, { [error.name]: error.code, reason: error.reason, hint: error.hint })
  }
}

await post({ integrationAlias: 'slack_bot' })
await post({ integrationAlias: 'slack_user', endUserId: 'user_123' })
await post({ integrationAlias: 'slack_any', endUserId: 'user_123' })
await post({ integrationAlias: 'slack_any', endUserId: 'user_456' })

say(
  'Where no account can be used, the call throws ConnectionRequiredError, and nothing runs. It is an error to expect: ' +
    'for an end user who has not connected, it means that it is time for a connect session as in chapter 2. Its ' +
    'reason is safe to branch on; its hint is for you, and names the mistake behind the refusal where there is one.',
)
await post({ integrationAlias: 'slack_user', endUserId: 'user_456' })
await post({ integrationAlias: 'slack_user' })
await post({ integrationAlias: 'slack_user', endUserId: endUser.id })

chapter('Built-ins need no connection')

const { output: digest } = await weavz.actions.execute('hash-encode', 'hash', {
  workspaceId,
  input: { text: 'abc', algorithm: 'sha256', encoding: 'hex' },
})
await weavz.workspaces.integrations.create(workspaceId, {
  integrationName: 'kv-store',
  alias: 'notes',
  settings: { persistence: { scope: 'end_user' } },
})
await weavz.workspaces.integrations.create(workspaceId, {
  integrationName: 'kv-store',
  alias: 'team_notes',
  settings: { persistence: { scope: 'workspace' } },
})

say(
  'Some integrations run without an account. Those that keep state keep it in a scope that the workspace integration ' +
    'sets, and no caller can choose another. Ava writes a colour into both; then Ben reads both.',
)
show('hash-encode', { 'sha256("abc")': digest })
for (const integrationAlias of ['notes', 'team_notes']) {
  const state = { workspaceId, integrationAlias }
  const input = { key: 'colour', value: 'teal' }
  await weavz.actions.execute('kv-store', 'put', { ...state, endUserId: 'user_123', input })
  const read = { ...state, input: { key: 'colour' } }
  const { output: ava } = await weavz.actions.execute('kv-store', 'get', { ...read, endUserId: 'user_123' })
  const { output: ben } = await weavz.actions.execute('kv-store', 'get', { ...read, endUserId: 'user_456' })
  show(integrationAlias, { 'Ava reads': ava, 'Ben reads': ben })
}

chapter('Ava leaves')

const { connectionsDeleted } = await weavz.endUsers.delete(endUser.id)
const { connections: left } = await weavz.connections.list()

say('Deleting an end user deletes what they connected. What is shared stays.')
show(`endUsers.delete(${endUser.id})`, {
  'connections deleted': connectionsDeleted,
  'connections left': left.map(({ externalId }) => externalId).join(', '),
})
await post({ integrationAlias: 'slack_user', endUserId: 'user_123' })
await post({ integrationAlias: 'slack_bot', endUserId: 'user_123' })

const opened = offline.openings
  .list()
  .filter(({ field, purpose }) => field === 'accessToken' && purpose === 'execute')
say(
  `Access tokens were opened ${opened.length} times in this story: once for each message that reached Slack, and ` +
    'never to list, to resolve or to refuse. Next: README.md for your first call, docs/identifiers.md and ' +
    'docs/errors.md for the details.',
)
