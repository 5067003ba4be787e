import {
  completeSession,
  credentialTypeOf,
  failSession,
  sessionOf,
  startConnecting,
} from '../engine/connect.js'
import type { Credentials } from '../engine/credentials.js'
import { credentialsOf } from '../engine/credentials.js'
import type { Engine } from '../engine/engine.js'
import type { SessionRow } from '../engine/rows.js'

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
  /** OAuth: the token that the provider issues. */
  readonly accessToken?: string
  readonly refreshToken?: string
  /** OAuth: lifetime of the access token in seconds. */
  readonly expiresIn?: number
}

/** Plays the person in front of the hosted connect page, without a browser. */
export interface ScriptedUser {
  /**
   * Grants access: signs in at the provider, or fills in the form. Without credentials, made-up ones are used. The
   * session is COMPLETED afterwards, or FAILED if another owner has its externalId.
   *
   * @example await weavz.user.approve(token, { secretText: 'sk-test' })
   */
  approve(token: string, credentials?: UserCredentials): Promise<void>
  /** Refuses: the session is FAILED afterwards. `reason` becomes its `error`. */
  deny(token: string, reason?: string): Promise<void>
  /** Leaves without an answer: an OAuth session stays CONNECTING, a form PENDING, until the token expires. */
  abandon(token: string): Promise<void>
}

export function createScriptedUser(engine: Engine): ScriptedUser {
  function open(token: string): SessionRow {
    const session = sessionOf(engine, token)
    if (!session) throw new Error('The connect token is unknown or has expired')
    if (session.status === 'COMPLETED' || session.status === 'FAILED') {
      throw new Error(`The connect session is over: ${session.status}`)
    }
    return session
  }

  const isOAuth = (session: SessionRow) => session.oauthAppMode !== null

  return {
    async approve(token, credentials = {}) {
      const session = open(token)
      if (isOAuth(session)) startConnecting(engine, session.id)
      await completeSession(engine, session.id, filledIn(engine, session, credentials))
    },
    async deny(token, reason = 'The user denied access') {
      failSession(engine, open(token).id, reason)
    },
    async abandon(token) {
      const session = open(token)
      if (isOAuth(session)) startConnecting(engine, session.id)
    },
  }
}

/** The credentials of the session's type, as given or made up. */
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
      return credentialsOf({
        ...body,
        type,
        accessToken: given.accessToken ?? madeUp(),
        refreshToken: given.refreshToken ?? madeUp(),
        expiresIn: given.expiresIn ?? 3600,
      })
  }
}
