/** A field of something whose shape nobody vouches for. */
export function fieldOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** The same, if it is text. */
export function textOf(value: unknown, key: PropertyKey): string | undefined {
  const field = fieldOf(value, key)
  return typeof field === 'string' ? field : undefined
}

/** Sets only what there is, so that printed errors do not list what is not. */
export function assignDefined(target: object, fields: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) Object.assign(target, { [key]: value })
  }
}
