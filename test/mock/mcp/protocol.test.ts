import { expect, it } from 'vitest'
import type { ActionCall } from '../../../src/mock/index.js'
import { hush, throughBothDoors } from '../door.js'
import { configure, makeConnection, makeEndUser } from '../world.js'
import { addPersonalSlack, addSlack, begin, connect } from './kit.js'

throughBothDoors('The MCP endpoint', (open) => {
  it('is where the server says, and lists its tools to the official client', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addSlack(api, workspaceId)
    const { server, bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    expect(mcpEndpoint).toBe(`${api.url}/mcp/srv_${server.id}`)
    expect(server.mcpEndpoint).toBe(mcpEndpoint)
    const client = await connect(api, mcpEndpoint, bearerToken)
    expect(client.getServerVersion()).toMatchObject({ name: 'Support' })
    const { tools } = await client.listTools()
    expect(tools).toEqual([
      {
        name: 'slack__send_channel_message',
        title: 'Send channel message',
        description: 'Send channel message',
        inputSchema: {
          type: 'object',
          properties: {
            channel: { type: 'string' },
            text: { type: 'string' },
            blocks: { type: 'object', properties: {} },
            thread_ts: { type: 'string' },
            unfurl_links: { type: 'boolean' },
          },
          required: ['channel', 'text'],
        },
      },
      expect.objectContaining({ name: 'slack__list_users' }),
    ])
  })

  it('runs an action for the end user of the token, on their own account', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const { connection } = await addPersonalSlack(api, workspaceId)
    const { server, mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const { bearerToken } = await api.ok('mcpServers.createAccessToken', {
      params: { id: server.id },
      body: { endUserId: 'user_123' },
    })
    const calls: ActionCall[] = []
    api.weavz.onAction('slack', 'send_channel_message', (call) => {
      calls.push(call)
      return { ok: true, ts: '1' }
    })
    const client = await connect(api, mcpEndpoint, bearerToken)
    const input = { channel: 'C1', text: 'Hi' }
    const result = await client.callTool({ name: 'slack__send_channel_message', arguments: input })
    expect(result).toEqual({
      content: [{ type: 'text', text: '{"ok":true,"ts":"1"}' }],
      structuredContent: { ok: true, ts: '1' },
    })
    expect(calls).toMatchObject([{ input, connection, endUser: { externalId: 'user_123' } }])
  })

  it('gives what is no object as text alone', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addSlack(api, workspaceId)
    api.weavz.onAction('slack', 'list_users', () => ['ada', 'bob'])
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const client = await connect(api, mcpEndpoint, bearerToken)
    const result = await client.callTool({ name: 'slack__list_users' })
    expect(result).toEqual({ content: [{ type: 'text', text: '["ada","bob"]' }] })
  })

  it('keeps the state of each end user apart', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await configure(api, workspaceId, { integrationName: 'kv-store' })
    const { server, mcpEndpoint } = await makeServer({ authMode: 'oauth_and_bearer' })
    const clients = await Promise.all(
      ['ada', 'bob'].map(async (endUserId) => {
        await makeEndUser(api, workspaceId, endUserId)
        const { accessToken } = await api.ok('mcpServers.createOAuthToken', {
          params: { id: server.id },
          body: { endUserId },
        })
        return connect(api, mcpEndpoint, accessToken)
      }),
    )
    const [ada, bob] = clients
    await ada?.callTool({ name: 'kv_store__put', arguments: { key: 'k', value: { mine: true } } })
    const get = { name: 'kv_store__get', arguments: { key: 'k' } }
    expect(await ada?.callTool(get)).toMatchObject({
      structuredContent: { value: { mine: true }, found: true },
    })
    expect(await bob?.callTool(get)).toMatchObject({ structuredContent: { value: null, found: false } })
  })

  it('leaves in the journal how its connection was chosen, and what was opened', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const { connection } = await addPersonalSlack(api, workspaceId)
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer', endUserId: 'user_123' })
    const client = await connect(api, mcpEndpoint, bearerToken)
    api.weavz.onAction('slack', 'send_channel_message', () => 'sent')
    await client.callTool({ name: 'slack__send_channel_message', arguments: { channel: 'C1', text: 'Hi' } })
    const calls = api.weavz.journal.list().filter(({ resolutions }) => resolutions.length > 0)
    expect(calls).toMatchObject([
      {
        request: { method: 'POST', path: new URL(mcpEndpoint).pathname },
        resolutions: [{ outcome: 'resolved', connectionId: connection.id }],
        openings: [{ connectionId: connection.id, purpose: 'execute' }],
      },
    ])
  })

  it('refuses in the result what execute would refuse', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    await makeEndUser(api, workspaceId, 'bob')
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer', endUserId: 'bob' })
    const client = await connect(api, mcpEndpoint, bearerToken)
    const result = await client.callTool({
      name: 'slack__send_channel_message',
      arguments: { channel: 'C1', text: 'Hi' },
    })
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^CONNECTION_REQUIRED: .*"bob"/) }],
      structuredContent: {
        code: 'CONNECTION_REQUIRED',
        details: { reason: 'END_USER_NOT_CONNECTED', endUserId: 'bob' },
      },
    })
  })

  it('checks inputs against the catalog, and lets no credential out of a failing action', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addSlack(api, workspaceId)
    api.weavz.onAction('slack', 'list_users', ({ credentials }) => {
      throw new Error(`Slack refused ${credentials?.accessToken?.reveal()}`)
    })
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const client = await connect(api, mcpEndpoint, bearerToken)
    const wrong = await client.callTool({ name: 'slack__send_channel_message', arguments: { channel: 7 } })
    expect(wrong).toMatchObject({
      isError: true,
      structuredContent: {
        code: 'VALIDATION_ERROR',
        details: { issues: [{ path: 'body.input.channel' }, { path: 'body.input.text' }] },
      },
    })
    const failed = await client.callTool({ name: 'slack__list_users' })
    expect(failed).toMatchObject({ isError: true, structuredContent: { code: 'ACTION_FAILED' } })
    expect(JSON.stringify(failed)).toContain('Slack refused')
    expect(JSON.stringify(failed)).not.toContain(hush)
  })

  it('answers a tool that the server does not have with an error of the protocol', async () => {
    const { api, makeServer } = await begin(open)
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const client = await connect(api, mcpEndpoint, bearerToken)
    await expect(client.callTool({ name: 'slack__nothing' })).rejects.toMatchObject({ code: -32602 })
  })

  it('asks for an approval like execute, and runs the repeated call once it is given', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addSlack(api, workspaceId)
    const { server, bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    await api.ok('approvalPolicies.create', { body: { name: 'Ask', workspaceId, sources: ['mcp_tools'] } })
    const client = await connect(api, mcpEndpoint, bearerToken)
    const call = { name: 'slack__list_users', arguments: {} }
    const asked = (await client.callTool(call)) as unknown as {
      structuredContent: { approval: { id: string } }
    }
    expect(asked).toMatchObject({ structuredContent: { status: 'approval_required' } })
    const { id } = asked.structuredContent.approval
    const { approval } = await api.ok('approvals.get', { params: { id } })
    expect(approval).toMatchObject({
      ...{ source: 'mcp_tools', mcpServerId: server.id, mcpMode: 'TOOLS', mcpAuthMode: 'bearer' },
      requestedByType: 'mcp_token',
    })
    expect(await client.callTool(call)).toEqual(asked)
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
    })
    const headers = { authorization: `Bearer ${plainKey}` }
    await api.ok('approvals.approve', { params: { id }, headers, body: {} })
    expect(await client.callTool(call)).toMatchObject({ structuredContent: { mock: true } })
    expect(await client.callTool(call)).toMatchObject({ structuredContent: { status: 'approval_required' } })
  })
})

