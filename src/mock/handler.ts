import type { AnyEndpoint, ParamsOf, ParsedBodyOf, ParsedQueryOf, ReplyOf } from '../contract/endpoint.js'
import type { EndpointById, EndpointId } from '../contract/index.js'
import type { Engine } from '../engine/engine.js'
import type { ApiKeyRow } from '../engine/rows.js'
import type { Visibility } from '../engine/table.js'

/** A request that was authenticated and parsed with the schemas of its endpoint. */
export interface HandlerRequest<E extends AnyEndpoint = AnyEndpoint> {
  readonly params: ParamsOf<E>
  readonly query: ParsedQueryOf<E>
  readonly body: ParsedBodyOf<E>
  readonly headers: Headers
  /** The calling key; undefined where none is needed and none, or a bad one, was given. */
  readonly apiKey: ApiKeyRow | undefined
  /** What lists show to the key; undefined for a key of the whole organization. */
  readonly visible: Visibility | undefined
  /** Where this Weavz is reached: its hosted pages are below it. No trailing slash. */
  readonly baseUrl: string
  /** Aborted once the caller has gone. */
  readonly signal: AbortSignal
}

/** Answers one endpoint: a status that the contract declares, with the body that belongs to it. */
export type Handler<E extends AnyEndpoint = AnyEndpoint> = (
  engine: Engine,
  request: HandlerRequest<E>,
) => ReplyOf<E> | Promise<ReplyOf<E>>

/** One handler for every endpoint of the contract: a missing or a mistyped one does not compile. */
export type Handlers = { readonly [Id in EndpointId]: Handler<EndpointById<Id>> }

/** `workspaces` → `workspaces.list`, …, but not `workspaces.integrations.list`. */
type IdsOf<Resource extends string> = Exclude<
  Extract<EndpointId, `${Resource}.${string}`>,
  `${Resource}.${string}.${string}`
>
/** The handlers of one resource. */
export type HandlersOf<Resource extends string> = Pick<Handlers, IdsOf<Resource>>

/** The answer to every delete. */
export const deleted = (id: string) => ({ status: 200, body: { deleted: true, id } }) as const
