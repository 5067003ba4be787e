import type { JsonObject } from '../../contract/schema.js'
import { redacted } from '../../contract/secrets.js'
import type { Engine } from '../engine.js'

/** What approvers see of an input. */
export interface Preview {
  readonly inputPreview: JsonObject
  /** Dotted paths of what was taken out. */
  readonly redactedPaths: string[]
}

/** The input without secrets, and without what partials enforce: that is the owner's, not the caller's. */
export function previewOf({ vault }: Engine, input: JsonObject, enforcedKeys: readonly string[]): Preview {
  const shown = vault.redactor.value(input) as JsonObject
  const hidden = Object.fromEntries(enforcedKeys.map((name) => [name, redacted]))
  const inputPreview = { ...shown, ...hidden }
  return { inputPreview, redactedPaths: [...changedPaths(input, inputPreview, '')] }
}

function* changedPaths(value: unknown, shown: unknown, path: string): Iterable<string> {
  if (value === shown) return
  if (isTree(value) && isTree(shown)) {
    for (const [name, item] of Object.entries(value)) {
      yield* changedPaths(item, Reflect.get(shown, name), path === '' ? name : `${path}.${name}`)
    }
  } else yield path
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null
