import { expect, it, vi } from 'vitest'
import type { CreateApprovalPolicy } from '../../../src/index.js'
import { hush, refusalOf, throughBothDoors, type Api, type Open } from '../door.js'
import { makeConnection, makeEndUser } from '../world.js'
import { evaluate, gated, openCall } from './code-kit.js'
import { addPersonalSlack, begin, connect } from './kit.js'

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

/** Three calls that wait for the same approval: the one that began the run, and two that continue it. */
async function openCalls(open: Open, terms?: Partial<CreateApprovalPolicy>) {
  const world = await openCall(open, terms)
  const { api, approvalId, call, send } = world
  const begun = vi.fn(evaluate)
  api.weavz.onExecuteCode(begun)
  const calls = [call]
  for (let at = 1; at < 3; at++) {
    calls.push(send({ approvalId }))
    await vi.waitFor(() => expect(begun).toHaveBeenCalledTimes(at))
  }
  const answers = async () =>
    Promise.all(calls.map(async (each) => [(await each).status, await (await each).json()] as const))
  return { ...world, answers }
}

throughBothDoors('Calls that wait for the same approval', (open) => {
  it('continue once, and all get what came of it', async () => {
    const { approvalId, decide, answers, ran, refused } = await openCalls(open)
    await decide(approvalId, 'approve')
    const [first, ...others] = await answers()
    expect(first).toMatchObject([200, { structuredContent: { output: 'sent to user 1' } }])
    expect(others).toEqual([first, first])
    expect(ran).toEqual(['list_users', 'send user 1'])
    await refused('APPROVAL_NOT_FOUND', { approvalId })
  })

  it.each([
    ['reject', 'rejected'],
    ['cancel', 'canceled'],
  ] as const)('are all refused after a %s', async (verb, status) => {
    const { approvalId, decide, answers, ran } = await openCalls(open)
    await decide(approvalId, verb)
    for (const answer of await answers()) {
      expect(answer).toMatchObject([400, { code: 'ACTION_FAILED', error: expect.stringContaining(status) }])
    }
    expect(ran).toEqual(['list_users'])
  })

  it.each(['rejected', 'expired'] as const)(
    'are all refused when nobody decides in time: %s',
    async (status) => {
      const defaultOnTimeout = status === 'expired' ? 'expire' : 'reject'
      const { api, answers, ran } = await openCalls(open, { timeoutSeconds: 10, defaultOnTimeout })
      await api.weavz.clock.advance('10s')
      for (const answer of await answers()) {
        expect(answer).toMatchObject([400, { code: 'ACTION_FAILED', error: expect.stringContaining(status) }])
      }
      expect(ran).toEqual(['list_users'])
    },
  )

  it('end apart where one has less time', async () => {
    const { api, approvalId, call, send, decide, ran } = await openCall(open)
    const hasty = await send({ approvalId, waitForApprovalSeconds: 0 })
    expect(await hasty.json()).toMatchObject({ structuredContent: { status: 'approval_required' } })
    const begun = vi.fn(evaluate)
    api.weavz.onExecuteCode(begun)
    const short = send({ approvalId, waitForApprovalSeconds: 5 })
    await vi.waitFor(() => expect(begun).toHaveBeenCalledTimes(1))
    await api.weavz.clock.advance('5s')
    expect(await (await short).json()).toMatchObject({ structuredContent: { status: 'approval_required' } })
    await decide(approvalId, 'approve')
    expect(await (await call).json()).toMatchObject({ structuredContent: { status: 'completed' } })
    expect(ran).toEqual(['list_users', 'send user 1'])
  })

  it('continue once, too, when they come after the approval at the same time', async () => {
    const { code, execute, decide, ran, server, api } = await gated(open)
    const { structuredContent } = await execute({ code })
    const { id } = (structuredContent as { approval: { id: string } }).approval
    await decide(id, 'approve')
    // Neither is over before the other has come
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    api.weavz.onExecuteCode(async (run) => {
      await held
      return evaluate(run)
    })
    const seen = api.weavz.journal.count
    const body = { approvalId: id } as object
    const both = Array.from({ length: 2 }, () =>
      api.send('mcpServers.executeCode', { params: { id: server.id }, body }),
    )
    await vi.waitFor(() => expect(api.weavz.journal.count).toBe(seen + 2))
    for (let turn = 0; turn < 5; turn++) await api.ok('health.check')
    release()
    const [one, two] = await Promise.all(both.map(async (each) => (await each).json()))
    expect(one).toMatchObject({ structuredContent: { status: 'completed' } })
    expect(two).toEqual(one)
    expect(ran).toEqual(['list_users', 'send user 1'])
  })

  it('go on together through every approval that the run needs', async () => {
    const { api, approvalId, decide, answers, ran } = await openCalls(open, { actionNames: [] })
    await decide(approvalId, 'approve')
    const second = await vi.waitFor(async () => {
      const { approvals } = await api.ok('approvals.list', { query: { status: 'pending' } })
      expect(approvals).toHaveLength(1)
      return approvals[0]?.id ?? ''
    })
    expect([second === approvalId, ran]).toEqual([false, ['list_users']])
    await decide(second, 'approve')
    const [first, ...others] = await answers()
    expect(first).toMatchObject([200, { structuredContent: { status: 'completed' } }])
    expect(others).toEqual([first, first])
    expect(ran).toEqual(['list_users', 'send user 1'])
  })
})

