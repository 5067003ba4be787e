import { hashToken } from '../../engine/hash.js'
import { Refusal } from '../../engine/refusal.js'

/** Where the control routes are. They need no API key and tell about everything. */
export const controlPrefix = '/_weavz/'

/** Whether an address is that of a control route, however its path is written. */
export function isControl({ pathname }: URL): boolean {
  // Nothing to decode: most paths
  if (!pathname.includes('%')) return pathname.startsWith(controlPrefix)
  try {
    return decodeURI(pathname).startsWith(controlPrefix)
  } catch {
    // The router leaves what cannot be decoded as it is, and so it is no control route
    return pathname.startsWith(controlPrefix)
  }
}

/** Whether a peer is this machine: `127.0.0.0/8`, `::1`, or the former written in IPv6. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address)
}

const loopbackHost = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])\.?(?::\d+)?$/i

/**
 * Why a request that came over the network may not use the control routes, where no control token keeps others out.
 * Undefined if it may: it comes from this machine, and no web page had a browser send it.
 *
 * @param peer Address of the other end of the connection.
 */
export function strangerIn(request: Request, peer: string | undefined): string | undefined {
  const { headers } = request
  const { host } = new URL(request.url)
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site') ?? 'none'
  if (!isLoopback(peer)) return 'not to another machine'
  // A tunnel or a reverse proxy on this machine: whoever is behind it is somewhere else
  if (headers.has('forwarded') || headers.has('x-forwarded-for')) return 'not through a proxy'
  // DNS rebinding: a page of evil.example, whose name has come to stand for this machine
  if (!loopbackHost.test(host) || !loopbackHost.test(headers.get('host') ?? host)) {
    return 'not under another name than localhost'
  }
  // Browsers send simple requests of any page anywhere; only the answers are kept from it
  const own = origin === null || origin === new URL(request.url).origin
  if (!own || !['none', 'same-origin'].includes(site)) return 'not to pages of other sites'
  return undefined
}

/** Whether two texts are the same, in a time that tells nothing about where they differ. */
function sameSecret(a: string, b: string): boolean {
  const [left, right] = [hashToken(a), hashToken(b)]
  let difference = 0
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at)
  return difference === 0
}

/** @throws TypeError if it cannot be sent as a bearer token. */
export function checkControlToken(token: string): void {
  // RFC 6750 §2.1
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    throw new TypeError('controlToken must be letters, digits and -._~+/ alone, and not be empty')
  }
}

/** @throws Refusal 401 `UNAUTHORIZED` unless the request carries the control token as a bearer token. */
export function requireToken(request: Request, token: string): void {
  const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  if (given !== undefined && sameSecret(given, token)) return
  throw new Refusal('UNAUTHORIZED', 'Control routes need the control token, sent as a bearer token')
}
