import { describe, expect, it } from 'vitest'
import type { MockWeavz } from '../../../src/mock/index.js'
import { inProcess } from '../door.js'
import { gated } from '../gated.js'
import { receiver } from '../receiver.js'
import { withTriggers } from '../with-triggers.js'

const kept = 10_000
/** More than the mock keeps. */
const many = kept + 2500

/** A workspace with triggers whose events arrive. */
const world = () => withTriggers(inProcess, { deliveryFetch: receiver().deliveryFetch })

/** Fires a trigger that often. */
async function fire(weavz: MockWeavz, id: string, times = many) {
  const attempts = []
  for (let at = 0; at < times; at++) attempts.push(...(await weavz.emit(id, at)).attempts)
  return attempts
}

describe('the deliveries of a mock', () => {
  it('outlive their trigger', async () => {
    const { api, enable } = await world()
    const { id } = await enable()
    const attempts = await fire(api.weavz, id, 2)
    await api.ok('triggers.disable', { body: { triggerSourceId: id } })
    expect(attempts).toHaveLength(2)
    expect(api.weavz.deliveries(id)).toEqual(attempts)
  })

  it('are the last 10 000 at least, and not many more', async () => {
    const { api, enable } = await world()
    const { id } = await enable()
    const attempts = await fire(api.weavz, id)
    const left = api.weavz.deliveries(id)
    expect(left.slice(-kept)).toEqual(attempts.slice(-kept))
    expect(left.length).toBeLessThan(1.1 * kept)
    expect(api.weavz.deliveries()).toEqual(left)
  })

  it('include the last one of each enabled trigger, however long ago that was', async () => {
    const { api, enable, list } = await world()
    const [rare, gone] = [await enable(), await enable()]
    const [, last] = await fire(api.weavz, rare.id, 2)
    await fire(api.weavz, gone.id, 2)
    await api.ok('triggers.disable', { body: { triggerSourceId: gone.id } })
    await fire(api.weavz, (await enable()).id)
    expect(api.weavz.deliveries(rare.id)).toEqual([last])
    expect((await list()).triggers[0]).toMatchObject({ id: rare.id, lastDelivery: { status: 'success' } })
    expect(api.weavz.deliveries(gone.id)).toEqual([])
  })

  it('include those under way, however many come after them', async () => {
    const { deliveryFetch } = receiver()
    let answer: (response: Response) => void = () => undefined
    const late = new Promise<Response>((resolve) => (answer = resolve))
    const { api, enable } = await withTriggers(inProcess, {
      deliveryFetch: (url, init) => (url.includes('late') ? late : deliveryFetch(url, init)),
    })
    const { id } = await enable({ callbackUrl: 'https://app.example.com/late' })
    const firing = api.weavz.emit(id, {})
    await api.ok('triggers.disable', { body: { triggerSourceId: id } })
    await fire(api.weavz, (await enable()).id)
    expect(api.weavz.deliveries(id)).toMatchObject([{ status: 'pending' }])
    answer(new Response(null, { status: 204 }))
    const { attempts } = await firing
    expect(attempts).toMatchObject([{ status: 'success' }])
    expect(api.weavz.deliveries(id)).toEqual(attempts)
  })

  it('of approvals make room for others, too', async () => {
    const approvers = [{ type: 'webhook', webhookUrl: 'https://app.example.com/approve' } as const]
    const { deliveryFetch } = receiver()
    const { api, workspaceId, request, decide, get } = await gated(
      ...([inProcess, { approvers }, { deliveryFetch }] as const),
    )
    const id = await request()
    await decide('reject', id)
    await api.weavz.settled()
    expect(api.weavz.deliveries(id)).toHaveLength(2)
    api.weavz.registerTrigger('slack', 'new_message')
    const trigger = { integrationName: 'slack', triggerName: 'new_message', workspaceId }
    const { triggerSource } = await api.ok('triggers.enable', {
      body: { ...trigger, callbackUrl: 'https://app.example.com/events' },
    })
    await fire(api.weavz, triggerSource.id)
    expect(await get(id)).toMatchObject({ status: 'rejected', webhookDeliveries: [] })
  })

  it('are as many in a fork, which makes room on its own, and after a snapshot', async () => {
    const { api, enable } = await world()
    const { id } = await enable()
    await fire(api.weavz, id, kept)
    const fork = api.weavz.fork()
    await fire(fork, id, 2500)
    expect(fork.deliveries()).toHaveLength(kept + 500)
    expect(api.weavz.deliveries()).toHaveLength(kept)
    const before = fork.deliveries()
    api.weavz.restore(fork.snapshot())
    expect(api.weavz.deliveries()).toEqual(before)
    await fire(api.weavz, id, 500)
    expect(api.weavz.deliveries()).toHaveLength(kept)
  })
})
