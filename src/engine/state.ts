import { organizationPolicies, type ApprovalPolicyRow } from './approvals/policies.js'
import type { ApprovalRow } from './approvals/row.js'
import type { Catalog } from './catalog/catalog.js'
import type { DeliveryRow } from './deliveries.js'
import type { QuotaRow, UsageRow } from './quotas.js'
import type { ListableWorld } from './resolver/world.js'
import type {
  ApiKeyRow,
  AuthorizationRow,
  ConnectionRow,
  CredentialRow,
  EndUserRow,
  McpCodeRunRow,
  McpServerRow,
  McpTokenRow,
  McpToolRow,
  OAuthAppRow,
  OAuthProviderRow,
  PartialRow,
  PersistedRow,
  PortalTokenRow,
  SessionRow,
  WorkspaceIntegrationRow,
  WorkspaceRow,
} from './rows.js'
import { Table, key } from './table.js'
import type { TriggerSourceRow } from './triggers/sources.js'

/** The workspace that an externalId of a connection is unique in; null is the organization level. */
export function spaceOf(connection: Pick<ConnectionRow, 'scope' | 'workspaceId'>): string | null {
  return connection.scope === 'ORGANIZATION' ? null : connection.workspaceId
}

function createTables() {
  return {
    workspaces: new Table<WorkspaceRow, 'slug'>({ slug: (row) => row.slug }),
    workspaceIntegrations: new Table<WorkspaceIntegrationRow, 'workspace' | 'alias' | 'integration'>({
      workspace: (row) => row.workspaceId,
      alias: (row) => key(row.workspaceId, row.alias),
      integration: (row) => key(row.workspaceId, row.integrationName),
    }),
    endUsers: new Table<EndUserRow, 'workspace' | 'externalId'>({
      workspace: (row) => row.workspaceId,
      externalId: (row) => (row.externalId === null ? undefined : key(row.workspaceId, row.externalId)),
    }),
    connections: new Table<
      ConnectionRow,
      | 'own'
      | 'selector'
      | 'elsewhere'
      | 'externalId'
      | 'space'
      | 'workspace'
      | 'owner'
      | 'endUserId'
      | 'integration'
    >({
      own: (row) =>
        row.scope === 'USER' ? key(row.workspaceId, row.endUserId, row.integrationName) : undefined,
      selector: (row) => key(spaceOf(row), row.integrationName, row.externalId),
      elsewhere: (row) =>
        row.scope === 'ORGANIZATION' ? undefined : key(row.integrationName, row.externalId),
      externalId: (row) => key(spaceOf(row), row.externalId),
      space: (row) => key(spaceOf(row), row.integrationName),
      workspace: (row) => row.workspaceId ?? undefined,
      owner: (row) => (row.endUserId === null ? undefined : key(row.workspaceId, row.endUserId)),
      endUserId: (row) => row.endUserId ?? undefined,
      integration: (row) => row.integrationName,
    }),
    credentials: new Table<CredentialRow>({}),
    sessions: new Table<SessionRow, 'tokenHash' | 'workspace'>({
      tokenHash: (row) => row.tokenHash,
      workspace: (row) => row.workspaceId,
    }),
    portalTokens: new Table<PortalTokenRow, 'tokenHash' | 'endUser'>({
      tokenHash: (row) => row.tokenHash,
      endUser: (row) => row.endUser,
    }),
    apiKeys: new Table<ApiKeyRow, 'keyHash'>({ keyHash: (row) => row.keyHash }),
    oauthApps: new Table<OAuthAppRow>({}),
    oauthProviders: new Table<OAuthProviderRow>({}),
    authorizations: new Table<AuthorizationRow, 'stateHash'>({ stateHash: (row) => row.stateHash }),
    partials: new Table<PartialRow, 'workspace' | 'workspaceIntegration' | 'scope'>({
      workspace: (row) => row.workspaceId,
      workspaceIntegration: (row) => row.workspaceIntegrationId ?? undefined,
      scope: (row) => key(row.workspaceId, row.integrationAlias, row.actionName, row.triggerName),
    }),
    persisted: new Table<PersistedRow, 'workspace' | 'namespace'>({
      workspace: (row) => row.workspaceId,
      namespace: (row) => key(row.workspaceId, row.namespace),
    }),
    triggerSources: new Table<TriggerSourceRow, 'workspace' | 'trigger'>({
      workspace: (row) => row.workspaceId,
      trigger: (row) => key(row.integrationName, row.triggerName),
    }),
    approvalPolicies: new Table<ApprovalPolicyRow, 'home'>({
      home: (row) => row.workspaceId ?? organizationPolicies,
    }),
    approvals: new Table<ApprovalRow, 'workspace' | 'status' | 'inputHash' | 'repeat'>({
      workspace: (row) => row.workspaceId,
      status: (row) => row.status,
      inputHash: (row) => row.inputHash,
      repeat: (row) => (row.idempotencyKey === null ? undefined : key(row.idempotencyKey, row.inputHash)),
    }),
    deliveries: new Table<DeliveryRow, 'owner'>({ owner: (row) => row.ownerId }),
    mcpServers: new Table<McpServerRow, 'workspace'>({ workspace: (row) => row.workspaceId }),
    mcpTools: new Table<McpToolRow, 'server' | 'alias' | 'action' | 'source' | 'integration'>({
      server: (row) => row.mcpServerId,
      alias: (row) => key(row.mcpServerId, row.integrationAlias),
      action: (row) => key(row.mcpServerId, row.integrationAlias, row.actionName),
      source: (row) => row.sourceWorkspaceIntegrationId ?? undefined,
      integration: (row) => row.integrationName,
    }),
    mcpCodeRuns: new Table<McpCodeRunRow, 'approval' | 'server'>({
      approval: (row) => row.approvalId ?? undefined,
      server: (row) => row.mcpServerId,
    }),
    mcpTokens: new Table<McpTokenRow, 'tokenHash' | 'server' | 'static' | 'endUser'>({
      tokenHash: (row) => row.tokenHash,
      server: (row) => row.mcpServerId,
      static: (row) => (row.kind === 'static' ? row.mcpServerId : undefined),
      endUser: (row) => row.endUser ?? undefined,
    }),
    quotas: new Table<QuotaRow>({}),
    usage: new Table<UsageRow>({}),
  }
}
type Tables = ReturnType<typeof createTables>

