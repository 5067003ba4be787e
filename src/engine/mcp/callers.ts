import type { Engine } from '../engine.js'
import { hashToken } from '../hash.js'
import type { McpServerRow, McpTokenRow } from '../rows.js'
import { takesBearer, takesOAuth } from './bearer.js'
import { scopeOf } from './tokens.js'

/** Who speaks to an MCP server. */
export interface McpCaller {
  readonly server: McpServerRow
  /** The token that opened the server; undefined for an API key, which comes in by the REST API. */
  readonly token: McpTokenRow | undefined
  /** External id of the end user that calls run for. */
  readonly endUserId: string | undefined
}

/** Why a token opens nothing (RFC 6750, section 3.1). */
export type TokenProblem = 'invalid_token' | 'insufficient_scope'

const accepted = {
  static: takesBearer,
  bearer: takesBearer,
  oauth: takesOAuth,
} satisfies Record<McpTokenRow['kind'], (server: McpServerRow) => boolean>

/** The caller of the server whose token that is, or why it opens nothing: unknown, expired, revoked, of another scope. */
export function findCaller(engine: Engine, server: McpServerRow, plain: string): McpCaller | TokenProblem {
  const { state, clock } = engine
  const token = state.tables.mcpTokens.find('tokenHash', hashToken(plain))
  if (token?.mcpServerId !== server.id || !accepted[token.kind](server)) return 'invalid_token'
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= clock.now()) return 'invalid_token'
  if (token.endUser === null) return { server, token, endUserId: server.endUserId ?? undefined }
  const endUser = state.endUserById(token.endUser)
  const bound = server.endUserId === null || server.endUserId === endUser?.externalId
  if (!endUser || !bound) return 'invalid_token'
  if (!token.scopes.includes(scopeOf(server))) return 'insufficient_scope'
  return { server, token, endUserId: endUser.externalId ?? undefined }
}
