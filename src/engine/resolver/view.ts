import type { Audience, Facts } from './explanation.js'
import type { ResolutionRequest } from './request.js'
import type { TraceFacts } from './trace.js'
import type { ConnectionFacts, EndUserFacts, World } from './world.js'

const elsewhere = '(of another workspace)'
const someoneElse = '(of another end user)'

/** Shows objects of the world to an audience: every id that leaves the resolver passes here. */
export class View {
  readonly #world: World
  readonly #request: ResolutionRequest
  readonly #audience: Audience

  constructor(world: World, request: ResolutionRequest, audience: Audience) {
    this.#world = world
    this.#request = request
    this.#audience = audience
  }

  get audience(): Audience {
    return this.#audience
  }

  seesWorkspace(workspaceId: string): boolean {
    return this.#audience === 'developer' || workspaceId === this.#request.workspaceId
  }

  seesEndUser(workspaceId: string, externalId: string | null): boolean {
    if (!this.seesWorkspace(workspaceId)) return false
    return this.#audience !== 'end-user' || (externalId !== null && externalId === this.#request.endUserId)
  }

  seesConnection({ scope, workspaceId, endUserId }: ConnectionFacts): boolean {
    if (scope === 'ORGANIZATION') return true
    if (scope === 'WORKSPACE') return this.seesWorkspace(workspaceId ?? '')
    return this.seesEndUser(workspaceId ?? '', endUserId)
  }

  /** A personal connection of the very end user of the request. */
  ownsConnection(id: string): boolean {
    const found = this.#world.connection(id)
    return (
      found?.scope === 'USER' && found.endUserId === this.#request.endUserId && this.seesConnection(found)
    )
  }

  workspaceId(id: string): string {
    return this.seesWorkspace(id) ? id : elsewhere
  }

  endUserId({ workspaceId, externalId }: Pick<EndUserFacts, 'workspaceId' | 'externalId'>): string | null {
    return this.seesEndUser(workspaceId, externalId) ? externalId : this.#mask(workspaceId)
  }

  connectionId(connection: ConnectionFacts): string {
    return this.seesConnection(connection) ? connection.id : this.#mask(connection.workspaceId)
  }

  /** A pinned id: it may name a connection that the audience may not know, or nothing. */
  pinnedId(id: string | null): string | null {
    const found = id === null ? undefined : this.#world.connection(id)
    return found ? this.connectionId(found) : id
  }

  connectionFacts(connection: ConnectionFacts): Facts {
    const { scope, workspaceId, endUserId, status, authMethodKey } = connection
    if (!this.seesConnection(connection)) return { connectionId: this.connectionId(connection) }
    return {
      connectionId: this.connectionId(connection),
      scope,
      ...(workspaceId === null ? {} : { connectionWorkspaceId: this.workspaceId(workspaceId) }),
      ...(endUserId === null
        ? {}
        : { owner: this.endUserId({ workspaceId: workspaceId ?? '', externalId: endUserId }) }),
      status,
      connectionAuthMethodKey: authMethodKey,
    }
  }

  facts(traced: TraceFacts): Facts {
    const { workspaceIntegration, workspaceIntegrations, endUser, connection, pinned, shadowed, values } =
      traced
    return {
      ...values,
      ...(workspaceIntegration && {
        workspaceIntegrationId: workspaceIntegration.id,
        alias: workspaceIntegration.alias,
        connectionStrategy: workspaceIntegration.connectionStrategy,
      }),
      ...(workspaceIntegrations && { aliases: workspaceIntegrations.map(({ alias }) => alias).sort() }),
      ...(endUser && { endUserId: this.endUserId(endUser) }),
      ...(pinned !== undefined && { pinnedConnectionId: this.pinnedId(pinned) }),
      ...(connection && this.connectionFacts(connection)),
      ...(shadowed?.length && { shadowed: shadowed.map((each) => this.connectionId(each)).sort() }),
    }
  }

  #mask(workspaceId: string | null): string {
    return workspaceId !== null && this.seesWorkspace(workspaceId) ? someoneElse : elsewhere
  }
}
