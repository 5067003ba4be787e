import { describe, expect, it } from 'vitest'
import { createMockWeavz, SeedError, type Seed } from '@weavz/sdk/mock'
import { receiver } from '../receiver.js'
import { clientOf } from './world.js'

const pinned = '11111111-1111-4111-8111-111111111111'

/** An agent with tools, a trigger, a policy and a user who is about to connect. */
const agentSeed = {
  now: '2025-01-15T10:30:00.000Z',
  integrations: {
    slack: { triggers: { new_message: { sample: { text: 'Hi' } } }, actions: { wave: { input: {} } } },
    'acme-crm': {
      ...{ displayName: 'Acme CRM', category: 'SALES_AND_CRM' },
      auth: [{ key: 'api_key', type: 'SECRET_TEXT' }],
      actions: { create_lead: { input: { email: { type: 'string', required: true } } } },
    },
  },
  workspaces: { acme: {} },
  endUsers: { ava: { workspace: 'acme', externalId: 'user_1' } },
  connections: {
    bot: { workspace: 'acme', integrationName: 'slack' },
    crm: { workspace: 'acme', integrationName: 'acme-crm' },
  },
  workspaceIntegrations: {
    slack_bot: {
      ...{ workspace: 'acme', integrationName: 'slack', connection: 'bot' },
      enabledActions: ['send_channel_message'],
    },
  },
  partials: { loud: { workspaceIntegration: 'slack_bot', values: { channel: '#loud' } } },
  mcpServers: {
    assistant: { endUser: 'ava', authMode: 'bearer', bearerToken: 'mcp_of_the_assistant' },
    coder: { workspace: 'acme', mode: 'CODE', id: pinned },
  },
  mcpTools: {
    lead: {
      mcpServer: 'assistant',
      integrationName: 'acme-crm',
      actionName: 'create_lead',
      connection: 'crm',
    },
    shout: {
      ...{ mcpServer: 'assistant', integrationName: 'slack', integrationAlias: 'megaphone' },
      ...{ actionName: 'send_channel_message', connection: 'bot', partials: ['loud'] },
    },
  },
  triggers: {
    messages: {
      ...{ workspaceIntegration: 'slack_bot', triggerName: 'new_message' },
      ...{ callbackUrl: 'https://app.example.com/events', callbackHeaders: { 'x-app': 'hush-hush' } },
    },
  },
  approvalPolicies: {
    messages: { workspace: 'acme', workspaceIntegrations: ['slack_bot'], mcpServers: ['coder'] },
  },
  connectSessions: { github: { token: 'cst_of_ava', endUser: 'ava', integrationName: 'github' } },
} satisfies Seed

