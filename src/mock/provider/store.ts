import type { Clock } from '../../engine/clock.js'
import { hashToken } from '../../engine/hash.js'
import { forkTables } from '../../engine/state.js'
import { Table, dropSpent } from '../../engine/table.js'

/** What the authorization server remembers. Secrets, codes and tokens are ids by their SHA-256. */

/** How a client shows at the token endpoint who it is (RFC 7591 §2); `none` for a public one, which cannot. */
export const authMethods = ['client_secret_basic', 'client_secret_post', 'none'] as const
export type AuthMethod = (typeof authMethods)[number]

export interface ClientRow {
  readonly id: string
  readonly name: string
  /** Null: a public client. */
  readonly secretHash: string | null
  readonly authMethods: readonly AuthMethod[]
  /** Whether it gets refresh tokens. */
  readonly refreshes: boolean
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[]
}

/** Token values and a lifetime that a test pins; what is missing is made up. */
export interface IssuedTokens {
  readonly accessToken?: string | undefined
  readonly refreshToken?: string | undefined
  /** Seconds. */
  readonly expiresIn?: number | undefined
}

/** A valid authorization request that its user has not decided yet. */
export interface RequestRow {
  readonly id: string
  readonly clientId: string
  readonly issuer: string
  readonly redirectUri: string
  readonly state: string | null
  readonly scopes: readonly string[]
  /** What access is asked for (RFC 8707); null where the server knows no resources. */
  readonly resource: string | null
  readonly codeChallenge: string
  readonly expiresAt: number
}

/** An authorization code; it stays known once it is used, so that a replay is recognised. */
export interface CodeRow {
  readonly id: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly codeChallenge: string
  readonly expiresAt: number
  readonly grantId: string
  readonly used: boolean
}

/** What a user granted. Codes and tokens of a grant that is gone are worth nothing. */
export interface GrantRow {
  readonly id: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** What access was granted to (RFC 8707); null where the server knows no resources. */
  readonly resource: string | null
  /** Who granted it; null where that makes no difference. */
  readonly subject: string | null
}

export interface AccessTokenRow {
  readonly id: string
  readonly grantId: string
  readonly scopes: readonly string[]
  readonly expiresAt: number
}

/** A refresh token; it stays known once it is rotated, so that its reuse is recognised. */
export interface RefreshTokenRow {
  readonly id: string
  readonly grantId: string
  readonly rotated: boolean
}

export function createStore() {
  return {
    clients: new Table<ClientRow>({}),
    requests: new Table<RequestRow>({}),
    codes: new Table<CodeRow>({}),
    grants: new Table<GrantRow>({}),
    accessTokens: new Table<AccessTokenRow>({}),
    refreshTokens: new Table<RefreshTokenRow>({}),
  }
}
export type Store = ReturnType<typeof createStore>

/** An independent copy. */
export function forkStore(store: Store): Store {
  return forkTables(store)
}

/** Tokens of a grant, either of which may be missing. */
interface NewTokens extends Omit<AccessTokenRow, 'id'>, Pick<IssuedTokens, 'accessToken' | 'refreshToken'> {}

export function addTokens({ grants, accessTokens, refreshTokens }: Store, tokens: NewTokens): void {
  const { accessToken, refreshToken, grantId, scopes, expiresAt } = tokens
  if (accessToken !== undefined) accessTokens.put({ id: hashToken(accessToken), grantId, scopes, expiresAt })
  if (refreshToken !== undefined) refreshTokens.put({ id: hashToken(refreshToken), grantId, rotated: false })
  const isRevoked = (token: { readonly grantId: string }) => !grants.has(token.grantId)
  dropSpent(accessTokens, isRevoked)
  dropSpent(refreshTokens, isRevoked)
}

/** What tokens can be good for, where that is more than one thing (RFC 8707). */
export interface Resources {
  /** The scopes of a resource, by its normalised URL; undefined if there is none. */
  scopesOf(resource: string, baseUrl: string): readonly string[] | undefined
  /** Whether what was granted can still be used. */
  holds(grant: GrantRow): boolean
}

/** What codes and tokens begin with, so that a reader, and a redactor, knows them for what they are. */
export interface Prefixes {
  readonly code: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** What both endpoints work with. */
export interface Issuing {
  readonly clock: Clock
  /** 32 random bytes as text. */
  readonly secret: () => string
  readonly store: Store
  /** From the base URL to the issuer. */
  readonly issuerPath: string
  readonly prefixes: Prefixes
  readonly resources: Resources | undefined
  /** First tokens that a test pinned, by grant, until its code is redeemed: plain, so not in the store. */
  readonly pinned: Map<string, IssuedTokens>
  /** Seconds. */
  readonly accessTokenLifetime: number
}
