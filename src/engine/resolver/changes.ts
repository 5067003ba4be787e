import type { Change } from './explanation.js'
import type { ResolutionRequest } from './request.js'
import type { ConnectionFacts, EndUserFacts, WorkspaceIntegrationFacts, World } from './world.js'

/** Stands for the id that the API will give to something new. */
export const newId = 'new'

/** A request in its world. */
export interface Situation {
  readonly world: World
  readonly request: ResolutionRequest
}

/**
 * The world and the request after the changes; neither of the given ones is touched.
 *
 * @example
 * const after = applyChanges({ world, request }, fix.changes)
 * resolve(after.world, after.request) // what fix.reaches promised
 */
export function applyChanges(situation: Situation, changes: readonly Change[]): Situation {
  let { request } = situation
  const world = new ChangedWorld(situation.world)
  for (const change of changes) {
    if (change.change === 'request') request = { ...request, ...change.set }
    else world.apply(change)
  }
  return { world, request }
}

/** A world that differs from another in a few rows. */
class ChangedWorld implements World {
  readonly #base: World
  readonly #connections = new Map<string, ConnectionFacts>()
  readonly #targets = new Map<string, WorkspaceIntegrationFacts>()
  readonly #endUsers: EndUserFacts[] = []

  constructor(base: World) {
    this.#base = base
  }

  apply(change: Exclude<Change, { change: 'request' }>): void {
    switch (change.change) {
      case 'connect':
        return this.#connect({
          ...change.connection,
          status: 'ACTIVE',
          updatedAt: '1970-01-01T00:00:00.000Z',
        })
      case 'reauthorise': {
        const found = this.connection(change.connectionId)
        if (found) this.#connections.set(found.id, { ...connectionFacts(found), status: 'ACTIVE' })
        return
      }
      case 'add-workspace-integration': {
        const added = { ...change.workspaceIntegration, authMethodKey: null, enabledActions: null }
        this.#targets.set(added.id, added)
        return
      }
      case 'update-workspace-integration': {
        const found = this.workspaceIntegration(change.workspaceId, change.workspaceIntegrationId)
        if (found) this.#targets.set(found.id, { ...targetFacts(found), ...change.set })
      }
    }
  }

  #connect(connection: ConnectionFacts): void {
    this.#connections.set(connection.id, connection)
    const { workspaceId, endUserId } = connection
    if (workspaceId === null || endUserId === null || this.endUser(workspaceId, endUserId)) return
    this.#endUsers.push({ id: `new:${endUserId}`, workspaceId, externalId: endUserId })
  }

  integration(name: string) {
    return this.#base.integration(name)
  }

  hasWorkspace(workspaceId: string) {
    return this.#base.hasWorkspace(workspaceId)
  }

  workspaceIntegration(workspaceId: string, id: string) {
    const changed = this.#targets.get(id)
    if (changed) return changed.workspaceId === workspaceId ? changed : undefined
    return this.#base.workspaceIntegration(workspaceId, id)
  }

  workspaceIntegrationByAlias(workspaceId: string, alias: string) {
    for (const each of this.#targets.values()) {
      if (each.workspaceId === workspaceId && each.alias === alias) return each
    }
    return this.#base.workspaceIntegrationByAlias(workspaceId, alias)
  }

  workspaceIntegrationsOf(workspaceId: string, integrationName: string) {
    return overlay(
      this.#base.workspaceIntegrationsOf(workspaceId, integrationName),
      this.#targets,
      (each) => each.workspaceId === workspaceId && each.integrationName === integrationName,
    )
  }

  endUser(workspaceId: string, externalId: string) {
    const added = this.#endUsers.find(
      (each) => each.workspaceId === workspaceId && each.externalId === externalId,
    )
    return added ?? this.#base.endUser(workspaceId, externalId)
  }

  endUserById(id: string) {
    return this.#base.endUserById(id)
  }

  connection(id: string) {
    return this.#connections.get(id) ?? this.#base.connection(id)
  }

  ownConnections(workspaceId: string, endUserId: string, integrationName: string) {
    return overlay(
      this.#base.ownConnections(workspaceId, endUserId, integrationName),
      this.#connections,
      (each) =>
        each.workspaceId === workspaceId &&
        each.endUserId === endUserId &&
        each.integrationName === integrationName,
    )
  }

  workspaceConnection(workspaceId: string, integrationName: string, externalId: string) {
    const found = this.#base.workspaceConnection(workspaceId, integrationName, externalId)
    return this.#one(
      found,
      (each) =>
        each.scope !== 'ORGANIZATION' &&
        each.workspaceId === workspaceId &&
        each.integrationName === integrationName &&
        each.externalId === externalId,
    )
  }

  organizationConnection(integrationName: string, externalId: string) {
    return this.#one(this.#base.organizationConnection(integrationName, externalId))
  }

  connectionInAnyWorkspace(integrationName: string, externalId: string) {
    const found = this.#base.connectionInAnyWorkspace(integrationName, externalId)
    return this.#one(
      found,
      (each) =>
        each.scope !== 'ORGANIZATION' &&
        each.integrationName === integrationName &&
        each.externalId === externalId,
    )
  }

  connectionsByExternalId(workspaceId: string | null, externalId: string) {
    return overlay(
      this.#base.connectionsByExternalId(workspaceId, externalId),
      this.#connections,
      (each) => isOf(each, workspaceId) && each.externalId === externalId,
    )
  }

  connectionsOf(workspaceId: string | null, integrationName: string) {
    return overlay(
      this.#base.connectionsOf(workspaceId, integrationName),
      this.#connections,
      (each) => isOf(each, workspaceId) && each.integrationName === integrationName,
    )
  }

  #one(
    found: ConnectionFacts | undefined,
    isNew?: (each: ConnectionFacts) => boolean,
  ): ConnectionFacts | undefined {
    if (found) return this.#connections.get(found.id) ?? found
    return isNew && [...this.#connections.values()].find(isNew)
  }
}

/** A row of a store may hold more than facts, sealed credentials for one: only the facts are copied. */
function connectionFacts(row: ConnectionFacts): ConnectionFacts {
  const { id, integrationName, externalId, scope, status, workspaceId, endUserId, authMethodKey, updatedAt } =
    row
  return { id, integrationName, externalId, scope, status, workspaceId, endUserId, authMethodKey, updatedAt }
}

function targetFacts(row: WorkspaceIntegrationFacts): WorkspaceIntegrationFacts {
  const { id, workspaceId, integrationName, alias, connectionStrategy, connectionId } = row
  const { authMethodKey, enabledActions, settings } = row
  const choice = { connectionStrategy, connectionId, authMethodKey }
  return { id, workspaceId, integrationName, alias, ...choice, enabledActions, settings }
}

function isOf({ scope, workspaceId }: ConnectionFacts, asked: string | null): boolean {
  return scope === 'ORGANIZATION' ? asked === null : workspaceId === asked
}

/** The rows of the base, changed ones in their place, then the new ones that belong there. */
function overlay<Row extends { readonly id: string }>(
  base: Iterable<Row>,
  changed: ReadonlyMap<string, Row>,
  belongs: (row: Row) => boolean,
): Row[] {
  const rows = Array.from(base, (row) => changed.get(row.id) ?? row)
  const known = new Set(rows.map(({ id }) => id))
  for (const row of changed.values()) if (!known.has(row.id) && belongs(row)) rows.push(row)
  return rows
}
