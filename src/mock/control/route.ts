import type { Engine } from '../../engine/engine.js'
import type { MockWeavz } from '../mock.js'

/** A request for a control route. */
export interface ControlCall {
  readonly weavz: MockWeavz
  /** The engine of the moment. */
  readonly engine: Engine
  readonly request: Request
  readonly query: URLSearchParams
  /** `{id}` of the path; empty where it has none. */
  readonly id: string
  /** Where hosted pages are. */
  readonly baseUrl: string
}

/** One control route. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** What it does, for lists of the routes. */
  readonly summary: string
  /** The body of the answer in JSON, or the whole answer. */
  readonly handle: (call: ControlCall) => unknown
  /** Of an answer in JSON. Default 200. */
  readonly status?: number
}
