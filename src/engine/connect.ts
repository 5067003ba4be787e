import type { ConnectPoll, ConnectSession, ConnectToken, CreateConnectToken } from '../contract/connect.js'
import type { ConnectionType } from '../contract/connections.js'
import { getIntegration, keysOf, pickOption } from './auth-methods.js'
import type { CatalogIntegration } from './catalog/catalog.js'
import type { AuthEntry } from './catalog/entry.js'
import { timestamp } from './clock.js'
import { storeConnection } from './connections.js'
import type { Credentials } from './credentials.js'
import type { Engine } from './engine.js'
import { hashToken } from './hash.js'
import { holderOf, ownerOf, sameOwner, type Owner } from './owner.js'
import { Refusal, invalid, notFound } from './refusal.js'
import type { SessionRow, WorkspaceIntegrationRow } from './rows.js'
import { getWorkspace } from './workspaces.js'

/** A connect token lives 4 hours, whatever becomes of its session. */
const lifetimeMs = 4 * 60 * 60 * 1000

/** The auth option that the user will connect with: asked for, inherited, or the only one. */
function methodOf(
  options: readonly AuthEntry[],
  body: CreateConnectToken,
  target: WorkspaceIntegrationRow | undefined,
): AuthEntry | undefined {
  const { authMethodKey: asked } = body
  if (asked !== undefined) pickOption(options, asked)
  // An app may hand over credentials of a method that nobody can connect with; that one is not inherited.
  const wanted = asked ?? target?.authMethodKey
  const method = options.find(({ key }) => key === wanted)
  if (!method && options.length > 1)
    throw invalid('body.authMethodKey', `Required: one of ${keysOf(options)}`)
  return method ?? options[0]
}

/** Whose OAuth app the session uses, if it is an OAuth session; there must be one. */
function oauthAppOf(
  engine: Engine,
  integration: CatalogIntegration,
  body: CreateConnectToken,
  target: WorkspaceIntegrationRow | undefined,
): Pick<SessionRow, 'oauthAppMode' | 'oauthAppId'> {
  const mode = body.oauthAppMode ?? target?.oauthAppMode ?? 'weavz_managed'
  if (mode !== 'custom') {
    if (engine.hasManagedOAuthApp(integration.name)) return { oauthAppMode: mode, oauthAppId: null }
    throw new Refusal('NO_OAUTH_APP', `There is no OAuth app for "${integration.name}"`)
  }
  const oauthAppId = body.oauthAppId ?? target?.oauthAppId
  if (oauthAppId == null) throw invalid('body.oauthAppId', 'Required when oauthAppMode is custom')
  const app = engine.state.tables.oauthApps.get(oauthAppId)
  if (!app) throw new Refusal('OAUTH_APP_NOT_FOUND', 'OAuth app not found')
  if (app.integrationName !== integration.name) {
    throw invalid('body.oauthAppId', `Is an app of "${app.integrationName}"`)
  }
  return { oauthAppMode: mode, oauthAppId }
}

/**
 * Starts a session. `baseUrl` is where the hosted pages are; `portalTokenId` the portal link that it starts from, if it
 * does; `chosen` its id and its token, made up by default.
 */
export function createConnectToken(
  engine: Engine,
  body: CreateConnectToken,
  baseUrl: string,
  portalTokenId: string | null = null,
  chosen: { readonly id?: string; readonly token?: string } = {},
): ConnectToken {
  const integration = getIntegration(engine, body.integrationName)
  getWorkspace(engine, body.workspaceId)
  if (integration.auth === null)
    throw invalid('body.integrationName', `"${integration.name}" needs no account`)
  const owner = ownerOf(body)
  const target =
    body.workspaceIntegrationId === undefined
      ? undefined
      : engine.state.workspaceIntegration(body.workspaceId, body.workspaceIntegrationId)
  if (body.workspaceIntegrationId !== undefined && !target) throw notFound('Workspace integration')
  if (target && target.integrationName !== integration.name) {
    throw invalid('body.workspaceIntegrationId', `Is of integration "${target.integrationName}"`)
  }
  const method = methodOf(integration.auth, body, target)
  const app =
    method?.type === 'OAUTH2'
      ? oauthAppOf(engine, integration, body, target)
      : { oauthAppMode: null, oauthAppId: null }

  const token = chosen.token ?? engine.ids.token('cst_')
  const now = engine.clock.now()
  const session = engine.state.tables.sessions.put({
    id: chosen.id ?? engine.ids.uuid(),
    tokenHash: hashToken(token),
    workspaceId: body.workspaceId,
    endUserId: owner.endUserId,
    scope: owner.scope,
    successRedirectUri: body.successRedirectUri ?? null,
    errorRedirectUri: body.errorRedirectUri ?? null,
    portalTokenId,
    integrationName: integration.name,
    workspaceIntegrationId: target?.id ?? null,
    authMethodKey: method?.key ?? null,
    ...app,
    connectionName: body.connectionName,
    externalId: body.externalId,
    status: 'PENDING',
    connectionId: null,
    error: null,
    expiresAt: timestamp(now + lifetimeMs),
    createdAt: timestamp(now),
  })
  return {
    token,
    connectUrl: `${baseUrl}/connect?token=${token}`,
    expiresAt: session.expiresAt,
    sessionId: session.id,
  }
}

