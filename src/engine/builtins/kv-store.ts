import { equalJson } from '../json.js'
import type { Namespace } from '../persistence.js'
import { text, type Builtins } from './builtin.js'

function listAt(namespace: Namespace, key: string): unknown[] {
  const value = namespace.get(key) ?? []
  if (!Array.isArray(value)) throw new Error(`The value of "${key}" is not a list`)
  return value
}

/** `kv-store`: JSON values by key, in the namespace that the workspace integration sets. */
export const kvStore: Builtins = {
  put({ input, namespace }) {
    const key = text(input, 'key')
    namespace.set(key, input.value)
    return { key, stored: true }
  },

  get({ input, namespace }) {
    const key = text(input, 'key')
    return namespace.has(key)
      ? { key, value: namespace.get(key), found: true }
      : { key, value: null, found: false }
  },

  delete({ input, namespace }) {
    const key = text(input, 'key')
    return { key, deleted: namespace.delete(key) }
  },

  add_to_list({ input, namespace }) {
    const key = text(input, 'key')
    const list = [...listAt(namespace, key), input.value]
    namespace.set(key, list)
    return { key, list }
  },

  /** Takes out every item that equals the value as JSON. */
  remove_from_list({ input, namespace }) {
    const key = text(input, 'key')
    const list = listAt(namespace, key).filter((item) => !equalJson(item, input.value))
    if (namespace.has(key)) namespace.set(key, list)
    return { key, list }
  },
}
