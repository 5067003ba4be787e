import { goesBefore, isVisible, methodsFit } from './predicates.js'
import { deny } from './reasons.js'
import type { Denied, ResolutionRequest, Resolved, Via } from './request.js'
import type { MaybeTracer } from './trace.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts, World } from './world.js'

/** Rungs 2 and 3: the strategy of the targeted workspace integration decides. */
export function resolveByStrategy(
  world: World,
  request: ResolutionRequest,
  target: WorkspaceIntegrationFacts,
  trace: MaybeTracer,
): Resolved | Denied {
  if (target.connectionStrategy === 'fixed') {
    const answer = takePinned(world, request, target, 'pinned')
    trace?.step(
      'workspace-integration',
      stepOf(answer),
      becauseOf(answer, 'fixed takes the pinned connection'),
      {
        workspaceIntegration: target,
        pinned: target.connectionId,
        ...connectionOf(answer),
      },
    )
    trace?.step('end-user', 'skipped', 'the strategy is fixed: everybody runs on the pinned connection')
    return answer
  }
  trace?.step('workspace-integration', 'applied', 'the strategy asks for the end user', {
    workspaceIntegration: target,
  })
  return target.connectionStrategy === 'per_user'
    ? resolvePerUser(world, request, target, trace)
    : resolveWithFallback(world, request, target, trace)
}

function resolvePerUser(
  world: World,
  request: ResolutionRequest,
  target: WorkspaceIntegrationFacts,
  trace: MaybeTracer,
): Resolved | Denied {
  const { endUserId } = request
  if (endUserId == null) {
    trace?.step('end-user', 'failed', 'endUserId is absent and per_user needs one', {
      values: { endUserId: null },
    })
    return deny('END_USER_REQUIRED', request, target)
  }
  const endUser = world.endUser(target.workspaceId, endUserId)
  if (!endUser) {
    trace?.step('end-user', 'failed', 'no end user of the workspace has that external id', {
      values: { endUserId },
    })
    return deny('END_USER_NOT_FOUND', request, target)
  }
  const own = takeOwn(world, request, target, endUserId)
  if (own) return answerOwn(world, request, target, own, trace)
  const others = world.ownConnections(target.workspaceId, endUserId, target.integrationName)
  const some = firstOf(others)
  if (some) {
    trace?.step('end-user', 'failed', 'every own connection has another auth method than asked for', {
      endUser,
      values: { endUserId, ...methodFacts(request, target) },
    })
    return deny('AUTH_METHOD_MISMATCH', request, target, some)
  }
  trace?.step('end-user', 'failed', 'the end user has no own connection', { endUser, values: { endUserId } })
  return deny('END_USER_NOT_CONNECTED', request, target)
}

function resolveWithFallback(
  world: World,
  request: ResolutionRequest,
  target: WorkspaceIntegrationFacts,
  trace: MaybeTracer,
): Resolved | Denied {
  const { endUserId } = request
  const endUser = endUserId == null ? undefined : world.endUser(target.workspaceId, endUserId)
  const own = endUserId != null && endUser ? takeOwn(world, request, target, endUserId) : null
  if (own) return answerOwn(world, request, target, own, trace)
  const answer = takePinned(world, request, target, 'fallback')
  if (trace) {
    const why =
      endUserId == null
        ? 'endUserId is absent'
        : endUser
          ? 'the end user has no own connection that fits'
          : 'no end user of the workspace has that external id'
    trace.step(
      'end-user',
      stepOf(answer),
      becauseOf(answer, `${why}, so the pinned connection is the fallback`),
      {
        ...(endUser ? { endUser } : {}),
        pinned: target.connectionId,
        ...connectionOf(answer),
        values: { endUserId: endUserId ?? null, ...methodFacts(request, target) },
      },
    )
  }
  return answer
}

/** The best own connection of a fitting auth method: ACTIVE before ERROR, then the most recently updated. */
function takeOwn(
  world: World,
  request: ResolutionRequest,
  target: WorkspaceIntegrationFacts,
  endUserId: string,
): ConnectionFacts | null {
  let best: ConnectionFacts | null = null
  for (const each of world.ownConnections(target.workspaceId, endUserId, target.integrationName)) {
    if (methodsFit(each, request, target) && (best === null || goesBefore(each, best))) best = each
  }
  return best
}

/** An own connection in ERROR is still theirs: its owner has connected and does not fall back. */
function answerOwn(
  world: World,
  request: ResolutionRequest,
  target: WorkspaceIntegrationFacts,
  own: ConnectionFacts,
  trace: MaybeTracer,
): Resolved | Denied {
  if (trace) {
    const endUserId = own.endUserId ?? ''
    const all = [...world.ownConnections(target.workspaceId, endUserId, target.integrationName)]
    const shadowed = all.filter(
      (each) => each !== own && each.status === own.status && methodsFit(each, request, target),
    )
    const failed = own.status === 'ERROR'
    const because = failed ? 'the own connection has status ERROR' : 'the end user has an own connection'
    const endUser = world.endUser(target.workspaceId, endUserId)
    trace.step('end-user', failed ? 'failed' : 'applied', because, {
      ...(endUser ? { endUser } : {}),
      connection: own,
      shadowed,
      values: { endUserId, ownConnections: all.length, ...methodFacts(request, target) },
    })
  }
  if (own.status === 'ERROR') return deny('CONNECTION_IN_ERROR', request, target, own)
  return { outcome: 'resolved', connection: own, via: 'own', workspaceIntegration: target }
}

