import { expect, it } from 'vitest'
import { hush, throughBothDoors } from '../door.js'
import { configure, makeEndUser, nobody } from '../world.js'
import { evaluate, waiting, withCode } from './code-kit.js'
import { addPersonalSlack, begin, connect } from './kit.js'

const listUsers = "const users = await weavz.slack.list_users({ limit: 2 }); log('read'); return users.length"

throughBothDoors('Code mode', (open) => {
  it('runs no code without a handler, and says so', async () => {
    const { refused } = await withCode(open)
    const { error } = await refused('ACTION_FAILED', { code: 'return 1' })
    expect(error).toContain('runs no code')
    expect(error).toContain('onExecuteCode')
  })

  it('answers with the output of the handler, its logs and the actions that it called', async () => {
    const { api, execute } = await withCode(open)
    api.weavz.onAction('slack', 'list_users', ({ input }) => Array(input.limit).fill('user'))
    api.weavz.onExecuteCode(evaluate)
    expect(await execute({ code: listUsers })).toEqual({
      content: [{ type: 'text', text: '2' }],
      structuredContent: {
        ...{ status: 'completed', output: 2, logs: ['read'], durationMs: 0 },
        actions: [{ tool: 'slack__list_users', status: 'completed', durationMs: 0 }],
      },
      isError: false,
    })
  })

  it('runs and tells each action with what it got, whatever the code does with the object later', async () => {
    const { api, execute } = await withCode(open)
    const ran: unknown[] = []
    api.weavz.onAction('slack', 'list_users', ({ input }) => void ran.push(input))
    api.weavz.onExecuteCode(async ({ weavz }) => {
      const input = { limit: 1, where: { team: 'a' } }
      const first = weavz['slack']!['list_users']!(input)
      input.limit = 2
      input.where.team = 'b'
      await first
      await weavz['slack']!['list_users']!(input)
      input.limit = 3
    })
    await execute({ code: 'x' })
    const inputs = [
      { limit: 1, where: { team: 'a' } },
      { limit: 2, where: { team: 'b' } },
    ]
    expect(ran).toEqual(inputs)
    const entry = api.weavz.calls('mcpServers.executeCode').at(-1)
    expect(entry?.executions.map(({ input }) => input)).toEqual(inputs)
    // Each asked for a connection, though with the same request
    expect(entry?.resolutions.map(({ outcome }) => outcome)).toEqual(['resolved', 'resolved'])
  })

  it('hands no action what cannot be sent', async () => {
    const { api, execute } = await withCode(open)
    api.weavz.onExecuteCode(({ weavz }) => {
      const input: Record<string, unknown> = {}
      input['self'] = input
      return weavz['slack']!['list_users']!(input)
    })
    expect(await execute({ code: 'x' })).toMatchObject({ structuredContent: { status: 'failed' } })
    expect(api.weavz.calls('mcpServers.executeCode').at(-1)?.executions).toEqual([])
  })

  it('tells the handler for whom and where it runs', async () => {
    const { api, workspaceId, execute, patchServer, server } = await withCode(open)
    await makeEndUser(api, workspaceId)
    await patchServer(server.id, { endUserId: 'user_123' })
    api.weavz.onExecuteCode(({ code, workspaceId: where, endUserId }) => ({ code, where, endUserId }))
    expect(await execute({ code: 'x' })).toMatchObject({
      structuredContent: { output: { code: 'x', where: workspaceId, endUserId: 'user_123' } },
    })
  })

  it('has a place for an alias that every object has already', async () => {
    const { api, workspaceId, execute } = await withCode(open)
    const hash = { integrationName: 'hash-encode', alias: 'constructor', enabledActions: ['hash'] }
    await configure(api, workspaceId, hash)
    api.weavz.onExecuteCode(evaluate)
    const input = JSON.stringify({ text: 'abc', algorithm: 'sha1', encoding: 'hex' })
    const result = await execute({ code: `return weavz.constructor.hash(${input})` })
    const output = { hash: 'a9993e364706816aba3e25717850c26c9cd0d89d' }
    expect(result).toMatchObject({ structuredContent: { status: 'completed', output } })
    expect(Object).not.toHaveProperty('hash')
  })

  it('reports what the code threw, without credentials', async () => {
    const { api, execute } = await withCode(open)
    api.weavz.onAction('slack', 'list_users', ({ credentials }) => {
      throw new Error(`refused ${credentials?.accessToken?.reveal()}`)
    })
    api.weavz.onExecuteCode(evaluate)
    const result = await execute({ code: listUsers })
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status: 'failed', actions: [{ tool: 'slack__list_users', status: 'failed' }] },
    })
    expect(JSON.stringify(result)).toContain('refused')
    expect(JSON.stringify(result)).not.toContain(hush)
  })

  it('takes exactly one of code and approvalId, and no wait longer than a minute', async () => {
    const { api, refused } = await withCode(open)
    api.weavz.onExecuteCode(evaluate)
    for (const body of [{}, { code: '1', approvalId: 'apr_1' }, { code: '1', waitForApprovalSeconds: 61 }]) {
      await refused('VALIDATION_ERROR', body)
    }
    await refused('APPROVAL_NOT_FOUND', { approvalId: 'apr_00000000000000000000000000000000' })
    const unknown = { params: { id: nobody }, body: { code: '1' } }
    await api.refused('mcpServers.executeCode', 'NOT_FOUND', unknown)
  })
})

