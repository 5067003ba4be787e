import fc, { type Arbitrary } from 'fast-check'
import type * as z from 'zod/mini'
import type { AnyEndpoint } from '../../../src/contract/endpoint.js'
import { endpoints, type EndpointId } from '../../../src/contract/index.js'
import { mutated } from './mutate.js'
import { idField, Ref, type About, type Json, type Pool } from './pool.js'
import { nastyTexts, operation, valid } from './values.js'
import type { Caller } from './world.js'

/** One call of an endpoint, well-formed or nearly so. */
export interface Call {
  readonly id: EndpointId
  readonly caller: Caller
  readonly params: Readonly<Record<string, Json>>
  readonly query?: Json
  readonly body?: Json
  readonly headers: Readonly<Record<string, string>>
  /** The thing whose ids and names it prefers. */
  readonly about?: About | undefined
}

/** What goes over the wire. */
export interface Wire {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

const byId = new Map<string, AnyEndpoint>(endpoints.map((endpoint) => [endpoint.id, endpoint]))
export const endpointOf = (id: EndpointId): AnyEndpoint => byId.get(id) as AnyEndpoint

/** `/api/v1/end-users/{id}/invite` → `{ id: 'endUserId' }`: the fields in which the API answers such ids. */
function fieldsOfPath(path: string): Readonly<Record<string, string>> {
  const found = path.matchAll(/([^/]+)\/\{(\w+)\}/g)
  return Object.fromEntries(
    Array.from(found, ([, before = '', name = '']) => [name, name === 'id' ? idField(before) : name]),
  )
}

const nasty = fc.constantFrom<Json>(...nastyTexts)
const mostly = (usual: Arbitrary<Json>, seldom: Arbitrary<Json>) =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: seldom })

function paramsOf({ path }: AnyEndpoint): Arbitrary<Readonly<Record<string, Json>>> {
  const fields = Object.entries(fieldsOfPath(path)).map(([name, field]) => [
    name,
    mostly(
      fc.nat(50).map((nth) => new Ref(field, nth)),
      nasty,
    ),
  ])
  return fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<Json>>)
}

/** Fields of which a call names one, by a rule that its schema cannot tell; and one that makes it worth asking. */
const eitherOf: Readonly<Record<string, { readonly one: readonly string[]; readonly also?: string }>> = {
  'integrations.resolveOptions': { one: ['actionName', 'triggerName'], also: 'workspaceId' },
  'integrations.resolveProperty': { one: ['actionName', 'triggerName'], also: 'workspaceId' },
  'mcpServers.executeCode': { one: ['code', 'approvalId'] },
}

/** What the schema takes; and a real action with inputs that fit it, where there is one to call. */
function rightBody(id: string, schema: z.core.$ZodType): Arbitrary<Json> {
  const derived = valid(schema)
  if (id === 'actions.execute') {
    const plain = { workspaceId: new Ref('workspaceId', 0), endUserId: new Ref('externalId', 0) }
    const rest = fc.oneof(fc.constant(plain), derived)
    return fc.tuple(rest, operation).map(([fields, call]) => ({ ...(fields as object), ...call }))
  }
  const rule = eitherOf[id]
  if (!rule) return derived
  return fc.tuple(derived, fc.constantFrom(...rule.one), fc.nat(50)).map(([fields, chosen, nth]) => {
    const others = Object.entries(fields as object).filter(([name]) => !rule.one.includes(name))
    const named = [chosen, ...(rule.also ? [rule.also] : [])].map((name) => [name, new Ref(name, nth)])
    return Object.fromEntries([...named, ...others]) as Json
  })
}

function bodyOf(endpoint: AnyEndpoint): Arbitrary<Json | undefined> {
  if (!endpoint.body)
    return fc.option(fc.jsonValue({ maxDepth: 1 }) as Arbitrary<Json>, { nil: undefined, freq: 9 })
  const right = rightBody(endpoint.id, endpoint.body)
  return fc.oneof(right, mutated(right))
}

function queryOf({ query }: AnyEndpoint): Arbitrary<Json> {
  if (!query) return fc.constant({})
  const right = valid(query)
  return mostly(right, mutated(right))
}

const headerValue = fc.oneof(
  fc.constantFrom('', 'sdk', 'x'.repeat(5000), 'a, b', '%0d%0a', '"', 'undefined'),
  fc.string({ maxLength: 20 }),
)
const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'idempotency-key',
    'x-idempotency-key',
    'x-weavz-source',
    'x-source',
    'accept',
    'cookie',
  ),
  headerValue.map((text) => text.trim()),
  { maxKeys: 2 },
)

/** What calls of an endpoint are mostly about: its own things, and the workspace integrations that they refer to. */
function aboutOf({ id }: AnyEndpoint): Arbitrary<About> {
  const [namespace = ''] = id.split('.')
  const own: Readonly<Record<string, string>> = { integrations: 'property', triggers: 'trigger' }
  const its = own[namespace] ?? idField(namespace)
  const kinds = [its, its, 'integrationId', 'any']
  return fc.record({ kind: fc.constantFrom(...kinds), nth: fc.nat(200) })
}

const usually = (...weighted: readonly (readonly [number, Caller])[]): Arbitrary<Caller> =>
  fc.oneof(...weighted.map(([weight, caller]) => ({ weight, arbitrary: fc.constant(caller) })))

/** Calls of one endpoint: half of them right as far as its schemas tell, half with something wrong in one place. */
export function callsOf(endpoint: AnyEndpoint): Arbitrary<Call> {
  return fc.record({
    id: fc.constant(endpoint.id as EndpointId),
    caller: usually([24, 'admin'], [4, 'limited'], [1, 'nobody'], [1, 'wrong']),
    params: paramsOf(endpoint),
    query: queryOf(endpoint),
    body: bodyOf(endpoint),
    about: fc.option(aboutOf(endpoint), { nil: undefined, freq: 4 }),
    headers: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
  })
}

/** Lone surrogates cannot be in a URL. */
export const wellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text))
export const segment = (text: string) => encodeURIComponent(wellFormed(text))

/** The call as text, with what the pool holds in the place of references. */
export function wireOf(call: Call, pool: Pool, keys: Readonly<Record<Caller, string | undefined>>): Wire {
  const { method, path } = endpointOf(call.id)
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    segment(String(pool.resolve(call.params[name] ?? '', call.about))),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((pool.resolve(call.query ?? {}, call.about) ?? {}) as object)) {
    for (const one of [value].flat())
      search.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one))
  }
  const authorization = keys[call.caller]
  return {
    method,
    path: search.size > 0 ? `${filled}?${search}` : filled,
    headers: { ...call.headers, ...(authorization !== undefined && { authorization }) },
    ...(method !== 'GET' &&
      call.body !== undefined && { body: JSON.stringify(pool.resolve(call.body, call.about)) }),
  }
}
