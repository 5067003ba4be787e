import { describe, expect, it } from 'vitest'
import {
  initial,
  isSettled,
  reduce,
  viewOfWindow,
  type Machine,
  type MachineEvent,
} from '../../src/browser/machine.js'

const limits = { windowMs: 500, graceMs: 3000, abandonMs: 180_000 }
const now = 1_000_000

/** A machine as it is after these events, one millisecond apart and all before `now`. */
function after(...events: MachineEvent[]): Machine {
  return events.reduce(
    (machine, event, i) => reduce(machine, event, now - events.length + i, limits),
    initial,
  )
}

const opened: MachineEvent = { type: 'opened', handle: 'open' }
const prepared: MachineEvent = { type: 'prepared' }
const answered = (status: string, fields: object = {}, askedAt = now): MachineEvent => ({
  type: 'answered',
  askedAt,
  session: { status, ...fields },
})
const unanswered = (status: number | null, askedAt = now): MachineEvent => ({
  type: 'unanswered',
  status,
  askedAt,
})
const seen = (closed: boolean, away = false): MachineEvent => ({ type: 'seen', closed, away })
const completed = answered('COMPLETED', { connectionId: 'c', integrationName: 'slack', externalId: 'x' })

/** One machine for every state, reached by real events. */
const machines: Record<Machine['state'], Machine> = {
  opening: initial,
  preparing: after(opened),
  hosted: after(opened, prepared),
  connecting: after(opened, prepared, answered('CONNECTING')),
  completed: after(opened, prepared, completed),
  failed: after(opened, prepared, answered('FAILED', { error: 'access_denied' })),
  closed: after(opened, seen(true)),
  abandoned: reduce(
    after(opened, prepared, answered('CONNECTING'), seen(true)),
    answered('CONNECTING', {}, now + limits.abandonMs),
    now + limits.abandonMs,
    limits,
  ),
  'timed-out': after(opened, prepared, { type: 'stopped', failure: { code: 'CONNECT_TIMEOUT' } }),
  aborted: after(opened, { type: 'stopped', failure: { code: 'CONNECT_ABORTED' } }),
  superseded: after(opened, { type: 'stopped', failure: { code: 'CONNECT_SUPERSEDED' } }),
  blocked: after({ type: 'stopped', failure: { code: 'CONNECT_POPUP_BLOCKED' } }),
}

const events: Record<string, MachineEvent> = {
  opened,
  prepared,
  'seen blank': seen(false),
  'seen away': seen(false, true),
  'seen closed': seen(true),
  reopened: { type: 'reopened' },
  doorbell: { type: 'doorbell' },
  'answered PENDING': answered('PENDING'),
  'answered CONNECTING': answered('CONNECTING'),
  'answered COMPLETED': completed,
  'answered COMPLETED without a connection': answered('COMPLETED'),
  'answered FAILED': answered('FAILED', { error: 'access_denied' }),
  'answered with an unknown status': answered('AWAITING_ADMIN'),
  'refused 401': unanswered(401),
  'refused 404': unanswered(404),
  'refused 429': unanswered(429),
  'refused 500': unanswered(500),
  unreachable: unanswered(null),
  cancelled: { type: 'stopped', failure: { code: 'CONNECT_ABORTED' } },
  superseded: { type: 'stopped', failure: { code: 'CONNECT_SUPERSEDED' } },
  'timed out': { type: 'stopped', failure: { code: 'CONNECT_TIMEOUT' } },
  blocked: { type: 'stopped', failure: { code: 'CONNECT_POPUP_BLOCKED' } },
  'source failed': { type: 'stopped', failure: { code: 'CONNECT_PREPARE_FAILED' } },
}

