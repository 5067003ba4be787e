import { isTerminal, type OAuthReason } from './errors.js'

/** What is known of the tokens of a connection without opening them. Times are milliseconds since the epoch. */
export interface TokenState {
  /** Counts the token responses that were stored: tells a refreshed token from the one that a call began with. */
  readonly generation: number
  /** Null: the provider did not say, so that only a third party's 401 tells. */
  readonly expiresAt: number | null
  /** From then on a use refreshes first. */
  readonly refreshAt: number | null
  /** Why the last refresh failed; null once one succeeded. */
  readonly failure: OAuthReason | null
  /** After a failure that may pass: no request to the provider before then. */
  readonly retryAt: number
}

const longestSkewMs = 5 * 60 * 1000
const cooldownMs = 30 * 1000

/** Fresh tokens, the successors of `before` if there were any. */
export function newTokens(
  now: number,
  expiresIn: number | undefined,
  before?: TokenState | null,
): TokenState {
  const lifetime = expiresIn === undefined ? null : expiresIn * 1000
  return {
    generation: (before?.generation ?? 0) + 1,
    expiresAt: lifetime === null ? null : now + lifetime,
    // So early that the token outlives the call, but not so early that a short-lived one is refreshed at every use
    refreshAt: lifetime === null ? null : now + lifetime - Math.min(longestSkewMs, lifetime / 10),
    failure: null,
    retryAt: 0,
  }
}

/** The tokens after a refresh that failed. */
export function failedTokens(tokens: TokenState, now: number, failure: OAuthReason): TokenState {
  return { ...tokens, failure, retryAt: now + cooldownMs }
}

/** The tokens after a third party refused the access token, which is worth nothing now whatever the clock says. */
export function rejectedTokens(tokens: TokenState, now: number): TokenState {
  return { ...tokens, expiresAt: now, refreshAt: now }
}

/** No refresh can help: the user has to authorise again. */
export function isLost({ failure }: TokenState): boolean {
  return failure !== null && isTerminal(failure)
}

export function isExpired({ expiresAt }: TokenState, now: number): boolean {
  return expiresAt !== null && now >= expiresAt
}

export function isRefreshDue({ refreshAt }: TokenState, now: number): boolean {
  return refreshAt !== null && now >= refreshAt
}
