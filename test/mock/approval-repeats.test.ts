import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import { gated } from './gated.js'
import { makeConnection, poll, startSession } from './world.js'

const second = 1000

throughBothDoors('the repeat of a call', (open) => {
  it('answers the same request while it is pending, and runs once after the approval', async () => {
    const { request, decide, execute, get, runs, clock } = await gated(open)
    const id = await request()
    expect(await request()).toBe(id)
    clock.advance(second)
    const { approval, receipt } = await decide('approve', id, { reason: 'Fine' })
    expect(approval).toMatchObject({ status: 'approved', decidedAt: '2025-01-15T10:30:01.000Z' })
    expect(receipt).toEqual({ id: expect.any(String) })
    clock.advance(second)
    // The order of keys is no difference
    const { status, body } = await execute({ input: { text: 'Hi', channel: 'C1' } })
    expect([status, body, runs()]).toMatchObject([200, { success: true, output: 1 }, 1])
    expect(await get(id)).toMatchObject({ status: 'consumed', consumedAt: '2025-01-15T10:30:02.000Z' })
    expect(await request()).not.toBe(id)
    expect(runs()).toBe(1)
  })

  it('opens one request, however many come at the same time', async () => {
    const { api, execute, runs } = await gated(open)
    const replies = await Promise.all(Array.from({ length: 8 }, () => execute()))
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect((await api.ok('approvals.list')).total).toBe(1)
    expect(runs()).toBe(0)
  })

  it.each(['reject', 'cancel'] as const)('opens one request after a %s, too', async (verb) => {
    const { api, request, decide, execute, runs } = await gated(open)
    const id = await request()
    await decide(verb, id)
    const replies = await Promise.all(Array.from({ length: 8 }, () => execute()))
    const opened = new Set(replies.flatMap(({ body }) => ('approval' in body ? [body.approval.id] : [])))
    expect([...opened]).toEqual([expect.not.stringContaining(id)])
    expect([(await api.ok('approvals.list')).total, runs()]).toEqual([2, 0])
  })

  it('uses an approval up exactly once, however many come at the same time', async () => {
    const { request, decide, execute, runs } = await gated(open)
    const id = await request()
    await decide('approve', id)
    const replies = await Promise.all(Array.from({ length: 8 }, () => execute()))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(202)])
    expect(runs()).toBe(1)
    const others = replies.flatMap(({ status, body }) => (status === 202 ? [body.approval.id] : []))
    expect(new Set(others).size).toBe(1)
    expect(others).not.toContain(id)
  })

  it('is one call with the run that follows a refreshed token', async () => {
    const { api, workspaceId, integration, request, decide, execute, get } = await gated(open)
    const { token } = await startSession(api, workspaceId, { externalId: 'fresh' })
    await api.weavz.user.approve(token)
    const { connectionId } = await poll(api, token)
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { connectionId } })
    let attempts = 0
    api.weavz.onAction('slack', 'send_channel_message', () => {
      if (++attempts > 1) return 'sent'
      throw Object.assign(new Error('invalid_auth'), { status: 401 })
    })
    const id = await request()
    await decide('approve', id)
    const { status, body } = await execute()
    expect([status, body, attempts]).toMatchObject([200, { output: 'sent' }, 2])
    expect(await get(id)).toMatchObject({ status: 'consumed' })
    expect((await api.ok('approvals.list')).total).toBe(1)
  })

  it('uses it up also where the action fails', async () => {
    const { api, call, request, decide, get } = await gated(open)
    api.weavz.onAction('slack', 'send_channel_message', () => {
      throw new Error('no such channel')
    })
    const id = await request()
    await decide('approve', id)
    await api.refused('actions.execute', 'ACTION_FAILED', call())
    expect(await get(id)).toMatchObject({ status: 'consumed' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['another input', { input: { channel: 'C1', text: 'Bye' } }],
    ['another key', { idempotencyKey: 'k2' }],
    ['no key', { idempotencyKey: undefined }],
    ['another end user', { endUserId: 'ada' }],
    ['another action', { actionName: 'send_direct_message', input: { user: 'U1', text: 'Hi' } }],
  ])('opens a new request with %s', async (_, fields) => {
    const { request, decide, runs } = await gated(open)
    const id = await request()
    await decide('approve', id)
    expect(await request(fields)).not.toBe(id)
    expect(runs()).toBe(0)
  })

  it('cannot be matched without a key', async () => {
    const { api, call, request } = await gated(open)
    const fields = { idempotencyKey: undefined }
    const { body } = await api.reply('actions.execute', call(fields))
    expect(body).toMatchObject({ approval: { retry: {} } })
    expect(await request(fields)).not.toBe(await request(fields))
  })

  it.each(['reject', 'cancel'] as const)('opens a new request after a %s', async (verb) => {
    const { request, decide } = await gated(open)
    const id = await request()
    await decide(verb, id)
    expect(await request()).not.toBe(id)
  })

  it('opens a new request where the account has become another', async () => {
    const { api, workspaceId, integration, request, decide, runs } = await gated(open)
    await decide('approve', await request())
    const other = await makeConnection(api, { workspaceId, externalId: 'other' })
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { connectionId: other.id } })
    await request()
    expect(runs()).toBe(0)
  })

  it('needs no request within the window after an approval of the same call', async () => {
    const { api, request, decide, execute, clock, policy, runs } = await gated(open, {
      reuseWindowSeconds: 60,
    })
    const id = await request()
    const { receipt } = await decide('approve', id)
    expect(receipt.expiresAt).toBe('2025-01-15T10:31:00.000Z')
    expect((await execute()).status).toBe(200)
    clock.advance(59_999)
    expect((await execute({ idempotencyKey: 'k2' })).status).toBe(200)
    expect((await execute({ idempotencyKey: undefined })).status).toBe(200)
    await request({ input: { channel: 'C2', text: 'Hi' } })
    clock.advance(1)
    await request({ idempotencyKey: 'k3' })
    expect(runs()).toBe(3)
    await api.ok('approvalPolicies.delete', { params: { id: policy.id } })
    expect((await execute()).status).toBe(200)
  })

  it('needs one where another policy approved, because that one may ask other people', async () => {
    const { api, request, decide, execute } = await gated(open, { reuseWindowSeconds: 60 })
    await decide('approve', await request())
    const stricter = { name: 'Stricter', priority: 1, reuseWindowSeconds: 60 }
    await api.ok('approvalPolicies.create', { body: stricter })
    // Its own request was approved, whichever policy asked for it
    expect((await execute()).status).toBe(200)
    await request({ idempotencyKey: 'k2' })
  })

  it('needs one again after a rejection of the same call, but not after a withdrawal', async () => {
    const { request, decide, execute, clock } = await gated(open, { reuseWindowSeconds: 60 })
    const [one, two] = [await request(), await request({ idempotencyKey: 'k2' })]
    const three = await request({ idempotencyKey: 'k3' })
    await decide('approve', one)
    clock.advance(1)
    await decide('cancel', two)
    expect((await execute({ idempotencyKey: 'k4' })).status).toBe(200)
    clock.advance(1)
    await decide('reject', three)
    expect((await execute()).status).toBe(200)
    await request({ idempotencyKey: 'k5' })
  })
})
