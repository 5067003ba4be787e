import { describe, expect, it, vi } from 'vitest'
import { endpoints, type EndpointById, type EndpointId } from '../../src/contract/index.js'
import type * as EngineModule from '../../src/engine/engine.js'
import type { AnyCall, Api, Call } from '../mock/door.js'
import { credentials, session } from '../mock/world.js'
import { furnished, trigger, type World } from './furnished.js'

/** The engine of each mock, which the mock itself keeps to itself. */
const engines = vi.hoisted(() => [] as EngineModule.Engine[])
vi.mock('../../src/engine/engine.js', async (original) => {
  const actual = await original<typeof EngineModule>()
  const createEngine: typeof actual.createEngine = (options) => {
    const engine = actual.createEngine(options)
    engines.push(engine)
    return engine
  }
  return { ...actual, createEngine }
})

const nothing = [] as const
/** What a third party is given of the Slack account: one connection, without its refresh token. */
const theAccount = ['accessToken', 'data', 'scope_oauth', 'tokenType'].map((field) => `execute ${field}`)

interface Entry<Id extends EndpointId> {
  /** A call that succeeds. */
  readonly call: (world: World) => Call<EndpointById<Id>>
  /** What it opens of the pinned Slack account; it never opens anything of another one. */
  readonly opens: readonly string[]
}

const property = (world: World) => ({
  params: { integrationName: 'slack' },
  body: {
    ...{ workspaceId: world.workspaceId, actionName: 'send_channel_message' },
    propertyName: 'channel',
  },
})
const onWorkspace = ({ workspaceId: id }: World) => ({ params: { id } })
const onEndUser = ({ endUser: { id } }: World) => ({ params: { id } })
const onPartial = ({ partial: { id } }: World) => ({ params: { id } })
const onIntegration = ({ workspaceId, integration: { id } }: World) => ({ params: { workspaceId, id } })
const onServer = ({ serverId: id }: World) => ({ params: { id } })
const onTool = ({ serverId: id, toolId }: World) => ({ params: { id, toolId } })
const forEndUser = (world: World) => ({ ...onServer(world), body: { endUserId: 'user_123' } })
const onPolicy = ({ policyId: id }: World) => ({ params: { id } })
const deciding = ({ approvalId: id, decider: headers }: World) => ({ params: { id }, headers, body: {} })
const bare = () => ({})

/**
 * Which endpoint opens what. Most open nothing, and that is the point. Every endpoint of the contract has an entry:
 * whoever adds an endpoint decides here what it may decrypt.
 */
