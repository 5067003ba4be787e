import * as oauth from 'oauth4webapi'
import { expect, it } from 'vitest'
import { throughBothDoors, type Open } from '../door.js'
import { begin, connect } from '../mcp/kit.js'
import { makeEndUser } from '../world.js'

/** `oauth4webapi` holds a server to the RFCs by the letter: what deviates makes it throw. */
async function strictClient(open: Open, authMethod: 'none' | 'client_secret_basic' | 'client_secret_post') {
  const world = await begin(open)
  const { api, workspaceId, makeServer } = world
  await makeEndUser(api, workspaceId, 'ada')
  const { mcpEndpoint } = await makeServer()
  const options = {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: object) => api.fetch(url, init),
  }
  const resource = await oauth.processResourceDiscoveryResponse(
    new URL(mcpEndpoint),
    await oauth.resourceDiscoveryRequest(new URL(mcpEndpoint), options),
  )
  const issuer = new URL(resource.authorization_servers?.[0] ?? '')
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options }),
  )
  const redirectUri = 'http://127.0.0.1/callback'
  const client = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(
      server,
      {
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: authMethod,
        grant_types: ['authorization_code', 'refresh_token'],
      },
      options,
    ),
  )
  const secret = String(client.client_secret)
  const authentication = {
    none: () => oauth.None(),
    client_secret_basic: () => oauth.ClientSecretBasic(secret),
    client_secret_post: () => oauth.ClientSecretPost(secret),
  }[authMethod]()
  return { ...world, mcpEndpoint, options, server, client, authentication, redirectUri, resource }
}

throughBothDoors('A client that knows the RFCs by the letter', (open) => {
  it.each(['none', 'client_secret_basic', 'client_secret_post'] as const)(
    'finds, registers, signs in and refreshes without an objection: %s',
    async (authMethod) => {
      const { api, mcpEndpoint, options, server, client, authentication, redirectUri, resource } =
        await strictClient(open, authMethod)
      const verifier = oauth.generateRandomCodeVerifier()
      const state = oauth.generateRandomState()
      const address = redirectUri.replace('/callback', ':49152/callback')
      const url = new URL(server.authorization_endpoint ?? '')
      for (const [name, value] of Object.entries({
        ...{ response_type: 'code', client_id: client.client_id, redirect_uri: address, state },
        ...{ resource: resource.resource, scope: resource.scopes_supported?.join(' ') ?? '' },
        ...{
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        },
      })) {
        url.searchParams.set(name, value)
      }
      const back = await api.weavz.user.signIn(url, 'ada')
      // Checks state and issuer (RFC 9207)
      const answered = oauth.validateAuthResponse(server, client, back, state)
      const named = { additionalParameters: { resource: mcpEndpoint }, ...options }
      const tokens = await oauth.processAuthorizationCodeResponse(
        server,
        client,
        await oauth.authorizationCodeGrantRequest(
          ...([server, client, authentication, answered, address, verifier, named] as const),
        ),
      )
      expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'mcp:tools' })
      const renewed = await oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(
          ...([server, client, authentication, tokens.refresh_token ?? '', named] as const),
        ),
      )
      const mcp = await connect(api, mcpEndpoint, renewed.access_token)
      expect((await mcp.listTools()).tools).toEqual([])
    },
  )

  it('understands every refusal', async () => {
    const { api, options, server, client, authentication, mcpEndpoint } = await strictClient(open, 'none')
    const refused = async () =>
      oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, authentication, 'nothing', options),
      )
    await expect(refused()).rejects.toMatchObject({ name: 'ResponseBodyError', error: 'invalid_grant' })
    const [request, token] = [new URL(mcpEndpoint), 'mcpo_wrong']
    const used = oauth.protectedResourceRequest(token, 'POST', request, new Headers(), '{}', options)
    await expect(used).rejects.toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token', scope: 'mcp:tools' } }],
    })
    const back = await api.weavz.user.cancelSignIn(
      `${server.authorization_endpoint}?${new URLSearchParams({
        ...{ response_type: 'code', client_id: client.client_id, redirect_uri: 'http://127.0.0.1/callback' },
        ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', resource: mcpEndpoint },
      })}`,
    )
    expect(() => oauth.validateAuthResponse(server, client, back, oauth.expectNoState)).toThrow(
      expect.objectContaining({ name: 'AuthorizationResponseError', error: 'access_denied' }),
    )
  })
})
