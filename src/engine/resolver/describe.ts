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

type Tree<Leaf> = Map<string, Map<string, Leaf>>

/** The connections of one integration in one workspace, or at organization level. */
class Shelf {
  readonly all: ConnectionFacts[] = []
  readonly byExternalId = new Map<string, ConnectionFacts>()
  readonly byEndUser = new Map<string, ConnectionFacts[]>()
}

const nothing: readonly never[] = []

/** Where connections of the organization are kept among those of the workspaces; no workspace id is empty. */
const organization = ''

class DescribedWorld implements ListableWorld {
  readonly #integrations = new Map<string, { name: string; auth: unknown }>()
  readonly #workspaces = new Set<string>()
  readonly #targets = new Map<string, WorkspaceIntegrationFacts>()
  readonly #targetsByAlias: Tree<WorkspaceIntegrationFacts> = new Map()
  readonly #targetsByName: Tree<WorkspaceIntegrationFacts[]> = new Map()
  readonly #endUsers = new Map<string, EndUserFacts>()
  readonly #endUsersByExternalId: Tree<EndUserFacts> = new Map()
  readonly #connections = new Map<string, ConnectionFacts>()
  readonly #shelves: Tree<Shelf> = new Map()
  readonly #byExternalId: Tree<ConnectionFacts[]> = new Map()
  readonly #anyWorkspace: Tree<ConnectionFacts> = new Map()

