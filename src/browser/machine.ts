import type { ConnectErrorCode, Failure } from './errors.js'
import type { ConnectResult, ConnectTiming, PolledSession, WindowView } from './types.js'

/** `opening → preparing → hosted → connecting`, then one of the final states. */
export type ConnectState =
  | 'opening'
  | 'preparing'
  | 'hosted'
  | 'connecting'
  | 'completed'
  | 'failed'
  | 'closed'
  | 'abandoned'
  | 'timed-out'
  | 'aborted'
  | 'superseded'
  | 'blocked'

/** All that an attempt knows. Times are milliseconds of the injected clock. */
export interface Machine {
  readonly state: ConnectState
  /** What the window's handle says; `none` when the attempt has no window to lose. */
  readonly handle: 'none' | 'open' | 'gone'
  /** The last sign that somebody is at work, or that the window vanished. */
  readonly quietSince: number
  /** How many looks in a row through the handle showed another page than the blank one, and since when. */
  readonly awayLooks: number
  readonly awaySince: number
  /** The handle stayed alive on the hosted page: neither the app's headers nor that page's cut it off. */
  readonly linked: boolean
  /** A window may be open that no handle reaches, so no closing can be certain any more. */
  readonly lost: boolean
  /** The app has been told that the window may be gone. */
  readonly suspected: boolean
  /** The last poll was answered with 401 or 404. */
  readonly unknown: boolean
  readonly result?: ConnectResult
  readonly failure?: Failure
}

export type MachineEvent =
  /** `gone`: the hosted page is shown where no handle reaches it (this very page, or a window of before a reload). */
  | { readonly type: 'opened'; readonly handle: Machine['handle'] }
  | { readonly type: 'prepared' }
  /** A look at the window. `away`: it shows something else than the blank page that it was opened with. */
  | { readonly type: 'seen'; readonly closed: boolean; readonly away: boolean }
  | { readonly type: 'reopened' }
  /** A message of the window, or of the app's own page inside it. */
  | { readonly type: 'doorbell' }
  | { readonly type: 'answered'; readonly askedAt: number; readonly session: PolledSession }
  | { readonly type: 'unanswered'; readonly askedAt: number; readonly status: number | null }
  /** Ended by something else than window and session: the app, the clock, the browser, the source. */
  | { readonly type: 'stopped'; readonly failure: Failure }

export type Limits = Pick<ConnectTiming, 'windowMs' | 'graceMs' | 'abandonMs'>

export const initial: Machine = {
  state: 'opening',
  handle: 'none',
  quietSince: 0,
  awayLooks: 0,
  awaySince: 0,
  linked: false,
  lost: false,
  suspected: false,
  unknown: false,
}

/** The final state of a failure; `failed` where nothing is said. */
const finalStates: Partial<Record<ConnectErrorCode, ConnectState>> = {
  CONNECT_POPUP_BLOCKED: 'blocked',
  CONNECT_POPUP_CLOSED: 'closed',
  CONNECT_ABANDONED: 'abandoned',
  CONNECT_TIMEOUT: 'timed-out',
  CONNECT_ABORTED: 'aborted',
  CONNECT_SUPERSEDED: 'superseded',
}

export function isSettled({ result, failure }: Machine): boolean {
  return !!(result ?? failure)
}

/** The hosted page has been shown and the session has not ended. */
function isFollowing({ state }: Machine): boolean {
  return state === 'hosted' || state === 'connecting'
}

export function viewOfWindow({ state, handle }: Machine): WindowView {
  return handle !== 'gone' ? handle : state === 'closed' ? 'closed' : 'unobservable'
}

/** `over`: the session itself has ended, so that nothing can complete it any more. */
function fail(machine: Machine, failure: Failure, over = false): Machine {
  const sessionMayStillComplete = !over && isFollowing(machine)
  return {
    ...machine,
    state: finalStates[failure.code] ?? 'failed',
    failure: { ...failure, sessionMayStillComplete },
  }
}

