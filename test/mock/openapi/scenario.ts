import type { EndpointId } from '../../../src/contract/index.js'
import type { Api } from '../door.js'
import {
  configure,
  credentials,
  makeConnection,
  makeEndUser,
  makeWorkspace,
  poll,
  session,
  startSession,
} from '../world.js'

/** A world in which every endpoint finds something. */
export async function furnish(api: Api) {
  const { weavz } = api
  const { id: workspaceId } = await makeWorkspace(api)
  const endUser = await makeEndUser(api, workspaceId)
  const slack = await makeConnection(api, { ...credentials.OAUTH2, workspaceId })
  const integration = await configure(api, workspaceId, { integrationName: 'slack', connectionId: slack.id })
  const { partial } = await api.ok('partials.create', {
    body: { workspaceId, integrationName: 'slack', name: 'Defaults', values: { channel: 'C1' } },
  })
  const { policy } = await api.ok('approvalPolicies.create', {
    body: { name: 'Ask first', workspaceId, actionNames: ['update_message'] },
  })
  const decider = await api.ok('apiKeys.create', {
    body: { name: 'Decides', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  weavz.registerTrigger('slack', 'new_message', { sample: { text: 'Hi' } })
  weavz.onOptions('slack', 'send_channel_message', 'channel', () => [{ label: '#general', value: 'C1' }])
  weavz.onProps('slack', 'send_channel_message', 'blocks', () => ({
    text: { type: 'SHORT_TEXT', displayName: 'Text' },
  }))
  weavz.onExecuteCode(() => ({ done: true }))
  const { server } = await api.ok('mcpServers.create', {
    body: { name: 'Tools', workspaceId, authMode: 'oauth_and_bearer' },
  })
  const { server: codeServer } = await api.ok('mcpServers.create', {
    body: { name: 'Code', workspaceId, mode: 'CODE' },
  })
  const { tool } = await api.ok('mcpServers.tools.create', {
    params: { id: server.id },
    body: { integrationName: 'github', actionName: 'create_issue' },
  })
  return {
    ...{ api, workspaceId, endUser, slack, integration, partial, policy, server, codeServer, tool },
    decider: { authorization: `Bearer ${decider.plainKey}` },
  }
}
export type World = Awaited<ReturnType<typeof furnish>>

/** Asks for an approval, as a call of its own does. */
async function ask({ api, workspaceId }: World, idempotencyKey: string) {
  const { body } = await api.reply('actions.execute', {
    body: {
      ...{ integrationName: 'slack', actionName: 'update_message', workspaceId, idempotencyKey },
      input: { channel: 'C1', timestamp: '1', text: 'Hello' },
    },
  })
  if (!('approval' in body)) throw new Error('The call was not held back')
  return body.approval.id
}

const trigger = (workspaceId: string) => ({
  ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId },
  ...{ callbackUrl: 'http://127.0.0.1:9/hook', callbackMetadata: { tenant: 'acme' } },
})
const property = ({ workspaceId }: World, propertyName: string) => ({
  params: { integrationName: 'slack' },
  body: { workspaceId, actionName: 'send_channel_message', propertyName, input: {} },
})

/** Every endpoint of the contract, with calls that succeed; deleting comes last. */
export const calls: { readonly [Id in EndpointId]: (world: World) => Promise<unknown> } = {
  'health.check': ({ api }) => api.ok('health.check'),
  'integrations.list': ({ api }) => api.ok('integrations.list'),
  'integrations.listSummary': ({ api }) => api.ok('integrations.listSummary', { query: { summary: true } }),
  'integrations.get': ({ api }) => api.ok('integrations.get', { query: { name: 'slack' } }),
  'integrations.oauthStatus': ({ api }) => api.ok('integrations.oauthStatus'),
  'integrations.resolveOptions': (world) =>
    world.api.ok('integrations.resolveOptions', property(world, 'channel')),
  'integrations.resolveProperty': (world) =>
    world.api.ok('integrations.resolveProperty', property(world, 'blocks')),

  'workspaces.create': ({ api }) => makeWorkspace(api, 'another'),
  'workspaces.list': ({ api }) =>
    api.ok('workspaces.list', { query: { limit: 1, offset: 1, includeSuspended: true } }),
  'workspaces.get': ({ api, workspaceId: id }) => api.ok('workspaces.get', { params: { id } }),
  'workspaces.update': ({ api, workspaceId: id }) =>
    api.ok('workspaces.update', { params: { id }, body: { name: 'Acme Inc.' } }),

  'workspaces.integrations.create': ({ api, workspaceId }) =>
    configure(api, workspaceId, {
      integrationName: 'kv-store',
      enabledActions: ['get'],
      settings: { persistence: { scope: 'external', externalId: 'job' } },
    }),
  'workspaces.integrations.list': ({ api, workspaceId }) =>
    api.ok('workspaces.integrations.list', { params: { workspaceId } }),
  'workspaces.integrations.update': ({ api, workspaceId, integration: { id } }) =>
    api.ok('workspaces.integrations.update', {
      params: { workspaceId, id },
      body: { displayName: 'Chat', sortOrder: 3 },
    }),

  'connections.create': async ({ api, workspaceId }) => {
    const of = { SECRET_TEXT: 'openai', BASIC_AUTH: 'clicksend', CUSTOM_AUTH: 'airtable' }
    for (const [type, integrationName] of Object.entries(of) as [keyof typeof of, string][]) {
      const owner = { workspaceId, endUserId: 'user_123' }
      const body = { ...credentials[type], integrationName, externalId: type, displayName: type, ...owner }
      await api.ok('connections.create', { body })
    }
    await makeConnection(api, { integrationName: 'notion' })
  },
  'connections.list': ({ api, workspaceId }) =>
    api.ok('connections.list', { query: { workspaceId, endUserId: 'user_123', limit: 10 } }),
  'connections.get': ({ api, slack: { id } }) => api.ok('connections.get', { query: { id } }),
  'connections.resolve': ({ api, workspaceId }) =>
    api.ok('connections.resolve', { body: { integrationName: 'slack', workspaceId } }),

  'connect.createToken': ({ api, workspaceId }) =>
    api.ok('connect.createToken', { body: session(workspaceId, { endUserId: 'user_123' }) }),
  'connect.poll': async ({ api, workspaceId }) => {
    const { token } = await startSession(api, workspaceId, { externalId: 'conn_new' })
    await poll(api, token)
    await api.weavz.user.approve(token)
    await poll(api, token)
  },
  'connect.getSession': async ({ api, workspaceId }) => {
    const { sessionId } = await startSession(api, workspaceId)
    return api.ok('connect.getSession', { params: { sessionId: sessionId as string } })
  },

  'endUsers.create': ({ api, workspaceId }) =>
    api.ok('endUsers.create', { body: { workspaceId, externalId: 'user_456', metadata: { plan: 'pro' } } }),
  'endUsers.list': ({ api, workspaceId }) => api.ok('endUsers.list', { query: { workspaceId } }),
  'endUsers.get': ({ api, endUser: { id } }) => api.ok('endUsers.get', { params: { id } }),
  'endUsers.update': ({ api, endUser: { id } }) =>
    api.ok('endUsers.update', { params: { id }, body: { displayName: 'Ada', email: null } }),
  'endUsers.createConnectToken': ({ api, endUser: { id } }) =>
    api.ok('endUsers.createConnectToken', { params: { id }, body: {} }),
  'endUsers.invite': ({ api, endUser: { id } }) =>
    api.ok('endUsers.invite', { params: { id }, body: { email: 'ada@example.com', expiresIn: 3600 } }),

  'partials.create': ({ api, workspaceId }) =>
    api.ok('partials.create', {
      body: { workspaceId, integrationName: 'slack', name: 'Strict', values: { a: 1 }, enforcedKeys: ['a'] },
    }),
  'partials.list': ({ api, workspaceId }) =>
    api.ok('partials.list', { query: { workspaceId, integrationName: 'slack' } }),
  'partials.get': ({ api, partial: { id } }) => api.ok('partials.get', { params: { id } }),
  'partials.update': ({ api, partial: { id } }) =>
    api.ok('partials.update', { params: { id }, body: { description: null } }),
  'partials.setDefault': ({ api, partial: { id } }) =>
    api.ok('partials.setDefault', { params: { id }, body: { isDefault: true } }),

  'actions.execute': async (world) => {
    const { api, workspaceId } = world
    await api.ok('actions.execute', {
      body: { integrationName: 'slack', actionName: 'list_users', workspaceId, input: {} },
    })
    await ask(world, 'held back')
  },

  'triggers.enable': ({ api, workspaceId }) => api.ok('triggers.enable', { body: trigger(workspaceId) }),
  'triggers.list': ({ api, workspaceId }) => api.ok('triggers.list', { query: { workspaceId } }),
  'triggers.test': ({ api }) =>
    api.ok('triggers.test', { body: { integrationName: 'slack', triggerName: 'new_message' } }),
  'triggers.disable': async ({ api, workspaceId }) => {
    const { triggerSource } = await api.ok('triggers.enable', { body: trigger(workspaceId) })
    return api.ok('triggers.disable', { body: { triggerSourceId: triggerSource.id } })
  },

  'mcpServers.create': ({ api, workspaceId }) =>
    api.ok('mcpServers.create', { body: { name: 'Another', workspaceId, endUserId: 'user_123' } }),
  'mcpServers.list': ({ api, workspaceId }) => api.ok('mcpServers.list', { query: { workspaceId } }),
  'mcpServers.get': ({ api, server: { id } }) => api.ok('mcpServers.get', { params: { id } }),
  'mcpServers.update': ({ api, server: { id } }) =>
    api.ok('mcpServers.update', { params: { id }, body: { settings: { mcpApp: { enabled: true } } } }),
  'mcpServers.regenerateToken': ({ api, server: { id } }) =>
    api.ok('mcpServers.regenerateToken', { params: { id } }),
  'mcpServers.createAccessToken': ({ api, server: { id } }) =>
    api.ok('mcpServers.createAccessToken', { params: { id }, body: { endUserId: 'user_123' } }),
  'mcpServers.createOAuthToken': ({ api, server: { id } }) =>
    api.ok('mcpServers.createOAuthToken', { params: { id }, body: { endUserId: 'user_123', expiresIn: 60 } }),
  'mcpServers.executeCode': ({ api, codeServer: { id } }) =>
    api.ok('mcpServers.executeCode', { params: { id }, body: { code: 'return 1' } }),
  'mcpServers.getDeclarations': ({ api, server: { id } }) =>
    api.ok('mcpServers.getDeclarations', { params: { id, alias: 'slack' } }),
  'mcpServers.tools.create': ({ api, server: { id } }) =>
    api.ok('mcpServers.tools.create', {
      params: { id },
      body: { integrationName: 'github', actionName: 'list_issues', inputDefaults: { owner: 'acme' } },
    }),
  'mcpServers.tools.update': ({ api, server: { id }, tool }) =>
    api.ok('mcpServers.tools.update', { params: { id, toolId: tool.id }, body: { sortOrder: 1 } }),

  'approvalPolicies.create': ({ api, workspaceId }) =>
    api.ok('approvalPolicies.create', {
      body: {
        ...{ name: 'Block', workspaceId, decision: 'block', actionNames: ['send_direct_message'] },
        ...{ riskMode: 'always', rules: { domainDenylist: ['evil.test'] }, reuseWindowSeconds: null },
        approvers: [{ type: 'webhook', webhookUrl: 'https://app.example/hook' }],
      },
    }),
  'approvalPolicies.list': ({ api }) => api.ok('approvalPolicies.list'),
  'approvalPolicies.get': ({ api, policy: { id } }) => api.ok('approvalPolicies.get', { params: { id } }),
  'approvalPolicies.update': ({ api, policy: { id } }) =>
    api.ok('approvalPolicies.update', { params: { id }, body: { priority: 1 } }),
  'approvalPolicies.test': ({ api }) =>
    api.ok('approvalPolicies.test', {
      body: {
        policy: { name: 'New' },
        context: { integrationName: 'slack', actionName: 'list_users', input: {} },
      },
    }),

  'approvals.list': ({ api, workspaceId }) =>
    api.ok('approvals.list', { query: { workspaceId, status: 'pending', limit: 5 } }),
  'approvals.get': async (world) =>
    world.api.ok('approvals.get', { params: { id: await ask(world, 'get') } }),
  'approvals.approve': async (world) => {
    const { api, decider: headers } = world
    const params = { id: await ask(world, 'approve') }
    await api.ok('approvals.approve', { params, headers, body: { reason: 'Fine' } })
    await api.refused('approvals.approve', 'APPROVAL_ALREADY_DECIDED', { params, headers })
  },
  'approvals.reject': async (world) =>
    world.api.ok('approvals.reject', {
      params: { id: await ask(world, 'no') },
      headers: world.decider,
      body: {},
    }),
  'approvals.cancel': async (world) =>
    world.api.ok('approvals.cancel', {
      params: { id: await ask(world, 'stop') },
      headers: world.decider,
      body: {},
    }),

  'apiKeys.list': ({ api }) => api.ok('apiKeys.list'),
  'apiKeys.create': ({ api, workspaceId }) =>
    api.ok('apiKeys.create', {
      body: { name: 'CI', permissions: { scope: 'workspace', workspaceIds: [workspaceId] } },
    }),
  'apiKeys.delete': async ({ api }) => {
    const { apiKey } = await api.ok('apiKeys.create', { body: { name: 'Short-lived', expiresAt: null } })
    return api.ok('apiKeys.delete', { params: { id: apiKey.id } })
  },

  'mcpServers.tools.delete': ({ api, server: { id }, tool }) =>
    api.ok('mcpServers.tools.delete', { params: { id, toolId: tool.id } }),
  'mcpServers.delete': ({ api, server: { id } }) => api.ok('mcpServers.delete', { params: { id } }),
  'approvalPolicies.delete': ({ api, policy: { id } }) =>
    api.ok('approvalPolicies.delete', { params: { id } }),
  'partials.delete': ({ api, partial: { id } }) => api.ok('partials.delete', { params: { id } }),
  'workspaces.integrations.delete': ({ api, workspaceId, integration: { id } }) =>
    api.ok('workspaces.integrations.delete', { params: { workspaceId, id } }),
  'connections.delete': ({ api, slack: { id } }) => api.ok('connections.delete', { params: { id } }),
  'endUsers.delete': ({ api, endUser: { id } }) => api.ok('endUsers.delete', { params: { id } }),
  'workspaces.delete': ({ api, workspaceId: id }) => api.ok('workspaces.delete', { params: { id } }),
}
