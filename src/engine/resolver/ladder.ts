import { resolveExplicit } from './explicit.js'
import { deny, denyWithoutReason } from './reasons.js'
import type { Denied, NotNeeded, Resolution, ResolutionRequest, Resolved } from './request.js'
import { selectTarget } from './select.js'
import { resolveByStrategy, resolveToolConnection } from './strategy.js'
import type { MaybeTracer } from './trace.js'
import type { WorkspaceIntegrationFacts, World } from './world.js'

/**
 * Chooses the connection for a call, or says why there is none. Pure and synchronous; reads only facts, never a
 * credential; the same answer whatever the order of storage. Never throws for a refusal: that is an answer.
 *
 * @example
 * const answer = resolve(world, { kind: 'execute', workspaceId, integrationName: 'slack', endUserId: 'user_123' })
 * if (answer.outcome === 'denied') console.log(answer.code, answer.reason)
 */
export function resolve(world: World, request: ResolutionRequest): Resolution {
  return decide(world, request, undefined)
}

/** The one implementation behind `resolve` (without trace) and `explain` (with it). */
export function decide(world: World, request: ResolutionRequest, trace: MaybeTracer): Resolution {
  const { workspaceId, integrationName } = request
  if (workspaceId !== null && !world.hasWorkspace(workspaceId)) {
    trace?.step('target', 'failed', 'there is no such workspace', { values: { workspaceId } })
    return denyWithoutReason('NOT_FOUND', 'No such workspace')
  }
  const integration = world.integration(integrationName)
  if (!integration) {
    trace?.step('target', 'failed', 'the catalog has no such integration', { values: { integrationName } })
    return denyWithoutReason(
      'INTEGRATION_NOT_FOUND',
      `No integration ${JSON.stringify(integrationName)} in the catalog`,
    )
  }
  const target = selectTarget(world, request, trace)
  if (target !== null && 'outcome' in target) return target
  const needsAccount = integration.auth != null
  const { connectionExternalId, toolConnectionId } = request
  if (connectionExternalId != null) {
    const answer = resolveExplicit(world, request, connectionExternalId, target, trace)
    return answer.outcome === 'resolved' && !needsAccount ? notNeeded(request, answer, target, trace) : answer
  }
  trace?.step('explicit', 'skipped', 'connectionExternalId is absent')
  const answer =
    toolConnectionId != null
      ? resolveToolConnection(world, request, toolConnectionId, target, trace)
      : target === null
        ? withoutTarget(request, trace)
        : resolveByStrategy(world, request, target, trace)
  if (!needsAccount) return notNeeded(request, answer, target, trace)
  if (answer.outcome === 'denied') {
    trace?.step('not-needed', 'skipped', 'the integration needs an account')
    trace?.step('nothing', 'failed', 'an account is needed and none can be used')
  }
  return answer
}

function withoutTarget(request: ResolutionRequest, trace: MaybeTracer): Denied {
  trace?.step('workspace-integration', 'skipped', 'none is targeted')
  trace?.step('end-user', 'skipped', 'there is no strategy to follow')
  return deny('NO_WORKSPACE_INTEGRATION', request, null)
}

/** Rung 4: what the strategy refused is no error here; what it gave is passed along. */
function notNeeded(
  request: ResolutionRequest,
  answer: Resolved | Denied,
  target: WorkspaceIntegrationFacts | null,
  trace: MaybeTracer,
): NotNeeded | Denied {
  if (request.kind === 'resolve') {
    trace?.step(
      'not-needed',
      'failed',
      'the integration needs no account, so there is no connection to resolve',
    )
    const name = JSON.stringify(request.integrationName)
    return denyWithoutReason(
      'CONNECTION_NOT_FOUND',
      `${name} needs no account: there is nothing to resolve`,
      target,
    )
  }
  const passed = answer.outcome === 'resolved' ? answer : null
  trace?.step('not-needed', 'applied', 'the integration needs no account', {
    values: { withConnection: passed !== null },
  })
  return {
    outcome: 'not-needed',
    connection: passed?.connection ?? null,
    via: passed?.via ?? null,
    workspaceIntegration: target,
  }
}
