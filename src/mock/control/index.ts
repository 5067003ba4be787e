import { Hono } from 'hono'
import type { Engine } from '../../engine/engine.js'
import type { MockWeavz } from '../mock.js'
import { errorResponse, jsonResponse } from '../respond.js'
import { unknownRoute } from '../unknown-route.js'
import { requireToken } from './guard.js'
import type { ControlRoute } from './route.js'
import { controlRoutes } from './routes.js'

export interface ControlOptions {
  /** What every request must carry. Default: nothing. */
  readonly controlToken?: string | undefined
  /** Where hosted pages are. Default: the origin of each request. */
  readonly baseUrl?: string | undefined
}

/**
 * The routes by which tests in other languages steer a mock, with the powers that tests in process have. Beside the
 * API: no API key, no rate limit, no faults, no journal.
 *
 * @param current The engine of the moment: reset and restore replace it.
 */
export function createControl(
  weavz: MockWeavz,
  current: () => Engine,
  { controlToken, baseUrl }: ControlOptions,
): (request: Request) => Promise<Response> {
  const app = new Hono()

  async function answer({ handle, status = 200 }: ControlRoute, request: Request, id: string) {
    const { searchParams: query, origin } = new URL(request.url)
    const engine = current()
    const reply = await handle({ weavz, engine, request, query, id, baseUrl: baseUrl ?? origin })
    return reply instanceof Response ? reply : jsonResponse(status, reply, {})
  }

  for (const route of controlRoutes) {
    app.on(route.method, route.path.replace('{id}', ':id'), ({ req }) =>
      answer(route, req.raw, req.param('id') ?? ''),
    )
  }
  app.notFound(({ req }) => {
    throw unknownRoute(req.method, req.path, controlRoutes)
  })
  app.onError((error) => errorResponse(current(), error, {}))

  return async (request) => {
    try {
      if (controlToken !== undefined) requireToken(request, controlToken)
    } catch (error) {
      return errorResponse(current(), error, { 'www-authenticate': 'Bearer' })
    }
    const response = await app.fetch(request)
    response.headers.set('cache-control', 'no-store')
    return response
  }
}
