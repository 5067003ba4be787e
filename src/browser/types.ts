import type { WeavzConnectError } from './errors.js'
import type { ConnectState } from './machine.js'
import type { Preopened } from './popup.js'

/** What the app's back end got from `connect.createToken`: nothing else of it is needed in the page. */
export interface ConnectToken {
  /** `cst_…`; it names this one session and is no API key. */
  readonly token: string
  /** The hosted page: https, or http on a loopback host. */
  readonly connectUrl: string
}

/** A session, or a function that fetches one; the function runs after the window has been opened. */
export type ConnectSource = ConnectToken | (() => ConnectToken | PromiseLike<ConnectToken>)

/** The connection that the user made. */
export interface ConnectResult {
  readonly connectionId: string
  readonly integrationName: string
  /** `connection.externalId`: the one that the session was created with. */
  readonly externalId: string
}

/** The part of a polled session that decides; other fields are ignored. */
export interface PolledSession {
  readonly status: string
  readonly connectionId?: string | null
  readonly integrationName?: string | null
  readonly externalId?: string | null
  readonly error?: string | null
}

/**
 * Asks for the session another way, for instance through the app's own back end. Reject with an error that carries a
 * numeric `status` to pass on an HTTP status; any other rejection counts as a network error.
 */
export type PollSession = (token: string, options: { signal: AbortSignal }) => PromiseLike<PolledSession>

/** Intervals in milliseconds. The defaults suit people; tests shorten them. */
export interface ConnectTiming {
  /** Between polls at first and after any sign of life; twice and four times that later. Default 1000. */
  readonly pollMs: number
  /** Until a poll without an answer counts as a network error. Default 15 000. */
  readonly requestMs: number
  /** Between looks at the window. Default 500. */
  readonly windowMs: number
  /** From a window that looks closed to the verdict, or to `close_suspected`. Default 3000. */
  readonly graceMs: number
  /** Without progress, from a window that looks closed to `CONNECT_ABANDONED`. Default 180 000. */
  readonly abandonMs: number
}

/** Options of everything that follows a session. */
export interface WaitOptions {
  /** Where to poll. Default: the origin of `connectUrl`, or `https://api.weavz.io` where only the token is known. */
  readonly baseUrl?: string
  /** Polls another way than `POST {baseUrl}/api/v1/connect/session/poll`. */
  readonly poll?: PollSession
  /** Ends the attempt as `CONNECT_ABORTED`, the signal's reason as `cause`. The session is left alone. */
  readonly signal?: AbortSignal
  /** Milliseconds until `CONNECT_TIMEOUT`. Default 600 000, ten minutes. */
  readonly timeoutMs?: number
  /** Overrides single intervals. */
  readonly timing?: Partial<ConnectTiming>
}

export interface ResumeOptions extends WaitOptions {
  /** Names the attempt: a second `openConnect` with the same key joins it. Default: the token, where it is known. */
  readonly key?: string
  /** Origins whose messages may trigger a poll. Default: the origin of `connectUrl`. */
  readonly allowedOrigins?: readonly string[]
  /** Inner size of the window in CSS pixels. Default 500 × 600. */
  readonly size?: { readonly width: number; readonly height: number }
}

export interface OpenOptions extends ResumeOptions {
  /**
   * A repeated key joins the running attempt (default; the other options of the later call are ignored then), replaces
   * it, or runs beside it.
   */
  readonly concurrency?: 'join' | 'replace' | 'separate'
  /** A blocked window is an error (default), or the whole page goes to the hosted page instead. */
  readonly onBlocked?: 'error' | 'redirect'
  /** The window that `preopen()` opened in the click. */
  readonly popup?: Preopened
}

/**
 * What is known of the window. `closed` is certain; `unobservable` may be closed, or open and cut off by a
 * `Cross-Origin-Opener-Policy` header: a page cannot tell the two apart.
 */
export type WindowView = 'none' | 'open' | 'closed' | 'unobservable'

export type ConnectEvent =
  | { readonly type: 'state'; readonly state: ConnectState; readonly previous: ConnectState }
  /** The window may be gone: time to ask "Window closed? Reopen / Cancel". */
  | { readonly type: 'close_suspected' }
  /** There was a sign of life after all: the question can go away. */
  | { readonly type: 'close_cleared' }
  /** A poll had no usable answer; polling goes on. */
  | { readonly type: 'poll_failed'; readonly status: number | null }
  /** The last event, once. */
  | {
      readonly type: 'settled'
      readonly state: ConnectState
      readonly result?: ConnectResult
      readonly error?: WeavzConnectError
    }

/** One attempt to connect: opened in a click, settled once. */
export interface ConnectAttempt extends AsyncIterable<ConnectEvent> {
  /** Fulfils with the connection, rejects with a {@link WeavzConnectError}. */
  readonly result: Promise<ConnectResult>
  readonly state: ConnectState
  readonly window: WindowView
  /** Calls `listener` for each event of that type; returns a function that stops it. */
  on<T extends ConnectEvent['type']>(
    type: T,
    listener: (event: Extract<ConnectEvent, { type: T }>) => void,
  ): () => void
  /** Brings the window to the front, where the browser lets a page do that. */
  focus(): void
  /**
   * Brings the window to the front or, if it looks closed, opens it again on the same session. Call it in a click
   * handler. False when the browser refused.
   */
  reopen(): boolean
  /** Ends the attempt as `CONNECT_ABORTED` and closes the window. The session on the server is left alone. */
  cancel(): void
}