/** Independent copies of tables, by name. */
export function forkTables<T extends object>(tables: T): T {
  const copies = Object.entries<Table<{ id: string }>>(tables as Record<string, Table<{ id: string }>>).map(
    ([name, table]) => [name, table.fork()],
  )
  return Object.fromEntries(copies) as T
}

/** Everything that this Weavz holds, with an index for every question the API or the resolver asks of it. */
export class State implements ListableWorld {
  constructor(
    private readonly catalog: Catalog,
    readonly tables: Tables = createTables(),
  ) {}

  /** An independent copy, which looks integrations up in that catalog. */
  fork(catalog: Catalog): State {
    return new State(catalog, forkTables(this.tables))
  }

  integration(name: string) {
    return this.catalog.get(name)
  }

  hasWorkspace(workspaceId: string) {
    return this.tables.workspaces.get(workspaceId) !== undefined
  }

  workspaceIntegrations() {
    return this.tables.workspaceIntegrations.values()
  }

  endUsersOf(workspaceId: string) {
    return this.tables.endUsers.where('workspace', workspaceId).values()
  }

  workspaceIntegration(workspaceId: string, id: string) {
    const row = this.tables.workspaceIntegrations.get(id)
    return row?.workspaceId === workspaceId ? row : undefined
  }

  workspaceIntegrationByAlias(workspaceId: string, alias: string) {
    return this.tables.workspaceIntegrations.find('alias', key(workspaceId, alias))
  }

  workspaceIntegrationsOf(workspaceId: string, integrationName: string) {
    return this.tables.workspaceIntegrations.where('integration', key(workspaceId, integrationName)).values()
  }

  endUser(workspaceId: string, externalId: string) {
    return this.tables.endUsers.find('externalId', key(workspaceId, externalId))
  }

  endUserById(id: string) {
    return this.tables.endUsers.get(id)
  }

  connection(id: string) {
    return this.tables.connections.get(id)
  }

  ownConnections(workspaceId: string, endUserId: string, integrationName: string) {
    return this.tables.connections.where('own', key(workspaceId, endUserId, integrationName)).values()
  }

  workspaceConnection(workspaceId: string, integrationName: string, externalId: string) {
    return this.tables.connections.find('selector', key(workspaceId, integrationName, externalId))
  }

  organizationConnection(integrationName: string, externalId: string) {
    return this.tables.connections.find('selector', key(null, integrationName, externalId))
  }

  connectionInAnyWorkspace(integrationName: string, externalId: string) {
    return this.tables.connections.find('elsewhere', key(integrationName, externalId))
  }

  connectionsByExternalId(workspaceId: string | null, externalId: string) {
    return this.tables.connections.where('externalId', key(workspaceId, externalId)).values()
  }

  connectionsOf(workspaceId: string | null, integrationName: string) {
    return this.tables.connections.where('space', key(workspaceId, integrationName)).values()
  }
}
