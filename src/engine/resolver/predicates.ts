import type { ResolutionRequest } from './request.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts } from './world.js'

/** A workspace sees its own connections and those of the organization. */
export function isVisible(connection: ConnectionFacts, workspaceId: string | null): boolean {
  return (
    connection.scope === 'ORGANIZATION' || (workspaceId !== null && connection.workspaceId === workspaceId)
  )
}

/** No key asks for nothing; a key asks for exactly that method. */
export function methodFits(connection: ConnectionFacts, authMethodKey: string | null | undefined): boolean {
  return authMethodKey == null || connection.authMethodKey === authMethodKey
}

/** The strategies honour the key of the workspace integration and that of the request, both at once. */
export function methodsFit(
  connection: ConnectionFacts,
  request: ResolutionRequest,
  target: Pick<WorkspaceIntegrationFacts, 'authMethodKey'>,
): boolean {
  return methodFits(connection, target.authMethodKey) && methodFits(connection, request.authMethodKey)
}

/** A personal connection refuses an end user who is not its owner; a call without end user may name it. */
export function ownerFits(connection: ConnectionFacts, endUserId: string | null | undefined): boolean {
  return connection.scope !== 'USER' || endUserId == null || connection.endUserId === endUserId
}

export function allowsAction(target: WorkspaceIntegrationFacts, request: ResolutionRequest): boolean {
  return (
    request.kind !== 'execute' ||
    request.actionName == null ||
    target.enabledActions === null ||
    target.enabledActions.includes(request.actionName)
  )
}

/** A total order, so that no answer depends on the order of storage: ACTIVE first, then the latest, then the id. */
export function goesBefore(a: ConnectionFacts, b: ConnectionFacts): boolean {
  if (a.status !== b.status) return a.status === 'ACTIVE'
  if (a.updatedAt !== b.updatedAt) return a.updatedAt > b.updatedAt
  return a.id < b.id
}
