import { mcpScopes } from '../../contract/mcp-servers.js'
import type { Engine } from '../../engine/engine.js'
import { takesOAuth } from '../../engine/mcp/auth-mode.js'
import { findCaller, type McpCredential } from '../../engine/mcp/callers.js'
import { mcpEndpoint, serverAt } from '../../engine/mcp/servers.js'
import { signInEndUser } from '../../engine/mcp/sign-in.js'
import { scopeOf } from '../../engine/mcp/tokens.js'
import { Refusal } from '../../engine/refusal.js'
import type { McpServerRow } from '../../engine/rows.js'
import { createAuthorizationServer, type AuthorizationServer, type Consent } from '../provider/index.js'
import type { GrantRow, Store } from '../provider/store.js'
import { issuerPath } from './paths.js'
import { readRegistration } from './registration.js'

/** What an end user is asked who signs in for an MCP client. */
export interface SignInRequest extends Consent {
  readonly server: McpServerRow
}

/** The authorization server where end users sign in, so that MCP clients may act for them. */
export interface SignIn extends Pick<AuthorizationServer, 'authorize' | 'token'> {
  /** The request that is waiting under that id; undefined if it is unknown, answered or too old. */
  request(requestId: string): SignInRequest | undefined
  /**
   * Lets an end user in.
   *
   * @returns Where to send the browser.
   * @throws Refusal if they may not; the request goes on waiting for somebody who may.
   */
  approve(request: SignInRequest, externalId: string): string
  /** Sends the browser back without anybody signed in. */
  deny(request: SignInRequest, reason?: string): string
  /**
   * Registers the client that describes itself so (RFC 7591).
   *
   * @returns What it is told; its secret is in there and nowhere else.
   * @throws RegistrationError
   */
  register(metadata: unknown): Readonly<Record<string, unknown>>
  /** What an access token says; undefined if it was not issued here, has expired or was revoked. */
  credentialOf(accessToken: string): McpCredential | undefined
}

const gone = () => new Refusal('NOT_FOUND', 'The request is unknown, answered or too old')

interface SignInOptions {
  readonly store: Store
  /** Seconds. */
  readonly accessTokenLifetime?: number | undefined
}

export function createSignIn(engine: Engine, { store, accessTokenLifetime }: SignInOptions): SignIn {
  const { clock, random, ids } = engine

  function credential({ id, resource, subject }: GrantRow, scopes: readonly string[]): McpCredential {
    const mcpServerId = resourceServer(resource)?.id ?? ''
    // The grant, which stays the same when its tokens are refreshed: repeats of a call are told by it
    return { id, mcpServerId, kind: 'oauth', scopes, endUser: subject, expiresAt: null }
  }

  function resourceServer(resource: string | null): McpServerRow | undefined {
    return resource === null ? undefined : serverAt(engine, new URL(resource).pathname)
  }

  const authorization = createAuthorizationServer({
    ...{ clock, random, store, accessTokenLifetime, issuerPath },
    prefixes: { code: 'mcpo_code_', accessToken: 'mcpo_', refreshToken: 'mcpo_refresh_' },
    resources: {
      scopesOf(resource, baseUrl) {
        const server = resourceServer(resource)
        const known = server && takesOAuth(server) && mcpEndpoint(server, baseUrl) === resource
        return known ? [scopeOf(server)] : undefined
      },
      holds(grant) {
        const server = resourceServer(grant.resource)
        if (!server) return false
        return typeof findCaller(engine, server, credential(grant, grant.scopes), '') !== 'string'
      },
    },
  })

  return {
    authorize: authorization.authorize,
    token: authorization.token,
    request(requestId) {
      const consent = authorization.consent(requestId)
      const server = consent && resourceServer(consent.resource)
      return server && { ...consent, server }
    },
    approve({ requestId, server }, externalId) {
      if (!authorization.consent(requestId)) throw gone()
      const { id: subject } = signInEndUser(engine, server, externalId)
      const url = authorization.decide(requestId, 'approve', { subject })
      if (url === undefined) throw gone()
      return url
    },
    deny({ requestId }, reason) {
      const url = authorization.decide(requestId, 'deny', reason === undefined ? {} : { reason })
      if (url === undefined) throw gone()
      return url
    },
    register(metadata) {
      const { client, answer } = readRegistration(metadata, ids.uuid(), mcpScopes)
      const secret = authorization.register(client)
      const isPublic = client.authMethods[0] === 'none'
      return {
        ...answer,
        client_id_issued_at: Math.floor(clock.now() / 1000),
        ...(!isPublic && { client_secret: secret, client_secret_expires_at: 0 }),
      }
    },
    credentialOf(accessToken) {
      const token = authorization.active(accessToken)
      return token && credential(token.grant, token.scopes)
    },
  }
}
