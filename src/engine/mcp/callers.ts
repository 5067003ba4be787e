import type { Engine } from '../engine.js'
import type { McpServerRow, McpTokenRow } from '../rows.js'
import { takesBearer, takesOAuth } from './auth-mode.js'
import { scopeOf } from './tokens.js'

/** Who speaks to an MCP server. */
export interface McpCaller {
  readonly server: McpServerRow
  /** What opened the server: a token, or an API key that came in by the REST API. */
  readonly requestedBy: { readonly type: 'mcp_token' | 'api_key'; readonly id: string } | undefined
  /** External id of the end user that calls run for. */
  readonly endUserId: string | undefined
  /** Where this Weavz was reached, without a trailing slash. */
  readonly baseUrl: string
  /** Aborted once the caller has gone. */
  readonly signal?: AbortSignal
}

/** Why a token opens nothing (RFC 6750, section 3.1). */
export type TokenProblem = 'invalid_token' | 'insufficient_scope'

/** What a token says: one that the API made, or one that its end user got by signing in. */
export interface McpCredential extends Pick<
  McpTokenRow,
  'id' | 'mcpServerId' | 'kind' | 'endUser' | 'expiresAt'
> {
  readonly scopes: readonly string[]
}

const accepted = {
  static: takesBearer,
  bearer: takesBearer,
  oauth: takesOAuth,
} satisfies Record<McpTokenRow['kind'], (server: McpServerRow) => boolean>

/** The caller of the server whose token that is, or why it opens nothing: unknown, expired, revoked, of another scope. */
export function findCaller(
  { state, clock }: Engine,
  server: McpServerRow,
  token: McpCredential | undefined,
  baseUrl: string,
): McpCaller | TokenProblem {
  if (token?.mcpServerId !== server.id || !accepted[token.kind](server)) return 'invalid_token'
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= clock.now()) return 'invalid_token'
  const caller = { server, requestedBy: { type: 'mcp_token', id: token.id }, baseUrl } as const
  if (token.endUser === null) return { ...caller, endUserId: server.endUserId ?? undefined }
  const endUser = state.endUserById(token.endUser)
  const bound = server.endUserId === null || server.endUserId === endUser?.externalId
  if (!endUser || !bound) return 'invalid_token'
  if (!token.scopes.includes(scopeOf(server))) return 'insufficient_scope'
  return { ...caller, endUserId: endUser.externalId ?? undefined }
}