const table: { readonly [Id in EndpointId]: Entry<Id> } = {
  'workspaces.list': { call: bare, opens: nothing },
  'workspaces.create': { call: () => ({ body: { name: 'New', slug: 'new' } }), opens: nothing },
  'workspaces.get': { call: onWorkspace, opens: nothing },
  'workspaces.update': { call: (world) => ({ ...onWorkspace(world), body: { name: 'X' } }), opens: nothing },
  'workspaces.delete': { call: onWorkspace, opens: nothing },

  'workspaces.integrations.list': {
    call: ({ workspaceId }) => ({ params: { workspaceId } }),
    opens: nothing,
  },
  'workspaces.integrations.create': {
    call: ({ workspaceId, slack }) => ({
      params: { workspaceId },
      body: { integrationName: 'slack', alias: 'second', connectionId: slack.id },
    }),
    opens: nothing,
  },
  'workspaces.integrations.update': {
    call: (world) => ({ ...onIntegration(world), body: { sortOrder: 2 } }),
    opens: nothing,
  },
  'workspaces.integrations.delete': { call: onIntegration, opens: nothing },

  'connections.list': { call: bare, opens: nothing },
  'connections.get': { call: ({ slack: { id } }) => ({ query: { id } }), opens: nothing },
  'connections.create': {
    call: () => ({
      body: {
        ...credentials.SECRET_TEXT,
        ...{ integrationName: 'openai', externalId: 'new', displayName: 'New' },
      },
    }),
    opens: nothing,
  },
  'connections.delete': { call: ({ slack: { id } }) => ({ params: { id } }), opens: nothing },
  'connections.resolve': {
    call: ({ workspaceId }) => ({ body: { integrationName: 'slack', workspaceId } }),
    opens: nothing,
  },

  'connect.createToken': { call: ({ workspaceId }) => ({ body: session(workspaceId) }), opens: nothing },
  'connect.poll': { call: ({ started: { token } }) => ({ body: { token } }), opens: nothing },
  'connect.getSession': {
    call: ({ started }) => ({ params: { sessionId: started.sessionId as string } }),
    opens: nothing,
  },

  'endUsers.list': { call: ({ workspaceId }) => ({ query: { workspaceId } }), opens: nothing },
  'endUsers.create': {
    call: ({ workspaceId }) => ({ body: { workspaceId, externalId: 'new' } }),
    opens: nothing,
  },
  'endUsers.get': { call: onEndUser, opens: nothing },
  'endUsers.update': {
    call: (world) => ({ ...onEndUser(world), body: { displayName: 'Ava' } }),
    opens: nothing,
  },
  'endUsers.delete': { call: onEndUser, opens: nothing },
  'endUsers.createConnectToken': { call: (world) => ({ ...onEndUser(world), body: {} }), opens: nothing },
  'endUsers.invite': {
    call: (world) => ({ ...onEndUser(world), body: { email: 'ava@example.com' } }),
    opens: nothing,
  },

  'actions.execute': {
    call: ({ workspaceId }) => ({
      body: { integrationName: 'slack', actionName: 'list_users', workspaceId, input: {} },
    }),
    opens: theAccount,
  },

  'integrations.list': { call: bare, opens: nothing },
  'integrations.listSummary': { call: () => ({ query: { summary: true } }), opens: nothing },
  'integrations.get': { call: () => ({ query: { name: 'slack' } }), opens: nothing },
  'integrations.resolveOptions': { call: property, opens: theAccount },
  'integrations.resolveProperty': {
    call: (world) => {
      const { params, body } = property(world)
      return { params, body: { ...body, propertyName: 'blocks' } }
    },
    opens: theAccount,
  },
  'integrations.oauthStatus': { call: bare, opens: nothing },

  'partials.list': { call: ({ workspaceId }) => ({ query: { workspaceId } }), opens: nothing },
  'partials.create': {
    call: ({ workspaceId }) => ({
      body: { workspaceId, integrationName: 'slack', name: 'New', values: { text: 'Hello' } },
    }),
    opens: nothing,
  },
  'partials.get': { call: onPartial, opens: nothing },
  'partials.update': { call: (world) => ({ ...onPartial(world), body: { name: 'X' } }), opens: nothing },
  'partials.delete': { call: onPartial, opens: nothing },
  'partials.setDefault': {
    call: (world) => ({ ...onPartial(world), body: { isDefault: true } }),
    opens: nothing,
  },

  'triggers.list': { call: bare, opens: nothing },
  'triggers.enable': { call: ({ workspaceId }) => ({ body: trigger(workspaceId) }), opens: nothing },
  'triggers.disable': { call: ({ triggerSourceId }) => ({ body: { triggerSourceId } }), opens: nothing },
  'triggers.test': {
    call: () => ({ body: { integrationName: 'slack', triggerName: 'new_message' } }),
    opens: nothing,
  },

  'approvalPolicies.list': { call: bare, opens: nothing },
  'approvalPolicies.create': { call: () => ({ body: { name: 'New' } }), opens: nothing },
  'approvalPolicies.test': {
    call: () => ({
      body: {
        policy: { name: 'New' },
        context: { integrationName: 'slack', actionName: 'update_message', input: {} },
      },
    }),
    opens: nothing,
  },
  'approvalPolicies.get': { call: onPolicy, opens: nothing },
  'approvalPolicies.update': {
    call: (world) => ({ ...onPolicy(world), body: { priority: 1 } }),
    opens: nothing,
  },
  'approvalPolicies.delete': { call: onPolicy, opens: nothing },

  'approvals.list': { call: bare, opens: nothing },
  'approvals.get': { call: ({ approvalId: id }) => ({ params: { id } }), opens: nothing },
  'approvals.approve': { call: deciding, opens: nothing },
  'approvals.reject': { call: deciding, opens: nothing },
  'approvals.cancel': { call: deciding, opens: nothing },

  'mcpServers.list': { call: bare, opens: nothing },
  'mcpServers.create': {
    call: ({ workspaceId }) => ({ body: { name: 'New', workspaceId } }),
    opens: nothing,
  },
  'mcpServers.get': { call: onServer, opens: nothing },
  'mcpServers.update': {
    call: (world) => ({ ...onServer(world), body: { name: 'X' } }),
    opens: nothing,
  },
  'mcpServers.delete': { call: onServer, opens: nothing },
  'mcpServers.regenerateToken': { call: onServer, opens: nothing },
  'mcpServers.createAccessToken': { call: forEndUser, opens: nothing },
  'mcpServers.createOAuthToken': { call: forEndUser, opens: nothing },
  'mcpServers.executeCode': {
    call: ({ codeServerId: id }) => ({ params: { id }, body: { code: 'weavz.slack.list_users()' } }),
    opens: theAccount,
  },
  'mcpServers.getDeclarations': {
    call: ({ codeServerId: id }) => ({ params: { id, alias: 'slack' } }),
    opens: nothing,
  },
  'mcpServers.tools.create': {
    call: (world) => ({
      ...onServer(world),
      body: { integrationName: 'slack', actionName: 'list_users', integrationAlias: 'other' },
    }),
    opens: nothing,
  },
  'mcpServers.tools.update': {
    call: (world) => ({ ...onTool(world), body: { description: 'X' } }),
    opens: nothing,
  },
  'mcpServers.tools.delete': { call: onTool, opens: nothing },

  'apiKeys.list': { call: bare, opens: nothing },
  'apiKeys.create': { call: () => ({ body: { name: 'New' } }), opens: nothing },
  'apiKeys.delete': { call: ({ apiKeyId: id }) => ({ params: { id } }), opens: nothing },

  'health.check': { call: bare, opens: nothing },
}
const openedSince = ({ openings }: Api['weavz'], seq: number) =>
  openings
    .list(seq)
    .map(({ connectionId, purpose, field }) => ({ connectionId, what: `${purpose} ${field}` }))

