/** The first parameter that is given more than once, which RFC 6749 §3.1 and §3.2 forbid. */
export function repeated(params: URLSearchParams): string | undefined {
  const seen = new Set<string>()
  for (const name of params.keys()) {
    if (seen.has(name)) return name
    seen.add(name)
  }
  return undefined
}

/** An absolute URL as it is compared; undefined if it is none, or has a fragment, which RFC 8707 §2 forbids. */
export function normalised(url: string | null): string | undefined {
  return url !== null && URL.canParse(url) && !url.includes('#') ? new URL(url).href : undefined
}

/** A loopback address by number: what RFC 8252 §7.3 speaks of. `localhost` may be another machine (§8.3). */
const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?=[/?]|$)/

/**
 * Whether a redirect URI is one of those registered: character by character (RFC 9700 §2.1), except for the port of a
 * loopback address, which a native app takes as it finds it free (RFC 8252 §7.3).
 */
export function isRegistered(uri: string, registered: readonly string[]): boolean {
  const withoutPort = uri.replace(loopback, '$1')
  return registered.some(
    (each) => each === uri || (each.replace(loopback, '$1') === withoutPort && URL.canParse(uri)),
  )
}
