import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import { isIdParam, type AnyEndpoint } from '../contract/endpoint.js'
import { endpoints, type EndpointId } from '../contract/index.js'
import type { Engine } from '../engine/engine.js'
import { isUuid } from '../engine/ids.js'
import { Refusal, notFound } from '../engine/refusal.js'
import { authenticate } from './authenticate.js'
import { createBeside, type Servers } from './beside.js'
import { readJson } from './body.js'
import type { Handler, HandlerRequest } from './handler.js'
import { handlers } from './handlers.js'
import { surfaceIds, surfaces, type ExchangeId, type Surface } from './exchanges.js'
import type { Exchange } from './kit/exchange.js'
import type { FaultSet, JournalFault } from './kit/faults.js'
import { readShown } from './kit/shown.js'
import type { Strays } from './kit/strays.js'
import { sentText } from './messages/request.js'
import type { Outgoing } from './outgoing.js'
import type { PagesOptions } from './pages/index.js'
import { ignoredParameters, parseBody, parseQuery } from './parse.js'
import { peerOf } from './peer.js'
import { createRateLimiter, rateHeaders, refuseAbove } from './rate-limit.js'
import type { Traffic } from './traffic.js'
import { refuseOutOfScope, visibleTo } from './scope.js'
import { errorBody, jsonResponse } from './respond.js'
import { unknownRoute } from './unknown-route.js'

export interface RouterOptions {
  /** Whether unknown body fields are refused. Default true. */
  readonly strict?: boolean
  /** Requests a minute and API key. Above it: 429 `RATE_LIMITED`. Default: no limit. */
  readonly requestsPerMinute?: number
  /**
   * Requests a minute and IP address to the hosted pages and to `/api/v1/connect/*`, before authentication. Weavz allows
   * 60. What is sent in this process comes from one address. Default: no limit.
   */
  readonly connectRequestsPerMinute?: number
  /** Where this Weavz says that its hosted pages are. Default: the origin of each request. */
  readonly baseUrl?: string
  readonly pages?: PagesOptions
}

/** What pages of another origin may read beside the body. */
const readable = [
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Retry-After',
]

/** What goes along with each request. */
export interface RouterTools {
  readonly faults: FaultSet
  readonly outgoing: Pick<Outgoing, 'during'>
  readonly traffic: Traffic
  readonly strays: Pick<Strays, 'ignore'>
}

type PathParams = Readonly<Record<string, string>>

/** Answers every request, and tells the exchange that it belongs to what it does. */
export interface Router extends Pick<Hono, 'routes'> {
  fetch(request: Request, exchange: Exchange): Response | Promise<Response>
}

