import type { WeavzError, WeavzResponseError } from './errors.js'

/** One attempt is about to be sent. */
export interface RequestEvent {
  /** `POST /api/v1/connections`: method and path template. */
  readonly endpoint: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The body as it was given, before it became JSON. */
  readonly body: unknown
  /** From 1. */
  readonly attempt: number
}

/** One attempt was answered, whatever the status. */
export interface ResponseEvent {
  readonly endpoint: string
  readonly method: string
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: string | undefined
  /** Milliseconds from sending the request to the end of the body. */
  readonly durationMs: number
  readonly attempt: number
}

/** An attempt failed and another one follows. */
export interface RetryEvent {
  readonly endpoint: string
  /** The attempt that failed, from 1. */
  readonly attempt: number
  /** Milliseconds until the next one. */
  readonly delayMs: number
  readonly error: WeavzError
}

/** A success has a body that is not what the API promises, and `validation` is `warn`. */
export interface InvalidResponseEvent {
  readonly endpoint: string
  readonly error: WeavzResponseError
}

/**
 * Observers for logs, metrics and traces. They see no secret: keys, tokens and credentials are taken out before. What
 * they return is ignored. One that throws does not change the call: its error is reported as an uncaught one, as with
 * listeners of an EventTarget.
 */
export interface Hooks {
  onRequest?(event: RequestEvent): void
  onResponse?(event: ResponseEvent): void
  onRetry?(event: RetryEvent): void
  onInvalidResponse?(event: InvalidResponseEvent): void
}

/** Runs an observer so that its failure is seen, but not by the call. The event is made only if somebody observes. */
export function notify<Name extends keyof Hooks>(
  hooks: Hooks,
  name: Name,
  event: () => Parameters<Required<Hooks>[Name]>[0],
): void {
  const hook = hooks[name] as ((this: Hooks, event: unknown) => void) | undefined
  if (hook === undefined) return
  try {
    hook.call(hooks, event())
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
