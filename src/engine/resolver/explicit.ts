import type { ResolutionReason } from '../../contract/errors.js'
import { methodFits, ownerFits } from './predicates.js'
import { deny } from './reasons.js'
import type { Denied, ResolutionRequest, Resolved } from './request.js'
import type { MaybeTracer } from './trace.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts, World } from './world.js'

/** Rung 1: the connection that `connectionExternalId` names, or a refusal. Nothing falls through to a strategy. */
export function resolveExplicit(
  world: World,
  request: ResolutionRequest,
  externalId: string,
  target: WorkspaceIntegrationFacts | null,
  trace: MaybeTracer,
): Resolved | Denied {
  // The first hit decides: a refused one of the workspace is not skipped for one of the organization.
  const hit = firstHit(world, request, externalId)
  if (!hit) return refuseMiss(world, request, externalId, target, trace)
  const refusal = refusalOf(hit, request)
  if (refusal) {
    trace?.step('explicit', 'failed', refusal.because, {
      connection: hit,
      values: { connectionExternalId: externalId, ...given(request) },
    })
    return deny(refusal.reason, request, target, hit)
  }
  trace?.step('explicit', 'applied', 'connectionExternalId names this connection', {
    connection: hit,
    values: { connectionExternalId: externalId, ...given(request) },
  })
  return { outcome: 'resolved', connection: hit, via: 'explicit', workspaceIntegration: target }
}

/** The connection of that external id that decides: of the workspace if there is one, else of the organization. */
function firstHit(world: World, request: ResolutionRequest, externalId: string): ConnectionFacts | undefined {
  const { workspaceId, integrationName } = request
  const own =
    workspaceId === null ? undefined : world.workspaceConnection(workspaceId, integrationName, externalId)
  return own ?? world.organizationConnection(integrationName, externalId)
}

interface Refusal {
  readonly reason: ResolutionReason
  readonly because: string
}

const otherEndUser: Refusal = { reason: 'EXPLICIT_OTHER_END_USER', because: 'it belongs to another end user' }
const inError: Refusal = { reason: 'CONNECTION_IN_ERROR', because: 'its status is ERROR' }
const otherMethod: Refusal = {
  reason: 'AUTH_METHOD_MISMATCH',
  because: 'it has another auth method than asked for',
}

function refusalOf(hit: ConnectionFacts, request: ResolutionRequest): Refusal | null {
  if (!ownerFits(hit, request.endUserId)) return otherEndUser
  if (hit.status === 'ERROR') return inError
  if (!methodFits(hit, request.authMethodKey)) return otherMethod
  return null
}

function refuseMiss(
  world: World,
  request: ResolutionRequest,
  externalId: string,
  target: WorkspaceIntegrationFacts | null,
  trace: MaybeTracer,
): Denied {
  const values = { connectionExternalId: externalId, ...given(request) }
  const elsewhere = world.connectionInAnyWorkspace(request.integrationName, externalId)
  if (elsewhere) {
    trace?.step('explicit', 'failed', 'it exists only in another workspace', {
      connection: elsewhere,
      values,
    })
    return deny('EXPLICIT_OUT_OF_WORKSPACE', request, target)
  }
  if (isOfAnotherIntegration(world, request.workspaceId, externalId)) {
    trace?.step('explicit', 'failed', 'only a connection of another integration has that external id', {
      values,
    })
    return deny('EXPLICIT_OTHER_INTEGRATION', request, target)
  }
  trace?.step('explicit', 'failed', 'no connection has that external id', { values })
  return deny('EXPLICIT_NOT_FOUND', request, target)
}

/** Asked only after the request's own integration gave no hit, so that whatever has the external id is another's. */
function isOfAnotherIntegration(world: World, workspaceId: string | null, externalId: string): boolean {
  return (
    (workspaceId !== null && !isEmpty(world.connectionsByExternalId(workspaceId, externalId))) ||
    !isEmpty(world.connectionsByExternalId(null, externalId))
  )
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false
  return true
}

function given({ endUserId, authMethodKey }: ResolutionRequest): Record<string, string> {
  return {
    ...(endUserId == null ? {} : { endUserId }),
    ...(authMethodKey == null ? {} : { authMethodKey }),
  }
}
