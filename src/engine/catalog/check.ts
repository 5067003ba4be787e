import * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'

const Operations = z.record(z.string(), z.looseObject({ input: z.record(z.string(), z.looseObject({})) }))

/** What the engine takes for granted of an entry; a caller without TypeScript may have left it out. */
const Entry = z.looseObject({
  displayName: z.string().check(z.minLength(1)),
  auth: z.nullable(z.array(z.looseObject({ key: z.string(), type: z.string() }))),
  actions: Operations,
  triggers: z.optional(Operations),
})

/** @throws TypeError that says what is wrong with an entry of the catalog. */
export function checkEntry(name: string, entry: unknown): void {
  const parsed = parse(Entry, entry, 'entry')
  if (parsed.ok) return
  const issues = parsed.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new TypeError(`"${name}" cannot be registered: ${issues}`)
}
