import { expect, it } from 'vitest'
import { throughBothDoors } from '../door.js'
import { begin, knock } from '../mcp/kit.js'
import { nobody } from '../world.js'

throughBothDoors('An MCP client without a token', (open) => {
  it.each([
    ['TOOLS', 'mcp:tools'],
    ['CODE', 'mcp:code'],
  ] as const)(
    'is told where to learn how to sign in to a server of mode %s (RFC 9728)',
    async (mode, scope) => {
      const { api, makeServer } = await begin(open)
      const { server, mcpEndpoint } = await makeServer({ mode })
      const { status, challenge } = await knock(api, mcpEndpoint)
      expect(status).toBe(401)
      const metadataUrl = `${api.url}/.well-known/oauth-protected-resource/mcp/srv_${server.id}`
      expect(challenge).toBe(`Bearer resource_metadata="${metadataUrl}", scope="${scope}"`)
      const response = await api.fetch(metadataUrl)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({
        resource: mcpEndpoint,
        resource_name: 'Support',
        authorization_servers: [`${api.url}/oauth`],
        scopes_supported: [scope],
        bearer_methods_supported: ['header'],
      })
    },
  )

  it('learns what the authorization server can do (RFC 8414)', async () => {
    const { api } = await begin(open)
    const response = await api.fetch(`${api.url}/.well-known/oauth-authorization-server/oauth`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      issuer: `${api.url}/oauth`,
      authorization_endpoint: `${api.url}/oauth/authorize`,
      token_endpoint: `${api.url}/oauth/token`,
      registration_endpoint: `${api.url}/oauth/register`,
      scopes_supported: ['mcp:tools', 'mcp:code'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
  })

  it('is told again when its token is not good, and why', async () => {
    const { api, makeServer } = await begin(open)
    const { server, mcpEndpoint } = await makeServer()
    const { status, challenge } = await knock(api, mcpEndpoint, 'mcpo_wrong')
    expect(status).toBe(401)
    expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]+", resource_metadata="/)
    expect(challenge).toContain(`/mcp/srv_${server.id}"`)
  })

  it('finds no way to sign in to a server that takes bearer tokens alone, until that changes', async () => {
    const { api, makeServer, patchServer } = await begin(open)
    const { server, mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const metadataUrl = `${api.url}/.well-known/oauth-protected-resource/mcp/srv_${server.id}`
    expect(await knock(api, mcpEndpoint)).toMatchObject({ status: 401, challenge: 'Bearer' })
    expect((await api.fetch(metadataUrl)).status).toBe(404)
    await patchServer(server.id, { authMode: 'oauth_and_bearer' })
    expect((await knock(api, mcpEndpoint)).challenge).toContain('resource_metadata=')
    expect((await api.fetch(metadataUrl)).status).toBe(200)
  })

  it.each(['', '/', '/mcp', '/mcp/weavz', `/mcp/srv_${nobody}`, '/mcp/srv_%2e%2e', '/mcp/srv_/x'])(
    'finds no metadata where no server is: "%s"',
    async (path) => {
      const { api } = await begin(open)
      const response = await api.fetch(`${api.url}/.well-known/oauth-protected-resource${path}`)
      expect(response.status).toBe(404)
    },
  )

  it('may be in a page of another origin', async () => {
    const { api, makeServer } = await begin(open)
    const { server, mcpEndpoint } = await makeServer()
    const paths = [
      `/.well-known/oauth-protected-resource/mcp/srv_${server.id}`,
      '/.well-known/oauth-authorization-server/oauth',
      '/oauth/register',
      '/oauth/token',
    ]
    for (const url of [...paths.map((path) => api.url + path), mcpEndpoint]) {
      const response = await api.fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://inspector.test',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
        },
      })
      expect(response.status, url).toBe(204)
      expect(response.headers.get('access-control-allow-origin'), url).toBe('*')
      expect(response.headers.get('access-control-allow-headers'), url).toContain('mcp-protocol-version')
    }
    const refused = await api.fetch(mcpEndpoint, {
      method: 'POST',
      headers: { origin: 'https://inspector.test' },
    })
    expect(refused.headers.get('access-control-expose-headers')).toBe('www-authenticate')
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  })
})
