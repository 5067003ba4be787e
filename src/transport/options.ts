import { version } from '../../package.json'
import { kindOf } from '../contract/mismatch.js'
import { WeavzError } from './errors.js'
import type { Hooks } from './hooks.js'

/** An API key, or where to get one: asked before every attempt, so that a rotated key is picked up. */
export type ApiKey = string | (() => string | Promise<string>)

/** The part of `fetch` that this SDK uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * What happens to a success whose body is not what the API promises: `throw` a `WeavzResponseError`; `warn` through
 * `hooks.onInvalidResponse` and return the body as it is; `off` does not look at it.
 */
export type ValidationMode = 'throw' | 'warn' | 'off'

export interface TransportOptions {
  apiKey?: ApiKey | undefined
  baseUrl: string
  fetch?: Fetch | undefined
  timeout?: number | undefined
  maxRetries?: number | undefined
  headers?: HeaderOptions | undefined
  userAgent?: string | undefined
  hooks?: Hooks | undefined
  validation?: ValidationMode | undefined
}

/** Names in any case; `undefined` is as good as absent. */
export type HeaderOptions = Readonly<Record<string, string | undefined>>

/** What every method takes as its last argument. */
export interface RequestOptions {
  /** Ends the call, and any waiting between attempts, at once: the promise rejects with `WeavzAbortError`. */
  signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, body included. Default: the client's. `Infinity` for no limit. */
  timeout?: number | undefined
  /** How often a failed attempt may be repeated. Default: the client's. */
  maxRetries?: number | undefined
  /** Additional headers. `Authorization` of a client with an API key cannot be replaced. */
  headers?: HeaderOptions | undefined
}

export const requestOptionNames: Readonly<Record<keyof RequestOptions, true>> = {
  signal: true,
  timeout: true,
  maxRetries: true,
  headers: true,
}

/** The options, checked and completed. Worked out once a client. */
export interface Settings {
  readonly apiKey: ApiKey | undefined
  readonly baseUrl: string
  readonly fetch: Fetch
  readonly timeout: number
  readonly maxRetries: number
  /** What every call sends, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly hooks: Hooks
  readonly validation: ValidationMode
}

export const defaultTimeoutMs = 310_000
export const defaultMaxRetries = 2
/** RFC 9110, 10.1.5: product and version. */
export const defaultUserAgent = `weavz-sdk-typescript/${version}`

export function resolveOptions(options: TransportOptions): Settings {
  const apiKey = typeof options.apiKey === 'string' ? checkApiKey(options.apiKey) : options.apiKey
  return {
    apiKey,
    baseUrl: checkBaseUrl(options.baseUrl),
    // Looked up at each call, so that tools which replace the global fetch later are seen
    fetch: checkFetch(options.fetch) ?? ((url, init) => globalThis.fetch(url, init)),
    timeout: checkTimeout(options.timeout ?? defaultTimeoutMs),
    maxRetries: checkMaxRetries(options.maxRetries ?? defaultMaxRetries),
    headers: {
      accept: 'application/json',
      // Browsers set it themselves, and where they let a page do so it costs a CORS preflight
      ...(typeof document === 'undefined' && { 'user-agent': defaultUserAgent }),
      ...plainHeaders({ 'user-agent': options.userAgent }),
      ...userHeaders(options.headers, apiKey),
      ...(typeof apiKey === 'string' && { authorization: `Bearer ${apiKey}` }),
    },
    hooks: options.hooks ?? {},
    validation: options.validation ?? 'throw',
  }
}

/** A client with a key does not let its Authorization be replaced. */
export function userHeaders(
  headers: HeaderOptions | undefined,
  apiKey: ApiKey | undefined,
): Record<string, string> {
  const { authorization, ...others } = plainHeaders(headers)
  return apiKey === undefined && authorization !== undefined ? { ...others, authorization } : others
}

export function invalidOption(message: string, hint?: string): WeavzError {
  return new WeavzError(message, { code: 'INVALID_ARGUMENT', attempts: 0, hint })
}

/**
 * Refuses a name that no option has: one that is mistyped would be as good as none. `undefined` is as good as absent.
 *
 * @param what Takes the options: `connections.list`.
 * @throws WeavzError `INVALID_ARGUMENT` that names the options there are.
 */
export function checkNames(what: string, options: object, known: Readonly<Record<string, true>>): void {
  let wrong: string | undefined
  if (Object(options) !== options) wrong = kindOf(options)
  else {
    // Inherited names, too: those of a signal, say, that was given as it is
    for (const name in options) {
      if (!(name in known) && Reflect.get(options, name) !== undefined) wrong ??= name
    }
  }
  if (wrong === undefined) return
  throw invalidOption(`${what} takes { ${Object.keys(known).join(', ')} }, and no \`${wrong}\``)
}

/** The root that paths are appended to, without trailing slashes. */
export function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw invalidOption('`baseUrl` must be an http or https URL')
  }
  // Not shown: this is where somebody else's password would be
  if (url.username || url.password) throw invalidOption('`baseUrl` must not contain credentials')
  if (url.search || url.hash) throw invalidOption('`baseUrl` must have neither query nor fragment')
  return url.href.replace(/\/+$/, '')
}

function checkFetch(fetch: Fetch | undefined): Fetch | undefined {
  if (fetch === undefined || typeof fetch === 'function') return fetch
  throw invalidOption('`fetch` must be a function, such as `weavz.fetch` of an offline Weavz')
}

export function checkTimeout(timeout: number): number {
  if (typeof timeout === 'number' && timeout > 0) return timeout
  throw invalidOption('`timeout` must be a number of milliseconds above 0 (Infinity for no limit)')
}

export function checkMaxRetries(maxRetries: number): number {
  if (Number.isInteger(maxRetries) && maxRetries >= 0) return maxRetries
  throw invalidOption('`maxRetries` must be a whole number from 0')
}

/** What fetch would say about such a key repeats the key. */
export function checkApiKey(apiKey: string): string {
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw new WeavzError('The API key is empty', { code: 'MISSING_API_KEY', attempts: 0 })
  }
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(apiKey)) return apiKey
  throw invalidOption(
    'The API key contains characters that no API key has',
    'A line break or a space at its end, from a file or an environment variable?',
  )
}

/** Headers with lower-case names, so that merging replaces instead of repeating. Refuses what fetch would refuse. */
export function plainHeaders(headers: HeaderOptions | undefined): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined) continue
    try {
      new Headers([[name, value]])
    } catch {
      // What Headers says repeats the value, which may be a secret
      throw invalidOption(`Header \`${name}\` is not a valid HTTP header`)
    }
    plain[name.toLowerCase()] = value
  }
  return plain
}
