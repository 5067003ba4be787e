import * as z from 'zod/mini'
import type { AnyEndpoint } from '../contract/endpoint.js'
import type { ValidationIssue } from '../contract/errors.js'

export type Validated = { ok: true; value: unknown } | { ok: false; issues: readonly ValidationIssue[] }

/**
 * The body of a success against the endpoint's schema for that status. A success status that the contract does not
 * know is held to the first one that it does.
 */
export function validateResponse(endpoint: AnyEndpoint, status: number, body: unknown): Validated {
  const schema = endpoint.responses[status] ?? Object.values(endpoint.responses)[0]
  if (schema === undefined) return { ok: true, value: body }
  // zod/mini ships no texts, and z.config would set them for the whole process of the user
  const result = z.safeParse(schema as z.core.$ZodType, body, { error: explain })
  if (result.success) return { ok: true, value: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }))
  return { ok: false, issues }
}

/** What was expected and what kind of thing came; never the value, which may be a secret. */
function explain(issue: z.core.$ZodRawIssue): string {
  const got = kindOf(issue.input)
  if (issue.code === 'invalid_type') return `expected ${issue.expected}, got ${got}`
  if (issue.code === 'invalid_value') {
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, got ${got}`
  }
  return `unexpected ${got}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  return Array.isArray(value) ? 'array' : typeof value
}
