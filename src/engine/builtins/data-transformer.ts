import { query, type JsonValue } from 'jsonpath-rfc9535'
import * as z from 'zod/mini'
import { JsonObject } from '../../contract/schema.js'
import { equalJson } from '../json.js'
import type { Builtins } from './builtin.js'
import { shaped } from './shape.js'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a path can name several values (RFC 9535, "singular query"); names in quotes do not count. */
const isPlural = (path: string) => /\*|\.\.|\?|[:,]/.test(path.replace(/'[^']*'|"[^"]*"/g, ''))

function select(input: JsonValue, path: string): unknown {
  let found: readonly unknown[]
  try {
    found = query(input, path)
  } catch {
    throw new Error(`"${path}" is no JSONPath`)
  }
  return isPlural(path) ? found : (found[0] ?? null)
}

/** Objects are merged key by key at every depth; anything else is replaced. */
function mergeDeep(into: JsonObject, from: JsonObject): JsonObject {
  const merged = new Map(Object.entries(into))
  for (const [name, value] of Object.entries(from)) {
    const before = merged.get(name)
    merged.set(name, isObject(before) && isObject(value) ? mergeDeep(before, value) : value)
  }
  return Object.fromEntries(merged)
}

const merges: Record<string, (objects: readonly JsonObject[]) => JsonObject> = {
  deep: (objects) => objects.reduce(mergeDeep, {}),
  shallow: (objects) => Object.fromEntries(objects.flatMap(Object.entries)),
  /** Of several values of a key, the first one stays. */
  first: (objects) => Object.fromEntries(objects.toReversed().flatMap(Object.entries)),
  last: (objects) => Object.fromEntries(objects.flatMap(Object.entries)),
}

type Compare = (value: unknown, wanted: unknown) => boolean

/** Numbers and texts have an order; nothing else has, and no value is above one of another type. */
const ordered =
  (holds: (difference: number) => boolean): Compare =>
  (value, wanted) => {
    if (typeof value === 'number' && typeof wanted === 'number') return holds(value - wanted)
    if (typeof value !== 'string' || typeof wanted !== 'string') return false
    return holds(value < wanted ? -1 : value > wanted ? 1 : 0)
  }
const among: Compare = (value, wanted) =>
  Array.isArray(wanted) && wanted.some((item) => equalJson(value, item))

const operators: Record<string, Compare> = {
  $gt: ordered((difference) => difference > 0),
  $gte: ordered((difference) => difference >= 0),
  $lt: ordered((difference) => difference < 0),
  $lte: ordered((difference) => difference <= 0),
  $ne: (value, wanted) => !equalJson(value, wanted),
  $in: among,
  $nin: (value, wanted) => !among(value, wanted),
}

/** A condition is a value to equal, or an object of operators that must all hold. */
function fulfils(value: unknown, condition: unknown): boolean {
  if (!isObject(condition)) return equalJson(value, condition)
  const names = Object.keys(condition)
  if (names.length === 0 || !names.every((name) => name.startsWith('$'))) return equalJson(value, condition)
  return names.every((name) => {
    const compare = Object.hasOwn(operators, name) ? operators[name] : undefined
    if (!compare) throw new Error(`"${name}" is no operator: ${Object.keys(operators).join(', ')}`)
    return compare(value, condition[name])
  })
}

const Transform = z.object({ mapping: z.record(z.string(), z.string()) })
const Merge = z.object({ objects: z.array(JsonObject) })
const Filter = z.object({ array: z.array(z.unknown()), conditions: JsonObject })
const Batch = z.object({ array: z.array(z.unknown()), batchSize: z.number().check(z.int(), z.minimum(1)) })

/** `data-transformer`: JSONPath (RFC 9535), merging, filtering and batching. */
export const dataTransformer: Builtins = {
  transform_json({ input }) {
    const { mapping } = shaped(Transform, input)
    const fields = Object.entries(mapping).map(([field, path]) => [
      field,
      select(input.input as JsonValue, path),
    ])
    return { output: Object.fromEntries(fields) }
  },

  merge_objects({ input }) {
    return { merged: merges[input.strategy as string]?.(shaped(Merge, input).objects) }
  },

  filter_array({ input }) {
    const { array, conditions } = shaped(Filter, input)
    const items = array.filter((item) =>
      Object.entries(conditions).every(([field, condition]) =>
        fulfils(isObject(item) && Object.hasOwn(item, field) ? item[field] : undefined, condition),
      ),
    )
    return { items, count: items.length }
  },

  batch_array({ input }) {
    const { array, batchSize } = shaped(Batch, input)
    const batches: unknown[][] = []
    for (let at = 0; at < array.length; at += batchSize) batches.push(array.slice(at, at + batchSize))
    return { batches, count: batches.length }
  },
}
