import { requestIdOf } from './answer.js'

/** A result with the HTTP response that brought it. */
export interface WithResponse<T> {
  data: T
  /** Status and headers; its body has been read already. */
  response: Response
  /** `X-Request-Id` of the response. */
  requestId: string | undefined
}

/** What a call brings. The request id is looked up only if somebody asks for it. */
export type Success<T> = Omit<WithResponse<T>, 'requestId'>

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
 * A native promise with methods, not a subclass: `await` on a subclass goes through its `then`, and V8 then loses the
 * caller's frame from the stack of an error.
 */
export function apiPromise<T>(answer: Promise<Success<T>>): APIPromise<T> {
  const promise = answer.then(dataOf)
  return Object.assign(promise, {
    withResponse() {
      // Who asks for this never awaits `promise`, whose rejection must not count as unhandled
      promise.catch(ignore)
      return answer.then(withRequestId)
    },
  })
}

export function listPromise<T, Item>(
  answer: Promise<Success<T>>,
  iterate: (first: Promise<T>) => AsyncGenerator<Item, void, undefined>,
): ListPromise<T, Item> {
  const promise = apiPromise(answer)
  return Object.assign(promise, {
    [Symbol.asyncIterator]() {
      promise.catch(ignore)
      return iterate(promise)
    },
  })
}

function dataOf<T>({ data }: Success<T>): T {
  return data
}

function withRequestId<T>(success: Success<T>): WithResponse<T> {
  return { ...success, requestId: requestIdOf(success.response) }
}

function ignore(): void {
  // Reported to whoever awaits the other promise
}
