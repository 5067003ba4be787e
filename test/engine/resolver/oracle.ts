/**
 * A second, deliberately naive reading of the documentation: which connection, or which refusal. It walks over plain
 * lists from the top every time, shares nothing with the resolver, and is written in the order of the prose.
 */

export interface PlainConnection {
  id: string
  integrationName: string
  externalId: string
  scope: 'ORGANIZATION' | 'WORKSPACE' | 'USER'
  status: 'ACTIVE' | 'ERROR'
  workspaceId: string | null
  endUserId: string | null
  authMethodKey: string | null
  updatedAt: string
}

export interface PlainWorld {
  integrations: { name: string; auth: unknown }[]
  workspaces: { id: string }[]
  workspaceIntegrations: {
    id: string
    workspaceId: string
    integrationName: string
    alias: string
    connectionStrategy: 'fixed' | 'per_user' | 'per_user_with_fallback'
    connectionId: string | null
    authMethodKey: string | null
    enabledActions: string[] | null
    settings?: unknown
  }[]
  endUsers: { id: string; workspaceId: string; externalId: string }[]
  connections: PlainConnection[]
}

export interface PlainRequest {
  kind: 'execute' | 'resolve' | 'trigger' | 'property'
  workspaceId: string | null
  integrationName: string
  actionName?: string
  connectionExternalId?: string
  workspaceIntegrationId?: string
  integrationAlias?: string
  endUserId?: string
  authMethodKey?: string
}

/** `runs: <connection id or none>`, or `<status> <code> <reason>`. */
export function oracle(world: PlainWorld, request: PlainRequest): string {
  if (request.workspaceId !== null && !world.workspaces.some((w) => w.id === request.workspaceId)) {
    return '404 NOT_FOUND -'
  }
  const integration = world.integrations.find((i) => i.name === request.integrationName)
  if (!integration) return '404 INTEGRATION_NOT_FOUND -'
  const noAccountNeeded = integration.auth === null

  // 4.3 Only workspace integrations of the given workspace are looked at.
  const here = world.workspaceIntegrations.filter((w) => w.workspaceId === request.workspaceId)
  const sameName = here.filter((w) => w.integrationName === request.integrationName)
  let target: PlainWorld['workspaceIntegrations'][number] | undefined
  if (request.workspaceIntegrationId !== undefined) {
    target = here.find((w) => w.id === request.workspaceIntegrationId)
    if (!target) return '404 NOT_FOUND WORKSPACE_INTEGRATION_NOT_FOUND'
    if (target.integrationName !== request.integrationName) return '400 VALIDATION_ERROR SELECTOR_MISMATCH'
  } else if (request.integrationAlias !== undefined) {
    target = here.find((w) => w.alias === request.integrationAlias)
    if (!target) return '404 NOT_FOUND ALIAS_NOT_FOUND'
    if (target.integrationName !== request.integrationName) return '400 VALIDATION_ERROR SELECTOR_MISMATCH'
  } else if (sameName.length === 1) {
    target = sameName[0]
  } else if (sameName.length > 1 && request.connectionExternalId === undefined) {
    return '400 AMBIGUOUS_INTEGRATION AMBIGUOUS_INTEGRATION'
  }
  if (request.kind === 'execute' && request.actionName !== undefined) {
    const action = request.actionName
    const enabled = (w: { enabledActions: string[] | null }) =>
      w.enabledActions === null || w.enabledActions.includes(action)
    if (target && !enabled(target)) return '403 ACTION_NOT_ALLOWED ACTION_NOT_ALLOWED'
    if (!target && sameName.length > 1 && !sameName.some(enabled))
      return '403 ACTION_NOT_ALLOWED ACTION_NOT_ALLOWED'
  }

  // 4.7 has its own code for what is not found.
  const required = (reason: string) =>
    request.kind === 'resolve' && reason !== 'CONNECTION_IN_ERROR'
      ? `404 CONNECTION_NOT_FOUND ${reason}`
      : `400 CONNECTION_REQUIRED ${reason}`
  const runs = (connection: PlainConnection | null) =>
    noAccountNeeded && request.kind === 'resolve'
      ? '404 CONNECTION_NOT_FOUND -'
      : `runs: ${connection?.id ?? 'none'}`

  // Rung 1
  if (request.connectionExternalId !== undefined) {
    const named = world.connections.filter((c) => c.externalId === request.connectionExternalId)
    const ofThis = named.filter((c) => c.integrationName === request.integrationName)
    const match =
      ofThis.find((c) => c.scope !== 'ORGANIZATION' && c.workspaceId === request.workspaceId) ??
      ofThis.find((c) => c.scope === 'ORGANIZATION')
    if (!match) {
      if (ofThis.length > 0) return '403 FORBIDDEN EXPLICIT_OUT_OF_WORKSPACE'
      const hereOrOrganization = named.filter(
        (c) => c.scope === 'ORGANIZATION' || c.workspaceId === request.workspaceId,
      )
      return required(hereOrOrganization.length > 0 ? 'EXPLICIT_OTHER_INTEGRATION' : 'EXPLICIT_NOT_FOUND')
    }
    if (match.scope === 'USER' && request.endUserId !== undefined && request.endUserId !== match.endUserId) {
      return '403 FORBIDDEN EXPLICIT_OTHER_END_USER'
    }
    if (match.status === 'ERROR') return required('CONNECTION_IN_ERROR')
    if (request.authMethodKey !== undefined && request.authMethodKey !== match.authMethodKey) {
      return required('AUTH_METHOD_MISMATCH')
    }
    return runs(match)
  }

  // Rungs 2 to 5
  const answer = byStrategy(world, request, target)
  if (typeof answer !== 'string') return runs(answer)
  return noAccountNeeded ? runs(null) : required(answer)
}