/** A server learns that a caller has gone when the connection closes, which comes before what is sent later. */
async function noticed(api: Api): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await api.ok('health.check')
}

throughBothDoors('A call whose caller has gone', (open) => {
  it('ends, and continues nothing; somebody else can', async () => {
    const { api, approvalId, call, giveUp, decide, execute, ran } = await openCall(open)
    giveUp()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await noticed(api)
    expect(api.weavz.calls('mcpServers.executeCode')[0]?.response).toBeNull()
    await decide(approvalId, 'approve')
    expect(ran).toEqual(['list_users'])
    expect(await execute({ approvalId })).toMatchObject({ structuredContent: { status: 'completed' } })
    expect(ran).toEqual(['list_users', 'send user 1'])
  })

  it('does not end those of others', async () => {
    const { api, approvalId, call, giveUp, send, decide, ran } = await openCall(open)
    const begun = vi.fn(evaluate)
    api.weavz.onExecuteCode(begun)
    const other = send({ approvalId })
    await vi.waitFor(() => expect(begun).toHaveBeenCalledTimes(1))
    giveUp()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await noticed(api)
    await decide(approvalId, 'approve')
    expect(await (await other).json()).toMatchObject({ structuredContent: { status: 'completed' } })
    expect(ran).toEqual(['list_users', 'send user 1'])
  })
})

throughBothDoors('A run of code for an end user', (open) => {
  async function personal() {
    const { api, workspaceId, makeServer } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    await makeEndUser(api, workspaceId, 'ada')
    await makeConnection(api, { workspaceId, endUserId: 'ada', externalId: 'of ada' })
    const { server, mcpEndpoint } = await makeServer({ mode: 'CODE' })
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
    })
    await api.ok('approvalPolicies.create', { body: { name: 'Ask', sources: ['mcp_code'] } })
    const sent: unknown[] = []
    api.weavz.onAction('slack', 'send_channel_message', ({ endUser }) => {
      sent.push(endUser?.externalId)
      return { secret: hush.length }
    })
    api.weavz.onExecuteCode(evaluate)
    const as = async (endUserId: string) => {
      const params = { id: server.id }
      const { accessToken } = await api.ok('mcpServers.createOAuthToken', { params, body: { endUserId } })
      const client = await connect(api, mcpEndpoint, accessToken)
      return (args: Record<string, unknown>) => client.callTool({ name: 'weavz_execute', arguments: args })
    }
    const execute = await as('user_123')
    const code = "return weavz.slack.send_channel_message({ channel: 'C', text: 'T' })"
    const { structuredContent } = await execute({ code })
    const { id } = (structuredContent as { approval: { id: string } }).approval
    const headers = { authorization: `Bearer ${plainKey}` }
    await api.ok('approvals.approve', { params: { id }, headers, body: {} })
    return { api, server, approvalId: id, execute, as, sent }
  }

  it('is continued by nobody who speaks for another', async () => {
    const { approvalId, execute, as, sent } = await personal()
    const asAda = await as('ada')
    expect(await asAda({ approvalId })).toMatchObject({
      isError: true,
      structuredContent: { code: 'APPROVAL_NOT_FOUND' },
    })
    expect(sent).toEqual([])
    expect(await execute({ approvalId })).toMatchObject({ structuredContent: { status: 'completed' } })
    expect(sent).toEqual(['user_123'])
  })

  it('is continued by an API key, and still for its end user', async () => {
    const { api, server, approvalId, sent } = await personal()
    const call = { params: { id: server.id }, body: { approvalId } as never }
    expect(await api.ok('mcpServers.executeCode', call)).toMatchObject({
      structuredContent: { status: 'completed' },
    })
    expect(sent).toEqual(['user_123'])
  })
})
