import { expect, it } from 'vitest'
import type { McpTool } from '../../../src/contract/mcp-tools.js'
import { throughBothDoors } from '../door.js'
import { configure, makeConnection, makeWorkspace, nobody } from '../world.js'
import { adding, addSlack, begin, connect } from './kit.js'

const shape = (tools: readonly McpTool[]) =>
  tools.map(({ integrationAlias, actionName }) => `${integrationAlias}/${actionName}`)

throughBothDoors('The tools of an MCP server', (open) => {
  it('are those of the workspace: one for each enabled action, in the order of the integrations', async () => {
    const { api, workspaceId, makeServer, toolsOf } = await begin(open)
    const { integration } = await addSlack(api, workspaceId, {
      enabledActions: ['list_users', 'send_channel_message', 'no_such_action'],
      sortOrder: 2,
    })
    await configure(api, workspaceId, { integrationName: 'hash-encode', alias: 'hash', sortOrder: 1 })
    await configure(api, workspaceId, { integrationName: 'kv-store', enabledActions: [] })
    const { server } = await makeServer()
    const tools = await toolsOf(server.id)
    expect(shape(tools)).toEqual([
      ...['hash/hash', 'hash/encode', 'hash/decode', 'hash/generate_uuid'],
      ...['slack/send_channel_message', 'slack/list_users'],
    ])
    expect(tools.at(-1)).toEqual({
      id: expect.any(String),
      mcpServerId: server.id,
      ...{
        integrationName: 'slack',
        integrationAlias: 'slack',
        actionName: 'list_users',
        toolType: 'ACTION',
      },
      ...{ connectionId: null, displayName: null, description: null, inputDefaults: null, partialIds: null },
      ...{ sortOrder: 0, sourceWorkspaceIntegrationId: integration.id },
    })
  })

  it('follow the workspace at once: added, renamed, narrowed, widened and removed integrations', async () => {
    const { api, workspaceId, makeServer, toolsOf } = await begin(open)
    const { server } = await makeServer()
    const { server: second } = await makeServer()
    const other = await makeWorkspace(api, 'globex')
    const { server: foreign } = await makeServer({ workspaceId: other.id })
    const { integration } = await addSlack(api, workspaceId)
    const patch = (body: object) =>
      api.ok('workspaces.integrations.update', { params: { workspaceId, id: integration.id }, body })
    const added = await toolsOf(server.id)
    expect(shape(added)).toEqual(['slack/send_channel_message', 'slack/list_users'])
    expect(shape(await toolsOf(second.id))).toEqual(shape(added))

    await patch({ alias: 'slack_bot' })
    const renamed = await toolsOf(server.id)
    expect(shape(renamed)).toEqual(['slack_bot/send_channel_message', 'slack_bot/list_users'])
    expect(renamed.map(({ id }) => id)).toEqual(added.map(({ id }) => id))

    await patch({ enabledActions: ['list_users'] })
    expect(shape(await toolsOf(server.id))).toEqual(['slack_bot/list_users'])
    await patch({ enabledActions: null })
    expect(await toolsOf(server.id)).toHaveLength(41)
    await patch({ enabledActions: [] })
    expect(await toolsOf(server.id)).toEqual([])
    await patch({ enabledActions: ['list_users'] })
    await api.ok('workspaces.integrations.delete', { params: { workspaceId, id: integration.id } })
    for (const { id } of [server, second, foreign]) expect(await toolsOf(id)).toEqual([])
  })

  it('keep what was changed, removed or added by hand when the workspace changes', async () => {
    const { api, workspaceId, makeServer, toolsOf } = await begin(open)
    const { integration } = await addSlack(api, workspaceId)
    const { server } = await makeServer()
    const [send, list] = (await toolsOf(server.id)) as [McpTool, McpTool]
    const place = (tool: McpTool) => ({ params: { id: server.id, toolId: tool.id } })
    await api.ok('mcpServers.tools.update', { ...place(send), body: { description: 'Tells the team' } })
    await api.ok('mcpServers.tools.delete', place(list))
    const own = await adding(api, server.id)({ integrationAlias: 'mine' })
    expect(own.sourceWorkspaceIntegrationId).toBeNull()
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { displayName: 'Bot', alias: 'bot' } })
    expect(await toolsOf(server.id)).toEqual([
      { ...send, integrationAlias: 'bot', description: 'Tells the team' },
      own,
    ])
    await api.ok('workspaces.integrations.delete', { params })
    expect(await toolsOf(server.id)).toEqual([own])
  })

  it('leave a place to the tool that was there first, made by hand', async () => {
    const { api, workspaceId, makeServer, toolsOf } = await begin(open)
    const { server } = await makeServer()
    const own = await adding(api, server.id)()
    await adding(api, server.id)({ integrationName: 'github', actionName: 'x', integrationAlias: 'kv-store' })
    await addSlack(api, workspaceId)
    await configure(api, workspaceId, { integrationName: 'kv-store' })
    const tools = await toolsOf(server.id)
    expect(shape(tools)).toEqual(['slack/list_users', 'kv-store/x', 'slack/send_channel_message'])
    expect(tools[0]).toEqual(own)
  })

  it('are shown by sortOrder, and make their integrations registered', async () => {
    const { api, makeServer, toolsOf } = await begin(open)
    const { server } = await makeServer()
    const add = adding(api, server.id)
    await add({ actionName: 'b', sortOrder: 2 })
    await add({ actionName: 'a', sortOrder: 2 })
    await add({ actionName: 'c', sortOrder: 1 })
    expect(shape(await toolsOf(server.id))).toEqual(['slack/c', 'slack/b', 'slack/a'])
    expect((await api.ok('integrations.listSummary', { query: { summary: true } })).registered).toEqual([
      'slack',
    ])
  })

  it('are changed by hand, field by field', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const { connection } = await addSlack(api, workspaceId)
    const { server } = await makeServer()
    const tool = await adding(api, server.id)({ actionName: 'anything', description: 'First', sortOrder: 3 })
    const call = (body: object) => ({ params: { id: server.id, toolId: tool.id }, body })
    const changes = {
      ...{
        displayName: 'People',
        description: null,
        inputDefaults: { limit: 5 },
        connectionId: connection.id,
      },
      ...{ sortOrder: 9, integrationAlias: 'people' },
    }
    const { tool: changed } = await api.ok('mcpServers.tools.update', call(changes))
    expect(changed).toEqual({ ...tool, ...changes })
    await api.refused('mcpServers.tools.update', 'NO_UPDATES', call({}))
    const { tool: unpinned } = await api.ok('mcpServers.tools.update', call({ connectionId: null }))
    expect(unpinned).toEqual({ ...changed, connectionId: null })
  })

  it('are refused where they do not fit', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const other = await makeWorkspace(api, 'globex')
    const foreign = await makeConnection(api, { workspaceId: other.id, externalId: 'away' })
    const github = await makeConnection(api, { integrationName: 'github', externalId: 'gh' })
    await addSlack(api, workspaceId)
    const { server } = await makeServer()
    const call = (fields: Record<string, unknown>) => ({
      params: { id: server.id },
      body: { integrationName: 'slack', actionName: 'x', ...fields },
    })
    const create = 'mcpServers.tools.create'
    await api.refused(create, 'NOT_FOUND', { ...call({}), params: { id: nobody } })
    await api.refused(create, 'INTEGRATION_NOT_FOUND', call({ integrationName: 'nothing' }))
    await api.refused(create, 'DUPLICATE', call({ actionName: 'list_users' }))
    await api.refused(
      create,
      'ALIAS_CONFLICT',
      call({ integrationName: 'github', integrationAlias: 'slack' }),
    )
    await api.refused(create, 'CONNECTION_NOT_FOUND', call({ connectionId: nobody }))
    for (const { id } of [foreign, github]) {
      const { paths } = await api.refused(create, 'VALIDATION_ERROR', call({ connectionId: id }))
      expect(paths).toEqual(['body.connectionId'])
    }
    for (const alias of ['Slack', '1slack', 'slack bot', '']) {
      const { paths } = await api.refused(create, 'VALIDATION_ERROR', call({ integrationAlias: alias }))
      expect(paths).toEqual(['body.integrationAlias'])
    }
    await api.refused(create, 'VALIDATION_ERROR', call({ toolType: 'RESOURCE' }))
    await api.refused(create, 'PARTIAL_NOT_FOUND', call({ partialIds: ['nothing'] }))
  })

  it('cannot be moved onto another, and are of one server', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addSlack(api, workspaceId)
    const { server } = await makeServer()
    const { server: second } = await makeServer()
    const tool = await adding(api, server.id)({ integrationAlias: 'mine' })
    const git = await adding(api, server.id)({ integrationName: 'github' })
    const update = (toolId: string, body: object, id = server.id) => ({ params: { id, toolId }, body })
    const onto = { integrationAlias: 'slack' }
    await api.refused('mcpServers.tools.update', 'DUPLICATE', update(tool.id, onto))
    await api.refused('mcpServers.tools.update', 'ALIAS_CONFLICT', update(git.id, onto))
    await api.refused('mcpServers.tools.update', 'NOT_FOUND', update(tool.id, onto, second.id))
    await api.refused('mcpServers.tools.update', 'NOT_FOUND', update(nobody, onto))
    const params = { id: second.id, toolId: tool.id }
    await api.refused('mcpServers.tools.delete', 'NOT_FOUND', { params })
    const own = { params: { id: server.id, toolId: tool.id } }
    expect(await api.ok('mcpServers.tools.delete', own)).toEqual({ deleted: true, id: tool.id })
    await api.refused('mcpServers.tools.delete', 'NOT_FOUND', own)
  })
})

