import { describe, expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import {
  isWeavzError,
  parseApprovalEvent,
  parseTriggerEvent,
  type ApprovalEvent,
  type TriggerEvent,
} from '../src/index.js'
import { approval } from './resources/samples.js'
import { rejection } from './transport/support.js'

const triggered = {
  triggerSourceId: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  integrationName: 'slack',
  triggerName: 'new_message',
  data: { text: 'Hi' },
  metadata: { tenant: 'acme' },
  timestamp: '2025-01-15T10:30:00.000Z',
}
const url = 'https://app.example.com/approvals'
const decided = {
  event: 'approval.approved',
  createdAt: '2025-01-15T10:30:00.000Z',
  approval: {
    ...approval,
    status: 'approved',
    api: { detailUrl: url, approveUrl: url, rejectUrl: url, cancelUrl: url },
  },
  context: { integrationName: 'slack', actionName: 'send_channel_message' },
  receipt: { id: 'r' },
  decision: { reason: null, metadata: null },
}
const post = (body: unknown) => new Request(url, { method: 'POST', body: JSON.stringify(body) })

describe('parseTriggerEvent', () => {
  test.each([
    ['a request', () => post(triggered)],
    ['the text of its body', () => JSON.stringify(triggered)],
    ['its parsed body', () => triggered],
  ])('reads an event from %s', async (_, received) => {
    expect(await parseTriggerEvent(received())).toEqual(triggered)
  })

  test('keeps what this version does not know', async () => {
    expect(await parseTriggerEvent({ ...triggered, region: 'eu' })).toMatchObject({ region: 'eu' })
  })

  test('leaves data unknown, unless it is told how to check it', async () => {
    const Message = z.object({ text: z.string() })
    const plain = await parseTriggerEvent(triggered)
    const checked = await parseTriggerEvent(triggered, (data) => Message.parse(data))
    expectTypeOf(plain).toEqualTypeOf<TriggerEvent>()
    expectTypeOf(plain.data).toBeUnknown()
    expectTypeOf(checked.data).toEqualTypeOf<{ text: string }>()
    expect(checked.data.text).toBe('Hi')
    expect(await rejection(parseTriggerEvent({ ...triggered, data: 7 }, Message.parse))).toBeInstanceOf(
      z.ZodError,
    )
  })

  test.each([
    ['no JSON', 'hush=1', 'The body is not JSON'],
    ['an empty body', '', 'The body is not JSON'],
    ['JSON null', 'null', 'body: Expected object, received null'],
    ['a list', [triggered], 'body: Expected object, received array'],
    ['a missing field', { ...triggered, triggerSourceId: undefined }, 'body.triggerSourceId: Required'],
    ['a wrong type', { ...triggered, metadata: 'hush' }, 'body.metadata: Expected'],
    ['an event of an approval', decided, 'body.triggerSourceId: Required'],
  ])('says what is wrong with %s, and quotes nothing', async (_, received, message) => {
    const error = await rejection(parseTriggerEvent(received))
    expect(isWeavzError(error, 'INVALID_EVENT')).toBe(true)
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain('hush')
  })
})

describe('parseApprovalEvent', () => {
  test('reads an event, its request and where to decide it', async () => {
    const event = await parseApprovalEvent(post(decided))
    expectTypeOf(event).toEqualTypeOf<ApprovalEvent>()
    expectTypeOf(event.approval.api.approveUrl).toBeString()
    expect(event).toEqual(decided)
  })

  test('lets an event of tomorrow pass', async () => {
    expect(await parseApprovalEvent({ ...decided, event: 'approval.escalated' })).toMatchObject({
      event: 'approval.escalated',
    })
  })

  test('refuses an event of a trigger', async () => {
    const error = await rejection(parseApprovalEvent(post(triggered)))
    expect(isWeavzError(error, 'INVALID_EVENT')).toBe(true)
    expect(String(error)).toContain('body.event')
  })
})
