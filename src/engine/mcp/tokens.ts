import {
  mcpScopes,
  type CreateMcpToken,
  type McpOAuthToken,
  type McpScope,
} from '../../contract/mcp-servers.js'
import { timestamp } from '../clock.js'
import type { Engine } from '../engine.js'
import { hashToken } from '../hash.js'
import { Refusal, invalid } from '../refusal.js'
import type { EndUserRow, McpServerRow, McpTokenRow } from '../rows.js'
import { dropSpent } from '../table.js'
import { refuseWithoutBearer, refuseWithoutOAuth } from './auth-mode.js'

/** How many characters of a token its prefix shows. */
const prefixLength = 8
const defaultSeconds = 30 * 86_400

type TokenFields = Pick<McpTokenRow, 'mcpServerId' | 'kind' | 'scopes' | 'endUser' | 'expiresAt'>

/** The token of one end user: unlike a static one it has an owner and an end. */
type EndUserToken = McpTokenRow & { readonly endUser: string; readonly expiresAt: string }

/** The row, and the token itself, which is shown this once. */
function add<F extends TokenFields>(
  engine: Engine,
  fields: F,
  token = engine.ids.token(fields.kind === 'oauth' ? 'mcpo_' : 'mcp_'),
): { row: McpTokenRow & F; token: string } {
  const row = {
    id: engine.ids.uuid(),
    ...fields,
    tokenHash: hashToken(token),
    tokenPrefix: token.slice(0, prefixLength),
    createdAt: engine.now(),
  }
  const { mcpTokens } = engine.state.tables
  mcpTokens.put(row)
  dropSpent(mcpTokens, ({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= engine.clock.now())
  return { row, token }
}

/** The token that the API made and showed once. */
export function findToken({ state }: Engine, plain: string): McpTokenRow | undefined {
  return state.tables.mcpTokens.find('tokenHash', hashToken(plain))
}

export function staticTokenOf({ state }: Engine, serverId: string): McpTokenRow | undefined {
  return state.tables.mcpTokens.find('static', serverId)
}

export function dropStaticToken(engine: Engine, serverId: string): void {
  const row = staticTokenOf(engine, serverId)
  if (row) engine.state.tables.mcpTokens.delete(row.id)
}

/** A new static token in place of the old one. Default: made up. */
export function replaceStaticToken(engine: Engine, mcpServerId: string, token?: string): string {
  dropStaticToken(engine, mcpServerId)
  const fields = { mcpServerId, kind: 'static', scopes: [], endUser: null, expiresAt: null } as const
  return add(engine, { ...fields, scopes: [] }, token).token
}

/** The scope that a server's mode asks for. */
export const scopeOf = ({ mode }: Pick<McpServerRow, 'mode'>): McpScope =>
  mode === 'CODE' ? 'mcp:code' : 'mcp:tools'

function checkScopes(server: McpServerRow, asked: readonly string[]): McpScope[] {
  const wanted = scopeOf(server)
  const foreign = asked.find((scope) => scope !== wanted)
  if (foreign === undefined && asked.length > 0) return [wanted]
  const known = (mcpScopes as readonly string[]).includes(foreign ?? '')
  throw new Refusal(
    'INVALID_MCP_SCOPES',
    foreign === undefined
      ? `A token needs a scope: ${wanted}`
      : known
        ? `Scope "${foreign}" is not of mode ${server.mode}, whose scope is ${wanted}`
        : `Unknown scope "${foreign}": a server of mode ${server.mode} has ${wanted}`,
  )
}

/** By external id and, failing that, by UUID: end users created in the dashboard have no external id. */
function endUserOf({ state }: Engine, { workspaceId, endUserId }: McpServerRow, given: string): EndUserRow {
  const byId = state.endUserById(given)
  const row = state.endUser(workspaceId, given) ?? (byId?.workspaceId === workspaceId ? byId : undefined)
  if (!row) throw new Refusal('END_USER_NOT_FOUND', 'The workspace has no such end user')
  if (endUserId !== null && row.externalId !== endUserId) {
    throw invalid('body.endUserId', 'The server is bound to another end user')
  }
  return row
}

/** A token of one end user. Creates no end user. */
export function createEndUserToken(
  engine: Engine,
  server: McpServerRow,
  kind: 'bearer' | 'oauth',
  body: CreateMcpToken,
): { row: EndUserToken; token: string } {
  if (kind === 'bearer') refuseWithoutBearer(server)
  else refuseWithoutOAuth(server)
  const scopes = checkScopes(server, body.scopes ?? [scopeOf(server)])
  const endUser = endUserOf(engine, server, body.endUserId)
  const expiresAt = timestamp(engine.clock.now() + (body.expiresIn ?? defaultSeconds) * 1000)
  return add(engine, { mcpServerId: server.id, kind, scopes, endUser: endUser.id, expiresAt })
}

/** The token as the API shows it: never the token itself, never its hash. */
export function showToken({ state }: Engine, row: EndUserToken): McpOAuthToken {
  const { id, tokenPrefix, scopes, expiresAt, createdAt } = row
  const endUserId = state.endUserById(row.endUser)?.externalId ?? null
  return { id, tokenPrefix, scopes, endUserId, expiresAt, createdAt }
}
