import type * as z from 'zod/mini'
import type { KnownErrorCode } from './errors.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `'/a/{x}/b/{y}'` → `'x' | 'y'`. */
export type PathParam<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParam<Rest>
  : never

/** Whether a path parameter is an id, which has a form (`idPattern`, else a UUID). The others are slugs. */
export function isIdParam(name: string): boolean {
  return /^id$|Id$/.test(name)
}

type Schema = z.core.$ZodType

/** One operation of the API, as data. Types, client, mock router, OpenAPI and SUPPORTED.md derive from it. */
export interface EndpointDefinition<
  Path extends string = string,
  Query extends Schema | undefined = Schema | undefined,
  Body extends Schema | undefined = Schema | undefined,
  Responses extends Record<number, Schema> = Record<number, Schema>,
  List extends string | undefined = string | undefined,
> {
  readonly method: Method
  /** Template with `{name}` parameters, from the root of the base URL. */
  readonly path: Path
  /** `none`: answers without an API key; a bad key then counts as none. */
  readonly auth: 'api-key' | 'none'
  /** One sentence for documentation generated from the table. */
  readonly summary: string
  /**
   * The query parameter that selects this endpoint where several share method and path: by its presence
   * (`GET /api/v1/connections?id=…`), or by one value of it (`GET /api/v1/integrations?summary=true`).
   */
  readonly selectedBy?: { readonly param: string; readonly value?: string }
  /** What the ids in the path look like. Default: UUIDs. */
  readonly idPattern?: RegExp
  readonly query?: Query
  readonly body?: Body
  /** An absent body means `{}`. */
  readonly bodyOptional?: boolean
  /** Success status → body. */
  readonly responses: Responses
  /** Codes beyond those that any endpoint may answer (`commonErrors`). */
  readonly errors: readonly KnownErrorCode[]
  /** A POST that only reads, and may therefore be repeated after a network error or a 5xx. */
  readonly safeToRetry?: boolean
  /** Name of the array in the response of a list, `items` of a page. */
  readonly list?: List
  /** The list takes `limit` and `offset`. */
  readonly paginated?: boolean
  /** Optional headers that the API reads beside its common ones: name → what it is for. */
  readonly reads?: Readonly<Record<string, string>>
  /** Headers that the client always sends with this call. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface Endpoint<
  Id extends string = string,
  Path extends string = string,
  Query extends Schema | undefined = Schema | undefined,
  Body extends Schema | undefined = Schema | undefined,
  Responses extends Record<number, Schema> = Record<number, Schema>,
  List extends string | undefined = string | undefined,
> extends EndpointDefinition<Path, Query, Body, Responses, List> {
  /** Its place in the table: `connections.create`. */
  readonly id: Id
}

export type AnyEndpoint = Endpoint

/** What servers and documentation read of an endpoint. The client does not: its build leaves it out. */
export const serverFields = [
  'summary',
  'idPattern',
  'query',
  'body',
  'bodyOptional',
  'errors',
  'reads',
] as const satisfies readonly (keyof EndpointDefinition)[]

/** An endpoint, as far as the client may know it. */
export type ClientEndpoint = Omit<AnyEndpoint, (typeof serverFields)[number]>

export function endpoint<
  const Id extends string,
  const Path extends string,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Responses extends Record<number, Schema> = Record<number, Schema>,
  const List extends string | undefined = undefined,
>(
  id: Id,
  definition: EndpointDefinition<Path, Query, Body, Responses, List>,
): Endpoint<Id, Path, Query, Body, Responses, List> {
  return { id, ...definition }
}

// `query?: Query` adds undefined to what the table holds; only an endpoint without a query has nothing else.
type Present<S> = [Exclude<S, undefined>] extends [never] ? undefined : Exclude<S, undefined>
type Output<S> = Present<S> extends infer P ? (P extends Schema ? z.core.output<P> : undefined) : never
type Input<S> = Present<S> extends infer P ? (P extends Schema ? z.core.input<P> : undefined) : never

/** Path parameters by name, as the caller gives them. */
export type ParamsOf<E extends AnyEndpoint> = { readonly [K in PathParam<E['path']>]: string }
/** What a caller may send as query. */
export type QueryOf<E extends AnyEndpoint> = Input<E['query']>
/** What a caller may send as body. */
export type BodyOf<E extends AnyEndpoint> = Input<E['body']>
/** Query and body as a server sees them, after parsing. */
export type ParsedQueryOf<E extends AnyEndpoint> = Output<E['query']>
export type ParsedBodyOf<E extends AnyEndpoint> = Output<E['body']>
/** The body of a success, whichever status. */
export type ResponseOf<E extends AnyEndpoint> = {
  [S in keyof E['responses']]: Output<E['responses'][S]>
}[keyof E['responses']]
/** Every success that a server may answer, status and body together. */
export type ReplyOf<E extends AnyEndpoint> = {
  [S in keyof E['responses'] & number]: { readonly status: S; readonly body: Output<E['responses'][S]> }
}[keyof E['responses'] & number]
/** The items of a list endpoint. */
export type ItemOf<E extends AnyEndpoint> =
  NonNullable<E['list']> extends infer Key extends keyof ResponseOf<E>
    ? ResponseOf<E>[Key] extends readonly (infer Item)[]
      ? Item
      : never
    : never
