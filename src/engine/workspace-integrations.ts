import {
  statefulIntegrations,
  type CreateWorkspaceIntegration,
  type ListedWorkspaceIntegration,
  type UpdateWorkspaceIntegration,
  type WorkspaceIntegrationSettings,
} from '../contract/workspace-integrations.js'
import { getIntegration, keysOf, pickOption } from './auth-methods.js'
import type { CatalogIntegration } from './catalog/catalog.js'
import type { Engine } from './engine.js'
import { Refusal, invalid, notFound } from './refusal.js'
import type { ConnectionRow, WorkspaceIntegrationRow } from './rows.js'
import { refuseBlockedPerUser } from './mcp/bearer.js'
import { addTools, followChange, removeTools } from './mcp/sync.js'
import { renamePartials } from './partials.js'
import { pinnable } from './pinnable.js'
import { getWorkspace } from './workspaces.js'

export function listWorkspaceIntegrations(engine: Engine, workspaceId: string): ListedWorkspaceIntegration[] {
  getWorkspace(engine, workspaceId)
  const { workspaceIntegrations, connections } = engine.state.tables
  const rows = [...workspaceIntegrations.where('workspace', workspaceId).values()]
  return rows
    .sort((a, b) => a.sortOrder - b.sortOrder)
    .map((row) => {
      const pinned = row.connectionId === null ? undefined : connections.get(row.connectionId)
      return {
        ...row,
        connectionStatus: pinned?.status ?? null,
        connectionDisplayName: pinned?.displayName ?? null,
        connectionExternalId: pinned?.externalId ?? null,
      }
    })
}

function find({ state }: Engine, workspaceId: string, id: string): WorkspaceIntegrationRow {
  const row = state.workspaceIntegration(workspaceId, id)
  if (!row) throw notFound('Workspace integration')
  return row
}

function refuseTakenAlias({ state }: Engine, workspaceId: string, alias: string, id?: string): void {
  const holder = state.workspaceIntegrationByAlias(workspaceId, alias)
  if (holder && holder.id !== id)
    throw new Refusal('DUPLICATE', `The workspace has an integration "${alias}"`)
}

const settingsOf = {
  advancedCode: (name: string) => name === 'advanced-code',
  persistence: (name: string) => (statefulIntegrations as readonly string[]).includes(name),
  // Browser integrations take it, and the catalog has none of those.
  localBrowser: () => false,
} satisfies Record<keyof WorkspaceIntegrationSettings, (integrationName: string) => boolean>

function refuseForeignSettings(integrationName: string, settings: WorkspaceIntegrationSettings): void {
  for (const [name, applies] of Object.entries(settingsOf)) {
    if (name in settings && !applies(integrationName)) {
      throw invalid(`body.settings.${name}`, `Does not apply to "${integrationName}"`)
    }
  }
}

/** The auth method that connections must have: as asked, else the pinned connection's, else the only one there is. */
function authMethodFor(
  integration: CatalogIntegration,
  asked: string | null | undefined,
  pinned: ConnectionRow | undefined,
): string | null {
  const options = integration.auth
  if (options === null) return null
  if (asked != null) return pickOption(options, asked)
  if (pinned) return pinned.authMethodKey
  if (options.length > 1) throw invalid('body.authMethodKey', `Required: one of ${keysOf(options)}`)
  return options[0]?.key ?? null
}

/** Whose OAuth app is used; both null where the auth method is not OAuth. */
function oauthAppFor(
  integration: CatalogIntegration,
  authMethodKey: string | null,
  body: Pick<CreateWorkspaceIntegration, 'oauthAppMode' | 'oauthAppId'>,
): Pick<WorkspaceIntegrationRow, 'oauthAppMode' | 'oauthAppId'> {
  const method = integration.auth?.find((option) => option.key === authMethodKey)
  if (method?.type !== 'OAUTH2') return { oauthAppMode: null, oauthAppId: null }
  if (body.oauthAppMode !== 'custom') return { oauthAppMode: 'weavz_managed', oauthAppId: null }
  if (body.oauthAppId == null) throw invalid('body.oauthAppId', 'Required when oauthAppMode is custom')
  return { oauthAppMode: 'custom', oauthAppId: body.oauthAppId }
}

