import { render, type Candidate, type Explanation } from '../../engine/resolver/index.js'
import type { JournalResolution } from '../kit/exchange.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { isWitness, wrongSubject, type Witness } from './subject.js'

/** A request that asked for a connection, and what came of it. */
interface Attempt {
  readonly line: string
  /** What the connection is called that it got. */
  readonly names: readonly string[]
  readonly explanation: Explanation
}

/** How many attempts a complaint tells of. */
const shownAttempts = 10

/** Whether a request runs on that connection, named by its UUID or its external id; of a mock, any in its journal. */
export function toHaveResolvedTo(this: MatcherContext, received: unknown, connection: string): MatcherResult {
  const attempts = attemptsOf(received)
  if (!attempts) {
    const takes = 'a mock of createMockWeavz, or what its explain(…) returns'
    return wrongSubject(this, 'toHaveResolvedTo', takes, received)
  }
  const hit = attempts.find(({ names }) => names.includes(connection))
  const request = isWitness(received) ? 'a request' : 'the request'
  return {
    pass: hit !== undefined,
    message: () =>
      hit
        ? `expected ${request} not to resolve to ${connection}, but it did:\n\n${hit.line}`
        : `expected ${request} to resolve to ${connection}, but ${miss(attempts, connection)}`,
  }
}

function attemptsOf(received: unknown): Attempt[] | undefined {
  if (isWitness(received)) {
    const resolutions = received.journal.list().flatMap((entry) => entry.resolutions)
    return resolutions.map((resolution) => attemptOf(received, resolution))
  }
  if (!isExplanation(received)) return undefined
  const { outcome } = received
  const id = outcome.outcome === 'denied' ? null : outcome.connectionId
  return [{ line: render(received, 'line'), names: namesOf(received, id), explanation: received }]
}

/** The journal has the UUID alone; the external id, and why it was no other, are looked up as things are now. */
function attemptOf(
  weavz: Witness,
  { request, outcome, connectionId, code, reason }: JournalResolution,
): Attempt {
  const explanation = weavz.explain(request, { candidates: 1000, fixes: 0 })
  const denied = outcome === 'denied'
  const why = reason === null ? '' : ` (${reason})`
  const end = denied ? `denied ${code}${why}` : `${outcome} ${connectionId ?? 'without connection'}`
  const user = request.endUserId == null ? '' : ` for end user ${request.endUserId}`
  return {
    line: `${request.kind} ${request.integrationName}${user}: ${end}`,
    names: denied ? [] : namesOf(explanation, connectionId),
    explanation,
  }
}

function isExplanation(value: unknown): value is Explanation {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'type') === 'explanation'
}

function namesOf({ candidates }: Explanation, id: string | null): string[] {
  if (id === null) return []
  const selected = candidates.find(({ connectionId }) => connectionId === id)
  return [id, ...(selected ? [selected.externalId] : [])]
}

/** What the requests got instead, and why the nearest did not get that connection. */
function miss(attempts: readonly Attempt[], connection: string): string {
  const last = attempts.at(-1)
  if (!last) return 'no request asked for a connection'
  const lines = [...new Set(attempts.map(({ line }) => line))].slice(-shownAttempts)
  const nearest = attempts.findLast(({ explanation }) => meant(explanation, connection).length > 0) ?? last
  return `instead:\n\n${lines.join('\n')}\n\n${whyNot(nearest.explanation, connection)}`
}

function meant({ candidates }: Explanation, connection: string): Candidate[] {
  return candidates.filter((each) => each.connectionId === connection || each.externalId === connection)
}

function whyNot(explanation: Explanation, connection: string): string {
  const considered = meant(explanation, connection)
  if (considered.length > 0) return considered.map(verdictOf).join('\n')
  const { candidates, moreCandidates, request } = explanation
  const known = candidates.map(({ externalId }) => externalId)
  const more = moreCandidates === 0 ? [] : [`and ${moreCandidates} more`]
  const others = known.length === 0 ? 'There are none.' : `There are: ${[...known, ...more].join(', ')}.`
  return `No connection of ${request.integrationName} is called ${connection}. ${others}`
}

function verdictOf({ externalId, connectionId, verdict, shadowedBy, predicates }: Candidate): string {
  const by = shadowedBy === null ? '' : ` by ${shadowedBy}`
  const differences = predicates
    .filter(({ holds }) => !holds)
    .map(({ name, expected, actual }) => `\n  ${name}: expected ${show(expected)}, is ${show(actual)}`)
  return `${externalId} (${connectionId}) was ${verdict}${by}${differences.join('')}`
}

const show = (fact: unknown) => JSON.stringify(fact)
