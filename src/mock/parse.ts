import { parse, type Parsed } from '../contract/issues.js'
import type { ValidationIssue } from '../contract/errors.js'
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

/** A copy without the fields that the issues say are unknown. */
function without(value: unknown, issues: readonly ValidationIssue[]): unknown {
  const copy = structuredClone(value)
  for (const { path } of issues) {
    const names = path.split('.').slice(1)
    const last = names.pop() as string
    const holder = names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy)
    Reflect.deleteProperty(holder as object, last)
  }
  return copy
}

/** A request body in the shape of its schema, or 400 `VALIDATION_ERROR`. */
export function parseBody(schema: Schema, value: unknown, strict: boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse([{ path: 'body', message: 'Expected a JSON object' }])
  }
  let parsed: Parsed<unknown> = parse(schema, value, 'body')
  if (!parsed.ok && parsed.unknownOnly && !strict)
    parsed = parse(schema, without(value, parsed.issues), 'body')
  return parsed.ok ? parsed.value : refuse(withType(schema, value, parsed.issues))
}

/** The query in the shape of its schema, or 400 `VALIDATION_ERROR`. Unknown parameters are ignored. */
export function parseQuery(schema: Schema, query: URLSearchParams): unknown {
  const parsed = parse(schema, Object.fromEntries(query), 'query')
  return parsed.ok ? parsed.value : refuse(parsed.issues)
}
