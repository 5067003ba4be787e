/**
 * What the resolver knows of a world, and the only questions that it asks. The engine's stores answer them from
 * indexes; `describeWorld()` answers them from a plain description. Every look-up must cost the same however many
 * connections there are.
 *
 * Field names are those of the API's own objects, so that a row of a store is a fact as it stands.
 */

export type ConnectionStrategy = 'fixed' | 'per_user' | 'per_user_with_fallback'
export type ConnectionScope = 'ORGANIZATION' | 'WORKSPACE' | 'USER'
export type ConnectionStatus = 'ACTIVE' | 'ERROR'

/** A catalog entry, as far as it matters here. `auth: null` means that the integration needs no account. */
export interface IntegrationFacts {
  readonly name: string
  readonly auth: unknown
}

export interface WorkspaceIntegrationFacts {
  readonly id: string
  readonly workspaceId: string
  readonly integrationName: string
  readonly alias: string
  readonly connectionStrategy: ConnectionStrategy
  /** `connection.id` of the pinned connection; dangling after that connection was deleted. */
  readonly connectionId: string | null
  readonly authMethodKey: string | null
  /** Null allows every action, an empty array none. */
  readonly enabledActions: readonly string[] | null
  /** Only to recognise a persistence namespace key given where another id belongs. */
  readonly settings?: unknown
}

export interface EndUserFacts {
  /** Weavz UUID. */
  readonly id: string
  readonly workspaceId: string
  /** The application's own user id; null only for members invited in the dashboard. */
  readonly externalId: string | null
}

export interface ConnectionFacts {
  /** Weavz UUID. */
  readonly id: string
  readonly integrationName: string
  readonly externalId: string
  readonly scope: ConnectionScope
  readonly status: ConnectionStatus
  readonly workspaceId: string | null
  /** **External** id of the owner, never the UUID. */
  readonly endUserId: string | null
  readonly authMethodKey: string | null
  /** ISO 8601. Among several own connections that are ACTIVE the most recently updated wins. */
  readonly updatedAt: string
}

export interface World {
  integration(name: string): IntegrationFacts | undefined
  hasWorkspace(workspaceId: string): boolean

  workspaceIntegration(workspaceId: string, id: string): WorkspaceIntegrationFacts | undefined
  workspaceIntegrationByAlias(workspaceId: string, alias: string): WorkspaceIntegrationFacts | undefined
  workspaceIntegrationsOf(workspaceId: string, integrationName: string): Iterable<WorkspaceIntegrationFacts>

  endUser(workspaceId: string, externalId: string): EndUserFacts | undefined
  /** By UUID: only to recognise a UUID given where an external id belongs. */
  endUserById(id: string): EndUserFacts | undefined

  connection(id: string): ConnectionFacts | undefined
  /** Scope USER, that workspace, that end user (external id), that integration. */
  ownConnections(workspaceId: string, endUserId: string, integrationName: string): Iterable<ConnectionFacts>
  /** Scope WORKSPACE or USER: the one with that externalId, of that integration, in that workspace. */
  workspaceConnection(
    workspaceId: string,
    integrationName: string,
    externalId: string,
  ): ConnectionFacts | undefined
  /** Scope ORGANIZATION: the one with that externalId, of that integration. */
  organizationConnection(integrationName: string, externalId: string): ConnectionFacts | undefined
  /** Any one of scope WORKSPACE or USER with that externalId, of that integration, in whatever workspace. */
  connectionInAnyWorkspace(integrationName: string, externalId: string): ConnectionFacts | undefined
  /** Those of any integration with that externalId in that workspace (null: at organization level). */
  connectionsByExternalId(workspaceId: string | null, externalId: string): Iterable<ConnectionFacts>
  /** All of one integration that are of that workspace (null: at organization level): only for explanations. */
  connectionsOf(workspaceId: string | null, integrationName: string): Iterable<ConnectionFacts>
}

/** A world that can also be walked through, for `audit()`. */
export interface ListableWorld extends World {
  workspaceIntegrations(): Iterable<WorkspaceIntegrationFacts>
  endUsersOf(workspaceId: string): Iterable<EndUserFacts>
}
