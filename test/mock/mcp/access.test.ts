import { expect, it } from 'vitest'
import { stoppedClock, throughBothDoors } from '../door.js'
import { makeEndUser } from '../world.js'
import { begin, connect, knock } from './kit.js'

throughBothDoors('Who may speak to an MCP endpoint', (open) => {
  it('is nobody without a token, with an API key, or with the token of another server', async () => {
    const { api, makeServer } = await begin(open)
    const { mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const other = await makeServer({ authMode: 'bearer' })
    expect(await knock(api, mcpEndpoint)).toMatchObject({ status: 401, challenge: 'Bearer' })
    for (const token of [api.weavz.apiKey, 'mcp_wrong', other.bearerToken]) {
      const { status, body, challenge } = await knock(api, mcpEndpoint, token)
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'UNAUTHORIZED' })
      expect(challenge).toMatch(/^Bearer error="invalid_token", error_description=".+"$/)
    }
    await expect(connect(api, mcpEndpoint, 'mcp_wrong')).rejects.toThrow()
  })

  it.each(['/mcp/srv_00000000-0000-4000-8000-000000000000', '/mcp/srv_', '/mcp/nothing'])(
    'is nobody where there is no server: %s',
    async (path) => {
      const { api, makeServer } = await begin(open)
      const { bearerToken } = await makeServer({ authMode: 'bearer' })
      expect(await knock(api, api.url + path, bearerToken)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      })
    },
  )

  it('is an end user until their token expires', async () => {
    const clock = stoppedClock()
    const { api, workspaceId, makeServer } = await begin(open, { clock })
    await makeEndUser(api, workspaceId)
    const { server, mcpEndpoint } = await makeServer({ authMode: 'oauth' })
    const { accessToken, token } = await api.ok('mcpServers.createOAuthToken', {
      params: { id: server.id },
      body: { endUserId: 'user_123', expiresIn: 60 },
    })
    expect(token.expiresAt).toBe('2025-01-15T10:31:00.000Z')
    clock.advance(59_999)
    expect(await knock(api, mcpEndpoint, accessToken)).toMatchObject({ status: 200 })
    clock.advance(1)
    expect(await knock(api, mcpEndpoint, accessToken)).toMatchObject({ status: 401 })
  })

  it.each([
    ['the end user is deleted', 'endUsers.delete'],
    ['the workspace is deleted', 'workspaces.delete'],
    ['the server is deleted', 'mcpServers.delete'],
  ] as const)('is an end user until %s', async (_, endpoint) => {
    const { api, workspaceId, makeServer } = await begin(open)
    const endUser = await makeEndUser(api, workspaceId)
    const { server, mcpEndpoint } = await makeServer({ authMode: 'oauth' })
    const { accessToken } = await api.ok('mcpServers.createOAuthToken', {
      params: { id: server.id },
      body: { endUserId: 'user_123' },
    })
    expect(await knock(api, mcpEndpoint, accessToken)).toMatchObject({ status: 200 })
    const ids = {
      'endUsers.delete': endUser.id,
      'workspaces.delete': workspaceId,
      'mcpServers.delete': server.id,
    }
    await api.ok(endpoint, { params: { id: ids[endpoint] } })
    const { status } = await knock(api, mcpEndpoint, accessToken)
    expect(status).toBe(endpoint === 'endUsers.delete' ? 401 : 404)
  })

  it('changes with the authMode: each kind of token works where its column says yes', async () => {
    const { api, workspaceId, makeServer, patchServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { server, bearerToken, mcpEndpoint } = await makeServer({ authMode: 'oauth_and_bearer' })
    const params = { id: server.id }
    const body = { endUserId: 'user_123' }
    const own = (await api.ok('mcpServers.createAccessToken', { params, body })).bearerToken
    const oauth = (await api.ok('mcpServers.createOAuthToken', { params, body })).accessToken
    const statuses = async () => {
      const knocks = [bearerToken, own, oauth].map((token) => knock(api, mcpEndpoint, token))
      return (await Promise.all(knocks)).map(({ status }) => status)
    }
    expect(await statuses()).toEqual([200, 200, 200])
    await patchServer(server.id, { authMode: 'bearer' })
    expect(await statuses()).toEqual([200, 200, 401])
    await patchServer(server.id, { authMode: 'oauth' })
    expect(await statuses()).toEqual([401, 401, 200])
  })

  it('is nobody with the old static token once it is replaced', async () => {
    const { api, makeServer } = await begin(open)
    const { server, bearerToken, mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const renewed = await api.ok('mcpServers.regenerateToken', { params: { id: server.id } })
    expect(renewed.mcpEndpoint).toBe(mcpEndpoint)
    expect(await knock(api, mcpEndpoint, bearerToken)).toMatchObject({ status: 401 })
    expect(await knock(api, mcpEndpoint, renewed.bearerToken)).toMatchObject({ status: 200 })
  })

  it('is an end user only with the scope of the mode', async () => {
    const { api, workspaceId, makeServer, patchServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { server, bearerToken, mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const own = await api.ok('mcpServers.createAccessToken', {
      params: { id: server.id },
      body: { endUserId: 'user_123' },
    })
    await patchServer(server.id, { mode: 'CODE' })
    expect(await knock(api, mcpEndpoint, own.bearerToken)).toMatchObject({
      status: 403,
      challenge: expect.stringMatching(/^Bearer error="insufficient_scope", .*scope="mcp:code"$/),
    })
    const { body } = await knock(api, mcpEndpoint, bearerToken)
    expect(body.result?.tools.map(({ name }) => name)).toEqual([
      'weavz_search',
      'weavz_read_api',
      'weavz_execute',
    ])
  })

  it('is only the end user that the server is bound to', async () => {
    const { api, workspaceId, makeServer, patchServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    await makeEndUser(api, workspaceId, 'bob')
    const { server, mcpEndpoint } = await makeServer({ authMode: 'oauth' })
    const call = { params: { id: server.id }, body: { endUserId: 'user_123' } }
    const { accessToken } = await api.ok('mcpServers.createOAuthToken', call)
    await patchServer(server.id, { endUserId: 'bob' })
    expect(await knock(api, mcpEndpoint, accessToken)).toMatchObject({ status: 401 })
    const { paths } = await api.refused('mcpServers.createOAuthToken', 'VALIDATION_ERROR', call)
    expect(paths).toEqual(['body.endUserId'])
  })

  it('is told to POST, since the server has no stream of its own', async () => {
    const { api, makeServer } = await begin(open)
    const { bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
    const response = await api.fetch(mcpEndpoint, { headers: { authorization: `Bearer ${bearerToken}` } })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
