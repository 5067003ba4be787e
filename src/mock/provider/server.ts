import { base64url } from '../../engine/oauth/base64url.js'
import type { Clock } from '../../engine/clock.js'
import { hashToken } from '../../engine/hash.js'
import type { RandomSource } from '../../engine/random.js'
import { createAuthorizationEndpoint, type AuthorizationEndpoint } from './authorize.js'
import { createStore, type ClientRow, type IssuedTokens, type Store } from './store.js'
import { createTokenEndpoint, type TokenEndpoint } from './token.js'

export interface AuthorizationServerOptions {
  readonly clock: Clock
  readonly random: RandomSource
  /** What it remembers. Default: nothing yet. */
  readonly store?: Store
  /** Seconds that an access token lives. Default 3600. */
  readonly accessTokenLifetime?: number
}

/** A client that is to be registered. */
export interface NewClient {
  readonly id: string
  /** What the consent page calls it. */
  readonly name: string
  /** Absolute, or from the base URL of the server on: `/callback`. */
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[]
}

/**
 * A strict OAuth 2 authorization server: authorization code with PKCE (RFC 6749, RFC 7636, S256 only), `iss` in every
 * answer (RFC 9207), refresh tokens that rotate and whose reuse revokes the grant (RFC 9700 §4.14.2). Its state holds
 * hashes of secrets, codes and tokens, never the things themselves.
 */
export interface AuthorizationServer extends AuthorizationEndpoint, TokenEndpoint {
  /** Registers a client, or replaces the one of that id. Answers its secret, which is not kept. */
  register(client: NewClient): string
  /**
   * Takes tokens that an app brings along for its own: offline, nobody but this server can have issued them. They can
   * be used, refreshed and revoked like all others.
   */
  adopt(clientId: string, tokens: IssuedTokens): void
  /** Whether a third party should accept the access token: issued here, not expired, not revoked. */
  accepts(accessToken: string): boolean
  /**
   * Takes access back, as a user does in the provider's settings.
   *
   * @param accessToken One of the grant that is to be revoked. Default: all grants.
   */
  revoke(accessToken?: string): void
}

export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { clock, random, store = createStore() } = options
  const secret = () => base64url(random.bytes(32))
  const issuing = {
    clock,
    secret,
    store,
    pinned: new Map<string, IssuedTokens>(),
    accessTokenLifetime: options.accessTokenLifetime ?? 3600,
  }
  return {
    ...createAuthorizationEndpoint(issuing),
    ...createTokenEndpoint(issuing),
    register(client) {
      const clientSecret = secret()
      const row: ClientRow = { ...client, secretHash: hashToken(clientSecret) }
      store.clients.put(row)
      return clientSecret
    },
    adopt(clientId, { accessToken, refreshToken, expiresIn = Infinity }) {
      const { id: grantId } = store.grants.put({
        id: secret(),
        clientId,
        scopes: store.clients.get(clientId)?.scopes ?? [],
      })
      // JSON has no infinity
      const expiresAt = Math.min(clock.now() + expiresIn * 1000, Number.MAX_SAFE_INTEGER)
      if (accessToken !== undefined)
        store.accessTokens.put({ id: hashToken(accessToken), grantId, expiresAt })
      if (refreshToken !== undefined) {
        store.refreshTokens.put({ id: hashToken(refreshToken), grantId, rotated: false })
      }
    },
    accepts(accessToken) {
      const token = store.accessTokens.get(hashToken(accessToken))
      return token !== undefined && clock.now() < token.expiresAt && store.grants.has(token.grantId)
    },
    revoke(accessToken) {
      const grantId = accessToken && store.accessTokens.get(hashToken(accessToken))?.grantId
      for (const { id } of [...store.grants.values()]) {
        if (accessToken === undefined || id === grantId) store.grants.delete(id)
      }
    },
  }
}
