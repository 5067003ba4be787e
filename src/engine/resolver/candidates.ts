import type { Candidate, Predicate } from './explanation.js'
import { goesBefore, isVisible, methodFits, methodsFit, ownerFits } from './predicates.js'
import type { Resolution, ResolutionRequest } from './request.js'
import type { StepRecorder } from './trace.js'
import type { View } from './view.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts, World } from './world.js'

/** What of the targeted workspace integration decides; of an MCP tool's own connection, its id alone. */
type Target = Pick<WorkspaceIntegrationFacts, 'connectionId' | 'authMethodKey'>

/** By which rule the decision looked at connections; `none`: it was over before it looked at any. */
type Rule =
  | { readonly by: 'explicit'; readonly externalId: string }
  | { readonly by: 'pinned' | 'own'; readonly target: Target }
  | { readonly by: 'none'; readonly because: string }

interface Judged {
  readonly connection: ConnectionFacts
  readonly candidate: Candidate
  readonly failures: number
}

export interface Candidates {
  readonly candidates: Candidate[]
  readonly more: number
  /** False if the decision was over before it looked at connections; then none of them was near. */
  readonly considered: boolean
}

/**
 * Judges the connections of the integration, best first: selected, shadowed, then by how little they missed. The
 * order is total, so that neither the list nor its bound depends on the order of storage.
 */
export function findCandidates(
  world: World,
  request: ResolutionRequest,
  answer: Resolution,
  recorder: StepRecorder,
  view: View,
  limit: number,
): Candidates {
  const rule = ruleOf(request, recorder)
  const chosen = chosenBy(rule, answer, recorder)
  const best: Judged[] = []
  let more = 0
  for (const connection of reachable(world, request, rule, recorder)) {
    if (!view.seesConnection(connection)) continue
    const judged = judge(connection, rule, request, answer, chosen, view)
    let place = best.length
    while (place > 0 && precedes(judged, best[place - 1])) place -= 1
    best.splice(place, 0, judged)
    if (best.length > limit) {
      best.pop()
      more += 1
    }
  }
  return { candidates: best.map(({ candidate }) => candidate), more, considered: rule.by !== 'none' }
}

function ruleOf(request: ResolutionRequest, recorder: StepRecorder): Rule {
  const { steps } = recorder
  const target = steps.get('target')
  const over = target?.status === 'failed' ? target : steps.get('not-needed')
  if (over?.status === 'failed') return { by: 'none', because: over.because }
  if (request.connectionExternalId != null)
    return { by: 'explicit', externalId: request.connectionExternalId }
  if (request.toolConnectionId != null)
    return { by: 'pinned', target: { connectionId: request.toolConnectionId, authMethodKey: null } }
  const configured = target?.facts.workspaceIntegration
  if (!configured) return { by: 'none', because: target?.because ?? 'nothing is targeted' }
  const pinned =
    configured.connectionStrategy === 'fixed' || steps.get('end-user')?.facts.pinned !== undefined
  return { by: pinned ? 'pinned' : 'own', target: configured }
}

/** The connection that the deciding rung settled on, whether or not it was then refused. */
function chosenBy(rule: Rule, answer: Resolution, recorder: StepRecorder): ConnectionFacts | null {
  if (rule.by === 'none') return null
  return (
    answer.connection ??
    (rule.by === 'explicit' ? (recorder.steps.get('explicit')?.facts.connection ?? null) : null)
  )
}

function* reachable(
  world: World,
  { workspaceId, integrationName }: ResolutionRequest,
  rule: Rule,
  recorder: StepRecorder,
): Generator<ConnectionFacts> {
  if (workspaceId !== null) yield* world.connectionsOf(workspaceId, integrationName)
  yield* world.connectionsOf(null, integrationName)
  const outside =
    rule.by === 'explicit'
      ? recorder.steps.get('explicit')?.facts.connection
      : rule.by === 'pinned' && rule.target.connectionId !== null
        ? world.connection(rule.target.connectionId)
        : undefined
  if (outside && (outside.integrationName !== integrationName || !isVisible(outside, workspaceId)))
    yield outside
}