  constructor(description: ParsedDescription) {
    description.integrations.forEach((each, index) => this.#addIntegration(each, `integrations[${index}]`))
    description.workspaces.forEach(({ id }, index) => {
      if (this.#workspaces.has(id)) fail(`workspaces[${index}].id`, 'is there twice')
      this.#workspaces.add(id)
    })
    description.endUsers.forEach((each, index) => this.#addEndUser(each, `endUsers[${index}]`))
    description.connections.forEach((each, index) => this.#addConnection(each, `connections[${index}]`))
    description.workspaceIntegrations.forEach((each, index) =>
      this.#addTarget(each, `workspaceIntegrations[${index}]`),
    )
  }

  #addIntegration(each: ParsedDescription['integrations'][number], path: string): void {
    if (this.#integrations.has(each.name)) fail(`${path}.name`, 'is there twice')
    this.#integrations.set(each.name, each)
  }

  #addEndUser(each: EndUserFacts, path: string): void {
    if (this.#endUsers.has(each.id)) fail(`${path}.id`, 'is there twice')
    this.#requireWorkspace(each.workspaceId, path)
    this.#endUsers.set(each.id, each)
    if (each.externalId === null) return
    const branch = grow(this.#endUsersByExternalId, each.workspaceId)
    if (branch.has(each.externalId)) fail(`${path}.externalId`, 'is taken in the workspace')
    branch.set(each.externalId, each)
  }

  #addConnection(each: ParsedDescription['connections'][number], path: string): void {
    if (this.#connections.has(each.id)) fail(`${path}.id`, 'is there twice')
    this.#requireIntegration(each.integrationName, path)
    if (each.workspaceId !== null) this.#requireWorkspace(each.workspaceId, path)
    const scope =
      each.scope ??
      (each.endUserId !== null ? 'USER' : each.workspaceId !== null ? 'WORKSPACE' : 'ORGANIZATION')
    const connection: ConnectionFacts = { ...each, scope, updatedAt: new Date(each.updatedAt).toISOString() }
    this.#checkOwner(connection, path)

    const place = scope === 'ORGANIZATION' ? organization : (connection.workspaceId ?? organization)
    const shelf = graft(this.#shelves, place, connection.integrationName, () => new Shelf())
    if (shelf.byExternalId.has(connection.externalId))
      fail(`${path}.externalId`, 'is taken for that integration')
    this.#connections.set(connection.id, connection)
    shelf.all.push(connection)
    shelf.byExternalId.set(connection.externalId, connection)
    graft(this.#byExternalId, place, connection.externalId, () => []).push(connection)
    if (connection.endUserId !== null) {
      const own = shelf.byEndUser.get(connection.endUserId)
      if (own) own.push(connection)
      else shelf.byEndUser.set(connection.endUserId, [connection])
    }
    if (scope !== 'ORGANIZATION') {
      const branch = grow(this.#anyWorkspace, connection.integrationName)
      const other = branch.get(connection.externalId)
      if (!other || goesBefore(connection, other)) branch.set(connection.externalId, connection)
    }
  }

  #checkOwner({ scope, workspaceId, endUserId }: ConnectionFacts, path: string): void {
    if (scope !== 'ORGANIZATION' && workspaceId === null)
      fail(`${path}.workspaceId`, `is required for scope ${scope}`)
    if (scope !== 'USER' && endUserId !== null) fail(`${path}.scope`, 'must be USER where endUserId is given')
    if (scope !== 'USER') return
    if (endUserId === null) fail(`${path}.endUserId`, 'is required for scope USER')
    if (!this.#endUsersByExternalId.get(workspaceId ?? '')?.has(endUserId)) {
      fail(`${path}.endUserId`, 'names no end user of the workspace')
    }
  }

  #addTarget(each: ParsedDescription['workspaceIntegrations'][number], path: string): void {
    if (this.#targets.has(each.id)) fail(`${path}.id`, 'is there twice')
    this.#requireWorkspace(each.workspaceId, path)
    this.#requireIntegration(each.integrationName, path)
    const target: WorkspaceIntegrationFacts = { ...each, alias: each.alias ?? each.integrationName }
    const byAlias = grow(this.#targetsByAlias, target.workspaceId)
    if (byAlias.has(target.alias)) fail(`${path}.alias`, 'is taken in the workspace')
    byAlias.set(target.alias, target)
    this.#targets.set(target.id, target)
    graft(this.#targetsByName, target.workspaceId, target.integrationName, () => []).push(target)
  }

  #requireWorkspace(workspaceId: string, path: string): void {
    if (!this.#workspaces.has(workspaceId)) fail(`${path}.workspaceId`, 'names no workspace')
  }

  #requireIntegration(name: string, path: string): void {
    if (!this.#integrations.has(name)) fail(`${path}.integrationName`, 'names no integration')
  }

  integration(name: string) {
    return this.#integrations.get(name)
  }

  hasWorkspace(workspaceId: string) {
    return this.#workspaces.has(workspaceId)
  }

  workspaceIntegration(workspaceId: string, id: string) {
    const found = this.#targets.get(id)
    return found?.workspaceId === workspaceId ? found : undefined
  }

  workspaceIntegrationByAlias(workspaceId: string, alias: string) {
    return this.#targetsByAlias.get(workspaceId)?.get(alias)
  }

  workspaceIntegrationsOf(workspaceId: string, integrationName: string) {
    return this.#targetsByName.get(workspaceId)?.get(integrationName) ?? nothing
  }

  endUser(workspaceId: string, externalId: string) {
    return this.#endUsersByExternalId.get(workspaceId)?.get(externalId)
  }

  endUserById(id: string) {
    return this.#endUsers.get(id)
  }

  connection(id: string) {
    return this.#connections.get(id)
  }

  ownConnections(workspaceId: string, endUserId: string, integrationName: string) {
    return this.#shelves.get(workspaceId)?.get(integrationName)?.byEndUser.get(endUserId) ?? nothing
  }

  workspaceConnection(workspaceId: string, integrationName: string, externalId: string) {
    return this.#shelves.get(workspaceId)?.get(integrationName)?.byExternalId.get(externalId)
  }

  organizationConnection(integrationName: string, externalId: string) {
    return this.#shelves.get(organization)?.get(integrationName)?.byExternalId.get(externalId)
  }

  connectionInAnyWorkspace(integrationName: string, externalId: string) {
    return this.#anyWorkspace.get(integrationName)?.get(externalId)
  }

  connectionsByExternalId(workspaceId: string | null, externalId: string) {
    return this.#byExternalId.get(workspaceId ?? organization)?.get(externalId) ?? nothing
  }

  connectionsOf(workspaceId: string | null, integrationName: string) {
    return this.#shelves.get(workspaceId ?? organization)?.get(integrationName)?.all ?? nothing
  }

  workspaceIntegrations() {
    return this.#targets.values()
  }

  *endUsersOf(workspaceId: string) {
    yield* this.#endUsersByExternalId.get(workspaceId)?.values() ?? nothing
  }
}

function fail(path: string, message: string): never {
  throw new WorldDescriptionError([{ path, message }])
}

function grow<Leaf>(tree: Tree<Leaf>, key: string): Map<string, Leaf> {
  let branch = tree.get(key)
  if (!branch) tree.set(key, (branch = new Map()))
  return branch
}

function graft<Leaf>(tree: Tree<Leaf>, first: string, second: string, plant: () => Leaf): Leaf {
  const branch = grow(tree, first)
  let leaf = branch.get(second)
  if (leaf === undefined) branch.set(second, (leaf = plant()))
  return leaf
}
