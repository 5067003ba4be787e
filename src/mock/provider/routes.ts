import { Hono } from 'hono'
import { Refusal } from '../../engine/refusal.js'
import { readForm } from '../body.js'
import { tokenPath } from './paths.js'
import type { TokenEndpoint } from './token.js'

/** The route of the authorization server that machines call; its consent page is one of the pages. */
export function createTokenRoute(server: TokenEndpoint, path = tokenPath): Hono {
  const app = new Hono()
  app.post(path, async ({ req }) => {
    const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(req.header('content-type') ?? '')
    const form = isForm ? await readForm(req.raw) : new URLSearchParams()
    const { status, headers, body } = server.token(form, req.header('authorization') ?? null)
    return Response.json(body, { status, headers })
  })
  app.onError((error) => {
    if (!(error instanceof Refusal)) throw error
    const body = { error: 'invalid_request', error_description: error.message }
    return Response.json(body, { status: error.status })
  })
  return app
}