/** Builds the server from the table of the contract: every endpoint; and the pages that Weavz hosts beside them. */
export function createRouter(
  engine: Engine,
  servers: Servers,
  { faults, outgoing, traffic, strays }: RouterTools,
  options: RouterOptions = {},
): Router {
  const app = new Hono()
  const { redactor } = engine.vault
  const countKey = createRateLimiter(engine.clock, traffic.keys, options.requestsPerMinute)
  const countAddress = createRateLimiter(engine.clock, traffic.addresses, options.connectRequestsPerMinute)
  /** Of the requests that Hono has, which hands on nothing else. */
  const exchanges = new WeakMap<Request, Exchange>()
  const exchangeFor = (request: Request) => exchanges.get(request) as Exchange
  const engineFor = (exchange: Exchange) => outgoing.during(exchange, engine)

  async function answer(
    request: Request,
    exchange: Exchange,
    candidates: readonly AnyEndpoint[],
    params: PathParams,
  ) {
    const number = String(++traffic.requests).padStart(8, '0')
    const headers: Record<string, string> = { 'x-request-id': `req_${number}` }
    try {
      const { searchParams, origin, pathname } = exchange.url
      const ofAddress = pathname.startsWith('/api/v1/connect/') ? countAddress(peerOf(request)) : undefined
      if (ofAddress) {
        Object.assign(headers, rateHeaders(ofAddress))
        refuseAbove(ofAddress, headers)
      }
      const apiKey = authenticate(engine, request)
      const rate = countKey(apiKey?.id ?? 'anonymous')
      // Of two limits the one that is nearer
      if (!ofAddress || rate.remaining <= ofAddress.remaining) Object.assign(headers, rateHeaders(rate))
      const endpoint = select(candidates, searchParams)
      if (!endpoint) throw unknownRoute(request.method, pathname)
      exchange.endpoint = endpoint.id as EndpointId
      if (!apiKey && endpoint.auth !== 'none') {
        throw new Refusal(
          'UNAUTHORIZED',
          'This needs an API key, sent as a bearer token, that exists and has not expired',
        )
      }
      refuseAbove(rate, headers)
      refuseForeignIds(endpoint, params)
      const query = endpoint.query && parseQuery(endpoint.query, searchParams)
      if (endpoint.query && exchange.url.search !== '') {
        exchange.issues = ignoredParameters(endpoint.query, searchParams)
        strays.ignore(exchange)
      }
      const body = endpoint.body && (await bodyOf(endpoint, request, options.strict ?? true, exchange))
      // The table types each handler by its endpoint; here the endpoint is any of them.
      const handle = handlers[endpoint.id as keyof typeof handlers] as unknown as Handler
      const baseUrl = options.baseUrl ?? origin
      const { headers: sent, signal } = request
      const call = {
        params,
        query,
        body,
        headers: sent,
        apiKey,
        baseUrl,
        visible: visibleTo(apiKey),
        signal,
      } as HandlerRequest
      refuseOutOfScope(engine, endpoint.id as EndpointId, call)
      const reply = await handle(engineFor(exchange), call)
      exchange.reply = reply.body
      return jsonResponse(reply.status, reply.body, headers)
    } catch (error) {
      exchange.refused(error)
      const { status, body } = errorBody(engine, error)
      exchange.reply = body
      return jsonResponse(status, body, headers)
    }
  }

  /**
   * @param read Reads the body of a request, for the journal.
   * @param proceed Answers the request, and reads its body.
   */
  async function amongFaults(
    request: Request,
    exchange: Exchange,
    target: ExchangeId,
    read: (request: Request) => Promise<unknown>,
    proceed: () => Promise<Response>,
  ) {
    exchange.endpoint = target
    if (faults.none) return proceed()
    const call = () => ({
      target,
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
    })
    const struck = (fault: JournalFault) => exchange.faults.push(fault)
    let reached = false
    try {
      const response = await faults.around(call, request.signal, struck, () => {
        reached = true
        return proceed()
      })
      if (exchange.faults.some(({ type }) => type === 'status' || type === 'rate-limit')) {
        exchange.reply = await readShown(response, redactor).catch(() => undefined)
      }
      return response
    } catch (error) {
      // Nothing that the router could answer with: the door has to fail
      exchange.lost = { error }
      return new Response(null)
    } finally {
      if (!reached) exchange.body = await read(request).catch(() => undefined)
    }
  }

  function answerEndpoint(
    request: Request,
    exchange: Exchange,
    candidates: readonly AnyEndpoint[],
    params: PathParams,
  ) {
    const target = select(candidates, exchange.url.searchParams)?.id as EndpointId | undefined
    const proceed = () => answer(request, exchange, candidates, params)
    return target === undefined ? proceed() : amongFaults(request, exchange, target, readJson, proceed)
  }

  /** What is served beside the endpoints, with its bodies for the journal: nobody else has parsed them. */
  function answerBeside(request: Request, target: ExchangeId) {
    const exchange = exchangeFor(request)
    const read = async () => readShown(request, redactor)
    return amongFaults(request, exchange, target, read, async () => {
      exchange.body = await read()
      const response = await beside.fetch(request)
      exchange.reply = await readShown(response, redactor)
      return response
    })
  }

  /** The endpoints whose paths are texts, and of those that nothing goes around: found without matching. */
  const exact = new Map<string, readonly AnyEndpoint[]>()
  for (const [path, methods] of routes()) {
    const open = [...methods.values()].flat().some((endpoint) => endpoint.auth === 'none')
    // What needs no API key is called from pages, and those are of another origin.
    if (open) app.use(path, cors({ exposeHeaders: readable }))
    for (const [method, candidates] of methods) {
      app.on(method, path, ({ req }) =>
        answerEndpoint(req.raw, exchangeFor(req.raw), candidates, req.param()),
      )
      if (!open && !path.includes(':')) exact.set(`${method} ${path}`, candidates)
    }
  }
  const beside = createBeside(
    engine,
    (request) => engineFor(exchangeFor(request)),
    { ...servers, countAddress },
    options,
  )
  for (const id of surfaceIds) {
    const { paths, crossOrigin }: Surface = surfaces[id]
    for (const path of paths) {
      // MCP clients that run in pages find the way to sign in by the challenge
      if (crossOrigin) app.use(path, cors({ origin: '*', exposeHeaders: ['www-authenticate'] }))
      app.all(path, ({ req }) => answerBeside(req.raw, id))
    }
  }
  const notFound = ({ req }: Context) => answer(req.raw, exchangeFor(req.raw), [], {})
  beside.notFound(notFound)
  app.notFound(notFound)
  return {
    routes: app.routes,
    fetch(request, exchange) {
      const candidates = exact.get(`${request.method} ${exchange.url.pathname}`)
      if (candidates) return answerEndpoint(request, exchange, candidates, {})
      exchanges.set(request, exchange)
      return app.fetch(request)
    },
  }
}

