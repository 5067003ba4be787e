import { applyChanges, type Situation } from './changes.js'
import { findConfusions } from './confusions.js'
import { describeChanges } from './wording.js'
import type { Change, Fix } from './explanation.js'
import { decide } from './ladder.js'
import { outcomeOf } from './outcome.js'
import { propose } from './proposals.js'
import type { Denied } from './request.js'
import { StepRecorder } from './trace.js'
import { View } from './view.js'

/** How intrusive a change is: the request before credentials, credentials before configuration. */
const costs = {
  /** A field that is given another value, one that is left out, and one that only the caller can know. */
  corrected: 1,
  dropped: 2,
  example: 3,
  reauthorise: 3,
  connect: 4,
  'update-workspace-integration': 6,
  'add-workspace-integration': 8,
} as const

const deepest = 3
const mostRuns = 60

interface Attempt {
  readonly changes: readonly Change[]
  readonly cost: number
  readonly denied: Denied
}

/**
 * What would help, smallest change first. Proposals are tried on a changed copy of the request or world, cheapest
 * first; one that only leads to the next refusal is extended by what helps against that. Only what reached a
 * connection is returned, with what it reached.
 */
export function findFixes(
  situation: Situation,
  denied: Denied,
  view: View,
  scan: boolean,
  limit: number,
): Fix[] {
  const fixes: Fix[] = []
  const tried = new Set<string>()
  const open: Attempt[] = [{ changes: [], cost: 0, denied }]
  for (let attempt = open.shift(); attempt && tried.size < mostRuns; attempt = open.shift()) {
    for (const changes of nextOf(situation, attempt, view, scan)) {
      const id = JSON.stringify(changes)
      if (tried.has(id) || tried.size >= mostRuns) continue
      tried.add(id)
      const after = applyChanges(situation, changes)
      const recorder = new StepRecorder()
      const answer = decide(after.world, after.request, recorder)
      const cost = costOf(changes)
      if (answer.outcome === 'denied') {
        if (changes.length < deepest) open.push({ changes, cost, denied: answer })
      } else if (isFor(view, changes)) {
        const reaches = outcomeOf(answer, new View(after.world, after.request, view.audience))
        const text = describeChanges(changes, situation.request.kind)
        fixes.push({ text, cost, changes: [...changes], reaches })
      }
    }
    open.sort((a, b) => a.cost - b.cost)
  }
  return minimal(fixes).slice(0, limit)
}

function nextOf(situation: Situation, attempt: Attempt, view: View, scan: boolean): (readonly Change[])[] {
  const { world, request } = applyChanges(situation, attempt.changes)
  const recorder = new StepRecorder()
  decide(world, request, recorder)
  const confusions = findConfusions(world, request, recorder, view)
  return propose({ world, request, denied: attempt.denied, confusions, scan })
    .map((more) => merge(attempt.changes, more))
    .filter((changes): changes is readonly Change[] => changes !== null)
}

/** Two changes of the request are one; a second new connection would need another name, and no fix needs two. */
function merge(before: readonly Change[], more: readonly Change[]): readonly Change[] | null {
  let changes = [...before]
  for (const change of more) {
    if (change.change === 'connect' && changes.some((each) => each.change === 'connect')) return null
    const earlier =
      change.change === 'request' ? changes.find((each) => each.change === 'request') : undefined
    if (change.change === 'request' && earlier?.change === 'request') {
      const example = earlier.example ?? change.example
      const set = { ...earlier.set, ...change.set }
      const merged: Change = { change: 'request', set, ...(example && { example }) }
      changes = changes.map((each) => (each === earlier ? merged : each))
    } else {
      changes.push(change)
    }
  }
  return changes
}

function costOf(changes: readonly Change[]): number {
  return changes.reduce(
    (sum, change) => sum + (change.change === 'request' ? requestCost(change) : costs[change.change]),
    0,
  )
}

function requestCost({ set, example }: Extract<Change, { change: 'request' }>): number {
  const given = Object.values(set).reduce<number>(
    (sum, value) => sum + (value === null ? costs.dropped : costs.corrected),
    0,
  )
  return given + (example ? costs.example : 0)
}

/** An end user can connect an account and authorise it again; the rest is up to the developer. */
function isFor(view: View, changes: readonly Change[]): boolean {
  if (view.audience !== 'end-user') return true
  return changes.every(
    (each) =>
      (each.change === 'connect' && each.connection.scope === 'USER') || isOwnReauthorisation(each, view),
  )
}

function isOwnReauthorisation(change: Change, view: View): boolean {
  return change.change === 'reauthorise' && view.ownsConnection(change.connectionId)
}

/**
 * Cheapest first, without those that do more than another one that suffices. What costs the same stays as proposed,
 * the name most like the mistyped one before the others.
 */
function minimal(fixes: readonly Fix[]): Fix[] {
  const sorted = [...fixes].sort((a, b) => a.cost - b.cost)
  return sorted.filter((fix, index) => !sorted.slice(0, index).some((smaller) => includes(fix, smaller)))
}

function includes(fix: Fix, smaller: Fix): boolean {
  const parts = new Set(fix.changes.flatMap(atoms))
  return smaller.changes.flatMap(atoms).every((part) => parts.has(part))
}

function atoms(change: Change): string[] {
  if (change.change !== 'request') return [JSON.stringify(change)]
  return Object.entries(change.set).map((entry) => JSON.stringify(entry))
}
