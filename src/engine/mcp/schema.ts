import type { InputEntry } from '../catalog/entry.js'

/** A JSON Schema (2020-12), as far as tool inputs need it. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

export interface ObjectSchema extends JsonSchema {
  readonly type: 'object'
}

type Entries = Readonly<Record<string, InputEntry>>

function schemaOf(entry: InputEntry): JsonSchema {
  const values = entry.enum ?? (entry.const === undefined ? undefined : [entry.const])
  if (values) {
    return { ...(values.every((value) => typeof value === 'string') && { type: 'string' }), enum: values }
  }
  if (entry.type === undefined) return {}
  if (entry.type === 'object') return objectSchema(entry.properties ?? {})
  if (entry.type === 'array') return { type: 'array', ...(entry.items && { items: schemaOf(entry.items) }) }
  // A file is also taken as an object; a text (a URL, or base64) is what every client can send
  return { type: entry.type === 'file' ? 'string' : entry.type }
}

/** The schema of an object with these entries. Keys that it does not name are allowed: the API lets them pass. */
export function objectSchema(entries: Entries): ObjectSchema {
  const names = Object.keys(entries)
  const required = names.filter((name) => entries[name]?.required)
  const properties = names.map((name) => [name, schemaOf(entries[name] as InputEntry)])
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  }
}

/** The schema of an action's input. What may hold any JSON value is shown as the object that it mostly is. */
export function inputSchema(entries: Entries): ObjectSchema {
  const anything = ({ type, enum: values, const: value }: InputEntry) =>
    !type && !values && value === undefined
  const typed = Object.entries(entries).map(([name, entry]): [string, InputEntry] => [
    name,
    anything(entry) ? { ...entry, type: 'object' } : entry,
  ])
  return objectSchema(Object.fromEntries(typed))
}
