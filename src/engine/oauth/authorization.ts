import * as oauth from 'oauth4webapi'
import { completeSession, deniedByUser, failSession, isOver } from '../connect.js'
import type { Engine } from '../engine.js'
import { hashToken } from '../hash.js'
import { Refusal } from '../refusal.js'
import type { AuthorizationRow, OAuthProviderRow, SessionRow } from '../rows.js'
import { dropSpent } from '../table.js'
import type { VaultContext } from '../vault/index.js'
import { base64url } from './base64url.js'
import { OAuthError } from './errors.js'
import { openClientSecret, providerOf } from './providers.js'
import { requestToken, serverOf } from './token-request.js'

/** Where providers send users back to, below the base URL. */
export const callbackPath = '/api/v1/connect/oauth-callback'

/** 32 bytes are 43 characters: the shortest verifier of RFC 7636 §4.1, and as much as S256 can keep. */
const verifierBytes = 32
const stateBytes = 32

function verifierContext({ orgId }: Engine, session: SessionRow): VaultContext {
  const { id, integrationName, scope, workspaceId, endUserId } = session
  return {
    orgId,
    connectionId: null,
    integrationName,
    owner: { scope, workspaceId, endUserId },
    credentialType: 'OAUTH2',
    // No connection exists yet; the session is what the verifier belongs to
    field: `codeVerifier.${id}`,
  }
}

const isExpired = ({ clock }: Engine, session: SessionRow | undefined) =>
  !session || clock.now() >= Date.parse(session.expiresAt)

function openSession(engine: Engine, id: string): SessionRow {
  const session = engine.state.tables.sessions.get(id)
  if (!session || isExpired(engine, session)) {
    throw new Refusal('INVALID_TOKEN', 'The connect session is unknown or has expired')
  }
  return session
}

/**
 * Sends a session's user to the provider: authorization code with PKCE (RFC 6749 §4.1, RFC 7636, S256). The session is
 * CONNECTING afterwards. Beginning again makes the earlier URL worthless.
 *
 * @param redirectUri Base URL and `callbackPath`; the provider answers there and nowhere else.
 * @throws Refusal `INVALID_TOKEN` unknown or expired session, `OAUTH_ERROR` the session is over, `NOT_OAUTH2` it asks
 * for other credentials, `NO_OAUTH_APP`.
 * @example
 * const { authorizationUrl } = await beginAuthorization(engine, session.id, baseUrl + callbackPath)
 */
export async function beginAuthorization(
  engine: Engine,
  sessionId: string,
  redirectUri: string,
): Promise<{ authorizationUrl: string }> {
  const session = openSession(engine, sessionId)
  if (session.oauthAppMode === null) throw new Refusal('NOT_OAUTH2', 'The session asks for other credentials')
  const verifier = base64url(engine.random.bytes(verifierBytes))
  const state = base64url(engine.random.bytes(stateBytes))
  const [provider, challenge, codeVerifier] = await Promise.all([
    providerOf(engine, session),
    oauth.calculatePKCECodeChallenge(verifier),
    engine.vault.seal(verifier, verifierContext(engine, session)),
  ])
  // Others may have ended the session meanwhile
  const now = openSession(engine, sessionId)
  if (isOver(now)) throw new Refusal('OAUTH_ERROR', 'The connect session is over')
  const { authorizations, sessions } = engine.state.tables
  authorizations.put({ id: sessionId, stateHash: hashToken(state), redirectUri, codeVerifier })
  dropSpent(authorizations, ({ id }) => isExpired(engine, sessions.get(id)))
  sessions.put({ ...now, status: 'CONNECTING' })

  const url = new URL(provider.authorizationEndpoint, redirectUri)
  const parameters = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    ...(provider.scopes.length > 0 && { scope: provider.scopes.join(' ') }),
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { authorizationUrl: url.href }
}

/**
 * Takes the provider's answer to a callback, exchanges the code, once, and completes the session; or fails it with a
 * reason. What the provider wrote goes no further than a plain description.
 *
 * @param answer The query of the callback.
 * @param redirectUri Where the answer arrived, without its query.
 * @throws Refusal `OAUTH_ERROR` if nobody waits for this answer: unknown, used or replaced `state`, or the session has
 * expired. Nothing changes then.
 * @example
 * const { session } = await finishAuthorization(engine, url.searchParams, baseUrl + callbackPath)
 */
