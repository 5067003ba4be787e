import { expect, it } from 'vitest'
import type { CreateMcpServer, McpAuthMode } from '../../../src/contract/mcp-servers.js'
import { stoppedClock, throughBothDoors } from '../door.js'
import { configure, makeEndUser, makeWorkspace, nobody } from '../world.js'
import { addPersonalSlack, addSlack, begin } from './kit.js'

const params = (server: { id: string }) => ({ params: { id: server.id } })

throughBothDoors('MCP servers', (open) => {
  it('are created with the documented defaults', async () => {
    const { api, workspaceId, makeServer } = await begin(open, { clock: stoppedClock() })
    const { apiKeys } = await api.ok('apiKeys.list')
    const created = await makeServer()
    expect(created).not.toHaveProperty('bearerToken')
    expect(created.server).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      orgId: expect.any(String),
      workspaceId,
      ...{ name: 'Support', description: null, mode: 'TOOLS', settings: {} },
      ...{ authMode: 'oauth', endUserAccess: 'restricted', endUserId: null },
      auth: {
        oauthEnabled: true,
        bearerEnabled: false,
        staticBearerEnabled: false,
        endUserBearerTokensEnabled: false,
        accessTokensEnabled: false,
      },
      createdBy: apiKeys[0]?.id,
      mcpEndpoint: created.mcpEndpoint,
      createdAt: '2025-01-15T10:30:00.000Z',
      updatedAt: '2025-01-15T10:30:00.000Z',
    })
    expect(await api.ok('mcpServers.get', params(created.server))).toEqual({
      server: created.server,
      tools: [],
    })
  })

  it('keep what they are given, and change what is sent alone', async () => {
    const clock = stoppedClock()
    const { api, workspaceId, makeServer, patchServer } = await begin(open, { clock })
    await makeEndUser(api, workspaceId)
    const given: Partial<CreateMcpServer> = {
      ...{ name: 'Docs', description: 'For docs', mode: 'CODE', authMode: 'oauth_and_bearer' },
      settings: { codeMode: { approvalWaitSeconds: 30 }, mcpApp: { enabled: true } },
      ...{ endUserAccess: 'open', createdBy: 'deploy', endUserId: 'user_123' },
    }
    const { server } = await makeServer(given)
    expect(server).toMatchObject(given)
    clock.advance(1000)
    const { server: changed } = await patchServer(server.id, { description: null, settings: {} })
    expect(changed).toEqual({
      ...server,
      ...{ description: null, settings: {}, updatedAt: '2025-01-15T10:30:01.000Z' },
    })
    const { server: unbound } = await patchServer(server.id, { endUserId: null, name: 'D', mode: 'TOOLS' })
    expect(unbound).toMatchObject({ endUserId: null, name: 'D', mode: 'TOOLS', createdBy: 'deploy' })
  })

  it('are listed oldest first, by workspace and page', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const other = await makeWorkspace(api, 'globex')
    const first = await makeServer({ name: 'a' })
    const second = await makeServer({ name: 'b', workspaceId: other.id })
    const third = await makeServer({ name: 'c' })
    const names = async (query: object) => {
      const { servers, total } = await api.ok('mcpServers.list', { query })
      return [servers.map(({ name }) => name), total]
    }
    expect(await names({})).toEqual([['a', 'b', 'c'], 3])
    expect(await names({ workspaceId })).toEqual([['a', 'c'], 2])
    expect(await names({ limit: 1, offset: 1, includeSuspended: true })).toEqual([['b'], 3])
    const { servers } = await api.ok('mcpServers.list')
    expect(servers).toEqual([first.server, second.server, third.server])
    await api.refused('mcpServers.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
  })

  it('are gone once deleted, with their workspace too', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const { server } = await makeServer()
    const { server: other } = await makeServer()
    expect(await api.ok('mcpServers.delete', params(server))).toEqual({ deleted: true, id: server.id })
    await api.refused('mcpServers.delete', 'NOT_FOUND', params(server))
    await api.refused('mcpServers.get', 'NOT_FOUND', params(server))
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    await api.refused('mcpServers.get', 'NOT_FOUND', params(other))
    expect((await api.ok('mcpServers.list')).total).toBe(0)
  })

  it.each([
    ['an empty name', { name: '' }, 'body.name'],
    ['an unknown mode', { mode: 'tools' }, 'body.mode'],
    ['an unknown authMode', { authMode: 'none' }, 'body.authMode'],
    ['an unknown field', { token: 'x' }, 'body.token'],
    [
      'a wait that is too long',
      { settings: { codeMode: { approvalWaitSeconds: 61 } } },
      'body.settings.codeMode',
    ],
  ])('refuse %s', async (_, fields, path) => {
    const { api, workspaceId } = await begin(open)
    const body = { name: 'S', workspaceId, ...fields }
    const { paths } = await api.refused('mcpServers.create', 'VALIDATION_ERROR', { body })
    expect(paths[0]).toContain(path)
  })

  it('refuse what names nothing: a workspace, an end user, a UUID of one, an id with its prefix', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const endUser = await makeEndUser(api, workspaceId)
    await api.refused('mcpServers.create', 'NOT_FOUND', { body: { name: 'S', workspaceId: nobody } })
    for (const endUserId of ['nobody', endUser.id]) {
      const body = { name: 'S', workspaceId, endUserId }
      await api.refused('mcpServers.create', 'END_USER_NOT_FOUND', { body })
    }
    const { server } = await makeServer()
    const unknown = { ...params(server), body: { endUserId: 'nobody' } }
    await api.refused('mcpServers.update', 'END_USER_NOT_FOUND', unknown)
    await api.refused('mcpServers.get', 'NOT_FOUND', { params: { id: `srv_${server.id}` } })
    await api.refused('mcpServers.update', 'NO_UPDATES', { ...params(server), body: {} })
  })

  it('show and store no token after the one time', async () => {
    const { api, makeServer } = await begin(open)
    const { server, bearerToken = '' } = await makeServer({ authMode: 'bearer' })
    expect(bearerToken).toMatch(/^mcp_[A-Za-z0-9]{32}$/)
    const seen = JSON.stringify([
      await api.ok('mcpServers.get', params(server)),
      await api.ok('mcpServers.list'),
    ])
    expect(seen).not.toContain(bearerToken)
  })
})

