import { expect, it } from 'vitest'
import { stoppedClock, throughBothDoors } from '../door.js'
import { makeEndUser, makeWorkspace, nobody } from '../world.js'
import { begin } from './kit.js'

const params = (server: { id: string }) => ({ params: { id: server.id } })

throughBothDoors('Tokens of end users', (open) => {
  it('are shown once, with what they are', async () => {
    const { api, workspaceId, makeServer } = await begin(open, { clock: stoppedClock() })
    const endUser = await makeEndUser(api, workspaceId)
    const { server, mcpEndpoint } = await makeServer({ authMode: 'oauth_and_bearer' })
    const bearer = await api.ok('mcpServers.createAccessToken', {
      ...params(server),
      body: { endUserId: 'user_123' },
    })
    expect(bearer).toEqual({
      accessToken: expect.stringMatching(/^mcp_[A-Za-z0-9]{32}$/),
      bearerToken: bearer.accessToken,
      token: {
        id: expect.any(String),
        tokenPrefix: bearer.accessToken.slice(0, 8),
        scopes: ['mcp:tools'],
        endUserId: 'user_123',
        expiresAt: '2025-02-14T10:30:00.000Z',
        createdAt: '2025-01-15T10:30:00.000Z',
        ...{ authMethod: 'bearer', tokenType: 'mcp_bearer' },
      },
      mcpEndpoint,
    })
    const oauth = await api.ok('mcpServers.createOAuthToken', {
      ...params(server),
      body: { endUserId: endUser.id, scopes: ['mcp:tools', 'mcp:tools'], expiresIn: 3600 },
    })
    expect(oauth).toEqual({
      accessToken: expect.stringMatching(/^mcpo_[A-Za-z0-9]{32}$/),
      token: {
        id: expect.any(String),
        tokenPrefix: oauth.accessToken.slice(0, 8),
        scopes: ['mcp:tools'],
        endUserId: 'user_123',
        expiresAt: '2025-01-15T11:30:00.000Z',
        createdAt: '2025-01-15T10:30:00.000Z',
      },
      mcpEndpoint,
    })
  })

  it('prefer the external id to the UUID of another end user', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const first = await makeEndUser(api, workspaceId, 'first')
    await makeEndUser(api, workspaceId, first.id)
    const { server } = await makeServer()
    const { token } = await api.ok('mcpServers.createOAuthToken', {
      ...params(server),
      body: { endUserId: first.id },
    })
    expect(token.endUserId).toBe(first.id)
  })

  it('need an end user of the workspace, and create none', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const other = await makeWorkspace(api, 'globex')
    const stranger = await makeEndUser(api, other.id, 'stranger')
    const { server } = await makeServer({ authMode: 'oauth_and_bearer' })
    for (const endUserId of ['stranger', stranger.id, nobody]) {
      for (const id of ['mcpServers.createOAuthToken', 'mcpServers.createAccessToken'] as const) {
        await api.refused(id, 'END_USER_NOT_FOUND', { ...params(server), body: { endUserId } })
      }
    }
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)
  })

  it('are refused where the authMode has no place for them', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const body = { endUserId: 'user_123' }
    const { server: oauth } = await makeServer({ authMode: 'oauth' })
    await api.refused('mcpServers.createAccessToken', 'MCP_BEARER_DISABLED', { ...params(oauth), body })
    const { server: bearer } = await makeServer({ authMode: 'bearer' })
    await api.refused('mcpServers.createOAuthToken', 'MCP_OAUTH_DISABLED', { ...params(bearer), body })
    const unknown = { params: { id: nobody }, body }
    await api.refused('mcpServers.createOAuthToken', 'NOT_FOUND', unknown)
  })

  it.each([
    ['TOOLS', ['mcp:code']],
    ['CODE', ['mcp:tools']],
    ['TOOLS', ['mcp:tools', 'mcp:admin']],
    ['TOOLS', []],
  ] as const)('of mode %s have no scopes %j', async (mode, scopes) => {
    const { api, workspaceId, makeServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { server } = await makeServer({ mode })
    const call = { ...params(server), body: { endUserId: 'user_123', scopes } }
    await api.refused('mcpServers.createOAuthToken', 'INVALID_MCP_SCOPES', call)
  })

  it('have the scope of the mode unless they are given one', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { server } = await makeServer({ mode: 'CODE' })
    const call = { ...params(server), body: { endUserId: 'user_123' } }
    expect((await api.ok('mcpServers.createOAuthToken', call)).token.scopes).toEqual(['mcp:code'])
  })

  it.each([0, -1, 1.5, 1e15, '60'])('do not live %j seconds', async (expiresIn) => {
    const { api, workspaceId, makeServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { server } = await makeServer()
    const call = { ...params(server), body: { endUserId: 'user_123', expiresIn } }
    const { paths } = await api.refused('mcpServers.createOAuthToken', 'VALIDATION_ERROR', call)
    expect(paths).toEqual(['body.expiresIn'])
  })
})
