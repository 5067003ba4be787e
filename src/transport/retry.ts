import type { Method } from '../contract/endpoint.js'

/** What the transport takes from its surroundings, so that tests need neither wait nor guess. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number
  /** From 0 up to, but not including, 1. */
  random(): number
  /** Resolves after so many milliseconds, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemRuntime: Runtime = { now: () => Date.now(), random: () => Math.random(), sleep }

const firstDelayMs = 500
/** Neither back-off nor `Retry-After` makes a caller wait longer than this. */
const maxDelayMs = 60_000

/** Methods whose repetition has the same effect as one call (RFC 9110, 9.2.2). */
const idempotent: ReadonlySet<Method> = new Set(['GET', 'PUT', 'PATCH', 'DELETE'])

export function isSafeToRepeat(method: Method, safeToRetry: boolean | undefined): boolean {
  return safeToRetry === true || idempotent.has(method)
}

/**
 * Whether an attempt may be made again. A 429 was refused before anything happened; after anything else a POST may
 * have had its effect, so that only calls that are safe to repeat are.
 *
 * @param status HTTP status of the answer; undefined for a time-out and for no answer at all.
 */
export function isRetriable(status: number | undefined, safeToRepeat: boolean): boolean {
  if (status === 429) return true
  return safeToRepeat && (status === undefined || status === 408 || status >= 500)
}

/**
 * Milliseconds before the attempt that follows attempt number `attempt`. Full jitter: anything up to the bound, so
 * that callers that failed together do not come back together.
 */
export function delayBefore(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, maxDelayMs)
  return Math.floor(random() * Math.min(firstDelayMs * 2 ** (attempt - 1), maxDelayMs))
}

/** Sleeps, and ends early when the signal aborts. Leaves neither timer nor listener. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
