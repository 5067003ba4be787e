import type { Hono } from 'hono'
import { openApiDocument } from '../openapi/index.js'
import { jsonResponse } from '../respond.js'

/** `GET /_weavz/openapi.json`: the description of the API, with this server as the one to call. */
export function mountOpenApi(app: Hono, baseUrl: string | undefined): void {
  app.get('/_weavz/openapi.json', ({ req }) =>
    jsonResponse(200, openApiDocument(baseUrl ?? new URL(req.url).origin), {}),
  )
}
