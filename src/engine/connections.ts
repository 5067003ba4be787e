import type {
  Connection,
  ConnectionType,
  CreateConnection,
  ListConnections,
} from '../contract/connections.js'
import { authMethodOf, getIntegration } from './auth-methods.js'
import { credentialsOf, sealCredentials, type Credentials } from './credentials.js'
import { ensureEndUser } from './end-users.js'
import type { Engine } from './engine.js'
import { newTokens } from './oauth/tokens.js'
import { refuseBeyondQuota } from './quotas.js'
import { Refusal, invalid } from './refusal.js'
import type { ConnectionRow } from './rows.js'
import { holderOf, ownerOf, type Owner } from './owner.js'
import { spaceOf } from './state.js'
import { filterRows, intersect, page, type Page, type Rows, type Visibility } from './table.js'
import { getWorkspace } from './workspaces.js'

const isOAuth = (type: ConnectionType) => type === 'OAUTH2' || type === 'PLATFORM_OAUTH2'

/** The connection as the API shows it. */
export function showConnection(row: ConnectionRow): Connection {
  const { oauthAppId: _app, ...shown } = row
  return shown
}

export function listConnections(
  engine: Engine,
  query: ListConnections,
  visible?: Visibility,
): Page<Connection> {
  const { connections } = engine.state.tables
  const { workspaceId, endUserId, integrationName } = query
  if (workspaceId !== undefined) getWorkspace(engine, workspaceId)
  const filters: Rows<ConnectionRow>[] = []
  if (workspaceId !== undefined) filters.push(connections.where('workspace', workspaceId))
  if (endUserId !== undefined) filters.push(connections.where('endUserId', endUserId))
  if (integrationName !== undefined) filters.push(connections.where('integration', integrationName))
  const [first = connections, ...others] = filters
  const matching = intersect(first, ...others)
  const rows = visible ? filterRows(matching, (row) => visible(spaceOf(row))) : matching
  const { items, total } = page(rows, query)
  return { items: items.map(showConnection), total }
}

/** The connection, or 404 `CONNECTION_NOT_FOUND`. */
export function getConnection({ state }: Engine, id: string): ConnectionRow {
  const row = state.tables.connections.get(id)
  if (!row) throw new Refusal('CONNECTION_NOT_FOUND', 'Connection not found')
  return row
}

/** Deletes a connection and its credentials; what used it is left as it is and fails from now on. */
export function deleteConnection(engine: Engine, id: string): void {
  getConnection(engine, id)
  engine.state.tables.connections.delete(id)
  engine.state.tables.credentials.delete(id)
}

/** What a new connection is made of, once its owner and auth method are settled. */
export interface NewConnection {
  /** Made up unless given. A connection that is replaced keeps its own. */
  readonly id?: string | undefined
  readonly integrationName: string
  readonly externalId: string
  readonly displayName: string
  readonly type: ConnectionType
  readonly authMethodKey: string
  readonly oauthAppId: string | null
  readonly owner: Owner
  readonly credentials: Credentials
}

/**
 * Stores a connection. Sealing takes a while, and other requests may run meanwhile: so it comes before `check`, and
 * from `check` on nothing waits, so that nothing can come between a check and what it allows.
 */
export async function storeConnection(
  engine: Engine,
  connection: NewConnection,
  check: () => { replaces: ConnectionRow | undefined },
): Promise<ConnectionRow> {
  const admit = () => {
    const { replaces } = check()
    if (!replaces) refuseBeyondQuota(engine, 'connections')
    return replaces
  }
  const before = admit()
  const id = before?.id ?? connection.id ?? engine.ids.uuid()
  const fields = await sealCredentials(engine, { ...connection, id }, connection.credentials)
  const replaces = admit()
  if (replaces?.id !== before?.id) return storeConnection(engine, connection, check)
  const { owner, credentials, id: _wanted, ...described } = connection
  if (owner.workspaceId !== null && owner.endUserId !== null) {
    ensureEndUser(engine, owner.workspaceId, owner.endUserId)
  }
  const now = engine.now()
  const former = engine.state.tables.credentials.get(id)?.tokens
  const tokens = isOAuth(connection.type)
    ? newTokens(engine.clock.now(), credentials.expiresIn, former)
    : null
  engine.state.tables.credentials.put({ id, fields, tokens })
  return engine.state.tables.connections.put({
    id,
    ...described,
    ...owner,
    status: 'ACTIVE',
    createdAt: replaces?.createdAt ?? now,
    updatedAt: now,
  })
}

/** A new connection; `id` is made up unless given. */
export async function createConnection(
  engine: Engine,
  body: CreateConnection,
  id?: string,
): Promise<ConnectionRow> {
  const integration = getIntegration(engine, body.integrationName)
  if (body.workspaceId !== undefined) getWorkspace(engine, body.workspaceId)
  if (integration.auth === null) {
    throw invalid('body.integrationName', `"${integration.name}" needs no account`)
  }
  const owner = ownerOf(body)
  const authMethodKey = authMethodOf(integration, body)
  const { integrationName, externalId, displayName, type } = body
  const oauthAppId = body.oauthAppId ?? null
  const credentials = credentialsOf(body)
  const stored = await storeConnection(
    engine,
    {
      id,
      integrationName,
      externalId,
      displayName,
      type,
      authMethodKey,
      oauthAppId,
      owner,
      credentials,
    },
    () => {
      if (owner.workspaceId !== null) getWorkspace(engine, owner.workspaceId)
      if (holderOf(engine, owner, integrationName, externalId)) {
        const where = owner.scope === 'ORGANIZATION' ? 'The organization' : 'The workspace'
        throw new Refusal(
          'DUPLICATE',
          `${where} has a connection of "${integrationName}" with that externalId`,
        )
      }
      return { replaces: undefined }
    },
  )
  if (isOAuth(type)) engine.oauth.onImport({ integrationName, oauthAppId }, credentials)
  return stored
}
