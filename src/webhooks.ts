import type * as z from 'zod/mini'
import { ApprovalEvent } from './contract/approvals.js'
import { TriggerEvent } from './contract/triggers.js'
import { WeavzError, issuesOf } from './transport/index.js'

/** What an app received: the request as it is, its body as text, or the body as the framework has parsed it. */
export type Received = Request | string | object

/** The body of what was received, as JSON. */
async function bodyOf(received: Received): Promise<unknown> {
  const text = received instanceof Request ? await received.text() : received
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw notAnEvent('The body is not JSON')
  }
}

function notAnEvent(what: string): WeavzError {
  return new WeavzError(`This is no event of Weavz: ${what}`, { code: 'INVALID_EVENT' })
}

async function parseEvent<S extends z.core.$ZodType>(
  schema: S,
  received: Received,
): Promise<z.core.output<S>> {
  const body = await bodyOf(received)
  const issues = issuesOf(schema, body, 'body')
  if (issues.length === 0) return body as z.core.output<S>
  throw notAnEvent(issues.map(({ path, message }) => `${path}: ${message}`).join('; '))
}

/**
 * Reads the event of a trigger that was posted to your `callbackUrl`. Answer with any 2xx; the same event may come twice.
 *
 * Events are not signed: check a secret of your own in the `callbackHeaders` of the trigger before you call this.
 *
 * @param received The request, the text of its body, or the parsed body (`req.body` of Express).
 * @param parseData Checks `data` and gives it its type. What it throws is thrown. Default: `data` is `unknown`.
 * @throws WeavzError `INVALID_EVENT` if it is no event of a trigger; the message says what is wrong, and quotes nothing.
 * @example
 * const { data, metadata } = await parseTriggerEvent(request, (data) => Message.parse(data))
 */
export function parseTriggerEvent(received: Received): Promise<TriggerEvent>
export function parseTriggerEvent<Data>(
  received: Received,
  parseData: (data: unknown) => Data,
): Promise<TriggerEvent & { data: Data }>
export async function parseTriggerEvent(
  received: Received,
  parseData: (data: unknown) => unknown = (data) => data,
): Promise<TriggerEvent> {
  const event = await parseEvent(TriggerEvent, received)
  return { ...event, data: parseData(event.data) }
}

/**
 * Reads an approval event that was posted to a webhook approver. Like those of triggers, they are not signed: take one as
 * a hint, and ask `approvals.get` before you rely on it.
 *
 * @param received The request, the text of its body, or the parsed body (`req.body` of Express).
 * @throws WeavzError `INVALID_EVENT` if it is no event of an approval; the message says what is wrong, and quotes nothing.
 * @example
 * const { event, approval } = await parseApprovalEvent(request)
 * if (event === 'approval.requested') await askSomebody(approval.id, approval.inputPreview)
 */
export function parseApprovalEvent(received: Received): Promise<ApprovalEvent> {
  return parseEvent(ApprovalEvent, received)
}
