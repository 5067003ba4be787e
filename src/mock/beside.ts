import { Hono } from 'hono'
import type { Engine } from '../engine/engine.js'
import { createMcpRoutes } from './mcp/index.js'
import { createPages } from './pages/index.js'
import { createTokenRoute, type AuthorizationServer } from './provider/index.js'
import type { RateLimiter } from './rate-limit.js'
import type { RouterOptions } from './router.js'
import { createSignInRoutes, type SignIn } from './sign-in/index.js'

/** The authorization servers: of the third parties, and of MCP clients. */
export interface Servers {
  readonly provider: AuthorizationServer
  readonly signIn: SignIn
}

/**
 * What Weavz serves beside the endpoints of its API: hosted pages, the built-in provider, MCP. Each path belongs to a
 * surface of `exchanges.ts`.
 *
 * @param engineFor The engine that works for a request.
 */
export function createBeside(
  engine: Engine,
  engineFor: (request: Request) => Engine,
  { provider, signIn, countAddress }: Servers & { countAddress: RateLimiter },
  { pages, baseUrl }: RouterOptions,
): Hono {
  const app = new Hono()
  app.route('/', createTokenRoute(provider))
  app.route('/', createPages(engineFor, engine, { provider, signIn, countAddress }, pages, baseUrl))
  app.route('/', createSignInRoutes(engine, signIn, baseUrl))
  app.route('/', createMcpRoutes(engineFor, signIn, baseUrl))
  return app
}