/** The session of a token, if the token is known and has not expired. */
export function sessionOf({ state, clock }: Engine, token: string): SessionRow | undefined {
  const session = state.tables.sessions.find('tokenHash', hashToken(token))
  return session && clock.now() < Date.parse(session.expiresAt) ? session : undefined
}

function progress(session: SessionRow): ConnectPoll {
  return {
    status: session.status,
    connectionId: session.connectionId,
    integrationName: session.integrationName,
    workspaceIntegrationId: session.workspaceIntegrationId,
    authMethodKey: session.authMethodKey,
    oauthAppMode: session.oauthAppMode,
    oauthAppId: session.oauthAppId,
    externalId: session.externalId,
    error: session.error,
  }
}

export function pollSession(engine: Engine, token: string | undefined): ConnectPoll {
  if (!token) throw new Refusal('MISSING_TOKEN', 'The body needs the token of the connect session')
  const session = sessionOf(engine, token)
  if (!session) throw new Refusal('INVALID_TOKEN', 'The connect token is unknown or has expired')
  return progress(session)
}

export function getSession({ state }: Engine, id: string): ConnectSession {
  const session = state.tables.sessions.get(id)
  if (!session) throw notFound('Connect session')
  const { connectionName, expiresAt, createdAt } = session
  return { id, ...progress(session), connectionName, expiresAt, createdAt }
}

/** The type of credentials that the session asks its user for. */
export function credentialTypeOf(engine: Engine, session: SessionRow): ConnectionType {
  const options = engine.catalog.get(session.integrationName)?.auth ?? []
  const type = options.find((option) => option.key === session.authMethodKey)?.type
  if (!type) throw new Error(`Session without auth option: ${session.integrationName}`)
  if (type !== 'OAUTH2') return type
  return session.oauthAppMode === 'custom' ? 'OAUTH2' : 'PLATFORM_OAUTH2'
}

/** The `error` of a session whose user said no. */
export const deniedByUser = 'The user denied access'

/** Whether the session has ended, well or not. */
export const isOver = ({ status }: SessionRow) => status === 'COMPLETED' || status === 'FAILED'

/** The session as it is now, if it may still change. */
function pending({ state }: Engine, id: string): SessionRow | undefined {
  const session = state.tables.sessions.get(id)
  return session && !isOver(session) ? session : undefined
}

/** The user or the provider said no. A session that is over stays as it is. */
export function failSession(engine: Engine, id: string, error: string): void {
  const session = pending(engine, id)
  if (session) engine.state.tables.sessions.put({ ...session, status: 'FAILED', error })
}

/** Stores the connection and completes the session; FAILED if the externalId is another owner's. */
export async function completeSession(engine: Engine, id: string, credentials: Credentials): Promise<void> {
  const session = pending(engine, id)
  if (!session) return
  const { integrationName, externalId } = session
  const owner: Owner = session
  const connection = {
    integrationName,
    externalId,
    displayName: session.connectionName,
    type: credentialTypeOf(engine, session),
    authMethodKey: session.authMethodKey as string,
    oauthAppId: session.oauthAppId,
    owner: { scope: owner.scope, workspaceId: owner.workspaceId, endUserId: owner.endUserId },
    credentials,
  }
  const conflict = new Refusal('DUPLICATE', 'Another owner has a connection with this externalId')
  try {
    const stored = await storeConnection(engine, connection, () => {
      const holder = holderOf(engine, owner, integrationName, externalId)
      if (holder && !sameOwner(holder, owner)) throw conflict
      // The session may have ended, and its workspace may have gone, while the credentials were sealed.
      if (!pending(engine, id)) throw new Refusal('NOT_FOUND', 'The connect session is over')
      return { replaces: holder }
    })
    engine.state.tables.sessions.put({ ...session, status: 'COMPLETED', connectionId: stored.id })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    failSession(engine, id, error.message)
  }
}
