/** What a token endpoint refuses with (RFC 6749 §5.2), and what else keeps a token from coming. */
const reasons = {
  invalid_request: { terminal: true, text: 'the provider calls the request invalid' },
  invalid_client: { terminal: true, text: 'the provider does not accept the OAuth app' },
  invalid_grant: { terminal: true, text: 'the grant is invalid, expired or revoked' },
  unauthorized_client: { terminal: true, text: 'the OAuth app may not use this grant' },
  unsupported_grant_type: { terminal: true, text: 'the provider does not support this grant' },
  invalid_scope: { terminal: true, text: 'the provider does not grant these scopes' },
  /** An OAuth error that RFC 6749 does not know. */
  refused: { terminal: true, text: 'the provider refused' },
  no_refresh_token: { terminal: true, text: 'there is no refresh token' },
  network_error: { terminal: false, text: 'the provider could not be reached' },
  timeout: { terminal: false, text: 'the provider did not answer in time' },
  /** 408 and 429. */
  try_later: { terminal: false, text: 'the provider asks to try later' },
  /** 5xx, or the OAuth errors that mean the same. */
  server_error: { terminal: false, text: 'the provider failed' },
  malformed_response: { terminal: false, text: 'the answer of the provider is not one of OAuth 2' },
} as const

/** Why no token came: closed, safe to branch on. */
export type OAuthReason = keyof typeof reasons

/** The reason for an `error` of a token endpoint. */
export function reasonOf(error: string): OAuthReason {
  if (error === 'temporarily_unavailable') return 'server_error'
  return Object.hasOwn(reasons, error) ? (error as OAuthReason) : 'refused'
}

/** Whether a refresh that failed so is not to be tried again before the user has authorised again. */
export function isTerminal(reason: OAuthReason): boolean {
  return reasons[reason].terminal
}

const attempts = {
  TOKEN_EXCHANGE_FAILED: 'The authorization code could not be exchanged for a token',
  REFRESH_FAILED: 'The access token could not be refreshed',
} as const

/** The stable codes of `OAuthError`. */
export type OAuthErrorCode = keyof typeof attempts

/**
 * No token came. `code` and `reason` are stable. What the provider wrote is not kept: neither its description nor the
 * error of the client library, because both may quote what was sent.
 *
 * @example if (error instanceof OAuthError && error.reason === 'invalid_grant') askToConnectAgain()
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'

  constructor(
    readonly code: OAuthErrorCode,
    readonly reason: OAuthReason,
  ) {
    super(`${attempts[code]}: ${reasons[reason].text}`)
  }
}