throughBothDoors('A run of code that needs an approval', (open) => {
  it('ends, though the code catches everything, and says how to continue', async () => {
    const { api, result, approvalId, ran, server, execute } = await waiting(open)
    expect(result).toMatchObject({
      isError: false,
      structuredContent: {
        ...{ status: 'approval_required', continue: { approvalId } },
        actions: [
          { tool: 'slack__list_users', status: 'completed' },
          { tool: 'slack__send_channel_message', status: 'approval_required' },
        ],
      },
    })
    expect(ran).toEqual(['list_users'])
    const { approval } = await api.ok('approvals.get', { params: { id: approvalId } })
    expect(approval).toMatchObject({ source: 'mcp_code', mcpServerId: server.id, mcpMode: 'CODE' })
    expect(await execute({ approvalId })).toMatchObject({
      structuredContent: { status: 'approval_required' },
    })
  })

  it('continues once it is approved, and runs no action twice', async () => {
    const { approvalId, decide, execute, refused, ran } = await waiting(open)
    await decide('approve')
    expect(await execute({ approvalId })).toMatchObject({
      structuredContent: {
        ...{ status: 'completed', output: 'sent to user 1' },
        actions: [{ tool: 'slack__send_channel_message', status: 'completed' }],
      },
    })
    expect(ran).toEqual(['list_users', 'send user 1'])
    await refused('APPROVAL_NOT_FOUND', { approvalId })
  })

  it('is over once it is rejected, and says so to everybody who asks', async () => {
    const { approvalId, decide, refused, ran } = await waiting(open)
    await decide('reject')
    const { error } = await refused('ACTION_FAILED', { approvalId })
    expect(error).toContain('rejected')
    expect((await refused('ACTION_FAILED', { approvalId })).error).toBe(error)
    expect(ran).toEqual(['list_users'])
  })

  it('continues on its own server alone', async () => {
    const { api, approvalId, decide, makeServer } = await waiting(open)
    await decide('approve')
    const { server } = await makeServer({ mode: 'CODE' })
    await api.refused('mcpServers.executeCode', 'APPROVAL_NOT_FOUND', {
      params: { id: server.id },
      body: { approvalId },
    })
  })
})

throughBothDoors('The tools of an MCP server in code mode', (open) => {
  it('find an action, read how to call it, and call it', async () => {
    const { api, client: open_ } = await withCode(open)
    api.weavz.onAction('slack', 'list_users', () => ['ada', 'bob'])
    api.weavz.onExecuteCode(evaluate)
    const client = await open_()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['weavz_search', 'weavz_read_api', 'weavz_execute'])
    const found = await client.callTool({ name: 'weavz_search', arguments: { query: 'users LIST' } })
    expect(found.structuredContent).toEqual({
      actions: [{ alias: 'slack', call: 'weavz.slack["list_users"]', description: 'List users' }],
      total: 1,
    })
    const all = await client.callTool({ name: 'weavz_search', arguments: {} })
    expect(all.structuredContent).toMatchObject({ total: 2 })
    const api_ = await client.callTool({ name: 'weavz_read_api', arguments: { alias: 'slack' } })
    expect(api_.structuredContent).toMatchObject({ declarations: expect.stringContaining('"list_users"(') })
    const ran = await client.callTool({ name: 'weavz_execute', arguments: { code: listUsers } })
    expect(ran).toMatchObject({ isError: false, structuredContent: { status: 'completed', output: 2 } })
  })

  it('refuse other names, wrong arguments and unknown aliases', async () => {
    const { client: open_ } = await withCode(open)
    const client = await open_()
    const call = (name: string, args: Record<string, unknown>) => client.callTool({ name, arguments: args })
    await expect(call('slack__list_users', {})).rejects.toMatchObject({ code: -32602 })
    await expect(call('weavz_read_api', {})).rejects.toThrow('arguments.alias')
    await expect(call('weavz_search', { query: 7 })).rejects.toThrow('arguments.query')
    expect(await call('weavz_read_api', { alias: 'x' })).toMatchObject({
      isError: true,
      structuredContent: { code: 'NOT_FOUND' },
    })
    expect(await call('weavz_execute', { code: 'x' })).toMatchObject({
      isError: true,
      structuredContent: { code: 'ACTION_FAILED' },
    })
  })

  it('run code for the end user of the token', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    const { server, mcpEndpoint } = await makeServer({ mode: 'CODE' })
    const { accessToken } = await api.ok('mcpServers.createOAuthToken', {
      params: { id: server.id },
      body: { endUserId: 'user_123' },
    })
    api.weavz.onAction('slack', 'send_channel_message', ({ endUser }) => endUser?.externalId)
    api.weavz.onExecuteCode(evaluate)
    const client = await connect(api, mcpEndpoint, accessToken)
    const code = "return weavz.slack.send_channel_message({ channel: 'C', text: 'T' })"
    expect(await client.callTool({ name: 'weavz_execute', arguments: { code } })).toMatchObject({
      structuredContent: { output: 'user_123' },
    })
  })
})
