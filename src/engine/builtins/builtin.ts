import type { JsonObject } from '../../contract/schema.js'
import type { IdSource } from '../ids.js'
import type { Namespace } from '../persistence.js'

/** What a built-in action works with. */
export interface BuiltinCall {
  /** Checked against the catalog. */
  readonly input: JsonObject
  readonly ids: IdSource
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The state of the call; built-ins without state never read it. */
  readonly namespace: Namespace
}

/** A built-in action: runs in process, needs no network. What it throws becomes 400 `ACTION_FAILED`. */
export type Builtin = (call: BuiltinCall) => unknown

/** The actions of one integration, by name. */
export type Builtins = Readonly<Record<string, Builtin>>

/** A text of the input, which the catalog has already checked to be one. */
export const text = (input: JsonObject, name: string): string => input[name] as string
