import { WeavzConnectError } from './errors.js'
import type { ConnectToken, ConnectSource } from './types.js'

const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** API keys have their own prefix; a page that holds one has leaked it already, so say so loudly. */
export function refuseSecret(token: unknown): void {
  if (typeof token === 'string' && token.startsWith('wvz_')) {
    throw new WeavzConnectError({ code: 'CONNECT_SECRET_IN_BROWSER' })
  }
}

/** Checks what a source gave. `javascript:` and other schemes would run in the page's own origin. */
export function checkSession(given: ConnectToken): ConnectToken {
  const { token, connectUrl } = (given ?? {}) as Partial<ConnectToken>
  refuseSecret(token)
  refuseSecret(connectUrl)
  if (typeof token !== 'string' || !token) throw new WeavzConnectError({ code: 'CONNECT_PREPARE_FAILED' })
  try {
    const { protocol, hostname, username, password, href } = new URL(connectUrl ?? '')
    const secure = protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname))
    if (secure && !username && !password) return { token, connectUrl: href }
  } catch {
    // The error of URL() quotes the whole URL, token included.
  }
  throw new WeavzConnectError({ code: 'CONNECT_INVALID_URL' })
}

/** Runs the source, at once, and checks what it gives. Rejects with a {@link WeavzConnectError} and nothing else. */
export async function obtainSession(source: ConnectSource): Promise<ConnectToken> {
  let given: ConnectToken
  try {
    given = typeof source === 'function' ? await source() : source
  } catch (cause) {
    throw new WeavzConnectError({ code: 'CONNECT_PREPARE_FAILED', cause })
  }
  return checkSession(given)
}
