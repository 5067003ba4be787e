import { expect, it, vi } from 'vitest'
import { throughBothDoors } from './door.js'
import { configure, makeConnection, makeWorkspace } from './world.js'

throughBothDoors('a caller who gives up', (open) => {
  const reason = new Error('Enough')

  it('before the call is made, has asked for nothing', async () => {
    const api = await open()
    const { count } = api.weavz.journal
    const body = JSON.stringify({ name: 'A', slug: 'a' })
    const call = api.raw('POST', '/api/v1/workspaces', { body, signal: AbortSignal.abort(reason) })
    await expect(call).rejects.toBe(reason)
    expect(api.weavz.journal.count).toBe(count)
    expect((await api.ok('workspaces.list')).total).toBe(0)
  })

  it('while an action runs, gets no answer; the action has run all the same', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { id: connectionId } = await makeConnection(api, { workspaceId })
    await configure(api, workspaceId, { integrationName: 'slack', connectionId })
    let finish = () => {}
    const running = vi.fn(() => new Promise<string>((resolve) => (finish = () => resolve('done'))))
    api.weavz.onAction('slack', 'list_users', running)
    const patience = new AbortController()
    const call = api.raw('POST', '/api/v1/actions/execute', {
      body: JSON.stringify({ integrationName: 'slack', actionName: 'list_users', workspaceId }),
      signal: patience.signal,
    })
    // Which of the two comes first is the door's business
    call.catch(() => undefined)
    await vi.waitFor(() => expect(running).toHaveBeenCalledTimes(1))
    patience.abort(reason)
    // A server learns of it when the connection closes, which comes before what is sent later
    for (let turn = 0; turn < 5; turn++) await api.ok('health.check')
    finish()
    await expect(call).rejects.toBe(reason)
    await vi.waitFor(() => expect(api.weavz.calls('actions.execute')).toHaveLength(1))
    expect(api.weavz.calls('actions.execute')[0]?.response).toBeNull()
    expect(api.weavz.quotas.usage().monthlyActions.used).toBe(1)
  })
})