describe('openings of secrets', () => {
  it('are decided for every endpoint of the contract, and for nothing else', () => {
    expect(Object.keys(table).sort()).toEqual(endpoints.map(({ id }) => id).sort())
  })

  it.each(Object.keys(table) as EndpointId[])('of %s are the ones of the table', async (id) => {
    const world = await furnished(engines)
    const { call, opens } = table[id] as Entry<EndpointId>
    const { weavz } = world.api
    const before = weavz.openings.count
    const response = await world.api.send(id, call(world) as AnyCall)
    expect(response.status, await response.text()).toBeLessThan(300)
    const opened = openedSince(weavz, before)
    expect(opened.map(({ what }) => what).sort()).toEqual(opens)
    expect(new Set(opened.map(({ connectionId }) => connectionId))).toEqual(
      new Set(opens.length > 0 ? [world.slack.id] : []),
    )
  })

  it('of a call whose token is due add the refresh token and the client secret, and nothing more', async () => {
    const world = await furnished(engines)
    const { weavz } = world.api
    world.clock.advance(3600_000)
    await world.api.ok('actions.execute', table['actions.execute'].call(world))
    const [first, second, ...rest] = openedSince(weavz, 0)
    expect([first, second]).toEqual([
      { connectionId: world.slack.id, what: 'refresh refreshToken' },
      { connectionId: null, what: 'refresh clientSecret.slack' },
    ])
    expect(rest.map(({ what }) => what).sort()).toEqual(theAccount)
  })

  it('of a refused call are none', async () => {
    const { api, workspaceId } = await furnished(engines)
    const body = { integrationName: 'slack', actionName: 'send_channel_message', workspaceId, input: {} }
    await api.refused('actions.execute', 'VALIDATION_ERROR', { body })
    await api.refused('actions.execute', 'CONNECTION_REQUIRED', {
      body: { ...body, connectionExternalId: 'nobody' },
    })
    expect(api.weavz.openings.count).toBe(0)
  })

  it('of explaining are none', async () => {
    const { api, workspaceId } = await furnished(engines)
    const explained = api.weavz.explain({ integrationName: 'slack', workspaceId, actionName: 'list_users' })
    expect(explained.outcome.outcome).toBe('resolved')
    expect(api.weavz.openings.count).toBe(0)
  })
})