/** A new workspace integration; `id` is made up unless given. */
export function createWorkspaceIntegration(
  engine: Engine,
  workspaceId: string,
  body: CreateWorkspaceIntegration,
  id = engine.ids.uuid(),
): WorkspaceIntegrationRow {
  getWorkspace(engine, workspaceId)
  const { integrationName, alias = integrationName, connectionStrategy = 'fixed', settings = {} } = body
  const integration = getIntegration(engine, integrationName)
  refuseForeignSettings(integrationName, settings)
  const connectionId = body.connectionId ?? null
  const pinned =
    connectionId === null ? undefined : pinnable(engine, { workspaceId, integrationName }, connectionId)
  const pinRequired =
    connectionStrategy === 'per_user_with_fallback' ||
    (connectionStrategy === 'fixed' && integration.auth !== null)
  if (pinRequired && connectionId === null) {
    throw invalid('body.connectionId', `Required for connectionStrategy ${connectionStrategy}`)
  }
  const authMethodKey = authMethodFor(integration, body.authMethodKey, pinned)
  const oauthApp = oauthAppFor(integration, authMethodKey, body)
  refuseTakenAlias(engine, workspaceId, alias)
  const now = engine.now()
  const row: WorkspaceIntegrationRow = {
    id,
    workspaceId,
    orgId: engine.orgId,
    integrationName,
    alias,
    displayName: body.displayName ?? null,
    connectionStrategy,
    connectionId,
    authMethodKey,
    ...oauthApp,
    enabledActions: body.enabledActions ?? null,
    settings,
    sortOrder: body.sortOrder ?? 0,
    createdAt: now,
    updatedAt: now,
  }
  refuseBlockedPerUser(engine, row)
  engine.state.tables.workspaceIntegrations.put(row)
  addTools(engine, row)
  return row
}

/** Only a change to `fixed`, or the loss of the pin under `fixed`, is refused; what else dangles is told when resolved. */
function refuseUnpinnedFixed(
  integration: CatalogIntegration,
  body: UpdateWorkspaceIntegration,
  { connectionStrategy, connectionId }: WorkspaceIntegrationRow,
): void {
  if (body.connectionStrategy === undefined && body.connectionId === undefined) return
  if (connectionStrategy === 'fixed' && connectionId === null && integration.auth !== null) {
    throw invalid('body.connectionId', 'Required for connectionStrategy fixed')
  }
}

/** `sent`, unless the PATCH left the field out. */
const patched = <T>(sent: T | undefined, current: T): T => (sent === undefined ? current : sent)

export function updateWorkspaceIntegration(
  engine: Engine,
  workspaceId: string,
  id: string,
  body: UpdateWorkspaceIntegration,
): WorkspaceIntegrationRow {
  getWorkspace(engine, workspaceId)
  const row = find(engine, workspaceId, id)
  const integration = getIntegration(engine, row.integrationName)
  if (body.settings) refuseForeignSettings(row.integrationName, body.settings)
  const pinned = body.connectionId == null ? undefined : pinnable(engine, row, body.connectionId)
  const authMethodKey =
    body.authMethodKey === undefined
      ? row.authMethodKey
      : authMethodFor(integration, body.authMethodKey, pinned ?? pinnedNow(engine, row))
  const changed: WorkspaceIntegrationRow = {
    ...row,
    alias: body.alias ?? row.alias,
    displayName: patched(body.displayName, row.displayName),
    connectionStrategy: body.connectionStrategy ?? row.connectionStrategy,
    connectionId: patched(body.connectionId, row.connectionId),
    authMethodKey,
    ...oauthAppFor(integration, authMethodKey, {
      oauthAppMode: patched(body.oauthAppMode, row.oauthAppMode),
      oauthAppId: patched(body.oauthAppId, row.oauthAppId),
    }),
    enabledActions: patched(body.enabledActions, row.enabledActions),
    settings: body.settings === undefined ? row.settings : (body.settings ?? {}),
    sortOrder: body.sortOrder ?? row.sortOrder,
    updatedAt: engine.now(),
  }
  refuseUnpinnedFixed(integration, body, changed)
  refuseTakenAlias(engine, workspaceId, changed.alias, id)
  refuseBlockedPerUser(engine, changed)
  engine.state.tables.workspaceIntegrations.put(changed)
  if (changed.alias !== row.alias) renamePartials(engine, changed)
  followChange(engine, row, changed)
  return changed
}

function pinnedNow({ state }: Engine, row: WorkspaceIntegrationRow): ConnectionRow | undefined {
  return row.connectionId === null ? undefined : state.tables.connections.get(row.connectionId)
}

export function deleteWorkspaceIntegration(engine: Engine, workspaceId: string, id: string): void {
  getWorkspace(engine, workspaceId)
  find(engine, workspaceId, id)
  engine.state.tables.workspaceIntegrations.delete(id)
  removeTools(engine, id)
}
