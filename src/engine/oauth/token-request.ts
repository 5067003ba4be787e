import * as oauth from 'oauth4webapi'
import type { JsonObject } from '../../contract/schema.js'
import type { Credentials } from '../credentials.js'
import type { Engine } from '../engine.js'
import type { OAuthProviderRow } from '../rows.js'
import type { Secret } from '../vault/index.js'
import { OAuthError, reasonOf, type OAuthErrorCode, type OAuthReason } from './errors.js'

/** Carries a request; the global `fetch` fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** No token response is larger: the vault seals 64 KiB a field. */
const maxBytes = 256 * 1024

/** The provider as the client library wants it. */
export function serverOf(row: OAuthProviderRow, issuer = row.issuer): oauth.AuthorizationServer {
  return {
    issuer,
    token_endpoint: row.tokenEndpoint,
    authorization_response_iss_parameter_supported: row.issRequired,
  }
}

/** What one request needs: where to, as whom, over which fetch. */
export interface TokenRequest {
  readonly client: oauth.Client
  readonly authentication: oauth.ClientAuth
  readonly options: oauth.TokenEndpointRequestOptions
}

/**
 * One request to a token endpoint, its answer included, within the engine's time limit.
 *
 * @throws OAuthError with that code and nothing of what was sent or received.
 */
export async function requestToken(
  engine: Engine,
  row: OAuthProviderRow,
  clientSecret: Secret,
  code: OAuthErrorCode,
  send: (request: TokenRequest) => Promise<oauth.TokenEndpointResponse>,
): Promise<Credentials> {
  /** What the transport knows and the client library does not tell. */
  let failed: OAuthReason | undefined
  const controller = new AbortController()

  async function carry(url: string, init: RequestInit): Promise<Response> {
    const response = await engine.oauth.fetch(url, { ...init, signal: controller.signal }).catch((error) => {
      failed = 'network_error'
      throw error
    })
    if (response.status === 408 || response.status === 429) failed = 'try_later'
    if (response.status >= 500) failed = 'server_error'
    const text = await readText(response).catch((error) => {
      failed ??= 'network_error'
      throw error
    })
    if (response.status < 500) failed ??= refusalIn(text)
    return new Response(withoutIdToken(text), { status: response.status, headers: jsonHeaders(response) })
  }

  const secret = clientSecret.reveal()
  const authenticate =
    row.clientAuthentication === 'client_secret_post' ? oauth.ClientSecretPost : oauth.ClientSecretBasic
  const answer = send({
    client: { client_id: row.clientId },
    authentication: authenticate(secret),
    // Endpoints were checked when they were registered: https, or http on a loopback host
    options: { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: carry },
  })
  try {
    return credentialsIn(await within(engine.oauth.timeoutMs, answer, () => (failed = 'timeout')))
  } catch {
    throw new OAuthError(code, failed ?? 'malformed_response')
  } finally {
    // Ends what still runs after a time-out
    controller.abort()
  }
}

async function within<T>(ms: number, work: Promise<T>, onTimeout: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onTimeout()
      reject(new Error('Time-out'))
    }, ms)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
    // After a time-out nobody waits for it any more
    work.catch(() => undefined)
  }
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  const reader = response.body.getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
    if (text.length > maxBytes) {
      await reader.cancel().catch(() => undefined)
      return ''
    }
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/**
 * The reason in an error response. Read here because the client library reports a 401 by its `WWW-Authenticate`,
 * which RFC 6749 §5.2 demands beside `invalid_client`, and then says nothing of the body; and because GitHub, for
 * one, refuses with 200.
 */
function refusalIn(text: string): OAuthReason | undefined {
  const { error, access_token: token } = parsed(text) ?? {}
  return typeof error === 'string' && error !== '' && token === undefined ? reasonOf(error) : undefined
}

/**
 * Who the user is was not asked. An ID token would be checked against the machine's clock instead of the engine's, and
 * would have to be kept secret like a token without being of use.
 */
function withoutIdToken(text: string): string {
  const body = parsed(text)
  if (body?.id_token === undefined) return text
  const { id_token: _unused, ...rest } = body
  return JSON.stringify(rest)
}

/** The body was decoded, so that its length and encoding no longer hold. */
function jsonHeaders(response: Response): Headers {
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.delete('content-encoding')
  return headers
}

/** A token response as credentials; what OAuth does not know of it is kept as `data`. */
function credentialsIn(response: oauth.TokenEndpointResponse): Credentials {
  const { access_token, token_type, expires_in, refresh_token, scope, id_token: _unused, ...data } = response
  const fields: Record<string, string> = {
    accessToken: access_token,
    // The library writes it in lower case, while third parties compare it with what the API's default says
    tokenType: token_type === 'bearer' ? 'Bearer' : token_type,
  }
  if (refresh_token !== undefined) fields.refreshToken = refresh_token
  if (scope !== undefined) fields.scope_oauth = scope
  if (Object.keys(data).length > 0)
    fields.data = JSON.stringify(data satisfies Record<string, unknown> as JsonObject)
  return { fields, expiresIn: expires_in }
}