/** One step. Pure; a settled machine, and an event that its state has no use for, come back unchanged. */
export function reduce(machine: Machine, event: MachineEvent, now: number, limits: Limits): Machine {
  if (isSettled(machine)) return machine
  const { state } = machine
  switch (event.type) {
    case 'stopped':
      return fail(machine, event.failure)
    case 'opened': {
      const { handle } = event
      const lost = handle === 'gone'
      return state === 'opening' ? { ...machine, state: 'preparing', handle, quietSince: now, lost } : machine
    }
    case 'prepared':
      return state === 'preparing' ? { ...machine, state: 'hosted', quietSince: now } : machine
    case 'seen':
      return look(machine, event, now, limits)
    case 'reopened':
      return state === 'opening' ? machine : reopen(machine, now)
  }
  if (!isFollowing(machine)) return machine
  switch (event.type) {
    case 'doorbell':
      return { ...machine, quietSince: now, suspected: false }
    case 'answered':
      return hear(machine, event, now, limits)
    case 'unanswered':
      return miss(machine, event, limits)
  }
}

function look(
  machine: Machine,
  { closed, away }: Extract<MachineEvent, { type: 'seen' }>,
  now: number,
  { windowMs }: Limits,
): Machine {
  const { state, handle, lost } = machine
  if (handle === 'none') return machine
  if (!closed) {
    const awayLooks = away && isFollowing(machine) ? machine.awayLooks + 1 : 0
    const awaySince = awayLooks > 1 ? machine.awaySince : now
    // Not at first sight: a handle that is being cut off shows the hosted page, open, for some milliseconds before it
    // reads closed (measured in Chromium 156: 0.5 to 5). Nor by the time alone, which passes while a page is stalled.
    const linked = machine.linked || (awayLooks > 5 && now >= awaySince + windowMs)
    return { ...machine, handle: 'open', awayLooks, awaySince, linked, suspected: false }
  }
  const gone: Machine = handle === 'gone' ? machine : { ...machine, handle: 'gone', quietSince: now }
  // A blank page of the app's own origin has no headers that could cut it off.
  return state === 'preparing' && !lost ? fail(gone, { code: 'CONNECT_POPUP_CLOSED' }) : gone
}

function reopen(machine: Machine, now: number): Machine {
  // The window of before may be open still, out of sight.
  const lost = machine.lost || isFollowing(machine)
  return { ...machine, handle: 'open', quietSince: now, suspected: false, lost }
}

function hear(
  before: Machine,
  { askedAt, session }: Extract<MachineEvent, { type: 'answered' }>,
  now: number,
  limits: Limits,
): Machine {
  const { status, connectionId, integrationName, externalId, error } = session
  let machine: Machine = { ...before, unknown: false }
  if (status === 'COMPLETED') {
    if (!connectionId) return fail(machine, { code: 'CONNECT_PROTOCOL' }, true)
    const result = { connectionId, integrationName: integrationName ?? '', externalId: externalId ?? '' }
    return { ...machine, state: 'completed', result }
  }
  if (status === 'FAILED') return fail(machine, { code: 'CONNECT_FAILED', reason: error ?? null }, true)
  if (status === 'CONNECTING') {
    // There is no way back: a PENDING that comes later is a stale answer.
    if (machine.state === 'hosted')
      return { ...machine, state: 'connecting', quietSince: now, suspected: false }
  } else if (status !== 'PENDING') {
    // A status of a newer server. Wherever the user is now, it need not be the hosted page.
    machine = { ...machine, lost: true }
  }
  const { state, handle, linked, lost, quietSince } = machine
  if (handle !== 'gone') return machine
  // The session is PENDING, so the user never left the hosted page, and that page does not cut off: closed is closed.
  if (state === 'hosted' && linked && !lost) {
    return askedAt < quietSince + limits.graceMs ? machine : fail(machine, { code: 'CONNECT_POPUP_CLOSED' })
  }
  return askedAt < quietSince + limits.abandonMs
    ? suspect(machine, askedAt, limits)
    : fail(machine, { code: 'CONNECT_ABANDONED' })
}

function miss(
  machine: Machine,
  { askedAt, status }: Extract<MachineEvent, { type: 'unanswered' }>,
  limits: Limits,
): Machine {
  if (status === 401 || status === 404) {
    // Once may be a replica that has not heard of the session yet.
    return machine.unknown
      ? fail(machine, { code: 'CONNECT_SESSION_EXPIRED' }, true)
      : { ...machine, unknown: true }
  }
  // While the network is down the window may have shown the browser's own error page. That looks like the hosted page
  // from here, but says nothing about the hosted page's headers.
  const lost = machine.lost || !machine.linked
  return suspect({ ...machine, unknown: false, lost }, askedAt, limits)
}

function suspect(machine: Machine, askedAt: number, { graceMs }: Limits): Machine {
  const { handle, quietSince } = machine
  const due = handle === 'gone' && askedAt >= quietSince + graceMs
  return due ? { ...machine, suspected: true } : machine
}
