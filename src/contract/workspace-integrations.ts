import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Deleted, IdReference, JsonObject, RequiredText, Timestamp, maybe, open, openEnum } from './schema.js'
import { connectionStatuses } from './connections.js'

export const connectionStrategies = ['fixed', 'per_user', 'per_user_with_fallback'] as const
/** Which account an action runs on. */
export type ConnectionStrategy = (typeof connectionStrategies)[number]

export const oauthAppModes = ['weavz_managed', 'custom'] as const
/** Whose OAuth app is used. */
export type OAuthAppMode = (typeof oauthAppModes)[number]

export const persistenceScopes = ['end_user', 'workspace', 'external'] as const
/** Where a built-in integration keeps its state. */
export type PersistenceScope = (typeof persistenceScopes)[number]

/** The integrations that keep state, and therefore take `settings.persistence`. */
export const statefulIntegrations = [
  'storage',
  'kv-store',
  'agent-memory',
  'agent-scratchpad',
  'sequential-thinking',
] as const

export const PersistenceSettings = z
  .strictObject({
    /** Default `end_user`. */
    scope: z.optional(z.enum(persistenceScopes)),
    /** Namespace key, required with scope `external`: a tenant, project, job or session; not a user or connection id. */
    externalId: z.optional(RequiredText),
  })
  .check(
    z.refine((value) => value.scope !== 'external' || value.externalId !== undefined, {
      path: ['externalId'],
      error: 'Required when scope is external',
    }),
  )

export const AdvancedCodeSettings = z
  .strictObject({
    /** 1 to 60. Default 30. */
    timeoutSeconds: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(60))),
    /** `ephemeral` (default): a fresh environment each run. `persistent`: reused between runs. */
    sandboxPersistence: z.optional(z.enum(['ephemeral', 'persistent'])),
    /** Which file namespace is mounted. Default `none`. */
    storageMountScope: z.optional(z.enum(['none', ...persistenceScopes])),
    /** Namespace key, required with storageMountScope `external`. */
    storageExternalId: z.optional(RequiredText),
  })
  .check(
    z.refine((value) => value.storageMountScope !== 'external' || value.storageExternalId !== undefined, {
      path: ['storageExternalId'],
      error: 'Required when storageMountScope is external',
    }),
  )

/** The owner's policy for one workspace integration. Not action input: no caller can override it at run time. */
export const WorkspaceIntegrationSettings = z.strictObject({
  /** Only on `advanced-code`. */
  advancedCode: z.optional(AdvancedCodeSettings),
  /** Only on the stateful built-ins: `storage`, `kv-store`, `agent-memory`, `agent-scratchpad`, `sequential-thinking`. */
  persistence: z.optional(PersistenceSettings),
  /** Only on browser integrations. */
  localBrowser: z.optional(
    z.strictObject({ runtime: z.optional(z.enum(['chrome_extension', 'managed_profile'])) }),
  ),
})
export interface WorkspaceIntegrationSettings extends z.infer<typeof WorkspaceIntegrationSettings> {}

