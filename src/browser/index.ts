/**
 * The connect flow in a page: opens the hosted connect page and tells the truth about what happened. Holds no API key.
 *
 * @module
 */
import { open, preopenIn, wait } from './connect.js'
import { realEnv } from './env.js'
import type { Preopened } from './popup.js'
import { comeBack, leave } from './redirect.js'
import type {
  ConnectAttempt,
  ConnectResult,
  ConnectSource,
  OpenOptions,
  ResumeOptions,
  WaitOptions,
} from './types.js'

export { WeavzConnectError, type ConnectErrorCode } from './errors.js'
export type { ConnectState } from './machine.js'
export type { Preopened } from './popup.js'
export type {
  ConnectAttempt,
  ConnectEvent,
  ConnectResult,
  ConnectToken,
  ConnectSource,
  ConnectTiming,
  OpenOptions,
  PolledSession,
  PollSession,
  ResumeOptions,
  WaitOptions,
  WindowView,
} from './types.js'

/**
 * Opens the hosted connect page in a window and follows the session until it ends. Call it in a click handler, before
 * any `await`: the window opens at once, and only then the source runs. The polled session alone decides; messages,
 * focus and a window that looks closed only make it poll sooner.
 *
 * The attempt's `result` rejects with a {@link WeavzConnectError}. What is wrong with the arguments themselves is thrown.
 *
 * @param source `{ token, connectUrl }` from the app's back end, or a function that fetches it.
 * @throws WeavzConnectError `CONNECT_SECRET_IN_BROWSER`, `CONNECT_INVALID_URL`, `CONNECT_PREPARE_FAILED` for a session
 * that was given directly, and `CONNECT_UNSUPPORTED_ENVIRONMENT` outside a page.
 * @example
 * button.onclick = async () => {
 *   const attempt = openConnect(() => fetch('/connect/slack', { method: 'POST' }).then((r) => r.json()))
 *   const { connectionId } = await attempt.result
 * }
 */
export function openConnect(source: ConnectSource, options?: OpenOptions): ConnectAttempt {
  return open(realEnv, source, options)
}

/**
 * Opens the window alone, for a click handler that has to await something before it can call {@link openConnect}.
 *
 * @throws WeavzConnectError `CONNECT_UNSUPPORTED_ENVIRONMENT` outside a page.
 * @example
 * const popup = preopen()
 * if (await confirmed()) openConnect(source, { popup })
 * else popup.close()
 */
export function preopen(options?: Pick<ResumeOptions, 'size'>): Preopened {
  return preopenIn(realEnv, options)
}

/**
 * Sends the whole page to the hosted connect page: for phones, and for pages that may not open windows. The session
 * needs `successRedirectUri` and `errorRedirectUri`; the page there calls {@link resumeConnect}.
 *
 * @param options.key Tells several attempts apart when resuming. Default: the token.
 * @throws WeavzConnectError as a rejection: `CONNECT_PREPARE_FAILED`, `CONNECT_INVALID_URL`,
 * `CONNECT_SECRET_IN_BROWSER`, `CONNECT_UNSUPPORTED_ENVIRONMENT`.
 * @example await redirectConnect(() => fetch('/connect/slack', { method: 'POST' }).then((r) => r.json()))
 */
export function redirectConnect(source: ConnectSource, options?: { key?: string }): Promise<void> {
  return leave(realEnv, source, options)
}

/**
 * Goes on with an attempt of this tab after a redirect or a reload; null when there is none. The query of the return
 * address is not read: anyone can write one. On a return page inside a connect window it rings for the page that
 * opened the window, and closes the window.
 *
 * @param options.key The attempt with that key; default: the newest.
 * @throws WeavzConnectError `CONNECT_UNSUPPORTED_ENVIRONMENT` outside a page.
 * @example const connection = await resumeConnect()?.result
 */
export function resumeConnect(options?: ResumeOptions): ConnectAttempt | null {
  return comeBack(realEnv, options)
}

/**
 * Follows a session by polling alone, in any runtime, until it completes.
 *
 * @param token `cst_…`
 * @throws WeavzConnectError as a rejection: `CONNECT_FAILED`, `CONNECT_SESSION_EXPIRED`, `CONNECT_TIMEOUT`,
 * `CONNECT_ABORTED`, `CONNECT_PROTOCOL`, `CONNECT_SECRET_IN_BROWSER`.
 * @example const { connectionId } = await waitForConnect(token, { timeoutMs: 120_000 })
 */
export function waitForConnect(token: string, options?: WaitOptions): Promise<ConnectResult> {
  return wait(realEnv, token, options)
}
