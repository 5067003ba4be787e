/** The first parameter that is given more than once, which RFC 6749 §3.1 and §3.2 forbid. */
export function repeated(params: URLSearchParams): string | undefined {
  const seen = new Set<string>()
  for (const name of params.keys()) {
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}