/** The next state of the four states that have one, in the order of `running`; a dot: the same. */
const running = ['opening', 'preparing', 'hosted', 'connecting'] as const
const table: Record<keyof typeof events, readonly [string, string, string, string]> = {
  opened: ['preparing', '.', '.', '.'],
  prepared: ['.', 'hosted', '.', '.'],
  'seen blank': ['.', '.', '.', '.'],
  'seen away': ['.', '.', '.', '.'],
  'seen closed': ['.', 'closed', '.', '.'],
  reopened: ['.', '.', '.', '.'],
  doorbell: ['.', '.', '.', '.'],
  'answered PENDING': ['.', '.', '.', '.'],
  'answered CONNECTING': ['.', '.', 'connecting', '.'],
  'answered COMPLETED': ['.', '.', 'completed', 'completed'],
  'answered COMPLETED without a connection': ['.', '.', 'failed', 'failed'],
  'answered FAILED': ['.', '.', 'failed', 'failed'],
  'answered with an unknown status': ['.', '.', '.', '.'],
  'refused 401': ['.', '.', '.', '.'],
  'refused 404': ['.', '.', '.', '.'],
  'refused 429': ['.', '.', '.', '.'],
  'refused 500': ['.', '.', '.', '.'],
  unreachable: ['.', '.', '.', '.'],
  cancelled: ['aborted', 'aborted', 'aborted', 'aborted'],
  superseded: ['superseded', 'superseded', 'superseded', 'superseded'],
  'timed out': ['timed-out', 'timed-out', 'timed-out', 'timed-out'],
  blocked: ['blocked', 'blocked', 'blocked', 'blocked'],
  'source failed': ['failed', 'failed', 'failed', 'failed'],
}

describe('the transition table', () => {
  it('has a machine in each state that it claims', () => {
    for (const [state, machine] of Object.entries(machines)) expect(machine.state).toBe(state)
  })

  describe.each(running.map((state, column) => ({ state, column })))('in $state', ({ state, column }) => {
    it.each(Object.keys(events))('on %s', (name) => {
      const next = reduce(machines[state], events[name]!, now, limits)
      const expected = table[name]![column]!
      expect(next.state).toBe(expected === '.' ? state : expected)
      expect(isSettled(next)).toBe(!running.includes(next.state as never))
    })
  })

  const final = Object.keys(machines).filter(
    (state) => !running.includes(state as never),
  ) as Machine['state'][]
  it.each(final)('%s is final: no event changes anything', (state) => {
    for (const event of Object.values(events)) {
      expect(reduce(machines[state], event, now, limits)).toBe(machines[state])
    }
  })
})