/** The connection that an MCP tool has of its own, in place of what the strategy of its target would give. */
export function resolveToolConnection(
  world: World,
  request: ResolutionRequest,
  toolConnectionId: string,
  target: WorkspaceIntegrationFacts | null,
  trace: MaybeTracer,
): Resolved | Denied {
  const { workspaceId, integrationName } = request
  const found = visibleConnection(world, toolConnectionId, integrationName, workspaceId)
  const answer = found
    ? usable(found, request, target, 'pinned')
    : deny('PINNED_CONNECTION_DELETED', request, target)
  trace?.step(
    'workspace-integration',
    stepOf(answer),
    becauseOf(answer, 'the tool has a connection of its own, which bypasses the strategy'),
    { ...(target && { workspaceIntegration: target }), pinned: toolConnectionId, ...connectionOf(answer) },
  )
  trace?.step('end-user', 'skipped', 'the tool runs on its own connection, whoever calls')
  return answer
}

function takePinned(
  world: World,
  request: ResolutionRequest,
  target: WorkspaceIntegrationFacts,
  via: 'pinned' | 'fallback',
): Resolved | Denied {
  if (target.connectionId === null) {
    return deny(via === 'pinned' ? 'PINNED_CONNECTION_MISSING' : 'FALLBACK_MISSING', request, target)
  }
  const { connectionId, integrationName, workspaceId } = target
  const pinned = visibleConnection(world, connectionId, integrationName, workspaceId)
  if (!pinned)
    return deny(via === 'pinned' ? 'PINNED_CONNECTION_DELETED' : 'FALLBACK_DELETED', request, target)
  if (!methodsFit(pinned, request, target)) return deny('AUTH_METHOD_MISMATCH', request, target, pinned)
  return usable(pinned, request, target, via)
}

function usable(
  connection: ConnectionFacts,
  request: ResolutionRequest,
  workspaceIntegration: WorkspaceIntegrationFacts | null,
  via: Via,
): Resolved | Denied {
  return connection.status === 'ERROR'
    ? deny('CONNECTION_IN_ERROR', request, workspaceIntegration, connection)
    : { outcome: 'resolved', connection, via, workspaceIntegration }
}

/**
 * A pinned connection as its workspace sees it. The call stays scoped to its workspace and integration whatever is
 * pinned, so an id that names something out of sight is an id that names nothing.
 */
function visibleConnection(
  world: World,
  id: string,
  integrationName: string,
  workspaceId: string | null,
): ConnectionFacts | undefined {
  const found = world.connection(id)
  return found && found.integrationName === integrationName && isVisible(found, workspaceId)
    ? found
    : undefined
}

function firstOf(connections: Iterable<ConnectionFacts>): ConnectionFacts | null {
  let best: ConnectionFacts | null = null
  for (const each of connections) if (best === null || goesBefore(each, best)) best = each
  return best
}

function stepOf(answer: Resolved | Denied): 'applied' | 'failed' {
  return answer.outcome === 'resolved' ? 'applied' : 'failed'
}

const pinnedRefusals: Readonly<Record<string, string>> = {
  PINNED_CONNECTION_MISSING: 'no connection is pinned',
  FALLBACK_MISSING: 'no connection is pinned',
  PINNED_CONNECTION_DELETED: 'the pinned connection is gone, or out of sight of the workspace',
  FALLBACK_DELETED: 'the pinned connection is gone, or out of sight of the workspace',
  AUTH_METHOD_MISMATCH: 'the pinned connection has another auth method than asked for',
  CONNECTION_IN_ERROR: 'the pinned connection has status ERROR',
}

function becauseOf(answer: Resolved | Denied, because: string): string {
  if (answer.outcome === 'resolved') return because
  const refusal = pinnedRefusals[answer.reason ?? ''] ?? answer.message
  return `${because}; ${refusal}`
}

function connectionOf(answer: Resolved | Denied): { connection?: ConnectionFacts } {
  return answer.connection ? { connection: answer.connection } : {}
}

function methodFacts(request: ResolutionRequest, target: WorkspaceIntegrationFacts): Record<string, string> {
  const asked = request.authMethodKey ?? null
  return {
    ...(target.authMethodKey === null ? {} : { targetAuthMethodKey: target.authMethodKey }),
    ...(asked === null ? {} : { authMethodKey: asked }),
  }
}
