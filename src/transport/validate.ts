import type * as z from 'zod/mini'
import type { ValidationIssue } from '../contract/errors.js'
import { mismatch } from '../contract/mismatch.js'

type Schema = z.core.$ZodType

/** What is wrong with one value. Its path is written from the inside out, so that a value that is right costs none. */
interface Found {
  readonly path: string[]
  readonly message: string
}

/**
 * What a value from outside has wrong by its schema, in the schema's order; empty if nothing.
 *
 * Reads of a schema what it describes, and runs none of zod's code: the few kinds of schemas that responses are made of
 * need little, and zod would be a quarter of what a page downloads. docs/decisions/004-the-client-carries-no-zod.md
 *
 * @param root Where paths start: `body` for `body.connection.id`.
 */
export function issuesOf(schema: Schema, value: unknown, root?: string): ValidationIssue[] {
  const found: Found[] = []
  visit(schema, value, found)
  if (root !== undefined) prefix(found, 0, root)
  return found.map(({ path, message }) => ({ path: path.join('.'), message }))
}

function visit(schema: Schema, value: unknown, found: Found[]): void {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'unknown':
      if (value === undefined) report(found, def.type, value)
      return
    case 'optional':
      if (value !== undefined) visit(def.innerType, value, found)
      return
    case 'nullable':
      if (value !== null) visit(def.innerType, value, found)
      return
    case 'literal':
      if (!def.values.includes(value as never))
        found.push({
          path: [],
          message: `Expected ${def.values.map((each) => JSON.stringify(each)).join(', ')}`,
        })
      return
    case 'array':
      if (!Array.isArray(value)) return report(found, def.type, value)
      for (const [index, item] of value.entries()) visitField(def.element, item, String(index), found)
      return
    case 'record':
      if (!isObject(value)) return report(found, def.type, value)
      for (const key of Object.keys(value)) visitField(def.valueType, value[key], key, found)
      return
    case 'object':
      if (!isObject(value)) return report(found, def.type, value)
      for (const key in def.shape) visitField(def.shape[key] as Schema, value[key], key, found)
      return
    default: {
      // JSON has numbers that are none: 1e999 is read as Infinity
      const right = def.type === 'number' ? Number.isFinite(value) : typeof value === def.type
      if (!right) report(found, def.type, value)
    }
  }
}

function visitField(schema: Schema, value: unknown, key: string, found: Found[]): void {
  const before = found.length
  visit(schema, value, found)
  if (found.length > before) prefix(found, before, key)
}

function prefix(found: readonly Found[], from: number, key: string): void {
  for (const { path } of found.slice(from)) path.unshift(key)
}

function report(found: Found[], expected: string, value: unknown): void {
  found.push({ path: [], message: mismatch(expected, value) })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
