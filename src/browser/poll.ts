import type { connect } from '../contract/connect.js'
import type { Env } from './env.js'
import type { ConnectTiming, PolledSession } from './types.js'

/** No server may silence us for longer. */
const maxRetryAfterMs = 60_000
// Only the type: the contract's own value would bring its schemas along.
const path: (typeof connect.poll)['path'] = '/api/v1/connect/session/poll'

/** What came of one poll; `status` is null where there was not even an HTTP answer. */
export type Reply =
  | { readonly type: 'answered'; readonly askedAt: number; readonly session: PolledSession }
  | { readonly type: 'unanswered'; readonly askedAt: number; readonly status: number | null }

/** What a failed poll may say about itself, ours or the app's: errors of an HTTP client have these fields. */
interface PollFailure {
  readonly status?: number | null
  readonly retryAfterMs?: number | null
}

/** One poll over `fetch`. Rejects with the HTTP status, and never with anything that holds the token. */
export async function fetchSession(
  env: Env,
  baseUrl: string,
  token: string,
  signal: AbortSignal,
): Promise<PolledSession> {
  const response = await env.fetch(baseUrl.replace(/\/+$/, '') + path, {
    method: 'POST',
    // As text/plain, which the API reads as JSON all the same: that spares the browser a CORS preflight with each poll.
    body: JSON.stringify({ token }),
    signal,
  })
  const { ok, status, headers } = response
  // Number() of a date is NaN and counts as none: our own back-off decides then.
  if (!ok)
    throw Object.assign(new Error(), { status, retryAfterMs: Number(headers.get('retry-after')) * 1000 })
  return (await response.json()) as PolledSession
}

/**
 * The delay until the next poll. `quietMs` is the time since the last sign of life, `failures` the number of polls
 * without an answer in a row, `random` in [0, 1) spreads it by a fifth to either side.
 *
 * A minute of polling stays under the 60 requests that the API allows an address.
 */
export function pollDelay(pollMs: number, quietMs: number, failures: number, random: number): number {
  const steps = quietMs < 10 * pollMs ? 1 : quietMs < 60 * pollMs ? 2 : 4
  const delay = pollMs * (failures > 0 ? Math.min(2 ** failures, 15) : steps)
  return delay * (0.8 + 0.4 * random)
}

export interface Polling {
  /** Something happened: polls at once, or as soon as the running poll and a server's `Retry-After` allow. */
  ring(): void
  stop(): void
}

/** Polls at once and then on schedule until stopped, one request in flight. */
export function startPolling(
  env: Env,
  ask: (signal: AbortSignal) => PromiseLike<PolledSession>,
  { pollMs, requestMs }: Pick<ConnectTiming, 'pollMs' | 'requestMs'>,
  onReply: (reply: Reply) => void,
): Polling {
  let timer: unknown
  let running: AbortController | undefined
  let rungMeanwhile = false
  let lastSign = env.now()
  let notBefore = 0
  let failures = 0

  const schedule = (delay: number) => {
    env.clearTimeout(timer)
    timer = env.setTimeout(poll, Math.max(delay, notBefore - env.now(), 0))
  }

  const poll = () => {
    const controller = new AbortController()
    const askedAt = env.now()
    // Doorbells may ring in bursts; the requests they cause may not.
    notBefore = askedAt + Math.min(pollMs / 4, 250)
    running = controller
    const finish = (reply: Reply) => {
      // A late answer, of a poll that timed out or was stopped, is out of order.
      if (running !== controller) return
      running = undefined
      failures = reply.type === 'answered' ? 0 : failures + 1
      schedule(rungMeanwhile ? 0 : pollDelay(pollMs, env.now() - lastSign, failures, env.random()))
      rungMeanwhile = false
      onReply(reply)
    }
    const fail = (error?: PollFailure) => {
      const { status, retryAfterMs } = error ?? {}
      if (retryAfterMs) notBefore = env.now() + Math.min(retryAfterMs, maxRetryAfterMs)
      finish({ type: 'unanswered', askedAt, status: status ?? null })
    }
    timer = env.setTimeout(() => {
      fail()
      controller.abort()
    }, requestMs)
    new Promise<PolledSession>((resolve) => resolve(ask(controller.signal))).then((session) => {
      if (typeof session?.status === 'string') finish({ type: 'answered', askedAt, session })
      else fail()
    }, fail)
  }

  poll()
  return {
    ring() {
      lastSign = env.now()
      if (running) rungMeanwhile = true
      else schedule(0)
    },
    stop() {
      const controller = running
      running = undefined
      env.clearTimeout(timer)
      controller?.abort()
    },
  }
}
