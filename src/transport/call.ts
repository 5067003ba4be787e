import type { ClientEndpoint, Method } from '../contract/endpoint.js'
import { WeavzError } from './errors.js'
import {
  checkMaxRetries,
  checkNames,
  checkTimeout,
  invalidOption,
  plainHeaders,
  requestOptionNames,
  userHeaders,
  type RequestOptions,
  type Settings,
} from './options.js'
import { fillTemplate, parseTemplate, requireSelector, type PathTemplate } from './path.js'
import { buildQuery } from './query.js'
import { isSafeToRepeat } from './retry.js'

type Fields = Readonly<Record<string, unknown>>
type Headers = Readonly<Record<string, string>>

/** What a caller gave for one call of an endpoint; its types are those of the endpoint, checked where it is called. */
export interface AnyInput {
  readonly params?: Fields | undefined
  readonly query?: Fields | undefined
  readonly body?: unknown
}

/** What `client.request` takes. */
export interface RawRequest extends RequestOptions {
  /** Default `GET`, with a body `POST`. */
  method?: Method | undefined
  /** `undefined` is dropped; arrays become repeated keys. */
  query?: object | undefined
  /** Sent as JSON. */
  body?: unknown
  /** Whether a POST only reads, and may be repeated after a 5xx, a time-out or a network error. Default false. */
  safeToRetry?: boolean | undefined
}

const rawRequestNames: Readonly<Record<keyof RawRequest, true>> = {
  method: true,
  query: true,
  body: true,
  safeToRetry: true,
  ...requestOptionNames,
}

/** A call, ready to be sent as often as need be. */
export interface Call {
  /** Undefined: a raw request. */
  readonly endpoint: ClientEndpoint | undefined
  /** `POST /api/v1/connections/{id}` */
  readonly label: string
  readonly method: Method
  readonly url: string
  /** Names in lower case. Without the key, where that is asked for at each attempt. */
  readonly headers: Headers
  readonly body: unknown
  /** The body as it is sent. */
  readonly json: string | undefined
  readonly safeToRepeat: boolean
  /** What names the resource: path parameters, or the parameter that selects the endpoint. */
  readonly ids: readonly unknown[]
  readonly signal: AbortSignal | undefined
  readonly timeout: number
  readonly maxRetries: number
}

/** What of an endpoint is worked out once. */
interface Plan {
  readonly label: string
  readonly template: PathTemplate
  readonly headers: Headers
  readonly safeToRepeat: boolean
}
const plans = new WeakMap<ClientEndpoint, Plan>()

function planOf(endpoint: ClientEndpoint): Plan {
  let plan = plans.get(endpoint)
  if (plan === undefined) {
    plan = {
      label: `${endpoint.method} ${endpoint.path}`,
      template: parseTemplate(endpoint.path),
      headers: plainHeaders(endpoint.headers),
      safeToRepeat: isSafeToRepeat(endpoint.method, endpoint.safeToRetry),
    }
    plans.set(endpoint, plan)
  }
  return plan
}

/** @throws WeavzError `INVALID_ARGUMENT`, before anything is sent. */
export function endpointCall(
  settings: Settings,
  endpoint: ClientEndpoint,
  { params = {}, query = {}, body }: AnyInput,
  options?: RequestOptions,
): Call {
  if (options !== undefined) checkNames(endpoint.id, options, requestOptionNames)
  const plan = planOf(endpoint)
  requireSelector(endpoint, query)
  const path = fillTemplate(endpoint, plan.template, params)
  const selector = endpoint.selectedBy && query[endpoint.selectedBy.param]
  const ids = Object.values(params)
  return {
    endpoint,
    label: plan.label,
    method: endpoint.method,
    url: settings.baseUrl + path + buildQuery(query),
    safeToRepeat: plan.safeToRepeat,
    ids: selector === undefined ? ids : [...ids, selector],
    ...content(settings, plan.label, body, options?.headers, plan.headers),
    ...limits(settings, options),
  }
}

/** @throws WeavzError `INVALID_ARGUMENT`, before anything is sent. */
export function rawCall(settings: Settings, path: string, init: RawRequest): Call {
  // It is appended to the base URL: without the slash it could name another host, which would get the key
  if (typeof path !== 'string' || !path.startsWith('/')) throw invalidOption('`path` must start with a slash')
  checkNames('request', init, rawRequestNames)
  const { method = init.body === undefined ? 'GET' : 'POST' } = init
  const [pathname = path] = path.split(/[?#]/)
  const query = buildQuery(init.query)
  const label = `${method} ${pathname}`
  return {
    endpoint: undefined,
    label,
    method,
    url: settings.baseUrl + path + (path.includes('?') ? query.replace('?', '&') : query),
    safeToRepeat: isSafeToRepeat(method, init.safeToRetry),
    ids: [],
    ...content(settings, label, init.body, init.headers, undefined),
    ...limits(settings, init),
  }
}

function content(
  settings: Settings,
  label: string,
  body: unknown,
  ofCaller: RequestOptions['headers'],
  ofEndpoint: Headers | undefined,
): Pick<Call, 'body' | 'json' | 'headers'> {
  const json = body === undefined ? undefined : jsonOf(body, label)
  const headers: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
  Object.assign(headers, settings.headers, ofCaller && userHeaders(ofCaller, settings.apiKey), ofEndpoint)
  return { body, json, headers }
}

/** Objects that refer to themselves have no JSON, and neither have BigInts and functions. */
function jsonOf(body: unknown, label: string): string {
  let cause: unknown
  try {
    const json: string | undefined = JSON.stringify(body)
    if (json !== undefined) return json
  } catch (error) {
    cause = error
  }
  const options = { code: 'INVALID_ARGUMENT', endpoint: label, attempts: 0, cause } as const
  throw new WeavzError(`${label}: the body cannot be written as JSON`, options)
}

function limits(
  settings: Settings,
  options: RequestOptions = {},
): Pick<Call, 'signal' | 'timeout' | 'maxRetries'> {
  const { signal, timeout, maxRetries } = options
  return {
    signal,
    timeout: timeout === undefined ? settings.timeout : checkTimeout(timeout),
    maxRetries: maxRetries === undefined ? settings.maxRetries : checkMaxRetries(maxRetries),
  }
}
