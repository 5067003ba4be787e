import { defaultBaseUrl } from '../contract/base-url.js'
import {
  completeSession,
  deniedByUser,
  credentialTypeOf,
  failSession,
  isOver,
  sessionOf,
} from '../engine/connect.js'
import type { Credentials } from '../engine/credentials.js'
import { credentialsOf } from '../engine/credentials.js'
import type { Engine } from '../engine/engine.js'
import { beginAuthorization, callbackPath, finishAuthorization } from '../engine/oauth/authorization.js'
import { Refusal } from '../engine/refusal.js'
import type { SessionRow } from '../engine/rows.js'
import { authorizePath, type AuthorizationServer, type DecisionDetails } from './provider/index.js'
import { signInPath, type SignIn, type SignInRequest } from './sign-in/index.js'

/** What the scripted user types into the form, by the type that the session asks for. */
export interface UserCredentials {
  /** SECRET_TEXT. */
  readonly secretText?: string
  /** BASIC_AUTH. */
  readonly username?: string
  /** BASIC_AUTH. */
  readonly password?: string
  /** CUSTOM_AUTH. */
  readonly props?: Readonly<Record<string, unknown>>
  /** OAuth: the token that the provider issues first; the next ones are made up. */
  readonly accessToken?: string
  readonly refreshToken?: string
  /** OAuth: lifetime of that access token in seconds. Default: `accessTokenLifetime` of the mock. */
  readonly expiresIn?: number
}

/** Plays the person in front of the hosted pages, without a browser. */
export interface ScriptedUser {
  /**
   * Grants access: fills in the form, or goes to the built-in provider, approves there and comes back with a code that
   * is exchanged. Without credentials, made-up ones are used. The session is COMPLETED afterwards, or FAILED if another
   * owner has its externalId.
   *
   * @example await weavz.user.approve(token, { secretText: 'sk-test' })
   */
  approve(token: string, credentials?: UserCredentials): Promise<void>
  /** Refuses: the session is FAILED afterwards. `reason` becomes its `error`. */
  deny(token: string, reason?: string): Promise<void>
  /** Leaves without an answer: an OAuth session stays CONNECTING, a form PENDING, until the token expires. */
  abandon(token: string): Promise<void>
  /**
   * Signs an end user in for an MCP client: goes where the client sends the browser, and says who it is. Where that one
   * may not sign in, the person goes back as the page offers it, and the client is told `access_denied`.
   *
   * @param authorizationUrl What the client opens in a browser: `redirectToAuthorization` of the official MCP client.
   * @param endUserId External id of the end user: your user id.
   * @returns Where the browser goes back to, with `code`, or with `error`, in its query.
   * @throws Error if the request is so wrong that no client can be told (RFC 6749 §4.1.2.1).
   * @example
   * const back = await weavz.user.signIn(authorizationUrl, 'user_123')
   * await transport.finishAuth(back.searchParams.get('code'))
   */
  signIn(authorizationUrl: string | URL, endUserId: string): Promise<URL>
  /**
   * Cancels on the page where end users sign in: the client is told `access_denied`.
   *
   * @returns Where the browser goes back to.
   * @throws Error as `signIn`.
   */
  cancelSignIn(authorizationUrl: string | URL): Promise<URL>
}

/** @param ownUrl Where the user reaches the hosted pages, if the mock was told. */
export function createScriptedUser(
  engine: Engine,
  { provider, signIn }: { provider: AuthorizationServer; signIn: SignIn },
  ownUrl: string | undefined,
): ScriptedUser {
  const baseUrl = ownUrl ?? defaultBaseUrl
  const redirectUri = baseUrl + callbackPath

  function open(token: string): SessionRow {
    if (typeof token !== 'string') throw new TypeError('Expected the token of a connect session, a string')
    const session = sessionOf(engine, token)
    if (!session) throw new Error('The connect token is unknown or has expired')
    if (isOver(session)) {
      throw new Error(`The connect session is over: ${session.status}`)
    }
    return session
  }

  const isOAuth = (session: SessionRow) => session.oauthAppMode !== null

  /** To the provider and back: what a browser does, without one. */
  async function visitProvider(
    session: SessionRow,
    decision: 'approve' | 'deny',
    details: DecisionDetails,
  ): Promise<void> {
    const { authorizationUrl } = await beginAuthorization(engine, session.id, redirectUri)
    const { origin, pathname, searchParams } = new URL(authorizationUrl)
    if (origin + pathname !== baseUrl + authorizePath) {
      throw new Error(
        `"${session.integrationName}" has a provider of its own, where only its own users can sign in`,
      )
    }
    const asked = provider.authorize(searchParams, baseUrl)
    const back = asked.kind === 'consent' ? provider.decide(asked.requestId, decision, details) : undefined
    if (back === undefined) throw new Error('The built-in provider refused the authorization request')
    await finishAuthorization(engine, new URL(back).searchParams, redirectUri)
  }

  /** To the page where end users sign in, and back from there. */
  function visitSignIn(given: string | URL, decide: (request: SignInRequest) => string): URL {
    // The platform's own error would show the whole text, and codes with it
    const url = URL.canParse(given) ? new URL(given) : undefined
    if (url?.pathname !== signInPath) throw new Error('That is not where end users sign in')
    const { searchParams, origin } = url
    const asked = signIn.authorize(searchParams, ownUrl ?? origin)
    if (asked.kind === 'refused')
      throw new Error(`The authorization request was refused: ${asked.description}`)
    if (asked.kind === 'redirect') return new URL(asked.url)
    const request = signIn.request(asked.requestId)
    if (!request) throw new Error('The MCP server is gone')
    return new URL(decide(request))
  }

  return {
    async approve(token, credentials = {}) {
      const session = open(token)
      if (isOAuth(session)) {
        const { accessToken, refreshToken, expiresIn } = credentials
        await visitProvider(session, 'approve', { tokens: { accessToken, refreshToken, expiresIn } })
      } else await completeSession(engine, session.id, filledIn(engine, session, credentials))
    },
    async deny(token, reason = deniedByUser) {
      const session = open(token)
      if (isOAuth(session)) await visitProvider(session, 'deny', { reason })
      else failSession(engine, session.id, reason)
    },
    async abandon(token) {
      const session = open(token)
      if (isOAuth(session)) await beginAuthorization(engine, session.id, redirectUri)
    },
    signIn: async (authorizationUrl, endUserId) =>
      visitSignIn(authorizationUrl, (request) => {
        try {
          return signIn.approve(request, endUserId)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return signIn.deny(request, error.message)
        }
      }),
    cancelSignIn: async (authorizationUrl) =>
      visitSignIn(authorizationUrl, (request) => signIn.deny(request)),
  }
}

/** What the form of the session's type asks for, as given or made up. */
function filledIn(engine: Engine, session: SessionRow, given: UserCredentials): Credentials {
  const madeUp = () => `offline-${engine.ids.uuid()}`
  const type = credentialTypeOf(engine, session)
  const body = {
    externalId: session.externalId,
    displayName: session.connectionName,
    integrationName: session.integrationName,
  }
  switch (type) {
    case 'SECRET_TEXT':
      return credentialsOf({ ...body, type, secretText: given.secretText ?? madeUp() })
    case 'BASIC_AUTH':
      return credentialsOf({
        ...body,
        type,
        username: given.username ?? 'offline-user',
        password: given.password ?? madeUp(),
      })
    case 'CUSTOM_AUTH':
      return credentialsOf({ ...body, type, props: given.props ?? { token: madeUp() } })
    default:
      throw new Error(`No form asks for credentials of type ${type}`)
  }
}
