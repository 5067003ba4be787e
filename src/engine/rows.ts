import type { ApiKeyPermissions } from '../contract/api-keys.js'
import type { ConnectStatus } from '../contract/connect.js'
import type { ConnectionScope, ConnectionStatus, ConnectionType } from '../contract/connections.js'
import type { EndUserType } from '../contract/end-users.js'
import type {
  EndUserAccess,
  McpAuthMode,
  McpMode,
  McpScope,
  McpServerSettings,
} from '../contract/mcp-servers.js'
import type { JsonObject } from '../contract/schema.js'
import type {
  ConnectionStrategy,
  OAuthAppMode,
  WorkspaceIntegrationSettings,
} from '../contract/workspace-integrations.js'
import type { TokenState } from './oauth/tokens.js'

/**
 * What the stores hold, field by field. The names are those of the API, so that the API's objects are these rows
 * without the fields marked "internal". Rows are immutable.
 */

interface Dated {
  readonly createdAt: string
  readonly updatedAt: string
}

export interface WorkspaceRow extends Dated {
  readonly id: string
  readonly orgId: string
  readonly name: string
  readonly slug: string
}

export interface WorkspaceIntegrationRow extends Dated {
  readonly id: string
  readonly workspaceId: string
  readonly orgId: string
  readonly integrationName: string
  readonly alias: string
  readonly displayName: string | null
  readonly connectionStrategy: ConnectionStrategy
  readonly connectionId: string | null
  readonly authMethodKey: string | null
  readonly oauthAppMode: OAuthAppMode | null
  readonly oauthAppId: string | null
  readonly enabledActions: string[] | null
  readonly settings: WorkspaceIntegrationSettings
  readonly sortOrder: number
}

export interface EndUserRow extends Dated {
  readonly id: string
  readonly workspaceId: string
  readonly externalId: string | null
  readonly displayName: string | null
  readonly email: string | null
  readonly metadata: JsonObject | null
  readonly type: EndUserType
}

export interface ConnectionRow extends Dated {
  readonly id: string
  readonly displayName: string
  readonly integrationName: string
  readonly externalId: string
  readonly authMethodKey: string | null
  readonly type: ConnectionType
  readonly status: ConnectionStatus
  readonly scope: ConnectionScope
  readonly workspaceId: string | null
  readonly endUserId: string | null
  /** Internal: the OAuth app that issued the tokens; null is the one that Weavz manages. */
  readonly oauthAppId: string | null
}

/** Internal, all of it: the sealed credentials of the connection with that id. */
export interface CredentialRow {
  readonly id: string
  /** Envelopes by field name. */
  readonly fields: Readonly<Record<string, string>>
  /** Of OAuth credentials; null of all others. */
  readonly tokens: TokenState | null
}

/** Internal, all of it: an authorization that a provider has not answered yet, under the id of its session. */
export interface AuthorizationRow {
  readonly id: string
  /** SHA-256 of the `state` that the answer must carry. */
  readonly stateHash: string
  /** Where the answer must arrive. */
  readonly redirectUri: string
  /** Envelope. */
  readonly codeVerifier: string
}

/** Internal, all of it: an OAuth app at its provider. */
export interface OAuthProviderRow {
  /** UUID of the tenant's app; the integration's name for the one that Weavz manages. */
  readonly id: string
  /** Absolute, or relative to the redirect URI. */
  readonly issuer: string
  readonly issRequired: boolean
  /** Absolute, or relative to the redirect URI. */
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Envelope. */
  readonly clientSecret: string
  readonly clientAuthentication: 'client_secret_basic' | 'client_secret_post'
  readonly scopes: readonly string[]
}

export interface SessionRow {
  readonly id: string
  /** Internal: SHA-256 of the `cst_` token. */
  readonly tokenHash: string
  /** Internal. */
  readonly workspaceId: string
  /** Internal. */
  readonly endUserId: string | null
  /** Internal. */
  readonly scope: ConnectionScope
  /** Internal. */
  readonly successRedirectUri: string | null
  /** Internal. */
  readonly errorRedirectUri: string | null
  /** Internal: the portal link (its row, not its token) that started the session and that its end leads back to. */
  readonly portalTokenId: string | null
  readonly integrationName: string
  readonly workspaceIntegrationId: string | null
  readonly authMethodKey: string | null
  readonly oauthAppMode: OAuthAppMode | null
  readonly oauthAppId: string | null
  readonly connectionName: string
  readonly externalId: string
  readonly status: ConnectStatus
  readonly connectionId: string | null
  readonly error: string | null
  readonly expiresAt: string
  readonly createdAt: string
}

