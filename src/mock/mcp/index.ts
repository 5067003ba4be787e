import { Hono } from 'hono'
import type { Engine } from '../../engine/engine.js'
import { takesOAuth } from '../../engine/mcp/auth-mode.js'
import { findCaller, type McpCaller, type TokenProblem } from '../../engine/mcp/callers.js'
import { serverAt } from '../../engine/mcp/servers.js'
import { findToken, scopeOf } from '../../engine/mcp/tokens.js'
import { Refusal, notFound } from '../../engine/refusal.js'
import { authenticate } from '../authenticate.js'
import { errorResponse } from '../respond.js'
import { resourceMetadataUrl, type SignIn } from '../sign-in/index.js'
import type { ConnectorCaller } from './connector.js'

const descriptions: Record<TokenProblem, string> = {
  invalid_token: 'The token is unknown, expired or revoked, or this server takes none of its kind',
  insufficient_scope: 'The token was made for another mode of this server',
}

const connectorPath = '/mcp/weavz'

/** Thrown with what the client needs to know to get a token (RFC 6750 §3, RFC 9728 §5.1). */
class TokenRefusal extends Refusal {
  readonly challenge: string

  constructor(status: 401 | 403, message: string, parameters: Readonly<Record<string, string | undefined>>) {
    super(status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN', message)
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
    this.challenge = ['Bearer', given.map(([name, value]) => `${name}="${value}"`).join(', ')]
      .join(' ')
      .trim()
  }
}

function callerOf(
  engine: Engine,
  signIn: SignIn,
  request: Request,
  path: string,
  baseUrl: string,
): McpCaller {
  const server = serverAt(engine, path)
  if (!server) throw notFound('MCP server')
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const signInAt = takesOAuth(server)
    ? { resource_metadata: resourceMetadataUrl(server, baseUrl), scope: scopeOf(server) }
    : {}
  if (token === undefined) throw new TokenRefusal(401, 'This needs a token of the MCP server', signInAt)
  const caller = findCaller(engine, server, findToken(engine, token) ?? signIn.credentialOf(token), baseUrl)
  if (typeof caller !== 'string') return caller
  const [status, scope] = caller === 'invalid_token' ? [401 as const] : [403 as const, scopeOf(server)]
  const problem = { error: caller, error_description: descriptions[caller] }
  throw new TokenRefusal(status, descriptions[caller], { ...problem, ...signInAt, ...(scope && { scope }) })
}

/** The generic connector knows its callers by their API keys, as the REST API does. */
function connectorCallerOf(engine: Engine, request: Request, baseUrl: string): ConnectorCaller {
  const apiKey = authenticate(engine, request)
  if (apiKey) return { apiKey, baseUrl }
  throw new TokenRefusal(401, 'This needs an API key, sent as a bearer token', {})
}

/**
 * The endpoints that MCP clients speak to: the protocol's streamable HTTP transport, without sessions and without a
 * stream of the server's own, so that only POST is answered.
 *
 * @param engineFor The engine that works for a request.
 */
export function createMcpRoutes(
  engineFor: (request: Request) => Engine,
  signIn: SignIn,
  baseUrl?: string,
): Hono {
  const app = new Hono()
  app.all('/mcp/:server', async ({ req }) => {
    const engine = engineFor(req.raw)
    const headers: Record<string, string> = {}
    try {
      const here = baseUrl ?? new URL(req.url).origin
      const caller =
        req.path === connectorPath
          ? connectorCallerOf(engine, req.raw, here)
          : callerOf(engine, signIn, req.raw, req.path, here)
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