export async function finishAuthorization(
  engine: Engine,
  answer: URLSearchParams,
  redirectUri: string,
): Promise<{ session: SessionRow }> {
  const { authorizations, sessions } = engine.state.tables
  const [state = '', ...others] = answer.getAll('state')
  const authorization = authorizations.find('stateHash', hashToken(state))
  const session = authorization && sessions.get(authorization.id)
  if (others.length > 0 || !session || isExpired(engine, session)) {
    throw new Refusal('OAUTH_ERROR', 'No authorization is waiting for this answer')
  }
  // Before anything waits: the state is used up, and the code will be sent at most once
  authorizations.delete(authorization.id)
  if (!isOver(session)) {
    let failure: string | undefined = 'The authorization could not be completed'
    try {
      failure = await settle(engine, session, authorization, state, answer, redirectUri)
    } finally {
      // Also after a defect: the code is spent, so that waiting for it would never end
      if (failure !== undefined) failSession(engine, session.id, failure)
    }
  }
  return { session: sessions.get(session.id) ?? session }
}

/** Completes the session, or says why it fails. */
async function settle(
  engine: Engine,
  session: SessionRow,
  authorization: AuthorizationRow,
  state: string,
  answer: URLSearchParams,
  redirectUri: string,
): Promise<string | undefined> {
  if (redirectUri !== authorization.redirectUri)
    return 'The answer arrived at another redirect URI than agreed'
  const provider = await providerOf(engine, session)
  // An absolute issuer is compared character by character, and URL would normalise it
  const { issuer } = provider
  const server = serverOf(provider, URL.canParse(issuer) ? issuer : new URL(issuer, redirectUri).href)
  let checked: URLSearchParams
  try {
    checked = oauth.validateAuthResponse(server, { client_id: provider.clientId }, answer, state)
  } catch (error) {
    return error instanceof oauth.AuthorizationResponseError
      ? refusalOf(engine, answer)
      : 'The answer is not one of the provider that was asked'
  }
  if (!checked.get('code')) return 'The answer of the provider holds no code'
  try {
    await completeSession(
      engine,
      session.id,
      await exchange(engine, provider, session, authorization, checked),
    )
    return undefined
  } catch (error) {
    if (error instanceof OAuthError) return error.message
    throw error
  }
}

async function exchange(
  engine: Engine,
  provider: OAuthProviderRow,
  session: SessionRow,
  { codeVerifier, redirectUri }: AuthorizationRow,
  answer: URLSearchParams,
) {
  const [clientSecret, verifier] = await Promise.all([
    openClientSecret(engine, provider),
    engine.vault.open(codeVerifier, verifierContext(engine, session), 'refresh'),
  ])
  const server = serverOf(provider)
  return requestToken(engine, provider, clientSecret, 'TOKEN_EXCHANGE_FAILED', async (request) => {
    const { client, authentication, options } = request
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      answer,
      redirectUri,
      verifier.reveal(),
      options,
    )
    return oauth.processAuthorizationCodeResponse(server, client, response)
  })
}

/** RFC 6749 §4.1.2.1. */
const refusals = new Map([
  ['access_denied', deniedByUser],
  ['invalid_request', 'The provider calls the request invalid'],
  ['unauthorized_client', 'The OAuth app may not ask for a code'],
  ['unsupported_response_type', 'The provider does not give out codes'],
  ['invalid_scope', 'The provider does not grant these scopes'],
  ['server_error', 'The provider failed'],
  ['temporarily_unavailable', 'The provider asks to try later'],
])

/** Why the provider refused; of its own words only plain text, which no page can take for markup. */
function refusalOf({ vault }: Engine, answer: URLSearchParams): string {
  const error = answer.get('error') ?? ''
  const reason = refusals.get(error) ?? 'The provider refused'
  const description = answer.get('error_description') ?? ''
  if (!/^[\w .,:;!?()'/-]{1,200}$/.test(description)) return reason
  const words = vault.redactor.text(description)
  return error === 'access_denied' ? words : `${reason}: ${words}`
}
