import { deniedByUser } from '../../engine/connect.js'
import { hashToken } from '../../engine/hash.js'
import { dropSpent } from '../../engine/table.js'
import { isRegistered, normalised, repeated } from './parameters.js'
import type { ClientRow, IssuedTokens, Issuing } from './store.js'

const requestLifetimeMs = 10 * 60 * 1000
const codeLifetimeMs = 60 * 1000

/** What the consent page has to ask its user. */
export interface Consent {
  readonly kind: 'consent'
  readonly requestId: string
  readonly client: Pick<ClientRow, 'id' | 'name'>
  readonly scopes: readonly string[]
  /** Where the user goes from there. */
  readonly redirectUri: string
  /** What access is asked for (RFC 8707); null where the server knows no resources. */
  readonly resource: string | null
}

/** The request is wrong, and its client is told so: the browser goes there. */
export interface ToClient {
  readonly kind: 'redirect'
  readonly url: string
}

/** The request is wrong in a way that makes its redirect URI unfit to send anybody to: the user is told. */
export interface Refused {
  readonly kind: 'refused'
  readonly error: 'invalid_request' | 'unauthorized_client'
  readonly description: string
}

export interface AuthorizationEndpoint {
  /**
   * Checks an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2.1).
   *
   * @param baseUrl Where the server is reached; its issuer is below it.
   * @example
   * const answer = provider.authorize(url.searchParams, url.origin)
   * if (answer.kind === 'redirect') return context.redirect(answer.url)
   */
  authorize(params: URLSearchParams, baseUrl: string): Consent | ToClient | Refused
  /** The consent that is waiting under that id, for a page that is shown again. */
  consent(requestId: string): Consent | undefined
  /**
   * The user's decision, taken once.
   *
   * @returns Where to send the browser; undefined if nothing waits under that id.
   * @example provider.decide(requestId, 'approve') // 'https://…/oauth-callback?code=…&state=…&iss=…'
   */
  decide(requestId: string, decision: 'approve' | 'deny', details?: DecisionDetails): string | undefined
}

export interface DecisionDetails {
  /** Of an approval: pins what the first token response holds. */
  readonly tokens?: IssuedTokens
  /** Of an approval: who gives it. */
  readonly subject?: string
  /** Of a refusal: `error_description`. */
  readonly reason?: string
}

/** An error that the client is told (RFC 6749 §4.1.2.1). */
class AuthorizationError extends Error {
  constructor(
    readonly error: string,
    description: string,
  ) {
    super(description)
  }
}

