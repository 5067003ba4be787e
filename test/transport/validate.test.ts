import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { ApprovalEvent } from '../../src/contract/approvals.js'
import { endpoints } from '../../src/contract/index.js'
import { parse } from '../../src/contract/issues.js'
import { TriggerEvent } from '../../src/contract/triggers.js'
import { issuesOf } from '../../src/transport/index.js'

type Schema = z.core.$ZodType

const schemas = [
  ...endpoints.flatMap(({ id, responses }) =>
    Object.entries<Schema>(responses).map(([status, schema]) => [`${id} ${status}`, schema] as const),
  ),
  ['the event of a trigger', TriggerEvent] as const,
  ['the event of an approval', ApprovalEvent] as const,
]

/** zod drops an own `__proto__` when it copies; the client hands over what came. */
const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__'))

/** Values that are right by the schema, except that now and then anything stands in the place of a part. */
function almost(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: right(schema) }, { weight: 1, arbitrary: json })
}

function right(schema: Schema): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape).map(
        ([name, field]) => [name, almost(field as Schema)] as const,
      )
      const missing = fc.option(fc.nat({ max: fields.length }), { freq: 8 })
      return fc.tuple(fc.record(Object.fromEntries(fields)), missing).map(([value, index]) => {
        const without = index !== null && fields[index]?.[0]
        return Object.fromEntries(Object.entries(value).filter(([name]) => name !== without))
      })
    }
    case 'array':
      return fc.array(almost(def.element), { maxLength: 2 })
    case 'record':
      return fc.dictionary(fc.constantFrom('a', 'b.c', ''), almost(def.valueType))
    case 'optional':
      return fc.option(almost(def.innerType), { nil: undefined })
    case 'nullable':
      return fc.option(almost(def.innerType))
    case 'literal':
      return fc.constantFrom(...def.values)
    case 'string':
      return fc.string({ maxLength: 3 })
    case 'number':
      return fc.oneof(fc.double({ noNaN: true }), fc.constant(Infinity))
    case 'boolean':
      return fc.boolean()
    case 'undefined':
      return fc.constant(undefined)
    case 'unknown':
      return json
    default:
      throw new Error(`No response has ${def.type}`)
  }
}

/** As it comes from the wire: what is undefined is absent. Infinity is kept, for JSON can say it: 1e999. */
function received(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => received(item) ?? null)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, received(item)] as const)
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
}

describe('The check of an answer', () => {
  it.each(schemas)('finds of %s what zod finds', (_, schema) => {
    fc.assert(
      fc.property(almost(schema), (value) => {
        const body = received(value)
        const parsed = parse(schema, body)
        expect(issuesOf(schema, body)).toEqual(parsed.ok ? [] : parsed.issues)
      }),
      { numRuns: 60 },
    )
  })

  it('finds both right and wrong ones in what these tests make up', () => {
    const [, schema] = schemas[0]!
    const found = fc.sample(almost(schema), 200).map((value) => issuesOf(schema, received(value)).length > 0)
    expect(new Set(found).size).toBe(2)
  })

  it('tells the place of what is wrong, from the root that is given', () => {
    const schema = z.looseObject({ items: z.array(z.record(z.string(), z.number())) })
    expect(issuesOf(schema, { items: [{}, { a: 1, b: '2' }] })).toEqual([
      { path: 'items.1.b', message: 'Expected number, received string' },
    ])
    expect(issuesOf(schema, {}, 'body')).toEqual([{ path: 'body.items', message: 'Required' }])
  })

  it('passes nothing by a kind of schema that it does not know', () => {
    expect(issuesOf(z.looseObject({ at: z.date() }), { at: new Date(0) })).toHaveLength(1)
  })

  it('takes a hundred thousand wrong items', () => {
    const items = Array.from({ length: 100_000 }, () => 1)
    expect(issuesOf(z.array(z.string()), items)).toHaveLength(100_000)
  })
})
