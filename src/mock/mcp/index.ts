import { Hono } from 'hono'
import type { Engine } from '../../engine/engine.js'
import { findCaller, type McpCaller, type TokenProblem } from '../../engine/mcp/callers.js'
import { getServer } from '../../engine/mcp/servers.js'
import { scopeOf } from '../../engine/mcp/tokens.js'
import { Refusal, notFound } from '../../engine/refusal.js'
import { errorResponse } from '../respond.js'

const descriptions: Record<TokenProblem, string> = {
  invalid_token: 'The token is unknown, expired or revoked, or this server takes none of its kind',
  insufficient_scope: 'The token was made for another mode of this server',
}

/** Thrown with what the client needs to know to get a token (RFC 6750, section 3). */
class TokenRefusal extends Refusal {
  constructor(
    readonly challenge: string,
    status: 401 | 403,
    message: string,
  ) {
    super(status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN', message)
  }
}

function callerOf(engine: Engine, request: Request, path: string, baseUrl: string): McpCaller {
  const [, id] = /^srv_(.+)$/.exec(path) ?? []
  if (id === undefined) throw notFound('MCP server')
  const server = getServer(engine, id)
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  if (token === undefined) throw new TokenRefusal('Bearer', 401, 'This needs a token of the MCP server')
  const caller = findCaller(engine, server, token, baseUrl)
  if (typeof caller !== 'string') return caller
  const challenge = `Bearer error="${caller}", error_description="${descriptions[caller]}"`
  throw caller === 'invalid_token'
    ? new TokenRefusal(challenge, 401, descriptions[caller])
    : new TokenRefusal(`${challenge}, scope="${scopeOf(server)}"`, 403, descriptions[caller])
}

/**
 * The endpoints that MCP clients speak to: the protocol's streamable HTTP transport, without sessions and without a
 * stream of the server's own, so that only POST is answered.
 */
export function createMcpRoutes(engine: Engine, baseUrl?: string): Hono {
  const app = new Hono()
  app.all('/mcp/:server', async ({ req }) => {
    const headers: Record<string, string> = {}
    try {
      const here = baseUrl ?? new URL(req.url).origin
      const caller = callerOf(engine, req.raw, req.param('server'), here)
      if (req.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
      // Loaded by the first call, because most suites never speak MCP
      const { answer } = await import('./protocol.js')
      return await answer(engine, caller, req.raw)
    } catch (error) {
      if (error instanceof TokenRefusal) headers['www-authenticate'] = error.challenge
      return errorResponse(engine, error, headers)
    }
  })
  return app
}
