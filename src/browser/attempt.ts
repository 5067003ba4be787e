import { defaultBaseUrl } from '../contract/base-url.js'
import { createEmitter } from './emitter.js'
import type { Env } from './env.js'
import { WeavzConnectError, type ConnectErrorCode, type Failure } from './errors.js'
import { initial, isSettled, reduce, viewOfWindow, type ConnectState, type MachineEvent } from './machine.js'
import { listen } from './messages.js'
import { fetchSession, startPolling, type Polling } from './poll.js'
import { look, openPopup } from './popup.js'
import { obtainSession } from './session.js'
import { store } from './storage.js'
import type {
  ConnectAttempt,
  ConnectResult,
  ConnectToken,
  ConnectSource,
  ConnectTiming,
  OpenOptions,
  WaitOptions,
} from './types.js'

const defaultTimeoutMs = 600_000
const defaultTiming: ConnectTiming = {
  pollMs: 1000,
  requestMs: 15_000,
  windowMs: 500,
  graceMs: 3000,
  abandonMs: 180_000,
}

/** A session to follow; where only the token is known nothing can be opened. */
type Followed = Pick<ConnectToken, 'token'> & Partial<ConnectToken>

/** A running attempt as this room sees it. */
export interface Attempt extends ConnectAttempt {
  supersede(): void
}

/** An attempt starts by opening a window for a source, or by following a session that is shown already. */
export type Start =
  | { readonly source: ConnectSource }
  /** `gone`: shown where no handle reaches it; `none`: nobody looks for a window. */
  | { readonly session: Followed; readonly handle: 'gone' | 'none' }

/**
 * Runs one attempt: carries what happens to the machine, and what the machine concludes to the app. `id` is the
 * window's name and the nonce of this attempt alone.
 *
 * A closure and not a class: its state is out of reach for inspection, and minifies to one letter each.
 */
