import type { Connection } from '../contract/connections.js'
import type {
  CreateEndUser,
  CreatePortalToken,
  EndUser,
  ListEndUsers,
  PortalToken,
  UpdateEndUser,
} from '../contract/end-users.js'
import { getIntegration } from './auth-methods.js'
import { timestamp } from './clock.js'
import { deleteConnection, showConnection } from './connections.js'
import type { Engine } from './engine.js'
import { hashToken } from './hash.js'
import { Refusal, invalid, notFound } from './refusal.js'
import type { EndUserRow } from './rows.js'
import { dropSpent, key, page, type Page } from './table.js'
import { getWorkspace } from './workspaces.js'

const dayInSeconds = 86_400
const portalDefaultSeconds = 7 * dayInSeconds

function connectionsOf({ state }: Engine, row: EndUserRow) {
  // An end user without external id (a member) cannot own connections: they are linked by that id.
  return state.tables.connections.where('owner', key(row.workspaceId, row.externalId))
}

/** The end user as the API shows them. */
export function showEndUser(engine: Engine, row: EndUserRow): EndUser {
  return { ...row, connectionCount: connectionsOf(engine, row).size }
}

function find(engine: Engine, id: string): EndUserRow {
  const row = engine.state.tables.endUsers.get(id)
  if (!row) throw new Refusal('END_USER_NOT_FOUND', 'End user not found')
  return row
}

export function listEndUsers(engine: Engine, query: ListEndUsers): Page<EndUser> {
  getWorkspace(engine, query.workspaceId)
  const { items, total } = page(engine.state.tables.endUsers.where('workspace', query.workspaceId), query)
  return { items: items.map((row) => showEndUser(engine, row)), total }
}

/** Adds an end user whose external id is known to be free. */
function add(
  engine: Engine,
  fields: Omit<EndUserRow, 'id' | 'createdAt' | 'updatedAt' | 'type'>,
  id = engine.ids.uuid(),
): EndUserRow {
  const now = engine.now()
  return engine.state.tables.endUsers.put({
    id,
    ...fields,
    type: 'external',
    createdAt: now,
    updatedAt: now,
  })
}

/** A new end user; `id` is made up unless given. */
export function createEndUser(engine: Engine, body: CreateEndUser, id?: string): EndUser {
  getWorkspace(engine, body.workspaceId)
  if (engine.state.endUser(body.workspaceId, body.externalId)) {
    throw new Refusal('DUPLICATE', `The workspace has an end user with externalId "${body.externalId}"`)
  }
  const fields = {
    workspaceId: body.workspaceId,
    externalId: body.externalId,
    displayName: body.displayName ?? null,
    email: body.email ?? null,
    metadata: body.metadata ?? null,
  }
  const row = add(engine, fields, id)
  return showEndUser(engine, row)
}

/** The end user of that external id; created if the workspace has none. */
export function ensureEndUser(engine: Engine, workspaceId: string, externalId: string): EndUserRow {
  const fields = { workspaceId, externalId, displayName: null, email: null, metadata: null }
  return engine.state.endUser(workspaceId, externalId) ?? add(engine, fields)
}

export function getEndUser(engine: Engine, id: string): { endUser: EndUser; connections: Connection[] } {
  const row = find(engine, id)
  const connections = [...connectionsOf(engine, row).values()].map(showConnection)
  return { endUser: showEndUser(engine, row), connections }
}

export function updateEndUser(engine: Engine, id: string, body: UpdateEndUser): EndUser {
  const row = find(engine, id)
  const updated = engine.state.tables.endUsers.put({
    ...row,
    displayName: body.displayName === undefined ? row.displayName : body.displayName,
    email: body.email === undefined ? row.email : body.email,
    metadata: body.metadata === undefined ? row.metadata : body.metadata,
    updatedAt: engine.now(),
  })
  return showEndUser(engine, updated)
}

/** Deletes the end user and their connections; tells how many. */
export function deleteEndUser(engine: Engine, id: string): number {
  const row = find(engine, id)
  const { tables } = engine.state
  const connections = [...connectionsOf(engine, row).values()]
  for (const connection of connections) deleteConnection(engine, connection.id)
  for (const token of [...tables.portalTokens.where('endUser', id).values()]) {
    tables.portalTokens.delete(token.id)
  }
  for (const token of [...tables.mcpTokens.where('endUser', id).values()]) tables.mcpTokens.delete(token.id)
  tables.endUsers.delete(id)
  return connections.length
}

/** A link to the portal of one end user. `baseUrl` is where the hosted pages are. */
export function createPortalToken(
  engine: Engine,
  id: string,
  body: CreatePortalToken,
  baseUrl: string,
): PortalToken {
  const { workspaceId } = find(engine, id)
  if (body.integrationName !== undefined) getIntegration(engine, body.integrationName)
  if (body.workspaceIntegrationId !== undefined) {
    const target = engine.state.workspaceIntegration(workspaceId, body.workspaceIntegrationId)
    if (!target) throw notFound('Workspace integration')
    if (body.integrationName !== undefined && target.integrationName !== body.integrationName) {
      throw invalid('body.workspaceIntegrationId', `Is of integration "${target.integrationName}"`)
    }
  }
  const token = engine.ids.token('eut_')
  const now = engine.clock.now()
  const expiresAt = timestamp(now + (body.expiresIn ?? portalDefaultSeconds) * 1000)
  const { portalTokens } = engine.state.tables
  portalTokens.put({
    id: engine.ids.uuid(),
    tokenHash: hashToken(token),
    endUser: id,
    workspaceId,
    integrationName: body.integrationName ?? null,
    workspaceIntegrationId: body.workspaceIntegrationId ?? null,
    expiresAt,
  })
  dropSpent(portalTokens, (row) => Date.parse(row.expiresAt) <= now)
  return { connectUrl: `${baseUrl}/connect/portal?token=${token}`, token, expiresAt }
}