throughBothDoors('A tool with a connection of its own', (open) => {
  it('runs on it, and fails once it is deleted, though the workspace has another', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addSlack(api, workspaceId)
    const own = await makeConnection(api, { workspaceId, externalId: 'own' })
    const { server, bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const { tool } = await api.ok('mcpServers.tools.create', {
      params: { id: server.id },
      body: {
        ...{ integrationName: 'slack', actionName: 'list_users', integrationAlias: 'other-slack' },
        connectionId: own.id,
      },
    })
    const used: (string | undefined)[] = []
    api.weavz.onAction('slack', 'list_users', ({ connection }) => void used.push(connection?.id))
    const client = await connect(api, mcpEndpoint, bearerToken)
    await client.callTool({ name: 'other_slack__list_users' })
    expect(used).toEqual([own.id])
    await api.ok('connections.delete', { params: { id: own.id } })
    expect(await client.callTool({ name: 'other_slack__list_users' })).toMatchObject({
      isError: true,
      structuredContent: { code: 'CONNECTION_REQUIRED', details: { reason: 'PINNED_CONNECTION_DELETED' } },
    })
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('other_slack__list_users')
    const params = { id: server.id, toolId: tool.id }
    await api.ok('mcpServers.tools.update', { params, body: { connectionId: null } })
    expect(await client.callTool({ name: 'other_slack__list_users' })).not.toHaveProperty('isError')
    expect(used).toHaveLength(2)
  })
})
