import type { ClientEndpoint } from '../contract/endpoint.js'
import { WeavzError } from './errors.js'

/** A path template, taken apart once: texts at even places, parameter names at odd ones. */
export type PathTemplate = readonly string[]

export function parseTemplate(path: string): PathTemplate {
  return path.split(/[{}]/)
}

/**
 * The path with its parameters percent-encoded. Refuses what would silently name another resource: nothing at all
 * (`DELETE /connections/`), and `.` and `..`, which URL parsers resolve away even though they are encoded as themselves.
 */
export function fillTemplate(
  endpoint: ClientEndpoint,
  template: PathTemplate,
  params: Readonly<Record<string, unknown>>,
): string {
  let path = template[0] ?? ''
  for (let i = 1; i < template.length; i += 2) {
    const name = template[i] ?? ''
    const value = params[name]
    const segment = encode(value)
    const dots = value === '.' || value === '..'
    const problem =
      problemOf(value) ??
      (dots ? `must not be '${value}'` : segment === undefined && 'is not well-formed text')
    if (problem) throw refusal(endpoint, name, problem)
    path += segment + (template[i + 1] ?? '')
  }
  return path
}

/** Refuses an empty selector in a query: without it the same path would mean another operation. */
export function requireSelector(endpoint: ClientEndpoint, query: Readonly<Record<string, unknown>>): void {
  const { selectedBy } = endpoint
  if (!selectedBy || selectedBy.value !== undefined) return
  const problem = problemOf(query[selectedBy.param])
  if (problem === undefined) return
  throw new WeavzError(`${endpoint.id}: \`${selectedBy.param}\` ${problem}`, {
    code: 'INVALID_ARGUMENT',
    endpoint: `${endpoint.method} ${endpoint.path}`,
    attempts: 0,
  })
}

/** Undefined for a lone surrogate. */
function encode(value: unknown): string | undefined {
  try {
    return encodeURIComponent(String(value))
  } catch {
    return undefined
  }
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, got ${value === null ? 'null' : typeof value}`
  return value.trim() === '' ? 'must not be empty' : undefined
}

function refusal(endpoint: ClientEndpoint, name: string, problem: string): WeavzError {
  const line = `${endpoint.method} ${endpoint.path}`
  const segment = `{${name}}`
  const underline = ' '.repeat(line.indexOf(segment)) + '^'.repeat(segment.length)
  return new WeavzError(`${endpoint.id}: path parameter \`${name}\` ${problem}\n${line}\n${underline}`, {
    code: 'INVALID_ARGUMENT',
    endpoint: line,
    attempts: 0,
  })
}
