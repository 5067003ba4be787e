import { WeavzError } from './errors.js'

/**
 * `?a=1&b=x&b=y`, or nothing. Drops `undefined` and null; keeps `0`, `false` and `''`; an array becomes repeated keys,
 * a date ISO 8601.
 */
export function buildQuery(query: object | undefined): string {
  if (query === undefined) return ''
  let params: URLSearchParams | undefined
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === undefined || item === null) continue
      params ??= new URLSearchParams()
      params.append(name, textOfParam(name, item))
    }
  }
  return params === undefined ? '' : `?${params.toString()}`
}

function textOfParam(name: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') {
    throw new WeavzError(
      `Query parameter \`${name}\` must be a string, number, boolean, or an array of them`,
      {
        code: 'INVALID_ARGUMENT',
        attempts: 0,
      },
    )
  }
  return String(value)
}
