import type { Clock } from '../engine/clock.js'

/** Requests per minute that no test reaches: how "no limit" reads in the headers. */
const unlimited = 1_000_000_000
const windowMs = 60_000

export interface RateLimitState {
  readonly limit: number
  readonly remaining: number
  /** Unix seconds. */
  readonly reset: number
  /** Seconds to wait; undefined while the limit is not reached. */
  readonly retryAfter: number | undefined
}

/** Counts the requests of each caller in windows of a minute. */
export function createRateLimiter(clock: Clock, limit = unlimited): (caller: string) => RateLimitState {
  const windows = new Map<string, { until: number; count: number }>()
  return (caller) => {
    const now = clock.now()
    let window = windows.get(caller)
    if (!window || window.until <= now) {
      window = { until: now + windowMs, count: 0 }
      windows.set(caller, window)
    }
    window.count++
    const over = window.count > limit
    return {
      limit,
      remaining: Math.max(0, limit - window.count),
      reset: Math.ceil(window.until / 1000),
      retryAfter: over ? Math.ceil((window.until - now) / 1000) : undefined,
    }
  }
}