export function createAuthorizationEndpoint({
  clock,
  secret,
  store,
  pinned,
  issuerPath,
  prefixes,
  resources,
}: Issuing): AuthorizationEndpoint {
  function answerTo(
    to: { redirectUri: string; issuer: string; state: string | null },
    fields: object,
  ): string {
    const url = new URL(to.redirectUri)
    const all = { ...fields, ...(to.state !== null && { state: to.state }), iss: to.issuer }
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
    return url.href
  }

  function show(requestId: string): Consent | undefined {
    const request = store.requests.get(requestId)
    const client = request && store.clients.get(request.clientId)
    if (!client || clock.now() >= request.expiresAt) return undefined
    const { scopes, redirectUri, resource } = request
    return {
      kind: 'consent',
      requestId,
      client: { id: client.id, name: client.name },
      ...{ scopes, redirectUri, resource },
    }
  }

  /** What access is asked for, and the scopes that there are. */
  function target(params: URLSearchParams, client: ClientRow, baseUrl: string) {
    if (!resources) return { resource: null, known: client.scopes }
    const resource = normalised(params.get('resource'))
    const known = resource && resources.scopesOf(resource, baseUrl)
    if (!known) throw new AuthorizationError('invalid_target', 'resource must name what access is asked for')
    return { resource, known }
  }

  function checked(params: URLSearchParams, client: ClientRow, baseUrl: string) {
    const twice = repeated(params)
    if (twice !== undefined) throw new AuthorizationError('invalid_request', `${twice} is given twice`)
    if (params.get('response_type') === null) {
      throw new AuthorizationError('invalid_request', 'response_type is missing')
    }
    if (params.get('response_type') !== 'code') {
      throw new AuthorizationError('unsupported_response_type', 'Only response_type=code is supported')
    }
    const codeChallenge = params.get('code_challenge')
    // 43 characters of base64url are what SHA-256 gives, and nothing else is
    if (codeChallenge === null || !/^[\w-]{43}$/.test(codeChallenge)) {
      throw new AuthorizationError('invalid_request', 'code_challenge must be a SHA-256 in base64url')
    }
    // Absent means plain (RFC 7636 §4.3)
    if (params.get('code_challenge_method') !== 'S256') {
      throw new AuthorizationError('invalid_request', 'code_challenge_method must be S256')
    }
    const { resource, known } = target(params, client, baseUrl)
    const asked = params.get('scope')?.split(' ') ?? known
    if (!asked.every((scope) => known.includes(scope))) {
      throw new AuthorizationError('invalid_scope', 'The client may not ask for these scopes')
    }
    return { codeChallenge, resource, scopes: [...new Set(asked)] }
  }

  return {
    authorize(params, baseUrl) {
      const refused = (description: string): Refused => ({
        kind: 'refused',
        error: 'invalid_request',
        description,
      })
      const [clientId, redirectUri] = [params.getAll('client_id'), params.getAll('redirect_uri')]
      const client = clientId.length === 1 ? store.clients.get(clientId[0] as string) : undefined
      if (!client) return refused('The client is unknown')
      const registered = client.redirectUris.map((uri) => (uri.startsWith('/') ? baseUrl + uri : uri))
      // Always given: a default hides that it is not the one meant
      const [to] = redirectUri
      if (redirectUri.length !== 1 || to === undefined || !isRegistered(to, registered)) {
        return refused('The redirect URI is not one of the client')
      }
      const issuer = baseUrl + issuerPath
      const state = params.getAll('state').length === 1 ? params.get('state') : null
      try {
        const request = checked(params, client, baseUrl)
        const now = clock.now()
        const { id } = store.requests.put({
          id: secret(),
          clientId: client.id,
          issuer,
          redirectUri: to,
          state,
          ...request,
          expiresAt: now + requestLifetimeMs,
        })
        dropSpent(store.requests, ({ expiresAt }) => expiresAt <= now)
        return show(id) as Consent
      } catch (error) {
        if (!(error instanceof AuthorizationError)) throw error
        const fields = { error: error.error, error_description: error.message }
        return { kind: 'redirect', url: answerTo({ redirectUri: to, issuer, state }, fields) }
      }
    },

    consent: show,

    decide(requestId, decision, { tokens, subject = null, reason = deniedByUser } = {}) {
      const request = show(requestId) && store.requests.delete(requestId)
      if (!request) return undefined
      if (decision === 'deny') {
        return answerTo(request, { error: 'access_denied', error_description: reason })
      }
      const { clientId, redirectUri, scopes, resource, codeChallenge } = request
      const code = prefixes.code + secret()
      const grant = store.grants.put({ id: secret(), clientId, scopes, resource, subject })
      if (tokens) pinned.set(grant.id, tokens)
      const now = clock.now()
      store.codes.put({
        id: hashToken(code),
        clientId,
        redirectUri,
        scopes,
        codeChallenge,
        expiresAt: now + codeLifetimeMs,
        grantId: grant.id,
        used: false,
      })
      // A used one stays as long as there is something to revoke should it be used again
      const spent = dropSpent(store.codes, (row) =>
        row.used ? !store.grants.has(row.grantId) : row.expiresAt <= now,
      )
      for (const { grantId } of spent) {
        store.grants.delete(grantId)
        pinned.delete(grantId)
      }
      return answerTo(request, { code })
    },
  }
}
