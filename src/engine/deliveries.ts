import type { DeliveryStatus } from '../contract/triggers.js'
import type { Engine } from './engine.js'
import { failureText } from './failure.js'
import type { Fetch } from './oauth/token-request.js'

/** One attempt to post an event to a receiver. */
export interface DeliveryRow {
  readonly id: string
  /** The trigger source or the approval request that the event is about. */
  readonly ownerId: string
  readonly eventType: string
  readonly callbackUrl: string
  /** Counts from 1; 0 if nothing could be sent. */
  readonly attempt: number
  readonly status: DeliveryStatus
  /** Null where the receiver did not answer. */
  readonly httpStatus: number | null
  readonly errorMessage: string | null
  readonly createdAt: string
  /** When the receiver answered with 2xx. */
  readonly deliveredAt: string | null
}

/** The attempt as the API and tests see it: whoever asks knows what it is about. */
export type DeliveryAttempt = Omit<DeliveryRow, 'ownerId'>

export const showAttempt = ({ ownerId: _owner, ...shown }: DeliveryRow): DeliveryAttempt => shown

/** Carries one event to its receiver. */
export interface Carrier {
  readonly fetch: Fetch
  /** Hears how each attempt ended, and of the event that could not be sent at all. */
  ended(attempt: DeliveryRow): void
}

export interface DeliveryOptions {
  /** Carries the events to their receivers. Default: the global `fetch`, for loopback addresses alone. */
  readonly fetch?: Fetch
  /** Goes along with an event from its beginning on. Default: nobody does. */
  readonly follow?: (message: Message, fetch: Fetch) => Carrier
  /** Waits between the attempts. Default: a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** How long a receiver may take to answer, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number
}

/** What deliveries need beside the state; nothing of it has to survive a restart. */
export interface DeliveryRuntime extends Required<DeliveryOptions> {
  /** What is under way, by event owner and receiver: the events about one thing arrive in order. */
  readonly queues: Map<string, Promise<unknown>>
}

/** An event on its way. */
export interface Message {
  /** What the event is about. */
  readonly kind: 'trigger' | 'approval'
  readonly ownerId: string
  readonly eventType: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Why an event is not sent at all; trying again would not help. */
class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused'
}

/** How many attempts are kept: the latest. */
const kept = 10_000
/** Every so many rows the older ones go: a map is slow to find the first of what is left, so not one at a time. */
const spare = kept / 10

/** Milliseconds before the second and the third attempt. */
const backoffMs = [1000, 2000]

const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])\.?$/

/** The global `fetch`, but only to this machine: no test should call a stranger because of a URL in its data. */
const loopbackFetch: Fetch = async (url, init) => {
  const { host, hostname } = new URL(url)
  if (loopback.test(hostname)) return fetch(url, init)
  throw new DeliveryRefused(
    `An offline Weavz delivers to this machine alone, not to ${host}. Give a deliveryFetch to receive it`,
  )
}

export function createDeliveryRuntime(options: DeliveryOptions = {}): DeliveryRuntime {
  return {
    fetch: loopbackFetch,
    follow: (_message, fetch) => ({ fetch, ended: () => undefined }),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    timeoutMs: 10_000,
    ...options,
    queues: new Map(),
  }
}

/** Resolves once nothing is under way any more, what was begun meanwhile included. */
export async function deliveriesSettled({ deliveries: { queues } }: Engine): Promise<void> {
  while (queues.size > 0) await Promise.all(queues.values())
}

/** The kept attempts to deliver what is about a trigger source or an approval request, oldest first. */
export function deliveriesOf({ state }: Engine, ownerId: string): DeliveryRow[] {
  return [...state.tables.deliveries.where('owner', ownerId).values()]
}

/**
 * Posts an event: up to 3 attempts, any 2xx is success. Every attempt is a row from its beginning on. Never rejects.
 *
 * @returns The attempts that were made, oldest first.
 */
