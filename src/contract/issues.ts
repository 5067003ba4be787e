import * as z from 'zod/mini'
import type { ValidationIssue } from './errors.js'
import { kindOf, mismatch } from './mismatch.js'

/** A schema of the contract. */
type Schema = z.core.$ZodType

const list = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ')

/**
 * What was expected and what came. zod/mini ships no texts, and `z.config` would set them for the whole process of
 * the user, so that they are passed with each parse.
 */
function messageOf(issue: z.core.$ZodRawIssue): string {
  const came = kindOf(issue.input)
  switch (issue.code) {
    case 'invalid_type':
      return mismatch(issue.expected, issue.input)
    case 'invalid_value':
      return `Expected ${issue.values.length > 1 ? 'one of ' : ''}${list(issue.values)}`
    case 'too_small':
      return issue.origin === 'string' ? 'Must not be empty' : `Must be at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string'
        ? `Must have at most ${issue.maximum} characters`
        : `Must be at most ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'email' ? 'Expected an e-mail address' : `Expected ${issue.format}`
    case 'unrecognized_keys':
      return 'Unknown field'
    case 'invalid_union':
      if (!issue.discriminator) return `Unexpected ${came}`
      return Array.isArray(issue.options)
        ? `Expected one of ${list(issue.options)}`
        : `Expected a known ${issue.discriminator}`
    default:
      return `Unexpected ${came}`
  }
}

/** The result of a parse: the value, or what is wrong with it, field by field. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly issues: readonly ValidationIssue[]
      /** Where the fields are that the schema does not know. They are among the issues, too. */
      readonly unknown: readonly (readonly PropertyKey[])[]
    }

/** One issue a field: zod goes on to check the length of a list that came where a text belongs. */
function firstOfEach(issues: readonly ValidationIssue[]): ValidationIssue[] {
  return [...new Map([...issues].reverse().map((issue) => [issue.path, issue])).values()].reverse()
}

/** Parses a value; paths of issues are dotted and start with `root` (`body.settings.persistence.scope`). */
export function parse<S extends Schema>(schema: S, value: unknown, root = ''): Parsed<z.core.output<S>> {
  const result = z.safeParse(schema, value, { error: messageOf })
  if (result.success) return { ok: true, value: result.data }
  const dotted = (path: readonly PropertyKey[]) =>
    (root === '' ? path : [root, ...path]).map(String).join('.')
  const issues = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: dotted([...issue.path, key]), message: issue.message }))
      : [{ path: dotted(issue.path), message: issue.message }],
  )
  return {
    ok: false,
    issues: firstOfEach(issues),
    unknown: result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [],
    ),
  }
}