describe('closing', () => {
  const linked = after(opened, prepared, seen(false, true), { ...seen(false, true) })
  /** Seen away six times from `start` on, over the time between two looks. */
  function seenAway(machine: Machine, start: number): Machine {
    for (let look = 0; look <= 5; look++) {
      machine = reduce(machine, seen(false, true), start + look * 100, limits)
    }
    return machine
  }
  /** Seen away long enough, then closed at `now`. */
  function closedWhenLinked(): Machine {
    return reduce(seenAway(after(opened, prepared), now - 1000), seen(true), now, limits)
  }

  it('does not trust the first sight of the hosted page', () => {
    expect(linked.linked).toBe(false)
    expect(closedWhenLinked().linked).toBe(true)
  })

  it('does not trust a page that stalled between two looks', () => {
    let machine = after(opened, prepared)
    for (const at of [0, 100, 9000]) machine = reduce(machine, seen(false, true), now + at, limits)
    expect(machine.linked).toBe(false)
  })

  it('does not count a page that was seen away and blank by turns', () => {
    let machine = after(opened, prepared)
    for (const [away, at] of [
      [true, 0],
      [false, 400],
      [true, 600],
    ] as const) {
      machine = reduce(machine, seen(false, away), now + at, limits)
    }
    expect(machine.linked).toBe(false)
  })

  it('is certain only by a poll that was sent after the grace and answered PENDING', () => {
    const machine = closedWhenLinked()
    expect(reduce(machine, answered('PENDING', {}, now + 2999), now + 9000, limits).state).toBe('hosted')
    const closed = reduce(machine, answered('PENDING', {}, now + 3000), now + 9000, limits)
    expect(closed).toMatchObject({ state: 'closed', failure: { code: 'CONNECT_POPUP_CLOSED' } })
    expect(viewOfWindow(closed)).toBe('closed')
  })

  it.each([
    ['the user has left for the provider', (m: Machine) => reduce(m, answered('CONNECTING'), now, limits)],
    ['the server has a status that we do not know', (m: Machine) => reduce(m, answered('NEW'), now, limits)],
    ['the window was opened a second time', (m: Machine) => reduce(m, { type: 'reopened' }, now, limits)],
  ])('is never certain once %s', (_name, happen) => {
    const machine = reduce(happen(closedWhenLinked()), seen(true), now, limits)
    const later = reduce(machine, answered('PENDING', {}, now + 4000), now + 4000, limits)
    expect(later).toMatchObject({ suspected: true })
    expect(isSettled(later)).toBe(false)
    expect(viewOfWindow(later)).toBe('unobservable')
  })

  it('is never certain of a page that came up while the network was down', () => {
    let machine = reduce(after(opened, prepared), unanswered(null), now, limits)
    machine = seenAway(machine, now + 100)
    machine = reduce(machine, seen(true), now + 800, limits)
    expect(machine).toMatchObject({ linked: true, lost: true })
    expect(isSettled(reduce(machine, answered('PENDING', {}, now + 9000), now + 9000, limits))).toBe(false)
  })

  it('suspects after the grace, and gives up only after a stretch without progress', () => {
    const gone = reduce(after(opened, prepared), seen(true), now, limits)
    const ask = (machine: Machine, at: number) => reduce(machine, answered('PENDING', {}, at), at, limits)
    expect(ask(gone, now + 2999).suspected).toBe(false)
    const suspected = ask(gone, now + 3000)
    expect(suspected).toMatchObject({ suspected: true, state: 'hosted' })
    const rung = reduce(suspected, { type: 'doorbell' }, now + 100_000, limits)
    expect(rung.suspected).toBe(false)
    expect(ask(rung, now + 180_000).state).toBe('hosted')
    expect(ask(rung, now + 279_999).state).toBe('hosted')
    expect(ask(rung, now + 280_000)).toMatchObject({
      state: 'abandoned',
      failure: { sessionMayStillComplete: true },
    })
  })

  it('gives up on an answer alone: without a network it only suspects', () => {
    const gone = reduce(after(opened, prepared), seen(true), now, limits)
    const much = now + 10 * limits.abandonMs
    expect(reduce(gone, unanswered(null, much), much, limits)).toMatchObject({
      state: 'hosted',
      suspected: true,
    })
  })

  it('has nothing to close where there is no window', () => {
    const machine = after({ type: 'opened', handle: 'none' }, prepared)
    expect(reduce(machine, seen(true), now, limits)).toBe(machine)
    const much = now + 10 * limits.abandonMs
    expect(reduce(machine, answered('PENDING', {}, much), much, limits).state).toBe('hosted')
  })
})

describe('answers', () => {
  it('takes a PENDING after a CONNECTING for a late one', () => {
    expect(reduce(machines.connecting, answered('PENDING'), now, limits).state).toBe('connecting')
  })

  it('calls the session expired when it is unknown twice in a row, and not before', () => {
    const once = reduce(machines.hosted, unanswered(401), now, limits)
    expect(reduce(once, unanswered(404), now, limits)).toMatchObject({
      state: 'failed',
      failure: { code: 'CONNECT_SESSION_EXPIRED', sessionMayStillComplete: false },
    })
    for (const between of [answered('PENDING'), unanswered(500), unanswered(null)]) {
      const machine = reduce(reduce(once, between, now, limits), unanswered(401), now, limits)
      expect(machine.state).toBe('hosted')
    }
  })

  it.each([400, 403, 408, 425, 429, 500, 502, 503, null])(
    'outlives any number of polls that end in %s',
    (status) => {
      let machine = machines.hosted
      for (let i = 0; i < 100; i++) machine = reduce(machine, unanswered(status), now, limits)
      expect(machine.state).toBe('hosted')
    },
  )

  it('passes on what the session says went wrong', () => {
    expect(machines.failed.failure).toEqual({
      code: 'CONNECT_FAILED',
      reason: 'access_denied',
      sessionMayStillComplete: false,
    })
  })

  it('gives the connection', () => {
    expect(machines.completed.result).toEqual({
      connectionId: 'c',
      integrationName: 'slack',
      externalId: 'x',
    })
  })
})

it('says that a session may still complete exactly while the hosted page has been shown and it has not ended', () => {
  const stop = (machine: Machine) =>
    reduce(machine, { type: 'stopped', failure: { code: 'CONNECT_ABORTED' } }, now, limits).failure
  expect(running.map((state) => stop(machines[state])?.sessionMayStillComplete)).toEqual([
    false,
    false,
    true,
    true,
  ])
})