/** `auth` of a server, in the order of its fields. */
const auth = (oauth: boolean, staticToken: boolean, endUsers: boolean) => ({
  oauthEnabled: oauth,
  bearerEnabled: staticToken,
  staticBearerEnabled: staticToken,
  endUserBearerTokensEnabled: endUsers,
  accessTokensEnabled: endUsers,
})

throughBothDoors('The bearer rules', (open) => {
  it.each<[McpAuthMode, ReturnType<typeof auth>, ReturnType<typeof auth>]>([
    ['oauth', auth(true, false, false), auth(true, false, false)],
    ['bearer', auth(false, true, true), auth(false, false, true)],
    ['oauth_and_bearer', auth(true, true, true), auth(true, false, true)],
  ])('of %s', async (authMode, usual, strict) => {
    const { api, workspaceId, makeServer } = await begin(open)
    const first = await makeServer({ authMode })
    expect([first.server.auth, 'bearerToken' in first]).toEqual([usual, usual.staticBearerEnabled])
    await api.ok('mcpServers.delete', params(first.server))
    await addPersonalSlack(api, workspaceId)
    const second = await makeServer({ authMode })
    expect([second.server.auth, 'bearerToken' in second]).toEqual([strict, false])
    const bound = await makeServer({ authMode, endUserId: 'user_123' })
    expect([bound.server.auth, 'bearerToken' in bound]).toEqual([usual, usual.staticBearerEnabled])
  })

  it('give a static token to the PATCH that switches to a bearer mode, once', async () => {
    const { makeServer, patchServer } = await begin(open)
    const { server } = await makeServer()
    const first = await patchServer(server.id, { authMode: 'bearer' })
    expect(first.bearerToken).toMatch(/^mcp_/)
    expect(first.server.auth.staticBearerEnabled).toBe(true)
    expect(await patchServer(server.id, { authMode: 'oauth_and_bearer' })).not.toHaveProperty('bearerToken')
    expect(await patchServer(server.id, { name: 'Other' })).not.toHaveProperty('bearerToken')
    const { server: without } = await patchServer(server.id, { authMode: 'oauth' })
    expect(without.auth).toEqual(auth(true, false, false))
    const again = await patchServer(server.id, { authMode: 'bearer' })
    expect(again.bearerToken).toMatch(/^mcp_/)
    expect(again.bearerToken).not.toBe(first.bearerToken)
  })

  it('take the static token away when a server of a strict workspace is unbound', async () => {
    const { api, workspaceId, makeServer, patchServer, authOf } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    const { server } = await makeServer({ authMode: 'bearer', endUserId: 'user_123' })
    expect(await authOf(server.id)).toEqual(auth(false, true, true))
    const { server: unbound } = await patchServer(server.id, { endUserId: null })
    expect(unbound.auth).toEqual(auth(false, false, true))
    await api.refused('mcpServers.regenerateToken', 'MCP_STATIC_BEARER_INCOMPATIBLE', params(server))
  })

  it('keep it when a server of any other workspace is unbound', async () => {
    const { api, workspaceId, makeServer, patchServer } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { server } = await makeServer({ authMode: 'bearer', endUserId: 'user_123' })
    const { server: unbound } = await patchServer(server.id, { endUserId: null })
    expect(unbound.auth.staticBearerEnabled).toBe(true)
  })

  it('renew a static token where one is possible', async () => {
    const { api, makeServer } = await begin(open)
    const { server, bearerToken } = await makeServer({ authMode: 'bearer' })
    const first = await api.ok('mcpServers.regenerateToken', params(server))
    const second = await api.ok('mcpServers.regenerateToken', params(server))
    expect(new Set([bearerToken, first.bearerToken, second.bearerToken]).size).toBe(3)
    const { server: oauth } = await makeServer()
    await api.refused('mcpServers.regenerateToken', 'MCP_BEARER_DISABLED', params(oauth))
  })

  it('refuse strict per-user integrations where a static token exists: MCP_BEARER_BLOCKS_PER_USER', async () => {
    const { api, workspaceId, makeServer, patchServer } = await begin(open)
    const { integration } = await addSlack(api, workspaceId)
    const { server } = await makeServer({ authMode: 'bearer' })
    const strictGithub = { integrationName: 'github', connectionStrategy: 'per_user' } as const
    const create = { params: { workspaceId }, body: strictGithub }
    const update = (body: object) => ({ params: { workspaceId, id: integration.id }, body })
    const { error } = await api.refused(
      'workspaces.integrations.create',
      'MCP_BEARER_BLOCKS_PER_USER',
      create,
    )
    // What to do about it must not be taken for a secret
    expect(error).toContain('static bearer token: switch it off first')
    const strict = update({ connectionStrategy: 'per_user' })
    await api.refused('workspaces.integrations.update', 'MCP_BEARER_BLOCKS_PER_USER', strict)
    const { integrations } = await api.ok('workspaces.integrations.list', { params: { workspaceId } })
    expect(integrations.map((each) => [each.alias, each.connectionStrategy])).toEqual([['slack', 'fixed']])

    await configure(api, workspaceId, { integrationName: 'kv-store', connectionStrategy: 'per_user' })
    await api.ok('workspaces.integrations.update', update({ connectionStrategy: 'per_user_with_fallback' }))
    await patchServer(server.id, { authMode: 'oauth' })
    await api.ok('workspaces.integrations.update', strict)
    await configure(api, workspaceId, strictGithub)
  })

  it('count the static token of a bound server, but none of another workspace', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    const other = await makeWorkspace(api, 'globex')
    await makeServer({ workspaceId: other.id, authMode: 'bearer' })
    const call = {
      params: { workspaceId },
      body: { integrationName: 'github', connectionStrategy: 'per_user' },
    } as const
    await api.ok('workspaces.integrations.create', call)
    await makeServer({ authMode: 'bearer', endUserId: 'user_123' })
    const body = { ...call.body, alias: 'github_2' }
    await api.refused('workspaces.integrations.create', 'MCP_BEARER_BLOCKS_PER_USER', { ...call, body })
  })
})