function judge(
  connection: ConnectionFacts,
  rule: Rule,
  request: ResolutionRequest,
  answer: Resolution,
  chosen: ConnectionFacts | null,
  view: View,
): Judged {
  const predicates = predicatesOf(connection, rule, request, view)
  const failures = predicates.reduce(
    (sum, { name, holds }) => sum + (holds ? 0 : naming.has(name) ? 10 : 1),
    0,
  )
  const selected = answer.outcome !== 'denied' && answer.connection?.id === connection.id
  const verdict = selected ? 'selected' : failures === 0 ? 'shadowed' : 'rejected'
  const candidate: Candidate = {
    connectionId: connection.id,
    externalId: connection.externalId,
    verdict,
    shadowedBy: verdict === 'shadowed' && chosen ? view.connectionId(chosen) : null,
    predicates,
  }
  return { connection, candidate, failures }
}

/** What says that a connection is the one that was meant: to miss that is to be further off than all else. */
const naming: ReadonlySet<string> = new Set(['externalId', 'pinned', 'owner'])

const ranks = { selected: 0, shadowed: 1, rejected: 2 } as const

function precedes(a: Judged, b: Judged | undefined): boolean {
  if (!b) return false
  const rank = ranks[a.candidate.verdict] - ranks[b.candidate.verdict]
  if (rank !== 0) return rank < 0
  if (a.failures !== b.failures) return a.failures < b.failures
  return goesBefore(a.connection, b.connection)
}

function predicatesOf(
  connection: ConnectionFacts,
  rule: Rule,
  request: ResolutionRequest,
  view: View,
): Predicate[] {
  const { integrationName, workspaceId, endUserId } = request
  if (rule.by === 'none') {
    return [
      {
        name: 'target',
        expected: 'a decision that reaches the connections',
        actual: rule.because,
        holds: false,
      },
    ]
  }
  const integration: Predicate = {
    name: 'integrationName',
    expected: integrationName,
    actual: connection.integrationName,
    holds: connection.integrationName === integrationName,
  }
  const visible: Predicate = {
    name: 'visible',
    expected: workspaceId === null ? 'ORGANIZATION' : `ORGANIZATION or in workspace ${workspaceId}`,
    actual: placeOf(connection, view),
    holds: isVisible(connection, workspaceId),
  }
  const active: Predicate = {
    name: 'status',
    expected: 'ACTIVE',
    actual: connection.status,
    holds: connection.status === 'ACTIVE',
  }
  if (rule.by === 'explicit') {
    return [
      integration,
      equal('externalId', rule.externalId, connection.externalId),
      visible,
      {
        name: 'owner',
        expected: endUserId ?? 'anybody, since endUserId is absent',
        actual: ownerOf(connection, view),
        holds: ownerFits(connection, endUserId),
      },
      active,
      ...(request.authMethodKey == null
        ? []
        : [method(connection, request.authMethodKey, methodFits(connection, request.authMethodKey))]),
    ]
  }
  const asked = [rule.target.authMethodKey, request.authMethodKey].filter((key) => key != null)
  const methods =
    asked.length === 0
      ? []
      : [method(connection, [...new Set(asked)].join(' and '), methodsFit(connection, request, rule.target))]
  if (rule.by === 'pinned') {
    const pinned = equal('pinned', rule.target.connectionId, connection.id)
    return [
      { ...pinned, expected: view.pinnedId(rule.target.connectionId) },
      integration,
      visible,
      ...methods,
      active,
    ]
  }
  return [
    equal('scope', 'USER', connection.scope),
    visible,
    {
      name: 'owner',
      expected: endUserId ?? 'the endUserId, which is absent',
      actual: ownerOf(connection, view),
      holds: endUserId != null && connection.endUserId === endUserId,
    },
    ...methods,
    active,
  ]
}

function equal(name: string, expected: string | null, actual: string | null): Predicate {
  return { name, expected, actual, holds: expected === actual }
}

function method(connection: ConnectionFacts, expected: string, holds: boolean): Predicate {
  return { name: 'authMethodKey', expected, actual: connection.authMethodKey, holds }
}

function ownerOf({ endUserId, workspaceId }: ConnectionFacts, view: View): string | null {
  return endUserId === null ? null : view.endUserId({ workspaceId: workspaceId ?? '', externalId: endUserId })
}

function placeOf({ scope, workspaceId }: ConnectionFacts, view: View): string {
  return scope === 'ORGANIZATION' || workspaceId === null
    ? scope
    : `in workspace ${view.workspaceId(workspaceId)}`
}
