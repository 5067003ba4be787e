import * as z from 'zod/mini'
import { Timestamp, knownValues } from '../../contract/schema.js'
import { namedSchemas, type Schema } from './names.js'
import type { JsonSchema } from './types.js'

const components = '#/components/schemas/'

/** Types that JSON does not have: a schema of one would come out as "anything". */
const unrepresentable = new Set([
  'bigint',
  'custom',
  'date',
  'map',
  'nan',
  'set',
  'symbol',
  'transform',
  'void',
])

/** Schemas as JSON Schema: the ones with a name by reference, the others in place. */
export interface SchemaWriter {
  /** The schema where it is used. */
  write(schema: Schema): JsonSchema
  /** The schema in full, also if it has a name. */
  inline(schema: Schema): JsonSchema
  /** Every named schema that was used so far, also by another one, in alphabetical order. */
  used(): Record<string, JsonSchema>
}

/**
 * Converts schemas as they are on the wire: what a server reads of a request, and what a client reads of a response,
 * which is the input of a parse in both cases.
 *
 * @param schemas Every schema that will be written.
 */
export function createSchemaWriter(schemas: Iterable<Schema>): SchemaWriter {
  const ids = new Map(namedSchemas)
  const unnamed = new Set<string>()
  for (const schema of schemas) {
    if (ids.has(schema)) continue
    const id = `unnamed${unnamed.size}`
    ids.set(schema, id)
    unnamed.add(id)
  }
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of ids) registry.add(schema, { id })
  const converted = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => components + id,
    override: ({ zodSchema, jsonSchema }) => {
      const { type } = zodSchema._zod.def
      if (unrepresentable.has(type)) throw new Error(`No JSON Schema says ${type}`)
      // A field that is never sent
      if (type === 'undefined') jsonSchema.not = {}
      const known = knownValues.get(zodSchema)
      if (known) {
        delete jsonSchema.type
        jsonSchema.anyOf = [{ type: 'string', enum: [...known] }, { type: 'string' }]
      }
      // A format is a note in 2020-12: an answer in another form is not refused for it.
      if (zodSchema === Timestamp) jsonSchema.format = 'date-time'
    },
  }).schemas as Record<string, JsonSchema>

  const used = new Map<string, JsonSchema>()

  /** A copy that refers to named schemas only, and has noted them. */
  function settle(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(settle)
    if (typeof value !== 'object' || value === null) return value
    const { $ref } = value as { $ref?: unknown }
    if (typeof $ref === 'string') return refer($ref.slice(components.length))
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, settle(child)]))
  }

  function define(id: string): JsonSchema {
    const { $schema: _schema, $id: _id, ...definition } = converted[id] as JsonSchema
    return settle(definition) as JsonSchema
  }

  function refer(id: string): JsonSchema {
    if (unnamed.has(id)) return define(id)
    if (!used.has(id)) {
      // Before its definition is there, so that a schema may refer to itself
      used.set(id, {})
      used.set(id, define(id))
    }
    return { $ref: components + id }
  }

  return {
    write: (schema) => refer(ids.get(schema) as string),
    inline: (schema) => define(ids.get(schema) as string),
    used: () => Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}
