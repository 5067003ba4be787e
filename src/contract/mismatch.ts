/** The kind of a value, as a message names it; never the value, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  // JSON has 1e999, and programs pass NaN: neither is the number that was expected
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return Array.isArray(value) ? 'array' : typeof value
}

/** What was expected and what came. */
export function mismatch(expected: string, value: unknown): string {
  return value === undefined ? 'Required' : `Expected ${expected}, received ${kindOf(value)}`
}
