import type { Explanation, Fact, Outcome, Step } from './explanation.js'
import { rungs } from './rungs.js'

/** One thing that differs; `where` is a rung, or the request. */
export interface ChangedFact {
  readonly where: Step['rung'] | 'request'
  readonly fact: string
  /** Null also where there was none. */
  readonly before: Fact
  readonly after: Fact
}

export interface Difference {
  readonly type: 'difference'
  readonly version: 1
  /** Whether both reach the same outcome. */
  readonly same: boolean
  readonly before: Outcome
  readonly after: Outcome
  /** The first rung that decided otherwise; null if none did. */
  readonly rung: Step['rung'] | null
  /** The fact that flipped the decision: the first that this rung read and found changed. Null if `same`. */
  readonly flippedBy: ChangedFact | null
  /** All facts that differ, those of the request first, then rung by rung. */
  readonly changed: readonly ChangedFact[]
}

/**
 * What tells two explanations apart, and which fact flipped the decision. A decision depends only on the facts that
 * it read, in order, so the first rung that went another way read the one that mattered.
 *
 * @example
 * const { flippedBy } = diff(explain(world, request), explain(world, { ...request, endUserId: 'user_123' }))
 */
export function diff(a: Explanation, b: Explanation): Difference {
  const changed: ChangedFact[] = changesOf('request', { ...a.request }, { ...b.request })
  for (const [index, { name }] of rungs.entries()) {
    changed.push(...changesOf(name, a.steps[index]?.facts ?? {}, b.steps[index]?.facts ?? {}))
  }
  const same = JSON.stringify(a.outcome) === JSON.stringify(b.outcome)
  const rung = same ? null : firstTurn(a, b, changed)
  return {
    type: 'difference',
    version: 1,
    same,
    before: a.outcome,
    after: b.outcome,
    rung,
    flippedBy: same ? null : flipping(rung, changed),
    changed,
  }
}

/** The rung where the two part: the first that went another way, else the first that read something else. */
function firstTurn(a: Explanation, b: Explanation, changed: readonly ChangedFact[]): Step['rung'] | null {
  const turn = a.steps.find((step, index) => {
    const other = b.steps[index]
    return step.status !== other?.status || step.because !== other.because
  })
  if (turn) return turn.rung
  const first = changed.find(({ where }) => where !== 'request')
  return first && first.where !== 'request' ? first.where : null
}

/** What the request says goes before what the world says: it is what the caller can see. */
function flipping(rung: Step['rung'] | null, changed: readonly ChangedFact[]): ChangedFact | null {
  const reads: readonly string[] = rungs.find(({ name }) => name === rung)?.reads ?? []
  return (
    changed.find(({ where, fact }) => where === 'request' && reads.includes(fact)) ??
    changed.find(({ where }) => where === rung) ??
    changed[0] ??
    null
  )
}

function changesOf(
  where: ChangedFact['where'],
  before: Readonly<Record<string, Fact>>,
  after: Readonly<Record<string, Fact>>,
): ChangedFact[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .map((fact) => ({ where, fact, before: before[fact] ?? null, after: after[fact] ?? null }))
    .filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after))
}
