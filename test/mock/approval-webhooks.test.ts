import { expect, it } from 'vitest'
import { parseApprovalEvent } from '../../src/index.js'
import { throughBothDoors } from './door.js'
import { gated } from './gated.js'
import { receiver } from './receiver.js'

const second = 1000
const at = '2025-01-15T10:30:00.000Z'
const webhookUrl = 'https://app.example.com/approvals'

throughBothDoors('webhook approvers', (open) => {
  const webhook = { type: 'webhook', webhookUrl } as const
  // One receiver twice is still one receiver
  const approvers = [webhook, { type: 'end_user' } as const, webhook]

  it('are told of a request and of its decision', async () => {
    const { received, deliveryFetch } = receiver()
    const { api, request, decide, get, workspaceId } = await gated(open, { approvers }, { deliveryFetch })
    const id = await request()
    await decide('approve', id, { reason: 'Fine', metadata: { by: 'ada' } })
    await api.weavz.settled()
    const [requested, approved, ...others] = await Promise.all(
      received.map(({ body }) => parseApprovalEvent(body)),
    )
    expect(others).toEqual([])
    const detailUrl = `${api.url}/api/v1/approvals/${id}`
    const { webhookDeliveries, ...shown } = await get(id)
    const links = {
      ...{ detailUrl, approveUrl: `${detailUrl}/approve` },
      ...{ rejectUrl: `${detailUrl}/reject`, cancelUrl: `${detailUrl}/cancel` },
    }
    expect(requested).toEqual({
      ...{ event: 'approval.requested', createdAt: at },
      approval: { ...shown, status: 'pending', decidedAt: null, api: links },
      context: expect.objectContaining({
        ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
        ...{ source: 'rest', input: { channel: 'C1', text: 'Hi' } },
      }),
    })
    expect(approved).toMatchObject({
      ...{
        event: 'approval.approved',
        approval: { status: 'approved' },
        receipt: { id: expect.any(String) },
      },
      decision: { reason: 'Fine', metadata: { by: 'ada' } },
    })
    expect(received.map(({ url }) => url)).toEqual([webhookUrl, webhookUrl])
    const delivered = { callbackUrl: webhookUrl, attempt: 1, status: 'success', httpStatus: 204 }
    expect(webhookDeliveries).toMatchObject([
      { ...delivered, eventType: 'approval.requested' },
      { ...delivered, eventType: 'approval.approved' },
    ])
  })

  it.each([
    ['reject', 'approval.rejected'],
    ['expire', 'approval.expired'],
  ] as const)('are told when a request ran out (%s)', async (defaultOnTimeout, event) => {
    const { received, deliveryFetch } = receiver()
    const { api, request, get, clock } = await gated(open, { approvers, defaultOnTimeout }, { deliveryFetch })
    const id = await request()
    clock.advance(3600 * second)
    await get(id)
    await get(id)
    await api.weavz.settled()
    expect(received.map(({ body }) => body.event)).toEqual(['approval.requested', event])
  })

  it('are told when the clock of the mock passes the end of a request, whoever looks', async () => {
    const { received, deliveryFetch } = receiver()
    const terms = { approvers, defaultOnTimeout: 'expire', timeoutSeconds: 60 } as const
    const { api, request } = await gated(open, terms, { deliveryFetch })
    const events = () => received.map(({ body }) => body.event)
    await request()
    await api.weavz.clock.advance('59s')
    await api.weavz.settled()
    expect(events()).toEqual(['approval.requested'])
    await api.weavz.clock.advance('1s')
    await api.weavz.settled()
    expect(events()).toEqual(['approval.requested', 'approval.expired'])
    await request()
    await api.weavz.clock.set('2025-01-16T00:00:00.000Z')
    await api.weavz.settled()
    expect(events().slice(2)).toEqual(['approval.requested', 'approval.expired'])
    await api.weavz.clock.advance('1h')
    await api.weavz.settled()
    expect(events()).toHaveLength(4)
  })

  it('hear what happened in its order, however often it takes to reach them', async () => {
    const { received, deliveryFetch } = receiver(500, 503)
    const { api, request, decide, get } = await gated(open, { approvers }, { deliveryFetch })
    const id = await request()
    await decide('cancel', id)
    await api.weavz.settled()
    expect(received.map(({ body }) => body.event)).toEqual([
      ...Array<string>(3).fill('approval.requested'),
      'approval.canceled',
    ])
    const { webhookDeliveries = [] } = await get(id)
    const ofRequest = webhookDeliveries.filter(({ eventType }) => eventType === 'approval.requested')
    expect(ofRequest.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'retrying'],
      [2, 'retrying'],
      [3, 'success'],
    ])
  })

  it('do not hold up the call, even if they never answer', async () => {
    const { request, get } = await gated(
      ...([open, { approvers }, { deliveryFetch: () => new Promise<never>(() => undefined) }] as const),
    )
    const { webhookDeliveries } = await get(await request())
    expect(webhookDeliveries).toMatchObject([{ attempt: 1, status: 'pending', httpStatus: null }])
  })

  it('may decide while they are being told', async () => {
    const { deliveryFetch, received } = receiver()
    const world: { decide?: (id: string) => Promise<unknown> } = {}
    const deciding = async (url: string, init: RequestInit) => {
      const response = await deliveryFetch(url, init)
      const { event, approval } = received.at(-1)?.body ?? {}
      if (event === 'approval.requested') await world.decide?.(approval.id)
      return response
    }
    const { api, request, execute, decide } = await gated(open, { approvers }, { deliveryFetch: deciding })
    world.decide = (id) => decide('approve', id)
    await request()
    await api.weavz.settled()
    expect((await execute()).status).toBe(200)
  })
})
