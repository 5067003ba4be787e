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
import type { SessionRow } from '../engine/rows.js'
import { authorizePath, type AuthorizationServer, type DecisionDetails } from './provider/index.js'

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

/** Plays the person in front of the hosted connect page, without a browser. */
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
}

/** @param baseUrl Where the user reaches the hosted pages. */
export function createScriptedUser(
  engine: Engine,
  provider: AuthorizationServer,
  baseUrl: string,
): ScriptedUser {
  const redirectUri = baseUrl + callbackPath

  function open(token: string): SessionRow {
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
