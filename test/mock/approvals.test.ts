import { expect, it } from 'vitest'
import type { ApiKeyPermissions } from '../../src/index.js'
import { throughBothDoors } from './door.js'
import { gated } from './gated.js'
import { makeWorkspace, nobody } from './world.js'

const second = 1000

throughBothDoors('approvals', (open) => {
  it('are decided once, by keys that may', async () => {
    const { api, request, decide, decider } = await gated(open)
    const params = { id: await request() }
    for (const verb of ['approve', 'reject', 'cancel'] as const) {
      const id = `approvals.${verb}` as const
      await api.refused(id, 'APPROVAL_DECISION_SCOPE_REQUIRED', { params })
      await api.refused(id, 'APPROVAL_NOT_FOUND', {
        ...{ params: { id: `apr_${'0'.repeat(32)}` }, headers: decider },
      })
      await api.refused(id, 'NOT_FOUND', { params: { id: nobody }, headers: decider })
    }
    await decide('reject', params.id)
    for (const verb of ['approve', 'reject', 'cancel'] as const) {
      await api.refused(`approvals.${verb}`, 'APPROVAL_ALREADY_DECIDED', { params, headers: decider })
    }
    await api.refused('approvals.get', 'NOT_FOUND', { params: { id: 'apr_xyz' } })
    await api.refused('approvals.get', 'APPROVAL_NOT_FOUND', { params: { id: `apr_${'0'.repeat(32)}` } })
  })

  it('may be decided by the key that asked', async () => {
    const { request, decide, decider, get, apiKey } = await gated(open)
    const id = await request({}, decider)
    expect(await get(id)).toMatchObject({ requestedById: apiKey.id })
    expect((await decide('approve', id)).approval).toMatchObject({ status: 'approved' })
  })

  it.each([
    ['reject', 'rejected'],
    ['expire', 'expired'],
  ] as const)('that nobody decides %s at their end', async (defaultOnTimeout, status) => {
    const { api, request, get, decider, clock } = await gated(open, { defaultOnTimeout, timeoutSeconds: 60 })
    const id = await request()
    const untouched = await request({ idempotencyKey: 'k2' })
    const late = await request({ idempotencyKey: 'k3' })
    clock.advance(60 * second - 1)
    expect(await get(id)).toMatchObject({ status: 'pending' })
    clock.advance(1)
    for (const one of [untouched, id]) {
      await api.refused('approvals.approve', 'APPROVAL_EXPIRED', { params: { id: one }, headers: decider })
    }
    clock.advance(60 * second)
    for (const one of [id, late]) {
      expect(await get(one)).toMatchObject({ status, decidedAt: null, updatedAt: '2025-01-15T10:31:00.000Z' })
    }
    expect(await request()).not.toBe(id)
  })

  it('that were approved in time can be used later', async () => {
    const { request, decide, execute, clock } = await gated(open, { timeoutSeconds: 60 })
    await decide('approve', await request())
    clock.advance(3600 * second)
    expect((await execute()).status).toBe(200)
  })

  it('are listed oldest first, by what is asked for', async () => {
    const { api, workspaceId, request, decide, clock } = await gated(open, { timeoutSeconds: 60 })
    const rejected = await request({ idempotencyKey: 'a' }, { 'x-weavz-source': 'sdk' })
    const ended = await request({ idempotencyKey: 'b' })
    await decide('reject', rejected)
    clock.advance(60 * second)
    const pending = await request({ idempotencyKey: 'c' })
    const list = async (query: object) => {
      const { approvals, total } = await api.ok('approvals.list', { query })
      return { ids: approvals.map(({ id }) => id), total }
    }
    expect(await list({})).toEqual({ ids: [rejected, ended, pending], total: 3 })
    expect(await list({ limit: 1 })).toEqual({ ids: [rejected], total: 3 })
    expect(await list({ status: 'pending' })).toEqual({ ids: [pending], total: 1 })
    expect(await list({ status: 'rejected', workspaceId })).toEqual({ ids: [rejected, ended], total: 2 })
    expect(await list({ source: 'sdk', integrationName: 'slack' })).toEqual({ ids: [rejected], total: 1 })
    expect(await list({ actionName: 'nope' })).toEqual({ ids: [], total: 0 })
    await api.refused('approvals.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
    const { paths } = await api.refused('approvals.list', 'VALIDATION_ERROR', { query: { limit: 101 } })
    expect(paths).toEqual(['query.limit'])
  })

  it('are kept from keys of other workspaces', async () => {
    const { api, workspaceId, request } = await gated(open)
    const id = await request()
    const other = await makeWorkspace(api, 'other')
    const permissions: ApiKeyPermissions = {
      ...{ scope: 'workspace', workspaceIds: [other.id], approvals: { decide: true } },
    }
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'Other', permissions } })
    const headers = { authorization: `Bearer ${plainKey}` }
    expect((await api.ok('approvals.list', { headers })).total).toBe(0)
    for (const verb of ['get', 'approve', 'reject', 'cancel'] as const) {
      const response = await api.send(`approvals.${verb}`, { params: { id }, headers })
      expect([response.status, await response.json()]).toMatchObject([403, { code: 'SCOPE_DENIED' }])
    }
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    await api.refused('approvals.get', 'APPROVAL_NOT_FOUND', { params: { id } })
  })
})
