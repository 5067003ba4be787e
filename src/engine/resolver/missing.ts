import { nameInCall } from './call-fields.js'
import type { Missing } from './explanation.js'
import { resolve } from './ladder.js'
import { goesBefore } from './predicates.js'
import type { Resolution, ResolutionRequest } from './request.js'
import type { StepRecorder } from './trace.js'
import type { View } from './view.js'
import type { ConnectionFacts, World } from './world.js'

/**
 * Context that the request did not give and that would have changed the answer. Every example was tried. Without
 * `scan` nothing is looked for among the connections, and the cost is that of a resolution.
 */
export function findMissing(
  world: World,
  request: ResolutionRequest,
  answer: Resolution,
  recorder: StepRecorder,
  view: View,
  scan: boolean,
): Missing[] {
  const missing: Missing[] = []
  const endUser = missingEndUser(world, request, answer, view, scan)
  if (endUser) missing.push(endUser)
  if (answer.outcome !== 'denied') return missing
  if (answer.reason === 'AMBIGUOUS_INTEGRATION') missing.push(missingSelector(request, recorder))
  if (request.workspaceId === null) {
    const elsewhere = recorder.steps.get('explicit')?.facts.connection?.workspaceId
    missing.push({
      field: 'workspaceId',
      because: `without workspaceId only an ORGANIZATION connection, named by ${nameInCall(request.kind, 'connectionExternalId')}, can be used`,
      example: elsewhere != null && view.seesWorkspace(elsewhere) ? elsewhere : null,
    })
  }
  return missing
}

function missingSelector({ kind, integrationName }: ResolutionRequest, recorder: StepRecorder): Missing {
  const aliases =
    recorder.steps
      .get('target')
      ?.facts.workspaceIntegrations?.map(({ alias }) => alias)
      .sort() ?? []
  const configured = `${integrationName} is configured ${aliases.length} times`
  if (nameInCall(kind, 'integrationAlias') === null) {
    const because = `${configured}, and connections.resolve takes no alias: name the connection by externalId`
    return { field: 'connectionExternalId', because, example: null }
  }
  const names = aliases.slice(0, 5).map((alias) => JSON.stringify(alias))
  const because = `${configured}: say which by integrationAlias (${names.join(', ')}) or workspaceIntegrationId`
  return { field: 'integrationAlias', because, example: aliases[0] ?? null }
}

function missingEndUser(
  world: World,
  request: ResolutionRequest,
  answer: Resolution,
  view: View,
  scan: boolean,
): Missing | null {
  const target = answer.workspaceIntegration
  if (!target || request.endUserId != null || request.connectionExternalId != null) return null
  if (target.connectionStrategy === 'fixed' || (answer.outcome === 'denied' && answer.status === 403))
    return null
  const alias = JSON.stringify(target.alias)
  const because = `workspace integration ${alias} is ${target.connectionStrategy} and endUserId is absent: pass the end user's external id`
  const example = scan ? connectedEndUser(world, request, answer, view) : null
  const required = answer.outcome === 'denied' && answer.reason === 'END_USER_REQUIRED'
  return example !== null || required ? { field: 'endUserId', because, example } : null
}

/** The end user of the best personal connection for whom the answer would be another one. */
function connectedEndUser(
  world: World,
  request: ResolutionRequest,
  answer: Resolution,
  view: View,
): string | null {
  const { workspaceId, integrationName } = request
  if (workspaceId === null || view.audience === 'end-user') return null
  let best: ConnectionFacts | null = null
  for (const each of world.connectionsOf(workspaceId, integrationName)) {
    if (each.scope === 'USER' && (best === null || goesBefore(each, best))) best = each
  }
  if (best === null) return null
  const again = resolve(world, { ...request, endUserId: best.endUserId })
  return isSameAnswer(again, answer) ? null : best.endUserId
}

/** A refusal is the same for the same reason, whichever connection it is about. */
function isSameAnswer(a: Resolution, b: Resolution): boolean {
  if (a.outcome === 'denied' || b.outcome === 'denied') {
    return a.outcome === 'denied' && b.outcome === 'denied' && a.reason === b.reason
  }
  return a.outcome === b.outcome && a.connection?.id === b.connection?.id
}