describe('a seed', () => {
  it('holds MCP servers, with the tools of the workspace and those added by hand', async () => {
    const weavz = createMockWeavz({ seed: agentSeed })
    const client = clientOf(weavz)
    const { mcpServers, mcpTools, connections, partials } = weavz.seeded
    const { server, tools } = await client.mcpServers.get(mcpServers.assistant)
    expect(server).toMatchObject({ name: 'assistant', endUserId: 'user_1', authMode: 'bearer' })
    expect(tools.filter(({ sourceWorkspaceIntegrationId }) => sourceWorkspaceIntegrationId === null)).toEqual(
      [
        expect.objectContaining({ id: mcpTools.lead, connectionId: connections.crm }),
        expect.objectContaining({
          ...{ id: mcpTools.shout, integrationAlias: 'megaphone' },
          ...{ connectionId: connections.bot, partialIds: [partials.loud] },
        }),
      ],
    )
    expect(tools).toHaveLength(3)
    const answer = await weavz.fetch(server.mcpEndpoint, {
      method: 'POST',
      headers: {
        ...{ authorization: 'Bearer mcp_of_the_assistant', 'content-type': 'application/json' },
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    })
    expect((await answer.json()).result.tools).toHaveLength(3)
    expect(mcpServers.coder).toBe(pinned)
    expect((await client.mcpServers.get(pinned)).server).toMatchObject({ mode: 'CODE', createdBy: null })
  })

  it('holds triggers that fire, also those of integrations that only the seed knows', async () => {
    const { received, deliveryFetch } = receiver()
    const weavz = createMockWeavz({ seed: agentSeed, deliveryFetch })
    const { triggers } = await clientOf(weavz).triggers.list()
    expect(triggers.map(({ id }) => id)).toEqual([weavz.seeded.triggers.messages])
    await weavz.emit(weavz.seeded.triggers.messages, { text: 'Hello' })
    expect(received[0]).toMatchObject({
      headers: { 'x-app': 'hush-hush' },
      body: { data: { text: 'Hello' } },
    })
    const { sampleData } = await clientOf(weavz).triggers.test('slack', 'new_message')
    expect(sampleData).toEqual({ text: 'Hi' })
    const { integration } = await clientOf(weavz).integrations.get('slack')
    expect(Object.keys(integration.actions)).toEqual(expect.arrayContaining(['wave', 'send_channel_message']))
  })

  it('holds approval policies, which ask from the first call on', async () => {
    const weavz = createMockWeavz({ seed: agentSeed })
    const { approvalPolicies, workspaces, workspaceIntegrations, mcpServers } = weavz.seeded
    const { policy } = await clientOf(weavz).approvalPolicies.get(approvalPolicies.messages)
    expect(policy).toMatchObject({
      ...{ name: 'messages', workspaceId: workspaces.acme, mcpServerIds: [mcpServers.coder] },
      workspaceIntegrationIds: [workspaceIntegrations.slack_bot],
    })
  })

  it('holds connect sessions that wait for their user', async () => {
    const weavz = createMockWeavz({ seed: agentSeed })
    const { token } = agentSeed.connectSessions.github
    const client = clientOf(weavz)
    expect(await client.connect.poll(token)).toMatchObject({ status: 'PENDING', externalId: 'github' })
    await weavz.user.approve(token)
    expect((await client.connect.getSession(weavz.seeded.connectSessions.github)).session.status).toBe(
      'COMPLETED',
    )
    weavz.reset()
    expect((await client.connect.poll(token)).status).toBe('PENDING')
  })

  it('goes into forks and snapshots with all of its sections', async () => {
    const weavz = createMockWeavz({ seed: agentSeed })
    await weavz.ready
    const elsewhere = createMockWeavz({ seed: { integrations: agentSeed.integrations } })
    elsewhere.restore(weavz.snapshot())
    for (const copy of [weavz.fork(), elsewhere]) {
      expect(copy.snapshot()).toBe(weavz.snapshot())
      const client = clientOf({ apiKey: weavz.apiKey, fetch: copy.fetch })
      expect((await client.mcpServers.list()).total).toBe(2)
      expect((await client.triggers.list()).total).toBe(1)
    }
    const text = weavz.snapshot()
    for (const secret of ['mcp_of_the_assistant', 'cst_of_ava', 'hush-hush'])
      expect(text).not.toContain(secret)
  })

  it('has the same ids at every start', async () => {
    const [one, other] = [createMockWeavz({ seed: agentSeed }), createMockWeavz({ seed: agentSeed })]
    await Promise.all([one.ready, other.ready])
    expect(one.seeded).toEqual(other.seeded)
    expect(one.snapshot()).toBe(other.snapshot())
  })

  it.each<[object, RegExp]>([
    [{ mcpServers: { a: { workspace: 'acne' } } }, /mcpServers\.a\.workspace: .*Did you mean "acme"\?/],
    [{ mcpServers: { a: {} } }, /mcpServers\.a\.workspace: Required/],
    [{ mcpServers: { a: { workspace: 'acme', bearerToken: 'x' } } }, /a\.bearerToken: Must begin with mcp_/],
    [
      { mcpServers: { a: { workspace: 'acme', bearerToken: 'mcp_a' } } },
      /a\.bearerToken: The server has no static token/,
    ],
    [
      { mcpServers: { a: { workspace: 'acme', mode: 'TOOL' } } },
      /mcpServers\.a\.mode: Expected one of "TOOLS"/,
    ],
    [{ mcpTools: { t: { integrationName: 'slack', actionName: 'x' } } }, /mcpTools\.t\.mcpServer: Required/],
    [{ mcpTools: { t: { mcpServer: 'assistent' } } }, /t\.mcpServer: .*Did you mean "assistant"\?/],
    [
      {
        mcpTools: {
          t: { mcpServer: 'assistant', integrationName: 'slack', actionName: 'x', partials: ['load'] },
        },
      },
      /mcpTools\.t\.partials: .*called "load" in partials\. Did you mean "loud"\?/,
    ],
    [
      {
        mcpTools: {
          t: { mcpServer: 'assistant', integrationName: 'acme-crm', actionName: 'x', connection: 'bot' },
        },
      },
      /mcpTools\.t\.connection: Is a connection of "slack"/,
    ],
    [
      {
        triggers: {
          t: { workspaceIntegration: 'slack_bot', triggerName: 'nope', callbackUrl: 'https://a.test' },
        },
      },
      /triggers\.t: "slack" has no trigger "nope"/,
    ],
    [
      {
        triggers: { t: { workspaceIntegration: 'slack_bot', triggerName: 'new_message', callbackUrl: 'a' } },
      },
      /triggers\.t\.callbackUrl: Expected an http or https URL/,
    ],
    [
      { approvalPolicies: { p: { workspaceIntegrations: ['slackbot'] } } },
      /p\.workspaceIntegrations: .*Did you mean "slack_bot"\?/,
    ],
    [{ approvalPolicies: { p: { decision: 'ask' } } }, /approvalPolicies\.p\.decision: Expected one of/],
    [
      { connectSessions: { s: { workspace: 'acme', integrationName: 'github' } } },
      /s\.token: Must begin with cst_/,
    ],
    [
      { connectSessions: { s: { token: 'cst_s', workspace: 'acme', integrationName: 'datetime' } } },
      /connectSessions\.s\.integrationName: "datetime" needs no account/,
    ],
    [
      {
        connectSessions: {
          s: { token: 'cst_s', workspace: 'acme', integrationName: 'github' },
          t: { token: 'cst_s', workspace: 'acme', integrationName: 'github' },
        },
      },
      /connectSessions\.s\.token: Is that of another one, too/,
    ],
    [
      { apiKeys: { a: { key: 'wvz_a' }, b: { key: 'wvz_a' } } },
      /apiKeys\.a\.key: Is that of another one, too/,
    ],
    [
      { partials: { p: { workspaceIntegration: ['slack_bot'], values: {} } } },
      /partials\.p\.workspaceIntegration/,
    ],
    [
      { approvalPolicies: { p: { mcpServers: 'assistant' } } },
      /approvalPolicies\.p\.mcpServers: Expected array/,
    ],
    [{ approvalPolicies: { p: { mcpServers: [[5]] } } }, /approvalPolicies\.p\.mcpServers: .*called 5/],
    [{ integrations: { crm: { displayName: 'CRM' } } }, /integrations\.crm: .*entry\.auth/],
    [
      { integrations: { slack: { triggers: { t: { input: 5 } } } } },
      /integrations\.slack: .*triggers\.t\.input/,
    ],
    [{ mcpServer: {} }, /seed\.mcpServer: Unknown field/],
  ])('says where it is wrong: %j', async (sections, expected) => {
    const { endUsers: _users, approvalPolicies: _policies, connectSessions: _sessions, ...rest } = agentSeed
    const { mcpServers, ...world } = rest
    const base = { ...world, endUsers: agentSeed.endUsers, triggers: {}, mcpTools: {} }
    const seed = { ...base, mcpServers, ...sections } as Seed
    const error = await (async () => createMockWeavz({ seed }).ready)().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(SeedError)
    expect((error as Error).message).toMatch(expected)
  })
})
