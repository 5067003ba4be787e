import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { hashToken } from '../../engine/hash.js'
import { base64url } from '../../engine/oauth/base64url.js'
import { normalised, repeated } from './parameters.js'
import {
  addTokens,
  type AuthMethod,
  type ClientRow,
  type GrantRow,
  type IssuedTokens,
  type Issuing,
} from './store.js'

/** What a token endpoint answers (RFC 6749 §5). */
export interface TokenAnswer {
  readonly status: 200 | 400 | 401
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, string | number>>
}

export interface TokenEndpoint {
  /**
   * One request to the token endpoint.
   *
   * @param form The body, `application/x-www-form-urlencoded`.
   * @param authorization The header of that name, or null.
   */
  token(form: URLSearchParams, authorization: string | null): TokenAnswer
}

/** The codes of RFC 6749 §5.2 and RFC 8707 §2 that this server sends. */
type TokenErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'

class TokenError extends Error {
  constructor(
    readonly error: TokenErrorCode,
    description: string,
  ) {
    super(description)
  }
}

/** What a verifier's challenge must be (RFC 7636 §4.6). */
function challengeOf(verifier: string): string {
  return base64url(sha256(utf8ToBytes(verifier)))
}

/** RFC 6749 appendix B: client id and secret are form-encoded before they are base64. */
function basicCredentials(authorization: string): [string, string] | undefined {
  const [, encoded] = /^basic +([\w+/]+=*)$/i.exec(authorization) ?? []
  try {
    const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
    const [, id, secret] = /^([^:]*):([^]*)$/.exec(atob(encoded ?? '')) ?? []
    return id === undefined || secret === undefined ? undefined : [decode(id), decode(secret)]
  } catch {
    return undefined
  }
}

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

