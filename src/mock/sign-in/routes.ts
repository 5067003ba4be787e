import { Hono } from 'hono'
import type { Engine } from '../../engine/engine.js'
import { takesOAuth } from '../../engine/mcp/auth-mode.js'
import { serverAt } from '../../engine/mcp/servers.js'
import { notFound, Refusal } from '../../engine/refusal.js'
import { readJson } from '../body.js'
import { createTokenRoute } from '../provider/index.js'
import { errorResponse } from '../respond.js'
import { resourceMetadata, serverMetadata } from './metadata.js'
import { registrationPath, resourceMetadataPath, serverMetadataPath, tokenPath } from './paths.js'
import { RegistrationError } from './registration.js'
import type { SignIn } from './sign-in.js'

const noStore = { 'cache-control': 'no-store' }

/** What MCP clients call so that end users can sign in; where those do is one of the pages. */
export function createSignInRoutes(engine: Engine, signIn: SignIn, baseUrl?: string): Hono {
  const app = new Hono()
  const baseOf = (url: string) => baseUrl ?? new URL(url).origin

  app.get(`${resourceMetadataPath}/*`, ({ req }) => {
    const server = serverAt(engine, req.path.slice(resourceMetadataPath.length))
    if (!server || !takesOAuth(server)) return errorResponse(engine, notFound('MCP server with OAuth'), {})
    return Response.json(resourceMetadata(server, baseOf(req.url)))
  })
  app.get(serverMetadataPath, ({ req }) => Response.json(serverMetadata(baseOf(req.url))))
  app.post(registrationPath, async ({ req }) => {
    try {
      return Response.json(signIn.register(await readJson(req.raw)), { status: 201, headers: noStore })
    } catch (error) {
      const refused = error instanceof RegistrationError
      if (!refused && !(error instanceof Refusal)) throw error
      const body = {
        error: refused ? error.error : 'invalid_client_metadata',
        error_description: error.message,
      }
      return Response.json(body, { status: refused ? 400 : error.status, headers: noStore })
    }
  })
  app.route('/', createTokenRoute(signIn, tokenPath))
  return app
}
