import type { Clock } from '../engine/clock.js'
import { Refusal } from '../engine/refusal.js'

/** Requests per minute that no test reaches: how "no limit" reads in the headers. */
const unlimited = 1_000_000_000
const windowMs = 60_000

/** How many callers are counted at the same time; beyond that the one that came first is forgotten. */
const mostCallers = 10_000

export interface RateLimitState {
  readonly limit: number
  readonly remaining: number
  /** Unix seconds. */
  readonly reset: number
  /** Seconds to wait; undefined while the limit is not reached. */
  readonly retryAfter: number | undefined
}

interface Window {
  readonly until: number
  count: number
}

/** Counts one more request of a caller. */
export type RateLimiter = (caller: string) => RateLimitState

/** Counts the requests of each caller in windows of a minute. */
export function createRateLimiter(clock: Clock, limit = unlimited): RateLimiter {
  // In the order in which they end
  const windows = new Map<string, Window>()

  function open(caller: string, now: number): Window {
    windows.delete(caller)
    for (const [other, { until }] of windows) {
      if (until > now && windows.size < mostCallers) break
      windows.delete(other)
    }
    const window = { until: now + windowMs, count: 0 }
    windows.set(caller, window)
    return window
  }

  return (caller) => {
    const now = clock.now()
    const latest = windows.get(caller)
    // One that ends too late was opened before the clock was set back, and would lock the caller out
    const runs = latest && latest.until > now && latest.until <= now + windowMs
    const window = runs ? latest : open(caller, now)
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

/** What an answer tells about a limit. */
export function rateHeaders({ limit, remaining, reset }: RateLimitState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset),
  }
}

/** 429 `RATE_LIMITED` above the limit. `headers` are those of the answer. */
export function refuseAbove({ retryAfter }: RateLimitState, headers: Record<string, string>): void {
  if (retryAfter === undefined) return
  headers['retry-after'] = String(retryAfter)
  throw new Refusal('RATE_LIMITED', `Too many requests: try again in ${retryAfter} seconds`)
}