const common = {
  /** Weavz UUID: the exact selector `workspaceIntegrationId`. */
  id: z.string(),
  workspaceId: z.string(),
  orgId: z.string(),
  /** Catalog slug. */
  integrationName: z.string(),
  /** Unique in the workspace: the readable selector `integrationAlias`. */
  alias: z.string(),
  displayName: maybe(z.string()),
  connectionStrategy: openEnum(connectionStrategies),
  /** `connection.id` of the pinned connection. */
  connectionId: maybe(z.string()),
  authMethodKey: maybe(z.string()),
  oauthAppMode: maybe(openEnum(oauthAppModes)),
  oauthAppId: maybe(z.string()),
  /** Null: all actions. Empty: none. */
  enabledActions: maybe(z.array(z.string())),
  settings: z.optional(JsonObject),
  sortOrder: z.optional(z.number()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const WorkspaceIntegration = open(common)
export interface WorkspaceIntegration extends z.infer<typeof WorkspaceIntegration> {}

/** In a list each item also tells about its pinned connection; null when nothing is pinned or it was deleted. */
export const ListedWorkspaceIntegration = open({
  ...common,
  connectionStatus: maybe(openEnum(connectionStatuses)),
  connectionDisplayName: maybe(z.string()),
  connectionExternalId: maybe(z.string()),
})
export interface ListedWorkspaceIntegration extends z.infer<typeof ListedWorkspaceIntegration> {}

/** The pattern of aliases, here and on MCP servers. */
export const Alias = z
  .string()
  .check(
    z.maxLength(64),
    z.regex(
      /^[a-z][a-z0-9_-]*$/,
      'Starts with a lower-case letter, then lower-case letters, digits, _ and -',
    ),
  )

const configurable = {
  /** Defaults to the integration's name. Lower-case, starts with a letter, at most 64; unique in the workspace. */
  alias: z.optional(Alias),
  /** Label on dashboard and connect pages. Null clears it. */
  displayName: maybe(z.string()),
  /** Default `fixed`. */
  connectionStrategy: z.optional(z.enum(connectionStrategies)),
  /** `connection.id` (the UUID, not the externalId) to pin. Required for `fixed` and `per_user_with_fallback`. */
  connectionId: maybe(IdReference),
  /** One of the keys in the integration's `authOptions`. */
  authMethodKey: maybe(RequiredText),
  /** Default `weavz_managed` where the auth method is OAuth. */
  oauthAppMode: maybe(z.enum(oauthAppModes)),
  /** A tenant-owned OAuth app; required with oauthAppMode `custom`. */
  oauthAppId: maybe(IdReference),
  /** Null or omitted: all actions. Empty: none. */
  enabledActions: maybe(z.array(z.string())),
  /** Ordering hint. Default 0. */
  sortOrder: z.optional(z.number()),
}

export const CreateWorkspaceIntegration = z.strictObject({
  /** Catalog slug: `slack`, `kv-store`. */
  integrationName: RequiredText,
  ...configurable,
  /** Owner-controlled settings. */
  settings: z.optional(WorkspaceIntegrationSettings),
})
export interface CreateWorkspaceIntegration extends z.input<typeof CreateWorkspaceIntegration> {}

export const UpdateWorkspaceIntegration = z.strictObject({
  ...configurable,
  /** Replaces the whole object; null resets to `{}`. */
  settings: maybe(WorkspaceIntegrationSettings),
})
export interface UpdateWorkspaceIntegration extends z.input<typeof UpdateWorkspaceIntegration> {}

const OneIntegration = open({ integration: WorkspaceIntegration })

export const workspaceIntegrations = {
  list: endpoint('workspaces.integrations.list', {
    method: 'GET',
    path: '/api/v1/workspaces/{workspaceId}/integrations',
    auth: 'api-key',
    summary: 'List the integrations configured in a workspace.',
    responses: { 200: open({ integrations: z.array(ListedWorkspaceIntegration), total: z.number() }) },
    errors: [],
    list: 'integrations',
  }),
  create: endpoint('workspaces.integrations.create', {
    method: 'POST',
    path: '/api/v1/workspaces/{workspaceId}/integrations',
    auth: 'api-key',
    summary: 'Configure an integration in a workspace.',
    body: CreateWorkspaceIntegration,
    responses: { 201: OneIntegration },
    errors: ['INTEGRATION_NOT_FOUND', 'CONNECTION_NOT_FOUND', 'DUPLICATE', 'MCP_BEARER_BLOCKS_PER_USER'],
  }),
  update: endpoint('workspaces.integrations.update', {
    method: 'PATCH',
    path: '/api/v1/workspaces/{workspaceId}/integrations/{id}',
    auth: 'api-key',
    summary: 'Change a configured integration.',
    body: UpdateWorkspaceIntegration,
    responses: { 200: OneIntegration },
    errors: ['NO_UPDATES', 'CONNECTION_NOT_FOUND', 'DUPLICATE', 'MCP_BEARER_BLOCKS_PER_USER'],
  }),
  delete: endpoint('workspaces.integrations.delete', {
    method: 'DELETE',
    path: '/api/v1/workspaces/{workspaceId}/integrations/{id}',
    auth: 'api-key',
    summary: 'Remove an integration from a workspace.',
    responses: { 200: Deleted },
    errors: [],
  }),
}
