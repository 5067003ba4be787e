import type { ValidationIssue } from '../../contract/errors.js'
import type { InputEntry } from './entry.js'

function kind(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

const isObject = (value: unknown): value is Record<string, unknown> => kind(value) === 'object'

const fits: Record<NonNullable<InputEntry['type']>, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isObject,
  file: (value) => typeof value === 'string' || isObject(value),
}

function checkValue(path: string, value: unknown, entry: InputEntry, issues: ValidationIssue[]): void {
  const allowed = entry.enum ?? (entry.const === undefined ? undefined : [entry.const])
  if (allowed && !allowed.includes(value)) {
    issues.push({
      path,
      message: `Expected one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}`,
    })
    return
  }
  if (entry.type && !fits[entry.type](value)) {
    issues.push({ path, message: `Expected ${entry.type}, received ${kind(value)}` })
    return
  }
  if (entry.items && Array.isArray(value)) {
    const items = entry.items
    value.forEach((item, at) => checkValue(`${path}.${at}`, item, items, issues))
  }
  if (entry.properties && isObject(value)) checkInput(path, value, entry.properties, issues)
}

/**
 * Checks an input against the catalog: a required key that is missing and a value of a wrong type are issues; keys
 * that the catalog does not know pass.
 */
export function checkInput(
  path: string,
  input: Readonly<Record<string, unknown>>,
  entries: Readonly<Record<string, InputEntry>>,
  issues: ValidationIssue[] = [],
): ValidationIssue[] {
  for (const name of Object.keys(entries)) {
    const entry = entries[name] as InputEntry
    const value = Object.hasOwn(input, name) ? input[name] : undefined
    if (value !== undefined) checkValue(`${path}.${name}`, value, entry, issues)
    else if (entry.required) issues.push({ path: `${path}.${name}`, message: 'Required' })
  }
  return issues
}
