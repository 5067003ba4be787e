import { base64url } from '../../engine/oauth/base64url.js'
import type { Clock } from '../../engine/clock.js'
import { hashToken } from '../../engine/hash.js'
import type { RandomSource } from '../../engine/random.js'
import { createAuthorizationEndpoint, type AuthorizationEndpoint } from './authorize.js'
import { issuerPath } from './paths.js'
import {
  addTokens,
  createStore,
  type AuthMethod,
  type GrantRow,
  type IssuedTokens,
  type Prefixes,
  type Resources,
  type Store,
} from './store.js'
import { createTokenEndpoint, type TokenEndpoint } from './token.js'

export interface AuthorizationServerOptions {
  readonly clock: Clock
  readonly random: RandomSource
  /** What it remembers. Default: nothing yet. */
  readonly store?: Store
  /** Seconds that an access token lives. Default 3600. */
  readonly accessTokenLifetime?: number | undefined
  /** From the base URL to its issuer. Default: that of the built-in provider. */
  readonly issuerPath?: string
  /** Default: nothing. */
  readonly prefixes?: Prefixes
  /** What its tokens can be good for. Default: one thing, so that nobody has to say which. */
  readonly resources?: Resources
}

/** A client that is to be registered. */
export interface NewClient {
  readonly id: string
  /** What the consent page calls it. */
  readonly name: string
  /** Absolute, or from the base URL of the server on: `/callback`. */
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[]
  /** How it may authenticate. Default: with its secret, in the header or in the body. */
  readonly authMethods?: readonly AuthMethod[]
  /** Whether it gets refresh tokens. Default true. */
  readonly refreshes?: boolean
}

/** What an access token that is good stands for. */
export interface ActiveToken {
  readonly grant: GrantRow
  readonly scopes: readonly string[]
}

/**
 * A strict OAuth 2 authorization server: authorization code with PKCE (RFC 6749, RFC 7636, S256 only), `iss` in every
 * answer (RFC 9207), refresh tokens that rotate and whose reuse revokes the grant (RFC 9700 §4.14.2). Its state holds
 * hashes of secrets, codes and tokens, never the things themselves.
 */
export interface AuthorizationServer extends AuthorizationEndpoint, TokenEndpoint {
  /**
   * Registers a client, or replaces the one of that id. Answers its secret, which is not kept; one of a public client is
   * good for nothing.
   */
  register(client: NewClient): string
  /**
   * Takes tokens that an app brings along for its own: offline, nobody but this server can have issued them. They can
   * be used, refreshed and revoked like all others.
   */
  adopt(clientId: string, tokens: IssuedTokens): void
  /** What an access token stands for; undefined if it is good for nothing: not issued here, expired, revoked. */
  active(accessToken: string): ActiveToken | undefined
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
    issuerPath: options.issuerPath ?? issuerPath,
    prefixes: options.prefixes ?? { code: '', accessToken: '', refreshToken: '' },
    resources: options.resources,
  }

  function active(accessToken: string): ActiveToken | undefined {
    const token = store.accessTokens.get(hashToken(accessToken))
    const grant = token && clock.now() < token.expiresAt && store.grants.get(token.grantId)
    return grant ? { grant, scopes: token.scopes } : undefined
  }

  return {
    ...createAuthorizationEndpoint(issuing),
    ...createTokenEndpoint(issuing),
    register({ authMethods = ['client_secret_basic', 'client_secret_post'], refreshes = true, ...client }) {
      const clientSecret = secret()
      const secretHash = authMethods.includes('none') ? null : hashToken(clientSecret)
      store.clients.put({ ...client, authMethods, refreshes, secretHash })
      return clientSecret
    },
    adopt(clientId, { accessToken, refreshToken, expiresIn = Infinity }) {
      const scopes = store.clients.get(clientId)?.scopes ?? []
      const none = { resource: null, subject: null }
      const { id: grantId } = store.grants.put({ id: secret(), clientId, scopes, ...none })
      // JSON has no infinity
      const expiresAt = Math.min(clock.now() + expiresIn * 1000, Number.MAX_SAFE_INTEGER)
      addTokens(store, { grantId, scopes, expiresAt, accessToken, refreshToken })
    },
    active,
    accepts: (accessToken) => active(accessToken) !== undefined,
    revoke(accessToken) {
      const grantId = accessToken && store.accessTokens.get(hashToken(accessToken))?.grantId
      for (const { id } of [...store.grants.values()]) {
        if (accessToken === undefined || id === grantId) store.grants.delete(id)
      }
    },
  }
}