/** The endpoints by path (`/api/v1/workspaces/:id`) and method. */
function routes(): Map<string, Map<string, AnyEndpoint[]>> {
  const paths = new Map<string, Map<string, AnyEndpoint[]>>()
  for (const endpoint of endpoints as readonly AnyEndpoint[]) {
    const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1')
    const methods = paths.get(path) ?? new Map<string, AnyEndpoint[]>()
    const candidates = methods.get(endpoint.method) ?? []
    paths.set(path, methods.set(endpoint.method, [...candidates, endpoint]))
  }
  return paths
}

/** Of texts that the journal keeps as they came. */
const longestSent = 10_000

/** The endpoint that the query selects among those that share a method and a path. */
function select(candidates: readonly AnyEndpoint[], query: URLSearchParams): AnyEndpoint | undefined {
  const selected = candidates.find(({ selectedBy }) => {
    if (!selectedBy) return false
    const value = query.get(selectedBy.param)
    return value !== null && (selectedBy.value === undefined || selectedBy.value === value)
  })
  return selected ?? candidates.find(({ selectedBy }) => !selectedBy)
}

/** A path id that does not look like one names nothing. */
function refuseForeignIds({ idPattern }: AnyEndpoint, params: PathParams): void {
  for (const [name, value] of Object.entries(params)) {
    const fits = idPattern ? idPattern.test(value) : isUuid(value)
    if (isIdParam(name) && !fits) throw notFound('Resource')
  }
}

async function bodyOf(
  endpoint: AnyEndpoint,
  request: Request,
  strict: boolean,
  exchange: Exchange,
): Promise<unknown> {
  const json = await readJson(request)
  exchange.body = json
  const sent = sentText(request)?.trim() ?? ''
  if (sent !== '' && sent.length <= longestSent) exchange.sent = sent
  if (endpoint.body === undefined) return undefined
  const body = parseBody(endpoint.body, json, strict)
  if (endpoint.method === 'PATCH' && Object.keys(body as object).length === 0) {
    throw new Refusal('NO_UPDATES', 'The body names no field to update')
  }
  return body
}
