import type { AnyEndpoint, ItemOf, ResponseOf } from '../contract/endpoint.js'
import type { APIPromise, CallInput, ListPromise, RequestOptions, Transport } from '../transport/index.js'

/** A namespace of the client. The transport is private, so that printing a client prints no options. */
export abstract class Resource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  protected get runtime(): Transport['runtime'] {
    return this.#transport.runtime
  }

  protected call<E extends AnyEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: RequestOptions,
  ): APIPromise<ResponseOf<E>> {
    return this.#transport.call(endpoint, input, options)
  }

  protected callList<E extends AnyEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: RequestOptions,
  ): ListPromise<ResponseOf<E>, ItemOf<E>> {
    return this.#transport.list(endpoint, input, options)
  }
}
