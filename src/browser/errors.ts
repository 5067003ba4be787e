import { errorBrand } from '../contract/brand.js'
import type { ConnectAttempt, WaitOptions } from './types.js'

/** Every `code` of a {@link WeavzConnectError}. */
export type ConnectErrorCode =
  | 'CONNECT_POPUP_BLOCKED'
  | 'CONNECT_POPUP_CLOSED'
  | 'CONNECT_ABANDONED'
  | 'CONNECT_TIMEOUT'
  | 'CONNECT_ABORTED'
  | 'CONNECT_SUPERSEDED'
  | 'CONNECT_FAILED'
  | 'CONNECT_SESSION_EXPIRED'
  | 'CONNECT_PREPARE_FAILED'
  | 'CONNECT_INVALID_URL'
  | 'CONNECT_SECRET_IN_BROWSER'
  | 'CONNECT_UNSUPPORTED_ENVIRONMENT'
  | 'CONNECT_PROTOCOL'

/** What to do about it, where the code alone does not say. The entry is small, and so the others go without. */
const hints: Partial<Record<ConnectErrorCode, string>> = {
  CONNECT_POPUP_BLOCKED: 'call resume() in a click',
  CONNECT_PREPARE_FAILED: 'give { token, connectUrl }',
  CONNECT_INVALID_URL: 'https only, or http on loopback',
  CONNECT_SECRET_IN_BROWSER: 'pass { token, connectUrl }, no API key',
  CONNECT_UNSUPPORTED_ENVIRONMENT: 'no window; use waitForConnect()',
}

/** How an attempt ended, as data. */
export interface Failure {
  readonly code: ConnectErrorCode
  /** The hosted page was shown and the session has not ended. */
  readonly sessionMayStillComplete?: boolean
  /** What the session or the server says went wrong. */
  readonly reason?: string | null
  readonly cause?: unknown
}

/**
 * Why a connect attempt ended without a connection.
 *
 * @example
 * try {
 *   const { connectionId } = await openConnect(session).result
 * } catch (error) {
 *   if (error instanceof WeavzConnectError && error.sessionMayStillComplete) await error.resume().result
 * }
 */
export class WeavzConnectError extends Error {
  // Declared only: the constructor sets every field, and a definition of its own would cost bytes.
  declare readonly code: ConnectErrorCode
  /** True when the user, in a window that this page cannot see, may still finish: do not treat it as a refusal. */
  declare readonly sessionMayStillComplete: boolean
  /**
   * True when the code states a fact. False when it is an inference, or when the page stopped waiting on its own: the
   * window may be open and the user may be typing.
   */
  declare readonly certain: boolean
  /** For `CONNECT_FAILED`, what the session says went wrong, such as `access_denied`; null otherwise. */
  declare readonly reason: string | null
  readonly #resume: ((options?: WaitOptions) => ConnectAttempt) | undefined

  constructor(failure: Failure, resume?: (options?: WaitOptions) => ConnectAttempt) {
    const { code, reason = null, sessionMayStillComplete = false } = failure
    const detail = reason ?? hints[code]
    // CONNECT_POPUP_CLOSED reads "connect popup closed".
    super(
      code.toLowerCase().replaceAll('_', ' ') + (detail ? `: ${detail}` : ''),
      failure.cause === undefined ? undefined : failure,
    )
    this.code = code
    this.sessionMayStillComplete = sessionMayStillComplete
    this.certain = !sessionMayStillComplete || code === 'CONNECT_POPUP_CLOSED'
    this.reason = reason
    this.#resume = resume
  }

  /** As text, because minifiers rename classes; a getter, because the stack is written before any field. */
  override get name(): string {
    return 'WeavzConnectError'
  }

  /** The mark by which `isWeavzError()` of `@weavz/sdk` knows the errors of every entry. */
  get [errorBrand](): true {
    return true
  }

  /**
   * Goes on where the attempt ended. Where the session may still complete, the new attempt polls it without opening a
   * window (its `reopen()` opens one, in a click). After `CONNECT_POPUP_BLOCKED` it opens the window: call it in a
   * click. Throws this error when there is nothing to go on with.
   */
  resume(options?: WaitOptions): ConnectAttempt {
    if (!this.#resume) throw this
    return this.#resume(options)
  }
}
