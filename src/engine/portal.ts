import type { ConnectToken } from '../contract/connect.js'
import type { ConnectionStatus } from '../contract/connections.js'
import { createConnectToken } from './connect.js'
import type { Engine } from './engine.js'
import { hashToken } from './hash.js'
import { notFound } from './refusal.js'
import { resolve, type ConnectionFacts } from './resolver/index.js'
import type { EndUserRow, PortalTokenRow, WorkspaceIntegrationRow } from './rows.js'

/** One account that an end user may connect. */
export interface PortalItem {
  readonly target: WorkspaceIntegrationRow
  /** As the workspace labels it, else as the catalog does. */
  readonly displayName: string
  /** A `data:` URI. */
  readonly logoUrl: string | null
  /** The end user's own connection; null: none yet. */
  readonly own: {
    readonly externalId: string
    readonly displayName: string
    readonly status: ConnectionStatus
  } | null
  /** Without an own connection, calls run on an account that the app shares with everybody. */
  readonly shared: boolean
}

export interface Portal {
  readonly link: PortalTokenRow
  readonly endUser: EndUserRow
  readonly items: readonly PortalItem[]
}

/** The link of a portal token, if the token is known and has not expired. */
function linkOf({ state, clock }: Engine, token: string): PortalTokenRow | undefined {
  const row = state.tables.portalTokens.find('tokenHash', hashToken(token))
  return row && clock.now() < Date.parse(row.expiresAt) ? row : undefined
}

/** Whether a workspace integration is for end users to connect, and within what the link shows. */
function isOffered({ catalog }: Engine, target: WorkspaceIntegrationRow, link: PortalTokenRow): boolean {
  return (
    target.connectionStrategy !== 'fixed' &&
    catalog.get(target.integrationName)?.auth != null &&
    (link.integrationName ?? target.integrationName) === target.integrationName &&
    (link.workspaceIntegrationId ?? target.id) === target.id
  )
}

function itemOf(engine: Engine, target: WorkspaceIntegrationRow, endUserId: string): PortalItem {
  const { workspaceId, integrationName, id: workspaceIntegrationId } = target
  const request = {
    kind: 'resolve',
    workspaceId,
    integrationName,
    workspaceIntegrationId,
    endUserId,
  } as const
  const answer = resolve(engine.state, request)
  // The resolver alone chooses connections: what it would run on, or refuses for being broken, is what is shown.
  const found: ConnectionFacts | null =
    answer.outcome === 'resolved' || (answer.outcome === 'denied' && answer.reason === 'CONNECTION_IN_ERROR')
      ? answer.connection
      : null
  const row = found?.endUserId === endUserId ? engine.state.tables.connections.get(found.id) : undefined
  const integration = engine.catalog.get(integrationName)
  return {
    target,
    displayName: target.displayName ?? integration?.displayName ?? integrationName,
    logoUrl: (integration && engine.catalog.summarize(integration).logoUrl) ?? null,
    own: row ?? null,
    shared: answer.outcome === 'resolved' && answer.via === 'fallback',
  }
}

/** The portal behind a token; undefined when the token is unknown or has expired. */
export function portalOf(engine: Engine, token: string): Portal | undefined {
  const link = linkOf(engine, token)
  const endUser = link && engine.state.tables.endUsers.get(link.endUser)
  if (!link || !endUser) return undefined
  const { externalId } = endUser
  // A member has no external id, and by that id connections are owned.
  if (externalId === null) return { link, endUser, items: [] }
  const targets = [...engine.state.tables.workspaceIntegrations.where('workspace', link.workspaceId).values()]
  const items = targets
    .filter((target) => isOffered(engine, target, link))
    .sort((a, b) => a.sortOrder - b.sortOrder)
    .map((target) => itemOf(engine, target, externalId))
  return { link, endUser, items }
}

/**
 * Starts a connect session for the end user of a portal. It connects anew, or re-authorises the connection that the end
 * user has.
 */
export function connectFromPortal(
  engine: Engine,
  portal: Portal,
  workspaceIntegrationId: string,
  baseUrl: string,
): ConnectToken {
  const { link, endUser, items } = portal
  const item = items.find(({ target }) => target.id === workspaceIntegrationId)
  if (!item || endUser.externalId === null) throw notFound('Workspace integration')
  const { target, own, displayName } = item
  const body = {
    integrationName: target.integrationName,
    workspaceIntegrationId,
    workspaceId: link.workspaceId,
    endUserId: endUser.externalId,
    connectionName: own?.displayName ?? displayName,
    // All owners of a workspace share the externalIds of an integration, so that a new one must be unique.
    externalId: own?.externalId ?? `portal_${engine.ids.uuid()}`,
  }
  return createConnectToken(engine, body, baseUrl, link.id)
}
