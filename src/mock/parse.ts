import { parse, type Parsed } from '../contract/issues.js'
import type { ValidationIssue } from '../contract/errors.js'
import { redactText } from '../contract/secrets.js'
import { copyJson } from '../engine/json.js'
import { likelyField } from '../engine/nearest.js'
import { Refusal } from '../engine/refusal.js'
import type * as z from 'zod/mini'

type Schema = z.core.$ZodType

function refuse(issues: readonly ValidationIssue[]): never {
  const text = issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new Refusal('VALIDATION_ERROR', text, { issues })
}

/** "Required for type SECRET_TEXT": which member of a union a field is missing from, or does not belong to. */
function withType(schema: Schema, value: unknown, issues: readonly ValidationIssue[]): ValidationIssue[] {
  const { discriminator } = schema._zod.def as { discriminator?: string }
  if (discriminator === undefined) return [...issues]
  const type = (value as Record<string, unknown>)[discriminator]
  if (typeof type !== 'string') return [...issues]
  return issues.map(({ path, message }) =>
    path !== `body.${discriminator}` && (message === 'Required' || message === 'Unknown field')
      ? { path, message: `${message} for ${discriminator} ${type}` }
      : { path, message },
  )
}

/** The fields that some member of a union knows: sent with another member, they are no unknown fields. */
function fieldsOfMembers(schema: Schema): ReadonlySet<PropertyKey> {
  const { options = [] } = schema._zod.def as { options?: readonly { _zod: { def: { shape?: object } } }[] }
  return new Set(options.flatMap((option) => Object.keys(option._zod.def.shape ?? {})))
}

/** A copy without the fields at these places. */
function without(value: unknown, places: readonly (readonly PropertyKey[])[]): unknown {
  const copy = copyJson(value)
  for (const place of places) {
    const holder = place.slice(0, -1).reduce((at, name) => Reflect.get(at as object, name) as unknown, copy)
    Reflect.deleteProperty(holder as object, place.at(-1) as PropertyKey)
  }
  return copy
}

/** A request body in the shape of its schema, or 400 `VALIDATION_ERROR`. */
export function parseBody(schema: Schema, value: unknown, strict: boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse([{ path: 'body', message: 'Expected a JSON object' }])
  }
  let parsed: Parsed<unknown> = parse(schema, value, 'body')
  if (!parsed.ok && !strict) {
    const known = fieldsOfMembers(schema)
    const unknown = parsed.unknown.filter((place) => place.length > 1 || !known.has(place[0] as PropertyKey))
    parsed = parse(schema, without(value, unknown), 'body')
  }
  return parsed.ok ? parsed.value : refuse(withType(schema, value, parsed.issues))
}

/** Nobody needs more of a name to recognise it. */
const longestName = 100

/** The parameters that the endpoint does not have, and therefore ignores, each with the one that was probably meant. */
export function ignoredParameters(schema: Schema, query: URLSearchParams): ValidationIssue[] {
  const { shape = {} } = schema._zod.def as { shape?: object }
  const unknown = [...new Set(query.keys())].filter((name) => !Object.hasOwn(shape, name))
  return unknown.map((name) => {
    const meant = likelyField(name, Object.keys(shape))
    const message = `Ignored: there is no such parameter.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`
    return { path: `query.${redactText(name).slice(0, longestName)}`, message }
  })
}

/** The query in the shape of its schema, or 400 `VALIDATION_ERROR`. Unknown parameters are ignored. */
export function parseQuery(schema: Schema, query: URLSearchParams): unknown {
  const parsed = parse(schema, Object.fromEntries(query), 'query')
  return parsed.ok ? parsed.value : refuse(parsed.issues)
}
