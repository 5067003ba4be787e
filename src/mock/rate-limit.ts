import type { Clock } from '../engine/clock.js'
import { Refusal } from '../engine/refusal.js'

/** Requests per minute that no test reaches: how "no limit" reads in the headers. */
const unlimited = 1_000_000_000
const windowMs = 60_000

/** How many callers are counted at the same time; beyond that those that came first are forgotten. */
const mostCallers = 10_000

export interface RateLimitState {
  readonly limit: number
  readonly remaining: number
  /** Unix seconds. */
  readonly reset: number
  /** Seconds to wait; undefined while the limit is not reached. */
  readonly retryAfter: number | undefined
}

/** The requests of one caller within a minute, which ends at `until`: milliseconds since the epoch. */
export interface RateWindow {
  readonly until: number
  readonly count: number
}

/** By caller, in the order in which they end. */
export type RateWindows = Map<string, RateWindow>

/** Limits by the name of their option. @throws TypeError for one that is none. */
export function checkRateLimits(limits: Readonly<Record<string, number | undefined>>): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (limit === undefined || (Number.isInteger(limit) && limit >= 0)) continue
    throw new TypeError(`${name} must be a whole number of requests, from 0`)
  }
}

/** Counts one more request of a caller. */
export type RateLimiter = (caller: string) => RateLimitState

/** Counts the requests of each caller in windows of a minute. */
export function createRateLimiter(clock: Clock, windows: RateWindows, limit = unlimited): RateLimiter {
  function makeRoom(now: number): void {
    if (windows.size < mostCallers) return
    // Many at once, because maps are slow to find the first of what is left
    let tooMany = mostCallers / 10
    for (const [other, { until }] of windows) {
      if (tooMany-- <= 0 && until > now) return
      windows.delete(other)
    }
  }

  return (caller) => {
    const now = clock.now()
    let window = windows.get(caller)
    // One that ends too late was opened before the clock was set back, and would lock the caller out
    if (!window || window.until <= now || window.until > now + windowMs) {
      windows.delete(caller)
      makeRoom(now)
      window = { until: now + windowMs, count: 0 }
    }
    const { until } = window
    const count = window.count + 1
    windows.set(caller, { until, count })
    return {
      limit,
      remaining: Math.max(0, limit - count),
      reset: Math.ceil(until / 1000),
      retryAfter: count > limit ? Math.ceil((until - now) / 1000) : undefined,
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
