import { expect, it, vi } from 'vitest'
import type { CodeRun } from '../../../src/mock/index.js'
import { hush, refusalOf, stoppedClock, throughBothDoors, type Api, type Open } from '../door.js'
import { configure, makeEndUser, nobody } from '../world.js'
import { addPersonalSlack, addSlack, begin, connect } from './kit.js'

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parts: string[]
) => (weavz: unknown, log: unknown) => Promise<unknown>

/** A sandbox that is none: fit for code that the tests themselves write. */
const evaluate = ({ code, weavz, log }: CodeRun) => new AsyncFunction('weavz', 'log', code)(weavz, log)

async function withCode(open: Open) {
  const world = await begin(open, { clock: stoppedClock() })
  const { api, workspaceId, makeServer } = world
  await addSlack(api, workspaceId)
  const { server, bearerToken = '', mcpEndpoint } = await makeServer({ mode: 'CODE', authMode: 'bearer' })
  const call = (body: object) => ({ params: { id: server.id }, body }) as never
  return {
    ...world,
    server,
    refused: (code: Parameters<Api['refused']>[1], body: object) =>
      api.refused('mcpServers.executeCode', code, call(body)),
    execute: (body: object) => api.ok('mcpServers.executeCode', call(body)),
    client: () => connect(api, mcpEndpoint, bearerToken),
  }
}

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

/** Code that needs an approval for its second action. */
async function gated(open: Open) {
  const world = await withCode(open)
  const { api, workspaceId } = world
  const filters = { actionNames: ['send_channel_message'], sources: ['mcp_code' as const] }
  await api.ok('approvalPolicies.create', { body: { name: 'Ask', workspaceId, ...filters } })
  const { plainKey } = await api.ok('apiKeys.create', {
    body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
  })
  const ran: string[] = []
  api.weavz.onAction('slack', 'list_users', () => {
    ran.push('list_users')
    return [`user ${ran.length}`]
  })
  api.weavz.onAction('slack', 'send_channel_message', ({ input }) => {
    ran.push(`send ${String(input.text)}`)
    return { ok: true }
  })
  api.weavz.onExecuteCode(evaluate)
  const code = `
    const [first] = await weavz.slack.list_users()
    try {
      await weavz.slack.send_channel_message({ channel: 'C', text: first })
    } catch {}
    return 'sent to ' + first`
  const decide = (id: string, how: 'approve' | 'reject') =>
    api.ok(`approvals.${how}`, {
      params: { id },
      headers: { authorization: `Bearer ${plainKey}` },
      body: {},
    })
  return { ...world, ran, code, decide }
}

/** A run that has ended because it needs an approval. */
async function waiting(open: Open) {
  const world = await gated(open)
  const result = await world.execute({ code: world.code })
  const { approval } = result.structuredContent as { approval: { id: string } }
  const decide = (how: 'approve' | 'reject') => world.decide(approval.id, how)
  return { ...world, result, approvalId: approval.id, decide }
}

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

  it('is over once it is rejected', async () => {
    const { approvalId, decide, refused, ran } = await waiting(open)
    await decide('reject')
    const { error } = await refused('ACTION_FAILED', { approvalId })
    expect(error).toContain('rejected')
    await refused('APPROVAL_NOT_FOUND', { approvalId })
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

/** A call that stays open for 30 s, and the approval that it waits for. */
async function openCall(open: Open) {
  const world = await gated(open)
  const { api, code } = world
  const done = vi.fn()
  const body = { code, waitForApprovalSeconds: 30 } as object
  const response = api.send('mcpServers.executeCode', { params: { id: world.server.id }, body })
  const call = response.finally(done)
  const approvalId = await vi.waitFor(async () => {
    const { approvals } = await api.ok('approvals.list', { query: { status: 'pending' } })
    expect(approvals).toHaveLength(1)
    return approvals[0]?.id ?? ''
  })
  return { ...world, call, done, approvalId }
}

throughBothDoors('A call that waits for an approval', (open) => {
  it('continues as soon as it is approved', async () => {
    const { call, done, approvalId, decide, ran, refused } = await openCall(open)
    expect(done).not.toHaveBeenCalled()
    await decide(approvalId, 'approve')
    expect(await (await call).json()).toMatchObject({
      structuredContent: { status: 'completed', output: 'sent to user 1' },
    })
    expect(ran).toEqual(['list_users', 'send user 1'])
    await refused('APPROVAL_NOT_FOUND', { approvalId })
  })

  it('is refused as soon as it is rejected', async () => {
    const { call, approvalId, decide, ran } = await openCall(open)
    await decide(approvalId, 'reject')
    expect(await refusalOf(await call)).toMatchObject({ status: 400, code: 'ACTION_FAILED' })
    expect(ran).toEqual(['list_users'])
  })

  it('says how to continue once its seconds are over', async () => {
    const { api, call, done, approvalId, decide, execute } = await openCall(open)
    await api.weavz.clock.advance(29_999)
    await api.ok('approvals.get', { params: { id: approvalId } })
    expect(done).not.toHaveBeenCalled()
    await api.weavz.clock.advance(1)
    expect(await (await call).json()).toMatchObject({
      structuredContent: { status: 'approval_required', durationMs: 30_000, continue: { approvalId } },
    })
    await decide(approvalId, 'approve')
    expect(await execute({ approvalId })).toMatchObject({ structuredContent: { status: 'completed' } })
  })

  it('waits as long as its server says, unless it says otherwise itself', async () => {
    const { api, server, patchServer, execute, code } = await gated(open)
    await patchServer(server.id, { settings: { codeMode: { approvalWaitSeconds: 10 } } })
    const pending = { structuredContent: { status: 'approval_required' } }
    expect(await execute({ code, waitForApprovalSeconds: 0 })).toMatchObject(pending)
    const call = execute({ code })
    await vi.waitFor(async () => {
      expect((await api.ok('approvals.list', { query: { status: 'pending' } })).total).toBe(2)
    })
    await api.weavz.clock.advance('10s')
    expect(await call).toMatchObject({
      structuredContent: { status: 'approval_required', durationMs: 10_000 },
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
