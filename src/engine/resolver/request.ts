import type { KnownErrorCode, ResolutionReason } from '../../contract/errors.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts } from './world.js'

/**
 * The call that needs a connection: `execute` (actions and MCP tools), `resolve` (`POST /connections/resolve`),
 * `trigger` (enabling and firing) or `property` (dynamic options and props).
 */
export type RequestKind = 'execute' | 'resolve' | 'trigger' | 'property'

/**
 * Everything that a call says about which connection it wants. Absent, `undefined` and `null` mean the same.
 *
 * @example
 * const request: ResolutionRequest = {
 *   kind: 'execute',
 *   workspaceId: '550e8400-e29b-41d4-a716-446655440000',
 *   integrationName: 'slack',
 *   actionName: 'send_channel_message',
 *   endUserId: 'user_123',
 * }
 */
export interface ResolutionRequest {
  readonly kind: RequestKind
  /** UUID of the workspace; null only for property endpoints, which then reach organization level alone. */
  readonly workspaceId: string | null
  /** Catalog slug (`slack`), not an alias. */
  readonly integrationName: string
  /** Checked against `enabledActions` when `kind` is `execute`. */
  readonly actionName?: string | null | undefined
  /** `connection.externalId`, not the connection's UUID. `connections/resolve` calls it `externalId`. */
  readonly connectionExternalId?: string | null | undefined
  /** UUID of a workspace integration. Wins over `integrationAlias`. */
  readonly workspaceIntegrationId?: string | null | undefined
  /** Alias of a workspace integration. */
  readonly integrationAlias?: string | null | undefined
  /** The end user's **external** id, not the UUID. */
  readonly endUserId?: string | null | undefined
  /** Narrows the choice to connections of that auth method. */
  readonly authMethodKey?: string | null | undefined
  /**
   * `connection.id`, a UUID: the connection of an MCP tool that has one of its own. Takes the place of the strategy, and
   * is used as it is, whoever calls.
   */
  readonly toolConnectionId?: string | null | undefined
}

/**
 * What the body of a call says about the connection that it wants, and no more of it: the journal keeps requests.
 *
 * @param toolConnectionId No caller can say it.
 */
export function resolutionRequest(
  kind: RequestKind,
  body: Omit<ResolutionRequest, 'kind' | 'toolConnectionId'>,
  toolConnectionId?: string | null,
): ResolutionRequest {
  const { workspaceId, integrationName, actionName, connectionExternalId, workspaceIntegrationId } = body
  const { integrationAlias, endUserId, authMethodKey } = body
  return {
    kind,
    workspaceId,
    integrationName,
    actionName,
    connectionExternalId,
    workspaceIntegrationId,
    integrationAlias,
    endUserId,
    authMethodKey,
    toolConnectionId,
  } satisfies Record<keyof ResolutionRequest, unknown>
}

/**
 * How a connection was found: named by `connectionExternalId`, pinned under `fixed`, the end user's own, or pinned and
 * reached because the end user has none of their own.
 */
export type Via = 'explicit' | 'pinned' | 'own' | 'fallback'

/** The call runs on this connection. */
export interface Resolved {
  readonly outcome: 'resolved'
  readonly connection: ConnectionFacts
  readonly via: Via
  /** The one whose settings, partials and approvals apply; null when none is targeted. */
  readonly workspaceIntegration: WorkspaceIntegrationFacts | null
}

/** The integration needs no account: the call runs, with a connection only if the ladder happened to give one. */
export interface NotNeeded {
  readonly outcome: 'not-needed'
  readonly connection: ConnectionFacts | null
  readonly via: Via | null
  readonly workspaceIntegration: WorkspaceIntegrationFacts | null
}

/** The call is refused. `code` and `status` are what the API answers. */
export interface Denied {
  readonly outcome: 'denied'
  readonly code: KnownErrorCode
  readonly status: number
  /** Null where the API documents none: unknown workspace or integration, nothing to resolve without an account. */
  readonly reason: ResolutionReason | null
  /** For people; names only what the request itself gave and the targeted alias. */
  readonly message: string
  readonly workspaceIntegration: WorkspaceIntegrationFacts | null
  /** The connection that was found and refused, if one was. */
  readonly connection: ConnectionFacts | null
}

export type Resolution = Resolved | NotNeeded | Denied