throughBothDoors('The names of MCP tools', (open) => {
  it('have no hyphens of the alias; of two that come out the same, the first has it', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    for (const alias of ['my-hash', 'my_hash']) {
      const body = { integrationName: 'hash-encode', alias, displayName: alias, enabledActions: ['hash'] }
      await configure(api, workspaceId, body)
    }
    const client = await connect(api, mcpEndpoint, bearerToken)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['my_hash__hash'])
    const input = { text: 'abc', algorithm: 'sha256', encoding: 'hex' }
    const { structuredContent } = await client.callTool({ name: 'my_hash__hash', arguments: input })
    expect(structuredContent).toEqual({
      hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
  })

  it('carry the title and the description of the tool', async () => {
    const { api, makeServer } = await begin(open)
    const { server, bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    await adding(api, server.id)({ actionName: 'nothing', displayName: 'Nothing', description: 'Does it' })
    const client = await connect(api, mcpEndpoint, bearerToken)
    expect((await client.listTools()).tools).toEqual([
      {
        ...{ name: 'slack__nothing', title: 'Nothing', description: 'Does it' },
        inputSchema: { type: 'object', properties: {} },
      },
    ])
    expect(await client.callTool({ name: 'slack__nothing' })).toMatchObject({
      isError: true,
      structuredContent: { code: 'ACTION_NOT_FOUND' },
    })
  })
})