/** Internal, all of it: a link to the portal of one end user. */
export interface PortalTokenRow {
  readonly id: string
  readonly tokenHash: string
  /** UUID of the end user. */
  readonly endUser: string
  readonly workspaceId: string
  readonly integrationName: string | null
  readonly workspaceIntegrationId: string | null
  readonly expiresAt: string
}

export interface ApiKeyRow {
  readonly id: string
  readonly orgId: string
  readonly name: string
  readonly keyPrefix: string
  /** Null: the whole organization, without deciding approvals. */
  readonly permissions: ApiKeyPermissions | null
  /** Internal: SHA-256 of the key. */
  readonly keyHash: string
  readonly lastUsedAt: string | null
  readonly expiresAt: string | null
  readonly createdAt: string
}

/** An OAuth app of a tenant, which `oauthAppMode: 'custom'` names. */
export interface OAuthAppRow {
  readonly id: string
  readonly integrationName: string
}

export interface PartialRow extends Dated {
  readonly id: string
  readonly orgId: string
  readonly workspaceId: string
  readonly integrationName: string
  readonly workspaceIntegrationId: string | null
  readonly integrationAlias: string | null
  readonly actionName: string | null
  readonly triggerName: string | null
  readonly name: string
  readonly description: string | null
  readonly values: JsonObject
  readonly enforcedKeys: string[]
  readonly isDefault: boolean
}

export interface McpServerRow extends Dated {
  readonly id: string
  readonly orgId: string
  readonly workspaceId: string
  readonly name: string
  readonly description: string | null
  readonly mode: McpMode
  readonly settings: McpServerSettings
  readonly authMode: McpAuthMode
  readonly endUserAccess: EndUserAccess
  readonly createdBy: string | null
  readonly endUserId: string | null
}

export interface McpToolRow {
  readonly id: string
  readonly mcpServerId: string
  readonly integrationName: string
  readonly integrationAlias: string
  readonly actionName: string
  readonly toolType: 'ACTION'
  readonly connectionId: string | null
  readonly displayName: string | null
  readonly description: string | null
  readonly inputDefaults: JsonObject | null
  readonly partialIds: string[] | null
  readonly sortOrder: number
  readonly sourceWorkspaceIntegrationId: string | null
}

/** What opens an MCP server: its static token, or a token of one end user. */
export interface McpTokenRow {
  readonly id: string
  /** Internal. */
  readonly mcpServerId: string
  /** Internal: `static` for the server's own, `bearer` (`mcp_…`) and `oauth` (`mcpo_…`) for those of end users. */
  readonly kind: 'static' | 'bearer' | 'oauth'
  /** Internal: SHA-256 of the token. */
  readonly tokenHash: string
  readonly tokenPrefix: string
  /** Empty for a static token, which may do whatever its server does. */
  readonly scopes: McpScope[]
  /** Internal: UUID of the end user; null for a static token. */
  readonly endUser: string | null
  /** Null: until replaced or switched off. */
  readonly expiresAt: string | null
  readonly createdAt: string
}

/** Internal, all of it: a run of code that waits for a person. */
export interface McpCodeRunRow {
  readonly id: string
  readonly mcpServerId: string
  /** External id of the end user that it is for. */
  readonly endUserId: string | null
  /** What it waits for; null before it does. */
  readonly approvalId: string | null
  readonly code: string
  /** What its calls have given so far, by their number. */
  readonly outputs: Readonly<Record<string, unknown>>
}

/** Internal, all of it: one value that a built-in integration keeps, under its workspace, namespace and key. */
export interface PersistedRow {
  readonly id: string
  readonly workspaceId: string
  readonly namespace: string
  readonly key: string
  /** JSON; never changed in place. */
  readonly value: unknown
}
