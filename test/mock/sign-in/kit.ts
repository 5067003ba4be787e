import { expect } from 'vitest'
import type { CreateMcpServer } from '../../../src/contract/mcp-servers.js'
import type { MockWeavzOptions } from '../../../src/mock/index.js'
import type { Api, Open } from '../door.js'
import { begin } from '../mcp/kit.js'
import { challengeOf } from '../provider/challenge.js'
import { withChanges, type Changes } from '../provider/kit.js'

/** RFC 7636 appendix B. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const callback = 'https://client.test/callback'

/** What a public client says of itself when it registers. */
export const publicClient = {
  client_name: 'Cursor',
  redirect_uris: [callback],
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
}

export interface Tokens {
  access_token: string
  refresh_token?: string
  error?: string
}

export async function register(api: Api, metadata: unknown = publicClient) {
  const response = await api.fetch(`${api.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as never }
}

/** A server that takes OAuth, a client that has registered, and the client's well-formed requests. */
export async function signInWorld(
  open: Open,
  fields: Partial<CreateMcpServer> = {},
  options?: MockWeavzOptions,
) {
  const world = await begin(open, options)
  const { api } = world
  const { server, mcpEndpoint } = await world.makeServer(fields)
  const { client_id: clientId } = (await register(api)).body as { client_id: string }

  const authorizationUrl = (changes?: Changes) => {
    const query = withChanges(
      {
        ...{ response_type: 'code', client_id: clientId, redirect_uri: callback, state: 'xyz' },
        ...{ code_challenge: challengeOf(verifier), code_challenge_method: 'S256', resource: mcpEndpoint },
      },
      changes,
    )
    return `${api.url}/oauth/authorize?${query}`
  }

  async function token(fields: Record<string, string>, changes?: Changes, headers = {}) {
    const response = await api.fetch(`${api.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: withChanges({ client_id: clientId, ...fields }, changes).toString(),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Tokens }
  }

  const redeem = (code: string, changes?: Changes) =>
    token(
      { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier },
      changes,
    )

  /** The code that the client gets for an end user. */
  async function codeFor(endUserId: string, changes?: Changes): Promise<string> {
    const back = await api.weavz.user.signIn(authorizationUrl(changes), endUserId)
    expect(back.searchParams.get('error_description')).toBeNull()
    return back.searchParams.get('code') ?? ''
  }

  return {
    ...world,
    ...{ server, mcpEndpoint, clientId, authorizationUrl, token, redeem, codeFor },
    refresh: (tokens: Tokens, changes?: Changes) =>
      token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }, changes),
    tokensFor: async (endUserId: string) => (await redeem(await codeFor(endUserId))).body,
  }
}