throughBothDoors('A key of one workspace', (open) => {
  it('sees and touches the MCP servers of that workspace alone', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const other = await makeWorkspace(api, 'globex')
    const { server } = await makeServer()
    const { server: foreign } = await makeServer({ workspaceId: other.id })
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Acme', permissions: { scope: 'workspace', workspaceIds: [workspaceId] } },
    })
    const headers = { authorization: `Bearer ${plainKey}` }
    const { servers, total } = await api.ok('mcpServers.list', { headers })
    expect([servers, total]).toEqual([[server], 1])
    const body = { name: 'S', workspaceId: other.id }
    const toolId = nobody
    const tool = { integrationName: 'slack', actionName: 'x' }
    const calls = [
      ['mcpServers.list', { query: { workspaceId: other.id } }],
      ['mcpServers.create', { body }],
      ['mcpServers.get', params(foreign)],
      ['mcpServers.update', { ...params(foreign), body: { name: 'Mine' } }],
      ['mcpServers.delete', params(foreign)],
      ['mcpServers.regenerateToken', params(foreign)],
      ['mcpServers.createAccessToken', { ...params(foreign), body: { endUserId: 'u' } }],
      ['mcpServers.createOAuthToken', { ...params(foreign), body: { endUserId: 'u' } }],
      ['mcpServers.executeCode', { ...params(foreign), body: { code: '1' } }],
      ['mcpServers.getDeclarations', { params: { id: foreign.id, alias: 'slack' } }],
      ['mcpServers.tools.create', { ...params(foreign), body: tool }],
      ['mcpServers.tools.update', { params: { id: foreign.id, toolId }, body: { sortOrder: 1 } }],
      ['mcpServers.tools.delete', { params: { id: foreign.id, toolId } }],
    ] as const
    for (const [id, call] of calls) {
      const response = await api.send(id, { ...call, headers })
      expect([id, response.status, await response.json()]).toEqual([
        id,
        403,
        expect.objectContaining({ code: 'SCOPE_DENIED' }),
      ])
    }
  })
})
