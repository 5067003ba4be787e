import fc, { type Arbitrary } from 'fast-check'
import type * as z from 'zod/mini'
import type { InputEntry } from '../../../src/engine/catalog/entry.js'
import { Ref, type Json } from './pool.js'
import { builtIns, echoed } from './world.js'

type Schema = z.core.$ZodType
type Def = z.core.$ZodTypes['_zod']['def']

/** Texts that have broken servers before. */
export const nastyTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\udc00b',
  '\u202e\ufeff',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'NaN',
  '-0',
  '1e999',
  'null',
  '../../etc/passwd',
  '%00%2f..%2f',
  '<script>alert(1)</script>',
  "'; DROP TABLE connections; --",
  '${process.env}',
  '{{7*7}}',
  'javascript:alert(1)',
  'http://user:secret@localhost:1/',
  'https://example.com',
  'http://[::1',
  '9999-99-99T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  '$..*',
  "$[?search(@.a, '(a+)+$')]",
  'x'.repeat(256),
  'ä'.repeat(10_000),
] as const

const plainText = fc.string({ minLength: 1, maxLength: 12 })
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })

/** A text for a field of that name: mostly one that the mock knows. */
function text(field: string): Arbitrary<Json> {
  return fc.oneof(
    { weight: /Ids?$/.test(field) ? 40 : 12, arbitrary: fc.nat(50).map((nth) => new Ref(field, nth)) },
    { weight: 1, arbitrary: plainText },
    { weight: 1, arbitrary: anyText },
  )
}

/** What the checks of a schema ask for. */
interface Limits {
  min: number
  max: number
  integer: boolean
  format?: string
  pattern?: RegExp
}

function limitsOf(schema: Schema): Limits {
  const limits: Limits = { min: -1e9, max: 1e9, integer: false }
  const own = schema._zod.def as Def
  // A format such as that of e-mail addresses is a schema and its own check
  const checks = [
    own,
    ...(own.checks ?? []).map(({ _zod }) => _zod.def),
  ] as z.core.$ZodChecks['_zod']['def'][]
  for (const def of checks) {
    switch (def.check) {
      case 'greater_than':
        limits.min = Number(def.value)
        break
      case 'less_than':
        limits.max = Number(def.value)
        break
      case 'number_format':
        limits.integer = true
        break
      case 'string_format':
        Object.assign(limits, { format: def.format, pattern: def.pattern })
    }
  }
  return limits
}

/** Texts that have the form which a check asks for. */
function formatted(format: string, pattern: RegExp | undefined): Arbitrary<Json> {
  switch (format) {
    case 'email':
      return fc.constantFrom('ava@example.com', "o'hara+x@sub.example.co")
    case 'datetime':
      return fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString())
    default:
      if (!pattern) throw new Error(`Nothing makes texts of the format ${format}`)
      return fc.stringMatching(pattern, { maxLength: 64 })
  }
}

/** What a schema takes, derived from the schema. Rules beyond the schema hold often, not always. */
export function valid(schema: Schema, field = ''): Arbitrary<Json> {
  const def = schema._zod.def as Def
  switch (def.type) {
    case 'optional':
    case 'default':
      return valid(def.innerType, field)
    case 'nullable':
      return fc.option(valid(def.innerType, field), { freq: 4 })
    case 'pipe':
      return valid(def.out, field)
    case 'boolean':
      return fc.boolean()
    case 'number': {
      const { min, max, integer } = limitsOf(schema)
      return integer ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true })
    }
    case 'string': {
      if (/url|uri/i.test(field))
        return fc.constantFrom('https://app.example/hook', 'http://localhost:9/hook')
      const { format, pattern } = limitsOf(schema)
      if (format === undefined) return text(field)
      return fc.oneof(
        { weight: 3, arbitrary: formatted(format, pattern) },
        { weight: 2, arbitrary: text(field) },
      )
    }
    case 'enum':
      return fc.constantFrom(...(Object.values(def.entries) as string[]))
    case 'literal':
      return fc.constantFrom(...(def.values as string[]))
    case 'array':
      return fc.array(valid(def.element, field), { maxLength: 3 })
    case 'record':
      return fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), valid(def.valueType), { maxKeys: 3 })
    case 'union':
      return fc.oneof(...def.options.map((option) => valid(option, field)))
    case 'object':
      return object(def.shape)
    case 'unknown':
      return fc.jsonValue({ maxDepth: 2 }) as Arbitrary<Json>
    default:
      throw new Error(`Nothing makes values of a schema of type ${def.type}`)
  }
}

const isOptional = (schema: Schema) => schema._zod.optin === 'optional'

function object(shape: Readonly<Record<string, Schema>>): Arbitrary<Json> {
  const fields = Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, valid(schema, name)]),
  )
  const optional = Object.keys(shape).filter((name) => isOptional(shape[name] as Schema))
  // Few at a time: a call that names all of them is refused for one of them
  const left = fc.subarray(optional, { minLength: Math.max(0, optional.length - 2) })
  return fc
    .tuple(fc.record(fields), left)
    .map(([whole, out]) => Object.fromEntries(Object.entries(whole).filter(([name]) => !out.includes(name))))
}

/** A call of an action that the catalog has, with inputs of the form that it asks for. */
export const operation: Arbitrary<{ readonly [name: string]: Json }> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...builtIns) },
    { weight: 1, arbitrary: fc.constantFrom(...echoed) },
  )
  .chain(({ integrationName, actionName, input }) =>
    fc.record({
      integrationName: fc.constant(integrationName),
      actionName: fc.constant(actionName),
      input: inputs(input),
    }),
  )

function inputs(entries: Readonly<Record<string, InputEntry>>): Arbitrary<Json> {
  const fields = Object.entries(entries).map(([name, entry]) => [name, input(entry, name)])
  const requiredKeys = Object.keys(entries).filter((name) => entries[name]?.required)
  return fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<Json>>, { requiredKeys })
}

/** The notations that built-in actions know; texts of their inputs are mostly of these. */
const notations = [
  'utf8',
  'base64',
  'hex',
  'UTC',
  'Europe/Berlin',
  '2025-01-15',
  '1736937000000',
  'aGk=',
  'a/b',
  '$.a',
]

function input({ type, enum: values, items, properties }: InputEntry, name: string): Arbitrary<Json> {
  const any = fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json>
  if (values) return fc.constantFrom(...(values as Json[]))
  switch (type) {
    case 'string':
      return fc.oneof(text(name), fc.constantFrom(...notations))
    case 'number':
      return fc.oneof(
        fc.integer({ min: -3, max: 120 }),
        fc.constantFrom(-0, 1e308, -1e308, 2 ** 53, 0.1, 1e9),
      )
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(items ? input(items, name) : any, { maxLength: 4 })
    case 'object':
      return properties
        ? inputs(properties)
        : fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '$gt', '$in'), any, { maxKeys: 3 })
    default:
      return any
  }
}