export function deliver(engine: Engine, message: Message): Promise<DeliveryRow[]> {
  const { queues, follow, fetch } = engine.deliveries
  const { deliveries } = engine.state.tables
  const carrier = follow(message, fetch)
  // All ids now: with a seeded source, how fast a receiver answers must not decide who else gets which id
  const ids = [engine.ids.uuid(), ...backoffMs.map(() => engine.ids.uuid())]
  const begin = (at: number) => add(engine, newAttempt(engine, message, ids[at] as string, at + 1))
  const first = begin(0)
  const queue = `${message.ownerId} ${message.url}`
  const done = (async () => {
    await queues.get(queue)
    const attempts: DeliveryRow[] = []
    for (let row = first; ; row = begin(attempts.length)) {
      const ended = deliveries.put(await attempt(engine, carrier.fetch, message, row))
      carrier.ended(ended)
      attempts.push(ended)
      if (ended.status !== 'retrying') return attempts
      await engine.deliveries.sleep(backoffMs[row.attempt - 1] as number)
    }
  })()
  queues.set(queue, done)
  void done.then(() => queues.get(queue) === done && queues.delete(queue))
  return done
}

/** Ends the attempts that were under way when this Weavz was stopped: what they were to carry is gone with it. */
export function abandonDeliveries({ state }: Engine): void {
  const { deliveries } = state.tables
  for (const row of [...deliveries.values()]) {
    if (row.status !== 'pending') continue
    deliveries.put({ ...row, status: 'failed', errorMessage: 'Weavz was stopped before this was delivered' })
  }
}

/** Adds an attempt, and sees to it that a Weavz that runs for long does not fill up with old ones. */
function add({ state }: Engine, row: DeliveryRow): DeliveryRow {
  const { deliveries, triggerSources } = state.tables
  deliveries.put(row)
  let older = deliveries.size % spare === 0 ? deliveries.size - kept : 0
  for (const { id, ownerId, status } of deliveries.values()) {
    if (older-- <= 0) break
    // The API shows the last one of each enabled trigger
    const isShown = triggerSources.has(ownerId) && deliveries.where('owner', ownerId).size === 1
    if (status !== 'pending' && !isShown) deliveries.delete(id)
  }
  return row
}

function newAttempt(engine: Engine, message: Message, id: string, attempt: number): DeliveryRow {
  return {
    id,
    ownerId: message.ownerId,
    eventType: message.eventType,
    callbackUrl: message.url,
    attempt,
    status: 'pending',
    httpStatus: null,
    errorMessage: null,
    createdAt: engine.now(),
    deliveredAt: null,
  }
}

/** The headers that an event is sent with. */
export const requestHeaders = ({ headers }: Message): Record<string, string> => ({
  'user-agent': 'Weavz',
  ...headers,
  'content-type': 'application/json',
})

/** Records an event that there was no way to send. */
export function recordUnsent(engine: Engine, message: Message, errorMessage: string): DeliveryRow {
  const row: DeliveryRow = {
    ...newAttempt(engine, message, engine.ids.uuid(), 0),
    status: 'failed',
    errorMessage,
  }
  const { follow, fetch } = engine.deliveries
  follow(message, fetch).ended(row)
  return add(engine, row)
}

async function attempt(
  engine: Engine,
  fetch: Fetch,
  message: Message,
  row: DeliveryRow,
): Promise<DeliveryRow> {
  const { timeoutMs } = engine.deliveries
  const failed = row.attempt > backoffMs.length ? 'failed' : 'retrying'
  try {
    const response = await fetch(message.url, {
      method: 'POST',
      headers: requestHeaders(message),
      body: JSON.stringify(message.body),
      // A receiver that has moved is no receiver, and must not send the callback's headers elsewhere
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const { status: httpStatus, ok } = response
    await response.body?.cancel()
    return ok
      ? { ...row, status: 'success', httpStatus, deliveredAt: engine.now() }
      : { ...row, status: failed, httpStatus, errorMessage: `The receiver answered HTTP ${httpStatus}` }
  } catch (error) {
    const status = error instanceof DeliveryRefused ? 'failed' : failed
    return { ...row, status, errorMessage: reasonOf(engine, error) }
  }
}

/** The message and what is behind it: `fetch failed` alone helps nobody. */
function reasonOf(engine: Engine, error: unknown): string {
  const text = failureText(engine, error)
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && cause.message ? `${text}: ${failureText(engine, cause)}` : text
}
