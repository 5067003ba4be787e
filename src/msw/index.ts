/** `@weavz/sdk/msw`: an offline Weavz behind [msw](https://mswjs.io), for code that builds its own client. */

import { http, HttpResponse, type HttpHandler } from 'msw'
import { defaultBaseUrl } from '../contract/base-url.js'
import type { MockWeavz } from '../mock/mock.js'

export interface WeavzHandlersOptions {
  /**
   * The `baseUrl` of the clients under test; may have a path, as behind a proxy. Default `https://api.weavz.io`. Every
   * request below it goes to the offline Weavz.
   */
  readonly baseUrl?: string
}

/**
 * Handlers of msw (2.10 or later, or 3) that answer like Weavz, for `setupServer` in Node and `setupWorker` in
 * browsers. Where no endpoint fits, the answer is a 404 that names the nearest one, never msw's "unhandled request".
 * A connection that the offline Weavz breaks off is a network error to the caller.
 *
 * @throws TypeError if `baseUrl` is no URL.
 * @example
 * const weavz = createMockWeavz({ apiKey: 'wvz_test' })
 * const server = setupServer(...weavzHandlers(weavz))
 * beforeAll(() => server.listen())
 */
export function weavzHandlers(
  weavz: Pick<MockWeavz, 'fetch'>,
  { baseUrl = defaultBaseUrl }: WeavzHandlersOptions = {},
): HttpHandler[] {
  const { origin, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/+$/, '')
  // Not `*` of msw: it decodes what it matched, and throws on a stray % in a path
  const below = new RegExp(`^${escaped(origin + prefix)}(?=/|$)`)
  return [
    http.all(below, async ({ request }) => {
      try {
        return await weavz.fetch(prefix === '' ? request : await withoutPrefix(request, prefix))
      } catch {
        return HttpResponse.error()
      }
    }),
  ]
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
}

async function withoutPrefix(request: Request, prefix: string): Promise<Request> {
  const url = new URL(request.url)
  url.pathname = url.pathname.slice(prefix.length)
  const { method, headers, signal } = request
  // The whole body: a stream as body needs HTTP/2 in Chromium, and a request of the same mode is refused elsewhere
  const body = await request.arrayBuffer()
  return new Request(url, { method, headers, signal, ...(body.byteLength > 0 && { body }) })
}
