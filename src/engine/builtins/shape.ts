import type * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'

/** An input whose form the catalog does not tell, in the form that the action needs; else a sentence about it. */
export function shaped<S extends z.core.$ZodType>(schema: S, input: unknown): z.core.output<S> {
  const parsed = parse(schema, input)
  if (parsed.ok) return parsed.value
  throw new Error(parsed.issues.map(({ path, message }) => `${path}: ${message}`).join('; '))
}
