import ky from 'ky'
import type {
  AnyEndpoint,
  BodyOf,
  ItemOf,
  ParamsOf,
  PathParam,
  QueryOf,
  ResponseOf,
} from '../contract/endpoint.js'
import { redactHeaders, redactText, redactValue } from '../contract/secrets.js'
import { requestIdOf, type Answer } from './answer.js'
import { endpointCall, rawCall, type AnyInput, type Call, type RawRequest } from './call.js'
import { WeavzError } from './errors.js'
import { exchange } from './exchange.js'
import { abortOf, failureOf } from './failure.js'
import { notify } from './hooks.js'
import {
  checkApiKey,
  resolveOptions,
  type RequestOptions,
  type Settings,
  type TransportOptions,
} from './options.js'
import { iteratePages } from './pages.js'
import { apiPromise, listPromise, type APIPromise, type Arrival, type ListPromise } from './promise.js'
import { parseRetryAfter } from './retry-after.js'
import { delayBefore, isRetriable, systemRuntime, type Runtime } from './retry.js'
import { resultOf } from './success.js'

/** Path parameters, query and body of one call, each as far as the endpoint has it. */
export type CallInput<E extends AnyEndpoint> = ([PathParam<E['path']>] extends [never]
  ? { params?: undefined }
  : { params: ParamsOf<E> }) & { query?: QueryOf<E>; body?: BodyOf<E> }

/** Performs the endpoints of the contract over `fetch`. All state is private, so that printing a client prints no key. */
export class Transport {
  readonly #settings: Settings
  readonly #ky: typeof ky
  /** Clock, chance and sleep, shared with whatever waits by means of this transport. */
  readonly runtime: Runtime

  /** @throws WeavzError `INVALID_ARGUMENT` if an option cannot be used. */
  constructor(options: TransportOptions, runtime: Runtime = systemRuntime) {
    this.#settings = resolveOptions(options)
    this.runtime = runtime
    // Retries, time-outs and errors are ours: ky's have no jitter, count no body, and print the Authorization header
    this.#ky = ky.create({ retry: 0, timeout: false, throwHttpErrors: false })
  }

  /** The root of the API, without a trailing slash. */
  get baseUrl(): string {
    return this.#settings.baseUrl
  }

  /** Performs one endpoint. Everything that goes wrong comes as a rejection, wrong arguments included. */
  call<E extends AnyEndpoint>(
    endpoint: E,
    input: CallInput<E>,
    options?: RequestOptions,
  ): APIPromise<ResponseOf<E>> {
    return this.#start(() => endpointCall(this.#settings, endpoint, input as AnyInput, options))
  }

  /** Performs a list endpoint: one page to await, all items to iterate over. */
  list<E extends AnyEndpoint & { readonly list?: string }>(
    endpoint: E,
    input: CallInput<E>,
    options?: RequestOptions,
  ): ListPromise<ResponseOf<E>, ItemOf<E>> {
    const { params, query = {} } = input as AnyInput
    const page = (query: AnyInput['query']) =>
      this.#start<ResponseOf<E>>(() => endpointCall(this.#settings, endpoint, { params, query }, options))
    return listPromise(page(query), (first) => {
      const fetchPage = (offset: number) => page({ ...query, offset })
      const items = iteratePages(endpoint, first, Number(query['offset'] ?? 0), fetchPage, options?.signal)
      return items as AsyncGenerator<ItemOf<E>, void, undefined>
    })
  }

  /** A path that the contract may not know; the same key, retries and errors, but no validation. */
  request<T>(path: string, init: RawRequest = {}): APIPromise<T> {
    return this.#start(() => rawCall(this.#settings, path, init))
  }

  #start<T>(prepare: () => Call): APIPromise<T> {
    const arrival: Arrival = {}
    return apiPromise(this.#perform<T>(prepare, arrival), arrival)
  }

