import fc, { type Arbitrary } from 'fast-check'
import { Ref, type Json } from './pool.js'
import { nastyTexts } from './values.js'

/** Nested so deep, in lists and in objects. */
function nested(depth: number): Json {
  let value: Json = 1
  for (let at = 0; at < depth; at++) value = at % 2 ? [value] : { a: value }
  return value
}

/** An object with that key of its own, which a literal could not have. */
const withKey = (name: string, value: Json): Json =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`)

/** Values of every kind, and those that have broken servers before. */
const foreign: Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Json>(null, true, false, [], {}, '', 0, -1, 1.5) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Json>(2 ** 31, 2 ** 53, -(2 ** 53), 1e308, -1e308, 5e-324, -0),
  },
  { weight: 4, arbitrary: fc.constantFrom<Json>(...nastyTexts) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json> },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Json>(
      withKey('__proto__', { polluted: true }),
      withKey('constructor', { prototype: { polluted: true } }),
      withKey('toJSON', 'x'),
      withKey('then', 'x'),
      withKey('length', 1e9),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(30, 190, 300).map(nested) },
  { weight: 1, arbitrary: fc.constantFrom(1000, 100_000).map((length) => 'y'.repeat(length)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(500).map((length) => Array.from({ length }, (_, at) => `item ${at}`)),
  },
)

interface Mutation {
  /** Which of the places in the value, counted from the outside. */
  readonly at: number
  readonly how: 'replace' | 'remove' | 'add' | 'wrap' | 'rename'
  readonly name: string
  readonly value: Json
}

const mutation: Arbitrary<Mutation> = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'wrap', 'rename'),
  name: fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'id', 'orgId', 'createdAt', 'status', 'workspaceId', '0', ''),
    fc.string({ maxLength: 5 }),
  ),
  value: foreign,
})

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Ref)
}

const entriesTo = (entries: readonly (readonly [string, Json])[]): Json =>
  Object.defineProperties(
    {},
    Object.fromEntries(entries.map(([name, value]) => [name, { value, enumerable: true }])),
  ) as Json

/** How many places there are in a value, itself included. */
function places(value: Json): number {
  if (value instanceof Ref || typeof value !== 'object' || value === null) return 1
  return 1 + Object.values(value as object).reduce<number>((sum, child: Json) => sum + places(child), 0)
}

function apply(value: Json, { at, how, name, value: other }: Mutation): Json | undefined {
  if (at === 0) {
    if (how === 'remove') return undefined
    if (how === 'wrap') return [value]
    if (how === 'add' && isObject(value)) return entriesTo([...Object.entries(value), [name, other]])
    return other
  }
  let left = at - 1
  const changed = Object.entries(value as object).flatMap(([key, child]: [string, Json]) => {
    const here = left
    left -= places(child)
    if (here < 0 || left >= 0) return [[key, child] as const]
    if (here === 0 && how === 'rename') return [[name, child] as const]
    const result = apply(child, { at: here, how, name, value: other })
    return result === undefined ? [] : [[key, result] as const]
  })
  return Array.isArray(value) ? changed.map(([, child]) => child) : entriesTo(changed)
}

/** The whole of a value is changed seldom: there is less behind that than behind its parts. */
const inside = (at: number, all: number) => (at === 0 || all === 1 ? 0 : 1 + ((at - 1) % (all - 1)))

/** The same value with one thing wrong in one place; rarely in two. */
export function mutated(values: Arbitrary<Json>): Arbitrary<Json> {
  return fc
    .tuple(values, fc.array(mutation, { minLength: 1, maxLength: 2 }))
    .map(([value, mutations]) =>
      mutations.reduce<Json>(
        (current, one) => apply(current, { ...one, at: inside(one.at, places(current)) }) ?? {},
        value,
      ),
    )
}