/** 4.4: a connection, or the reason of the refusal. */
function byStrategy(
  world: PlainWorld,
  request: PlainRequest,
  target: PlainWorld['workspaceIntegrations'][number] | undefined,
): PlainConnection | string {
  if (!target) return 'NO_WORKSPACE_INTEGRATION'
  const keys = [target.authMethodKey, request.authMethodKey].filter(
    (key) => key !== null && key !== undefined,
  )
  const methodIsRight = (c: PlainConnection) => keys.every((key) => key === c.authMethodKey)

  const pinned = (missing: string, deleted: string): PlainConnection | string => {
    if (target.connectionId === null) return missing
    const connection = world.connections.find((c) => c.id === target.connectionId)
    // The call stays scoped to its workspace: what is not visible from there is not there.
    if (!connection) return deleted
    if (connection.scope !== 'ORGANIZATION' && connection.workspaceId !== target.workspaceId) return deleted
    if (connection.integrationName !== target.integrationName) return deleted
    if (!methodIsRight(connection)) return 'AUTH_METHOD_MISMATCH'
    return connection.status === 'ERROR' ? 'CONNECTION_IN_ERROR' : connection
  }

  if (target.connectionStrategy === 'fixed')
    return pinned('PINNED_CONNECTION_MISSING', 'PINNED_CONNECTION_DELETED')

  const endUser = world.endUsers.find(
    (e) => e.workspaceId === target.workspaceId && e.externalId === request.endUserId,
  )
  const all = world.connections.filter(
    (c) =>
      c.scope === 'USER' &&
      c.workspaceId === target.workspaceId &&
      c.integrationName === target.integrationName &&
      endUser !== undefined &&
      c.endUserId === endUser.externalId,
  )
  const own = all.filter(methodIsRight)
  const active = own.filter((c) => c.status === 'ACTIVE')
  const latest = [...active].sort((a, b) => a.updatedAt.localeCompare(b.updatedAt)).at(-1)

  if (target.connectionStrategy === 'per_user') {
    if (request.endUserId === undefined) return 'END_USER_REQUIRED'
    if (!endUser) return 'END_USER_NOT_FOUND'
    if (all.length > 0 && own.length === 0) return 'AUTH_METHOD_MISMATCH'
    if (own.length === 0) return 'END_USER_NOT_CONNECTED'
    return latest ?? 'CONNECTION_IN_ERROR'
  }
  if (own.length > 0) return latest ?? 'CONNECTION_IN_ERROR'
  return pinned('FALLBACK_MISSING', 'FALLBACK_DELETED')
}
