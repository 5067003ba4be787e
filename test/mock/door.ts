import { describe, expect, onTestFinished } from 'vitest'
import type * as z from 'zod/mini'
import type { AnyEndpoint, BodyOf, ParamsOf, QueryOf, ReplyOf } from '../../src/contract/endpoint.js'
import { ErrorBody, type KnownErrorCode } from '../../src/contract/errors.js'
import { endpoints, type EndpointById, type EndpointId } from '../../src/contract/index.js'
import { parse } from '../../src/contract/issues.js'
import { createMockWeavz, type MockWeavz, type MockWeavzOptions } from '../../src/mock/index.js'
import { listen } from '../../src/mock/node.js'
import { heldAgainstOpenApi } from './openapi/held.js'

/** Part of every credential that the tests hand over: no answer may contain it. */
export const hush = 'hush-hush'

type Defined<K extends string, V> = [V] extends [undefined] ? { [P in K]?: undefined } : { [P in K]: V }
/** What a well-formed call of one endpoint consists of. */
export type Call<E extends AnyEndpoint> = Defined<'body', BodyOf<E>> & {
  params?: ParamsOf<E>
  query?: Partial<QueryOf<E>>
  headers?: Record<string, string>
}

/** A call that may be wrong in any way. */
export interface AnyCall {
  params?: Record<string, string>
  query?: unknown
  body?: unknown
  headers?: Record<string, string>
}

export interface Refused {
  status: number
  code: string | undefined
  error: string
  details: unknown
  /** The paths of the issues, where there are some. */
  paths: string[]
  headers: Headers
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** One mock behind one door. Every answer is held against the contract. */
export class Api {
  constructor(
    readonly weavz: MockWeavz,
    readonly url: string,
    readonly fetch: Fetch,
  ) {}

  /** A request as it is, with the key unless another is given. */
  raw(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${this.weavz.apiKey}`)
    // As the client gives them
    return this.fetch(this.url + path, { ...init, method, headers: Object.fromEntries(headers) })
  }

  send(id: EndpointId, { params = {}, query, body, headers }: AnyCall = {}): Promise<Response> {
    const { method, path } = endpointOf(id)
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query ?? {})) search.set(name, String(value))
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    return this.raw(method, search.size > 0 ? `${filled}?${search}` : filled, {
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(headers && { headers }),
    })
  }

  /** Calls an endpoint that must succeed: status and body are what the contract declares, and nothing else. */
  async reply<Id extends EndpointId>(
    id: Id,
    call?: Call<EndpointById<Id>>,
  ): Promise<ReplyOf<EndpointById<Id>>> {
    const response = await this.send(id, call as AnyCall)
    const { status } = response
    const body = await bodyOf(response)
    const schema = (endpointOf(id).responses as Record<number, z.core.$ZodType>)[status]
    expect(schema, `${id}: ${status} ${JSON.stringify(body)}`).toBeDefined()
    const parsed = parse(schema as z.core.$ZodType, body)
    expect(parsed.ok ? [] : parsed.issues).toEqual([])
    expect(strangers(schema as z.core.$ZodType, body)).toEqual([])
    return { status, body } as ReplyOf<EndpointById<Id>>
  }

  /** The body of a call that must succeed. */
  async ok<Id extends EndpointId>(
    id: Id,
    call?: Call<EndpointById<Id>>,
  ): Promise<ReplyOf<EndpointById<Id>>['body']> {
    return (await this.reply(id, call)).body
  }

  /** A call that must be refused, with that code. */
  async refused(id: EndpointId, code: KnownErrorCode, call?: AnyCall): Promise<Refused> {
    const refusal = await refusalOf(await this.send(id, call))
    expect(refusal, refusal.error).toMatchObject({ code })
    const { errors } = endpointOf(id)
    const common = [
      ...['VALIDATION_ERROR', 'INVALID_JSON', 'UNAUTHORIZED', 'NOT_FOUND', 'RATE_LIMITED'],
      ...(endpointOf(id).method === 'PATCH' ? ['NO_UPDATES'] : []),
    ]
    expect([...errors, ...common], 'a code that the contract declares').toContain(code)
    return refusal
  }
}

function endpointOf(id: EndpointId): AnyEndpoint {
  return endpoints.find((endpoint) => endpoint.id === id) as AnyEndpoint
}

async function bodyOf(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/json')
  for (const name of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
    expect(response.headers.get(name), name).toMatch(/^\d+$/)
  }
  const text = await response.text()
  expect(text).not.toContain(hush)
  return JSON.parse(text)
}

/** The error that a response must be: the envelope, and none of the server's own defects. */
export async function refusalOf(response: Response): Promise<Refused> {
  const body = await bodyOf(response)
  const parsed = parse(ErrorBody, body)
  if (!parsed.ok) throw new Error(`Not an error of the API: ${JSON.stringify(body)}`)
  const { error, code, details } = parsed.value
  expect(response.status, error).toBeGreaterThanOrEqual(400)
  expect(response.status, error).toBeLessThan(500)
  expect(error).not.toBe('')
  const issues = (details as { issues?: { path: string }[] } | undefined)?.issues ?? []
  if (code === 'VALIDATION_ERROR') expect(issues).not.toEqual([])
  const paths = issues.map(({ path }) => path)
  return { status: response.status, code, error, details, paths, headers: response.headers }
}

/** The fields of an answer that its schema does not name: what the mock must not let out. */
export function strangers(schema: z.core.$ZodType, value: unknown, path = 'body'): string[] {
  const def: Record<string, unknown> & { type: string } = { ...schema._zod.def }
  if (def.type === 'optional' || def.type === 'nullable') {
    return value == null ? [] : strangers(def.innerType as z.core.$ZodType, value, path)
  }
  if (def.type === 'array') {
    const items = value as unknown[]
    return items.flatMap((item, at) => strangers(def.element as z.core.$ZodType, item, `${path}.${at}`))
  }
  if (def.type === 'record' && (def.valueType as z.core.$ZodType)._zod.def.type === 'object') {
    return Object.entries(value as object).flatMap(([name, item]) =>
      strangers(def.valueType as z.core.$ZodType, item, `${path}.${name}`),
    )
  }
  if (def.type !== 'object') return []
  const shape = def.shape as Record<string, z.core.$ZodType>
  return Object.entries(value as object).flatMap(([name, item]) =>
    shape[name] ? strangers(shape[name], item, `${path}.${name}`) : [`${path}.${name}`],
  )
}

export type Open = (options?: MockWeavzOptions) => Promise<Api>

export const inProcess: Open = async (options) => {
  const weavz = createMockWeavz(options)
  // Whoever lets unknown fields pass has left the document.
  const fetch = options?.strict === false ? weavz.fetch : heldAgainstOpenApi(weavz.fetch)
  return new Api(weavz, 'http://weavz.test', fetch)
}

const onPort: Open = async (options) => {
  const weavz = createMockWeavz(options)
  const server = await listen(weavz)
  onTestFinished(() => server.close())
  return new Api(weavz, server.url, (url, init) => fetch(url, init))
}

/** Runs a suite against the mock in this process, and against the mock on a port. */
export function throughBothDoors(title: string, suite: (open: Open) => void): void {
  describe.each([
    ['in process', inProcess],
    ['on a port', onPort],
  ])(`${title}, %s`, (_, open) => suite(open))
}

/** A clock that stands still until it is moved. */
export function stoppedClock(at = Date.parse('2025-01-15T10:30:00.000Z')) {
  return {
    now: () => at,
    advance(milliseconds: number) {
      at += milliseconds
    },
  }
}
