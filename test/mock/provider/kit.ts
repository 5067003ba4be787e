import { challengeOf } from './challenge.js'
import { seededRandom } from '../../../src/engine/random.js'
import {
  createAuthorizationServer,
  createStore,
  type AuthorizationServer,
} from '../../../src/mock/provider/index.js'

export const base = 'https://weavz.test'
export const redirectUri = `${base}/cb`
/** RFC 7636 appendix B. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

/** Changes to a well-formed request: null leaves a parameter out, a list gives it several times. */
export type Changes = Record<string, string | null | readonly string[]>

export function withChanges(fields: Record<string, string>, changes: Changes = {}): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...fields, ...changes })) {
    for (const one of value === null ? [] : [value].flat()) params.append(name, one)
  }
  return params
}

/** A server with two clients, and the well-formed requests of the first. */
export function serverWithClients(accessTokenLifetime?: number) {
  let now = 1_700_000_000_000
  const clock = { now: () => now, advance: (milliseconds: number) => void (now += milliseconds) }
  const random = seededRandom(3)
  const store = createStore()
  const server: AuthorizationServer = createAuthorizationServer({
    clock,
    random,
    store,
    ...(accessTokenLifetime !== undefined && { accessTokenLifetime }),
  })
  const described = { name: 'App', redirectUris: ['/cb', 'https://app.test/cb'], scopes: ['read', 'write'] }
  const secrets = {
    app: server.register({ id: 'app', ...described }),
    other: server.register({ id: 'other', ...described }),
  }

  const authorize = (changes?: Changes) =>
    server.authorize(
      withChanges(
        {
          response_type: 'code',
          client_id: 'app',
          redirect_uri: redirectUri,
          scope: 'read write',
          state: 'xyz',
          code_challenge: challengeOf(verifier),
          code_challenge_method: 'S256',
        },
        changes,
      ),
      base,
    )

  /** Where the browser goes once the user has approved. */
  const approved = (changes?: Changes) => {
    const asked = authorize(changes)
    if (asked.kind !== 'consent') throw new Error(`No consent was asked: ${asked.kind}`)
    return new URL(server.decide(asked.requestId, 'approve') as string)
  }

  const basic = (id: 'app' | 'other', secret = secrets[id]) =>
    `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`

  const send = (
    fields: Record<string, string>,
    changes?: Changes,
    authorization: string | null = basic('app'),
  ) => server.token(withChanges(fields, changes), authorization)

  return {
    ...{ server, store, clock, secrets, authorize, approved, basic },
    code: (changes?: Changes) => approved(changes).searchParams.get('code') as string,
    redeem: (code: string, changes?: Changes, authorization?: string | null) =>
      send(
        { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
        changes,
        authorization,
      ),
    refresh: (refreshToken: unknown, changes?: Changes, authorization?: string | null) =>
      send({ grant_type: 'refresh_token', refresh_token: String(refreshToken) }, changes, authorization),
  }
}