export function startAttempt(env: Env, id: string, options: OpenOptions, start: Start): Attempt {
  const { host, attempts, now } = env
  const {
    signal,
    key,
    timeoutMs = defaultTimeoutMs,
    baseUrl,
    poll,
    allowedOrigins,
    size,
    popup: preopened,
  } = options
  const timing: ConnectTiming = { ...defaultTiming, ...options.timing }
  const emitter = createEmitter()
  /** Takes the listeners away when the attempt settles. */
  const over = new AbortController()
  let machine = initial
  let session: Followed | undefined
  let popup = preopened?.window
  let polling: Polling | undefined
  let watchTimer: unknown
  let deadline: unknown
  let resolve: (result: ConnectResult) => void
  let reject: (error: WeavzConnectError) => void
  const result = new Promise<ConnectResult>((...settlers) => {
    ;[resolve, reject] = settlers
  })
  // An app may listen to events alone: a rejection that nobody awaits is no accident then.
  result.catch(() => undefined)

  const dispatch = (event: MachineEvent) => {
    const before = machine
    machine = reduce(before, event, now(), timing)
    const { state, suspected, handle } = machine
    if (machine === before) return
    if (isSettled(machine)) return settle(before.state)
    if (state !== before.state) emitter.emit({ type: 'state', state, previous: before.state })
    if (suspected !== before.suspected)
      emitter.emit({ type: suspected ? 'close_suspected' : 'close_cleared' })
    if (handle !== before.handle || event.type === 'doorbell') polling?.ring()
  }

  const stop = (code: ConnectErrorCode, cause?: unknown) =>
    dispatch({ type: 'stopped', failure: { code, cause } })

  const settle = (previous: ConnectState) => {
    const { state, result, failure } = machine
    over.abort()
    polling?.stop()
    polling = undefined
    env.clearTimeout(watchTimer)
    env.clearTimeout(deadline)
    if (attempts.get(key) === attempt) attempts.delete(key)
    if (host) store(host, id)
    const error = failure && new WeavzConnectError(failure, wayOn(failure))
    // A window in which the user may still finish stays, unless the app itself ended the attempt.
    if (!error?.sessionMayStillComplete || state === 'aborted' || state === 'superseded') popup?.close()
    emitter.emit({ type: 'state', state, previous })
    emitter.emit({ type: 'settled', state, ...(error ? { error } : { result }) })
    if (error) reject(error)
    else if (result) resolve(result)
  }

  /** What `resume()` of the error does, if there is a way to go on. */
  const wayOn = ({ code, sessionMayStillComplete }: Failure) => {
    const next: Start | false | undefined =
      code === 'CONNECT_POPUP_BLOCKED'
        ? start
        : sessionMayStillComplete && session && { session, handle: 'gone' }
    // A used window and a signal that may have fired are no part of a new start.
    return next
      ? (changed?: WaitOptions) =>
          startAttempt(env, id, { ...options, popup: undefined, signal: undefined, ...changed }, next)
      : undefined
  }

  const lookAtWindow = () => {
    if (popup) dispatch({ type: 'seen', ...look(popup) })
  }

  /** Looks at the window on and on; more often until it shows the hosted page, which a user may close quickly. */
  const watch = () => {
    env.clearTimeout(watchTimer)
    lookAtWindow()
    const { handle, linked } = machine
    if (isSettled(machine) || handle !== 'open') return
    watchTimer = env.setTimeout(watch, linked ? timing.windowMs : timing.windowMs / 5)
  }

  const track = (followed: Followed) => {
    session = followed
    const { token, connectUrl } = followed
    const origin = connectUrl && new URL(connectUrl).origin
    if (host && connectUrl && origin) {
      store(host, id, { token, connectUrl, key, id })
      listen(
        host,
        { nonce: id, origins: allowedOrigins ?? [origin], popup: () => popup },
        over.signal,
        () => dispatch({ type: 'doorbell' }),
        () => {
          lookAtWindow()
          polling?.ring()
        },
      )
    }
    dispatch({ type: 'prepared' })
    if (isSettled(machine)) return
    const started = startPolling(
      env,
      (signal) =>
        poll
          ? poll(token, { signal })
          : fetchSession(env, baseUrl ?? origin ?? defaultBaseUrl, token, signal),
      timing,
      (reply) => {
        if (reply.type === 'answered') {
          const { error } = reply.session
          const safe = typeof error === 'string' ? error.replaceAll(token, '[token]') : null
          return dispatch({ ...reply, session: { ...reply.session, error: safe } })
        }
        emitter.emit({ type: 'poll_failed', status: reply.status })
        dispatch(reply)
      },
    )
    // The app's own poll function may have cancelled the attempt already.
    if (isSettled(machine)) started.stop()
    else polling = started
  }

  const present = (prepared: ConnectToken) => {
    // The user may have closed the blank window while the source was busy.
    lookAtWindow()
    if (isSettled(machine)) return
    if (popup) popup.location.replace(prepared.connectUrl)
    track(prepared)
    if (!popup) host?.location.assign(prepared.connectUrl)
  }

  const begin = () => {
    const abort = () => stop('CONNECT_ABORTED', signal?.reason)
    if (signal?.aborted) return abort()
    signal?.addEventListener('abort', abort, { signal: over.signal })
    deadline = env.setTimeout(() => stop('CONNECT_TIMEOUT'), timeoutMs)
    if (key !== undefined) attempts.set(key, attempt)
    if ('session' in start) {
      dispatch({ type: 'opened', handle: start.handle })
      return track(start.session)
    }
    const { source } = start
    if (host && !preopened) popup = openPopup(host, id, size)
    if (!popup && options.onBlocked !== 'redirect') return stop('CONNECT_POPUP_BLOCKED')
    dispatch({ type: 'opened', handle: popup ? 'open' : 'gone' })
    watch()
    if (typeof source !== 'function') return present(source)
    obtainSession(source).then(present, ({ code, cause }: WeavzConnectError) => stop(code, cause))
  }

  const attempt: Attempt = {
    result,
    get state() {
      return machine.state
    },
    get window() {
      return viewOfWindow(machine)
    },
    on: (type, listener) =>
      emitter.add((event) => {
        if (event.type === type) listener(event as Parameters<typeof listener>[0])
      }),
    focus: () => popup?.focus(),
    reopen: () => {
      if (!host || isSettled(machine)) return false
      if (popup && !popup.closed) {
        popup.focus()
        return true
      }
      const opened = openPopup(host, id, size)
      if (!opened) return false
      popup = opened
      if (session?.connectUrl) opened.location.replace(session.connectUrl)
      dispatch({ type: 'reopened' })
      watch()
      return true
    },
    cancel: () => stop('CONNECT_ABORTED'),
    supersede: () => stop('CONNECT_SUPERSEDED'),
    [Symbol.asyncIterator]: emitter.iterate,
  }
  begin()
  return attempt
}
