import type { Answer } from './answer.js'
import { WeavzError } from './errors.js'

/** How one attempt ended. */
export type Outcome =
  | ({ readonly kind: 'answer' } & Answer)
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'network'; readonly cause: unknown }
  /** Not even sent, and not worth a second attempt. */
  | { readonly kind: 'unsent'; readonly error: WeavzError }

/** setTimeout takes longer delays for none at all. */
const longestTimer = 2 ** 31 - 1

/**
 * One request, its body read to the end, under a time limit and the caller's signal. Whichever comes first decides, so
 * that an abort is never taken for a failure of the network, a time-out never for an abort, and a `fetch` that ignores
 * its signal cannot hang. Settles with nothing left behind: no timer, and no listener on a signal that may live on.
 */
export function exchange(
  send: (signal: AbortSignal) => Promise<Response>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const controller = new AbortController()

    function settle(outcome: Outcome): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      if (outcome.kind !== 'answer') controller.abort()
      resolve(outcome)
    }
    function onAbort(): void {
      settle({ kind: 'aborted' })
    }

    const timer =
      timeoutMs > longestTimer ? undefined : setTimeout(() => settle({ kind: 'timeout' }), timeoutMs)
    // Our own controller stands between: what fetch and Request hang on a signal stays there until garbage collection
    signal?.addEventListener('abort', onAbort)

    async function attempt(): Promise<void> {
      try {
        const response = await send(controller.signal)
        settle({ kind: 'answer', response, text: await response.text() })
      } catch (cause) {
        settle(cause instanceof WeavzError ? { kind: 'unsent', error: cause } : { kind: 'network', cause })
      }
    }
    void attempt()
  })
}