  /**
   * All attempts of one call. Errors are made in here, and not in helpers that it awaits, because V8 then leads their
   * stack from here to the caller's own `await`, at no cost to calls that succeed.
   */
  async #perform<T>(prepare: () => Call, arrival: Arrival): Promise<T> {
    const call = prepare()
    for (let attempt = 1; ; attempt++) {
      if (call.signal?.aborted) throw abortOf(call, attempt - 1)
      const started = this.runtime.now()
      const outcome = await exchange((signal) => this.#send(call, attempt, signal), call.timeout, call.signal)
      const response = outcome.kind === 'answer' ? outcome.response : undefined
      if (outcome.kind === 'answer') {
        this.#reportResponse(call, outcome, attempt, started)
        if (outcome.response.ok) {
          arrival.response = outcome.response
          return resultOf(this.#settings, call, outcome, attempt) as T
        }
      }

      const retryAfterMs = parseRetryAfter(response?.headers.get('retry-after') ?? null, this.runtime.now())
      const error = failureOf(this.#settings, call, outcome, attempt, retryAfterMs)
      const final = outcome.kind === 'aborted' || outcome.kind === 'unsent' || attempt > call.maxRetries
      if (final || !isRetriable(response?.status, call.safeToRepeat)) throw error

      const delayMs = delayBefore(attempt, retryAfterMs, this.runtime.random)
      notify(this.#settings.hooks, 'onRetry', () => ({ endpoint: call.label, attempt, delayMs, error }))
      await this.runtime.sleep(delayMs, call.signal)
    }
  }

  #send(call: Call, attempt: number, signal: AbortSignal): Promise<Response> {
    const { apiKey } = this.#settings
    if (typeof apiKey !== 'function') return this.#fetch(call, call.headers, attempt, signal)
    const withKey = (key: string) => ({ ...call.headers, authorization: `Bearer ${key}` })
    return askForKey(apiKey).then((key) => this.#fetch(call, withKey(key), attempt, signal))
  }

  #fetch(call: Call, headers: Call['headers'], attempt: number, signal: AbortSignal): Promise<Response> {
    const { hooks, fetch } = this.#settings
    const { method, url, json: body } = call
    if (call.endpoint?.auth === 'api-key' && headers['authorization'] === undefined) throw missingKey(call)
    notify(hooks, 'onRequest', () => ({
      endpoint: call.label,
      method,
      url: redactText(url),
      headers: redactHeaders(headers),
      body: redactValue(call.body),
      attempt,
    }))
    const init: RequestInit = { method, headers, signal, ...(body !== undefined && { body }) }
    // One of a caller's may answer without a promise
    const answer = Promise.resolve(fetch(url, init))
    const pass = () => this.#passThroughKy(answer)
    return body === undefined ? pass() : bodySent(answer).then(pass)
  }

  /**
   * Lets ky have an answer that is under way. ky's own fetch takes a Request, whose body is a stream: no Content-Length, and
   * several times the cost of the text. A hook that answers also spares the copy that ky makes for its retries; what ky does
   * not take for an answer there, because its class is not the global Response, it asks for again. The Request that ky makes
   * is read by nobody, so that the base URL is enough for it.
   * docs/decisions/005-what-ky-costs.md
   */
  #passThroughKy(answer: Promise<Response>): Promise<Response> {
    const answered = () => answer
    return this.#ky(this.#settings.baseUrl, { hooks: { beforeRequest: [answered] }, fetch: answered })
  }

  #reportResponse(call: Call, { response }: Answer, attempt: number, started: number): void {
    notify(this.#settings.hooks, 'onResponse', () => ({
      endpoint: call.label,
      method: call.method,
      url: redactText(call.url),
      status: response.status,
      headers: redactHeaders(response.headers),
      requestId: requestIdOf(response),
      durationMs: this.runtime.now() - started,
      attempt,
    }))
  }
}

/**
 * `fetch` of Node 20 writes a request without a body at once, and one with a body seven turns of the microtask queue
 * later. What ky does about a Request that nobody reads would keep the body waiting; after that, the server does. An
 * answer that is there sooner came from memory: nothing is left to wait for.
 */
async function bodySent(answer: Promise<Response>): Promise<void> {
  let answered = false
  const stop = () => void (answered = true)
  answer.then(stop, stop)
  for (let turn = 0; turn < 8 && !answered; turn++) await undefined
}

async function askForKey(source: () => string | Promise<string>): Promise<string> {
  let key: string
  try {
    key = await source()
  } catch (cause) {
    throw new WeavzError('The `apiKey` function failed', { code: 'MISSING_API_KEY', cause })
  }
  return checkApiKey(key)
}

function missingKey(call: Call): WeavzError {
  return new WeavzError(`${call.label} needs an API key`, {
    code: 'MISSING_API_KEY',
    endpoint: call.label,
    attempts: 0,
    hint: 'Pass `apiKey` to the client, or set WEAVZ_API_KEY.',
  })
}
