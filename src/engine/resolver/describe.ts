import { goesBefore } from './predicates.js'
import {
  parseDescription,
  WorldDescriptionError,
  type ParsedDescription,
  type WorldDescription,
} from './description.js'
import type { ConnectionFacts, EndUserFacts, ListableWorld, WorkspaceIntegrationFacts } from './world.js'

/**
 * A world from a plain description, with an index for every look-up, so that one resolution costs the same however
 * much there is. Throws `WorldDescriptionError`, which names the path of each mistake.
 *
 * @example
 * const world = describeWorld({
 *   integrations: [{ name: 'slack' }],
 *   workspaces: [{ id: 'acme' }],
 *   workspaceIntegrations: [{ id: 'wi_1', workspaceId: 'acme', integrationName: 'slack', connectionStrategy: 'per_user' }],
 *   endUsers: [{ id: 'eu_1', workspaceId: 'acme', externalId: 'user_123' }],
 * })
 */
export function describeWorld(description: WorldDescription): ListableWorld {
  return new DescribedWorld(parseDescription(description))
}

/** The connections of one integration in one place. */
class Shelf {
  readonly all: ConnectionFacts[] = []
  readonly byExternalId = new Map<string, ConnectionFacts>()
  readonly byEndUser = new Map<string, ConnectionFacts[]>()
}

/** A workspace, or the level of the organization: everything that is looked up there. */
class Place {
  readonly targetsByAlias = new Map<string, WorkspaceIntegrationFacts>()
  readonly targetsByName = new Map<string, WorkspaceIntegrationFacts[]>()
  readonly endUsers = new Map<string, EndUserFacts>()
  readonly shelves = new Map<string, Shelf>()
  readonly byExternalId = new Map<string, ConnectionFacts[]>()
}

const nothing: readonly never[] = []

class DescribedWorld implements ListableWorld {
  readonly #integrations = new Map<string, { name: string; auth: unknown }>()
  readonly #places = new Map<string, Place>()
  readonly #organization = new Place()
  readonly #targets = new Map<string, WorkspaceIntegrationFacts>()
  readonly #endUsers = new Map<string, EndUserFacts>()
  readonly #connections = new Map<string, ConnectionFacts>()
  readonly #anyWorkspace = new Map<string, Map<string, ConnectionFacts>>()
  // One resolution asks several times about one workspace.
  #lastId: string | null = null
  #last: Place | undefined

