import { requestIdOf } from './answer.js'

/** A result with the HTTP response that brought it. */
export interface WithResponse<T> {
  data: T
  /** Status and headers; its body has been read already. */
  response: Response
  /** `X-Request-Id` of the response. */
  requestId: string | undefined
}

/** Where a call leaves its response, for those who ask for it. */
export interface Arrival {
  response?: Response
}

/**
 * A promise of the result that can also tell the HTTP response behind it.
 *
 * @example
 * const { connection } = await weavz.connections.get(id)
 * const { data, requestId } = await weavz.connections.get(id).withResponse()
 */
export interface APIPromise<T> extends Promise<T> {
  /** The result together with the HTTP response and its request id. Rejects as the call does. */
  withResponse(): Promise<WithResponse<T>>
}

/**
 * A list: await it for one page, or iterate over all items of all pages.
 *
 * @example
 * const { connections, total } = await weavz.connections.list({ limit: 20 })
 * for await (const connection of weavz.connections.list()) console.log(connection.externalId)
 */
export interface ListPromise<T, Item> extends APIPromise<T>, AsyncIterable<Item> {
  /** Every item from this page on; further pages are fetched as they are needed. */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>
}

/**
 * Gives a native promise methods. Not a subclass: `await` on one goes through its `then`, and V8 then loses the caller's
 * frame from the stack of an error.
 */
export function apiPromise<T>(promise: Promise<T>, arrival: Arrival): APIPromise<T> {
  return Object.assign(promise, {
    withResponse: () =>
      promise.then((data) => {
        // It is there before the promise is fulfilled
        const response = arrival.response as Response
        return { data, response, requestId: requestIdOf(response) }
      }),
  })
}

export function listPromise<T, Item>(
  page: APIPromise<T>,
  iterate: (first: Promise<T>) => AsyncGenerator<Item, void, undefined>,
): ListPromise<T, Item> {
  return Object.assign(page, {
    [Symbol.asyncIterator]() {
      // Who iterates never awaits the page itself, whose rejection must not count as unhandled
      page.catch(ignore)
      return iterate(page)
    },
  })
}

function ignore(): void {
  // Reported to whoever awaits the other promise
}
