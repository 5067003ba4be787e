import type { Builtin, Builtins } from './builtin.js'
import { hashEncode } from './hash-encode.js'
import { kvStore } from './kv-store.js'

const builtins: Readonly<Record<string, Builtins>> = {
  'hash-encode': hashEncode,
  'kv-store': kvStore,
}

/** The implementation of a built-in action, where there is one. */
export function findBuiltin(integrationName: string, actionName: string): Builtin | undefined {
  const actions = Object.hasOwn(builtins, integrationName) ? builtins[integrationName] : undefined
  return actions && Object.hasOwn(actions, actionName) ? actions[actionName] : undefined
}