  constructor(description: ParsedDescription) {
    description.integrations.forEach((each, index) => {
      if (this.#integrations.has(each.name)) fail(`integrations[${index}].name`, 'is there twice')
      this.#integrations.set(each.name, each)
    })
    description.workspaces.forEach(({ id }, index) => {
      if (this.#places.has(id)) fail(`workspaces[${index}].id`, 'is there twice')
      this.#places.set(id, new Place())
    })
    description.endUsers.forEach((each, index) => this.#addEndUser(each, `endUsers[${index}]`))
    description.connections.forEach((each, index) => this.#addConnection(each, `connections[${index}]`))
    description.workspaceIntegrations.forEach((each, index) =>
      this.#addTarget(each, `workspaceIntegrations[${index}]`),
    )
  }

  #addEndUser(each: EndUserFacts, path: string): void {
    if (this.#endUsers.has(each.id)) fail(`${path}.id`, 'is there twice')
    const { endUsers } = this.#requirePlace(each.workspaceId, path)
    this.#endUsers.set(each.id, each)
    if (each.externalId === null) return
    if (endUsers.has(each.externalId)) fail(`${path}.externalId`, 'is taken in the workspace')
    endUsers.set(each.externalId, each)
  }

  #addConnection(each: ParsedDescription['connections'][number], path: string): void {
    if (this.#connections.has(each.id)) fail(`${path}.id`, 'is there twice')
    this.#requireIntegration(each.integrationName, path)
    const scope = each.scope ?? impliedScope(each)
    const connection: ConnectionFacts = { ...each, scope, updatedAt: new Date(each.updatedAt).toISOString() }
    const place = this.#placeOf(connection, path)
    const shelf = getOrAdd(place.shelves, connection.integrationName, () => new Shelf())
    if (shelf.byExternalId.has(connection.externalId))
      fail(`${path}.externalId`, 'is taken for that integration')
    this.#connections.set(connection.id, connection)
    shelf.all.push(connection)
    shelf.byExternalId.set(connection.externalId, connection)
    getOrAdd(place.byExternalId, connection.externalId, () => []).push(connection)
    if (connection.endUserId !== null)
      getOrAdd(shelf.byEndUser, connection.endUserId, () => []).push(connection)
    if (place === this.#organization) return
    const named = getOrAdd(
      this.#anyWorkspace,
      connection.integrationName,
      () => new Map<string, ConnectionFacts>(),
    )
    const other = named.get(connection.externalId)
    if (!other || goesBefore(connection, other)) named.set(connection.externalId, connection)
  }

  /** Where a connection belongs, after its scope and its owner were found to fit. */
  #placeOf({ scope, workspaceId, endUserId }: ConnectionFacts, path: string): Place {
    if (scope !== 'USER' && endUserId !== null) fail(`${path}.scope`, 'must be USER where endUserId is given')
    const workspace = workspaceId === null ? undefined : this.#requirePlace(workspaceId, path)
    if (scope === 'ORGANIZATION') return this.#organization
    if (!workspace) fail(`${path}.workspaceId`, `is required for scope ${scope}`)
    if (scope === 'USER') {
      if (endUserId === null) fail(`${path}.endUserId`, 'is required for scope USER')
      if (!workspace.endUsers.has(endUserId)) fail(`${path}.endUserId`, 'names no end user of the workspace')
    }
    return workspace
  }

  #addTarget(each: ParsedDescription['workspaceIntegrations'][number], path: string): void {
    if (this.#targets.has(each.id)) fail(`${path}.id`, 'is there twice')
    const { targetsByAlias, targetsByName } = this.#requirePlace(each.workspaceId, path)
    this.#requireIntegration(each.integrationName, path)
    const target: WorkspaceIntegrationFacts = { ...each, alias: each.alias ?? each.integrationName }
    if (targetsByAlias.has(target.alias)) fail(`${path}.alias`, 'is taken in the workspace')
    targetsByAlias.set(target.alias, target)
    this.#targets.set(target.id, target)
    getOrAdd(targetsByName, target.integrationName, () => []).push(target)
  }

  #requirePlace(workspaceId: string, path: string): Place {
    return this.#places.get(workspaceId) ?? fail(`${path}.workspaceId`, 'names no workspace')
  }

  #requireIntegration(name: string, path: string): void {
    if (!this.#integrations.has(name)) fail(`${path}.integrationName`, 'names no integration')
  }

  #place(workspaceId: string | null): Place | undefined {
    if (workspaceId === null) return this.#organization
    if (workspaceId !== this.#lastId) {
      this.#last = this.#places.get(workspaceId)
      this.#lastId = workspaceId
    }
    return this.#last
  }

  integration(name: string) {
    return this.#integrations.get(name)
  }

  hasWorkspace(workspaceId: string) {
    return this.#place(workspaceId) !== undefined
  }

  workspaceIntegration(workspaceId: string, id: string) {
    const found = this.#targets.get(id)
    return found?.workspaceId === workspaceId ? found : undefined
  }

  workspaceIntegrationByAlias(workspaceId: string, alias: string) {
    return this.#place(workspaceId)?.targetsByAlias.get(alias)
  }

  workspaceIntegrationsOf(workspaceId: string, integrationName: string) {
    return this.#place(workspaceId)?.targetsByName.get(integrationName) ?? nothing
  }

  endUser(workspaceId: string, externalId: string) {
    return this.#place(workspaceId)?.endUsers.get(externalId)
  }

  endUserById(id: string) {
    return this.#endUsers.get(id)
  }

  connection(id: string) {
    return this.#connections.get(id)
  }

  ownConnections(workspaceId: string, endUserId: string, integrationName: string) {
    return this.#place(workspaceId)?.shelves.get(integrationName)?.byEndUser.get(endUserId) ?? nothing
  }

  workspaceConnection(workspaceId: string, integrationName: string, externalId: string) {
    return this.#place(workspaceId)?.shelves.get(integrationName)?.byExternalId.get(externalId)
  }

  organizationConnection(integrationName: string, externalId: string) {
    return this.#organization.shelves.get(integrationName)?.byExternalId.get(externalId)
  }

  connectionInAnyWorkspace(integrationName: string, externalId: string) {
    return this.#anyWorkspace.get(integrationName)?.get(externalId)
  }

  connectionsByExternalId(workspaceId: string | null, externalId: string) {
    return this.#place(workspaceId)?.byExternalId.get(externalId) ?? nothing
  }

  connectionsOf(workspaceId: string | null, integrationName: string) {
    return this.#place(workspaceId)?.shelves.get(integrationName)?.all ?? nothing
  }

  workspaceIntegrations() {
    return this.#targets.values()
  }

  endUsersOf(workspaceId: string) {
    return this.#place(workspaceId)?.endUsers.values() ?? nothing
  }
}

function impliedScope({ workspaceId, endUserId }: Pick<ConnectionFacts, 'workspaceId' | 'endUserId'>) {
  return endUserId !== null ? 'USER' : workspaceId !== null ? 'WORKSPACE' : 'ORGANIZATION'
}

function fail(path: string, message: string): never {
  throw new WorldDescriptionError([{ path, message }])
}

function getOrAdd<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
