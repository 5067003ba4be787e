import type {
  CreateMcpServer,
  ListMcpServers,
  McpServer,
  UpdateMcpServer,
} from '../../contract/mcp-servers.js'
import type { Engine } from '../engine.js'
import { refuseBeyondQuota } from '../quotas.js'
import { Refusal, notFound } from '../refusal.js'
import type { ApiKeyRow, McpServerRow } from '../rows.js'
import { filterRows, page, type Page, type Visibility } from '../table.js'
import { getWorkspace } from '../workspaces.js'
import { refuseWithoutBearer } from './auth-mode.js'
import { allowsStaticToken, authOf, enforceBearerRules } from './bearer.js'
import { fillServer } from './sync.js'
import { replaceStaticToken, staticTokenOf } from './tokens.js'

/** The URL for MCP clients. `baseUrl` is where this Weavz is reached. */
export const mcpEndpoint = (server: Pick<McpServerRow, 'id'>, baseUrl: string) =>
  `${baseUrl}/mcp/srv_${server.id}`

/** The server that the path of an endpoint names; undefined if there is none. */
export function serverAt({ state }: Engine, path: string): McpServerRow | undefined {
  const [, id = ''] = /^\/mcp\/srv_([^/]+)$/.exec(path) ?? []
  return state.tables.mcpServers.get(id)
}

/** The server as the API shows it. */
export function showServer(engine: Engine, row: McpServerRow, baseUrl: string): McpServer {
  return { ...row, auth: authOf(engine, row), mcpEndpoint: mcpEndpoint(row, baseUrl) }
}

/** The server, or 404 `NOT_FOUND`. */
export function getServer({ state }: Engine, id: string): McpServerRow {
  const row = state.tables.mcpServers.get(id)
  if (!row) throw notFound('MCP server')
  return row
}

export function listServers(engine: Engine, query: ListMcpServers, visible?: Visibility): Page<McpServerRow> {
  const { mcpServers } = engine.state.tables
  if (query.workspaceId !== undefined) {
    getWorkspace(engine, query.workspaceId)
    return page(mcpServers.where('workspace', query.workspaceId), query)
  }
  return page(visible ? filterRows(mcpServers, (row) => visible(row.workspaceId)) : mcpServers, query)
}

function refuseUnknownEndUser({ state }: Engine, workspaceId: string, endUserId: string | null): void {
  if (endUserId !== null && !state.endUser(workspaceId, endUserId)) {
    throw new Refusal('END_USER_NOT_FOUND', 'The workspace has no end user with that external id')
  }
}

/** A server and, where it has one, its static token, which is shown this once. */
export interface WithToken {
  readonly server: McpServerRow
  readonly bearerToken: string | undefined
}

/**
 * Creates a server with the tools of its workspace.
 *
 * @param chosen Its id, and its static token if it has one. Default: made up.
 */
export function createServer(
  engine: Engine,
  body: CreateMcpServer,
  apiKey: ApiKeyRow | undefined,
  chosen: { readonly id?: string; readonly bearerToken?: string | undefined } = {},
): WithToken {
  const { workspaceId, endUserId = null } = body
  getWorkspace(engine, workspaceId)
  refuseUnknownEndUser(engine, workspaceId, endUserId)
  refuseBeyondQuota(engine, 'mcpServers')
  const now = engine.now()
  const server = engine.state.tables.mcpServers.put({
    id: chosen.id ?? engine.ids.uuid(),
    orgId: engine.orgId,
    workspaceId,
    name: body.name,
    description: body.description ?? null,
    mode: body.mode ?? 'TOOLS',
    settings: body.settings ?? {},
    authMode: body.authMode ?? 'oauth',
    endUserAccess: body.endUserAccess ?? 'restricted',
    createdBy: body.createdBy ?? apiKey?.id ?? null,
    endUserId,
    createdAt: now,
    updatedAt: now,
  })
  fillServer(engine, server)
  const bearerToken = allowsStaticToken(engine, server)
    ? replaceStaticToken(engine, server.id, chosen.bearerToken)
    : undefined
  return { server, bearerToken }
}

export function updateServer(engine: Engine, id: string, body: UpdateMcpServer): WithToken {
  const row = getServer(engine, id)
  const { endUserId = row.endUserId } = body
  if (body.endUserId != null) refuseUnknownEndUser(engine, row.workspaceId, endUserId)
  const server = engine.state.tables.mcpServers.put({
    ...row,
    name: body.name ?? row.name,
    description: body.description === undefined ? row.description : body.description,
    mode: body.mode ?? row.mode,
    settings: body.settings ?? row.settings,
    authMode: body.authMode ?? row.authMode,
    endUserAccess: body.endUserAccess ?? row.endUserAccess,
    endUserId,
    updatedAt: engine.now(),
  })
  enforceBearerRules(engine, server)
  const needsToken = body.authMode !== undefined && !staticTokenOf(engine, id)
  const bearerToken =
    needsToken && allowsStaticToken(engine, server) ? replaceStaticToken(engine, id) : undefined
  return { server, bearerToken }
}

/** A new static token; the old one stops working. */
export function regenerateToken(engine: Engine, id: string): string {
  const server = getServer(engine, id)
  refuseWithoutBearer(server)
  if (!allowsStaticToken(engine, server)) {
    throw new Refusal(
      'MCP_STATIC_BEARER_INCOMPATIBLE',
      'The workspace needs each end user to bring an account: bind the server to one end user, or give tokens to end users',
    )
  }
  return replaceStaticToken(engine, id)
}

/** Deletes its tools and tokens, too. */
export function deleteServer(engine: Engine, id: string): void {
  getServer(engine, id)
  const { mcpServers, mcpTools, mcpTokens, mcpCodeRuns } = engine.state.tables
  for (const row of [...mcpTools.where('server', id).values()]) mcpTools.delete(row.id)
  for (const row of [...mcpTokens.where('server', id).values()]) mcpTokens.delete(row.id)
  for (const row of [...mcpCodeRuns.where('server', id).values()]) mcpCodeRuns.delete(row.id)
  mcpServers.delete(id)
}
