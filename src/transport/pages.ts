import type { ClientEndpoint } from '../contract/endpoint.js'
import { WeavzAbortError, WeavzResponseError } from './errors.js'
import { fieldOf } from './fields.js'

/**
 * All items from the first page on. Pages go on until `offset + items` reaches `total`; an empty page ends them too, so
 * that a total that never shrinks cannot keep them going.
 *
 * @param fetchPage Gets the page that starts at that offset.
 */
export async function* iteratePages(
  endpoint: ClientEndpoint,
  first: Promise<unknown>,
  startOffset: number,
  fetchPage: (offset: number) => Promise<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const list = endpoint.list ?? ''
  let page = await first
  let offset = startOffset
  let previousId: unknown
  for (;;) {
    const items: unknown = fieldOf(page, list)
    if (!Array.isArray(items)) throw wrongPage(endpoint, page, list, 'expected array')

    // A server that ignores `offset` would have the first page handled again and again
    const firstId = fieldOf(items[0], 'id')
    if (firstId !== undefined && firstId === previousId) {
      throw wrongPage(endpoint, page, list, `offset ${offset} answers the items of the page before`)
    }
    previousId = firstId

    for (const item of items) {
      if (signal?.aborted) {
        throw new WeavzAbortError(`${endpoint.id} was aborted`, { code: 'ABORTED', cause: signal.reason })
      }
      yield item
    }
    offset += items.length
    const total = fieldOf(page, 'total')
    if (!endpoint.paginated || items.length === 0 || typeof total !== 'number' || offset >= total) return
    page = await fetchPage(offset)
  }
}

function wrongPage(
  endpoint: ClientEndpoint,
  page: unknown,
  path: string,
  message: string,
): WeavzResponseError {
  return new WeavzResponseError(`${endpoint.id} answered no page: ${path}: ${message}`, {
    endpoint: `${endpoint.method} ${endpoint.path}`,
    status: 200,
    issues: [{ path, message }],
    raw: page,
  })
}