export function createTokenEndpoint(issuing: Issuing): TokenEndpoint {
  const { clock, secret, store, pinned, accessTokenLifetime, prefixes, resources } = issuing

  function authenticated(form: URLSearchParams, authorization: string | null): ClientRow {
    const inBody = form.has('client_secret')
    if (authorization !== null && inBody) {
      throw new TokenError('invalid_request', 'The client authenticates twice')
    }
    const [id, clientSecret = null] =
      authorization !== null
        ? (basicCredentials(authorization) ?? [])
        : [form.get('client_id'), form.get('client_secret')]
    const client = id == null ? undefined : store.clients.get(id)
    const method: AuthMethod =
      authorization !== null ? 'client_secret_basic' : inBody ? 'client_secret_post' : 'none'
    // Hashes are compared, so that how long it takes tells nothing of the secret
    const hash = clientSecret === null ? null : hashToken(clientSecret)
    if (!client?.authMethods.includes(method) || hash !== client.secretHash) {
      throw new TokenError('invalid_client', 'The client could not be authenticated')
    }
    if (form.has('client_id') && form.get('client_id') !== client.id) {
      throw new TokenError('invalid_request', 'client_id is not the client that authenticates')
    }
    return client
  }

  function required(form: URLSearchParams, name: string): string {
    const value = form.get(name)
    if (value) return value
    throw new TokenError('invalid_request', `${name} is missing`)
  }

  /** What was granted must still hold; and a request may name the resource again, but no other (RFC 8707 §2.2). */
  function refuseUnfit(form: URLSearchParams, grant: GrantRow): void {
    if (resources?.holds(grant) === false) {
      throw new TokenError('invalid_grant', 'What was granted cannot be used any more')
    }
    if (grant.resource === null || !form.has('resource')) return
    if (normalised(form.get('resource')) === grant.resource) return
    throw new TokenError('invalid_target', 'The resource is not the one that access was granted to')
  }

  function redeem(form: URLSearchParams, client: ClientRow): TokenAnswer['body'] {
    const code = store.codes.get(hashToken(required(form, 'code')))
    const redirectUri = required(form, 'redirect_uri')
    const verifier = required(form, 'code_verifier')
    if (!code || code.clientId !== client.id) throw new TokenError('invalid_grant', 'The code is unknown')
    if (code.used) {
      // Somebody else has it: what was issued for it must not stay good (RFC 6749 §4.1.2)
      store.grants.delete(code.grantId)
      throw new TokenError('invalid_grant', 'The code was used before')
    }
    // Used up by a failed attempt, too: nobody gets a second guess at the verifier
    store.codes.put({ ...code, used: true })
    const first = pinned.get(code.grantId)
    pinned.delete(code.grantId)
    const grant = store.grants.get(code.grantId)
    if (!grant || clock.now() >= code.expiresAt) throw new TokenError('invalid_grant', 'The code has expired')
    if (redirectUri !== code.redirectUri) {
      throw new TokenError('invalid_grant', 'The redirect URI is not the one of the code')
    }
    if (!/^[\w.~-]{43,128}$/.test(verifier) || challengeOf(verifier) !== code.codeChallenge) {
      throw new TokenError('invalid_grant', 'The verifier does not fit the challenge')
    }
    refuseUnfit(form, grant)
    return issue(client, grant, grant.scopes, first)
  }

  function refresh(form: URLSearchParams, client: ClientRow): TokenAnswer['body'] {
    const token = store.refreshTokens.get(hashToken(required(form, 'refresh_token')))
    const grant = token && store.grants.get(token.grantId)
    if (!grant || grant.clientId !== client.id) {
      throw new TokenError('invalid_grant', 'The refresh token is unknown or revoked')
    }
    if (token.rotated) {
      // Two parties hold it, and which of them is the thief cannot be told
      store.grants.delete(grant.id)
      throw new TokenError('invalid_grant', 'The refresh token was used before; the grant is revoked')
    }
    refuseUnfit(form, grant)
    const scopes = form.get('scope')?.split(' ') ?? grant.scopes
    if (!scopes.every((scope) => grant.scopes.includes(scope))) {
      throw new TokenError('invalid_scope', 'More was asked for than was granted')
    }
    store.refreshTokens.put({ ...token, rotated: true })
    return issue(client, grant, scopes)
  }

  function issue(
    { refreshes }: ClientRow,
    { id: grantId }: GrantRow,
    scopes: readonly string[],
    given: IssuedTokens = {},
  ) {
    const accessToken = given.accessToken ?? prefixes.accessToken + secret()
    const refreshToken = given.refreshToken ?? prefixes.refreshToken + secret()
    const expiresIn = given.expiresIn ?? accessTokenLifetime
    const expiresAt = clock.now() + expiresIn * 1000
    addTokens(store, { grantId, scopes, expiresAt, accessToken, ...(refreshes && { refreshToken }) })
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      ...(refreshes && { refresh_token: refreshToken }),
      // Tokens that an app brought along came without
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    }
  }

  return {
    token(form, authorization) {
      try {
        const twice = repeated(form)
        if (twice !== undefined) throw new TokenError('invalid_request', `${twice} is given twice`)
        const grantType = required(form, 'grant_type')
        const client = authenticated(form, authorization)
        if (grantType === 'authorization_code') return answer(200, redeem(form, client))
        if (grantType === 'refresh_token') return answer(200, refresh(form, client))
        throw new TokenError('unsupported_grant_type', 'Supported are authorization_code and refresh_token')
      } catch (error) {
        if (!(error instanceof TokenError)) throw error
        const body = { error: error.error, error_description: error.message }
        // RFC 6749 §5.2: 401 names the scheme that a client which used the header has to use
        return error.error === 'invalid_client' && authorization !== null
          ? answer(401, body, { 'www-authenticate': 'Basic realm="OAuth"' })
          : answer(400, body)
      }
    },
  }

  function answer(status: TokenAnswer['status'], body: TokenAnswer['body'], headers = {}): TokenAnswer {
    return { status, headers: { ...noStore, ...headers }, body }
  }
}
