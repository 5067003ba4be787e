import { expect, it } from 'vitest'
import { stoppedClock, throughBothDoors, type Open } from '../door.js'
import { addPersonalSlack, connect, knock } from '../mcp/kit.js'
import type { Changes } from '../provider/kit.js'
import { makeEndUser } from '../world.js'
import { callback, publicClient, register, signInWorld, verifier } from './kit.js'

/** A server where `ada` may sign in, and a knock with a token. */
async function begin(open: Open, options?: Parameters<Open>[0]) {
  const world = await signInWorld(open, {}, options)
  const endUser = await makeEndUser(world.api, world.workspaceId, 'ada')
  const statusOf = async (token: string) => (await knock(world.api, world.mcpEndpoint, token)).status
  return { ...world, endUser, statusOf }
}

const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })

throughBothDoors('An end user who has signed in', (open) => {
  it('calls tools on their own account', async () => {
    const { api, workspaceId, mcpEndpoint, tokensFor } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    api.weavz.onAction('slack', 'send_channel_message', ({ endUser }) => ({ by: endUser?.externalId }))
    const call = { name: 'slack__send_channel_message', arguments: { channel: 'C1', text: 'Hi' } }
    const client = await connect(api, mcpEndpoint, (await tokensFor('user_123')).access_token)
    expect(await client.callTool(call)).toMatchObject({ structuredContent: { by: 'user_123' } })
    const other = await connect(api, mcpEndpoint, (await tokensFor('ada')).access_token)
    expect(await other.callTool(call)).toMatchObject({
      structuredContent: { code: 'CONNECTION_REQUIRED', details: { endUserId: 'ada' } },
    })
  })

  it('is answered with the token, its scope and its lifetime, and nothing to be stored', async () => {
    const { codeFor, redeem } = await begin(open)
    const { status, headers, body } = await redeem(await codeFor('ada'))
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      access_token: expect.stringMatching(/^mcpo_[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^mcpo_refresh_[\w-]{43}$/),
      scope: 'mcp:tools',
    })
  })

  it('has access until the token expires on the clock of the mock, then by the refreshed one', async () => {
    const clock = stoppedClock()
    const { tokensFor, refresh, statusOf } = await begin(open, { clock, accessTokenLifetime: 600 })
    const first = await tokensFor('ada')
    clock.advance(599_999)
    expect(await statusOf(first.access_token)).toBe(200)
    clock.advance(1)
    expect(await statusOf(first.access_token)).toBe(401)
    const { body: second } = await refresh(first)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await statusOf(second.access_token)).toBe(200)
  })

  it('loses everything when a refresh token is used a second time', async () => {
    const { tokensFor, refresh, statusOf } = await begin(open)
    const stolen = await tokensFor('ada')
    const bystander = await tokensFor('ada')
    const { body: renewed } = await refresh(stolen)
    expect(await refresh(stolen)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await statusOf(renewed.access_token)).toBe(401)
    expect(await refresh(renewed)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await statusOf(bystander.access_token)).toBe(200)
  })

  it('gets fresh tokens once, of many requests at once with the same refresh token', async () => {
    const { tokensFor, refresh } = await begin(open)
    const tokens = await tokensFor('ada')
    const answers = await Promise.all([refresh(tokens), refresh(tokens), refresh(tokens)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  })

  it('loses everything when a code is used a second time', async () => {
    const { codeFor, redeem, statusOf } = await begin(open)
    const code = await codeFor('ada')
    const { body } = await redeem(code)
    expect(await redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await statusOf(body.access_token)).toBe(401)
  })

  it('has access to that server alone', async () => {
    const { api, makeServer, tokensFor } = await begin(open)
    const other = await makeServer()
    const { access_token: token } = await tokensFor('ada')
    expect(await knock(api, other.mcpEndpoint, token)).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('error="invalid_token"'),
    })
    const response = await api.fetch(`${api.url}/api/v1/workspaces`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(401)
  })

  it('holds nothing but the access token that opens the endpoint', async () => {
    const { tokensFor, codeFor, statusOf } = await begin(open)
    const { refresh_token: refreshToken = '' } = await tokensFor('ada')
    expect(refreshToken).not.toBe('')
    expect(await statusOf(refreshToken)).toBe(401)
    expect(await statusOf(await codeFor('ada'))).toBe(401)
  })

  it.each([
    [
      'they are deleted',
      async ({ api, endUser }) => api.ok('endUsers.delete', { params: { id: endUser.id } }),
    ],
    [
      'they are deleted and another takes their id',
      async ({ api, endUser, workspaceId }) => {
        await api.ok('endUsers.delete', { params: { id: endUser.id } })
        await makeEndUser(api, workspaceId, 'ada')
      },
    ],
    [
      'the server is bound to another',
      async ({ api, workspaceId, patchServer, server }) => {
        await makeEndUser(api, workspaceId, 'bob')
        await patchServer(server.id, { endUserId: 'bob' })
      },
    ],
    [
      'the server takes OAuth no more',
      async ({ patchServer, server }) => patchServer(server.id, { authMode: 'bearer' }),
    ],
  ] satisfies [string, (world: Awaited<ReturnType<typeof begin>>) => Promise<unknown>][])(
    'is out as soon as %s, and cannot refresh',
    async (_, happens) => {
      const world = await begin(open)
      const tokens = await world.tokensFor('ada')
      expect(await world.statusOf(tokens.access_token)).toBe(200)
      await happens(world)
      expect(await world.statusOf(tokens.access_token)).toBe(401)
      expect(await world.refresh(tokens)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    },
  )

  it('is asked to sign in again once the server has another mode', async () => {
    const { api, mcpEndpoint, patchServer, server, tokensFor, refresh } = await begin(open)
    const tokens = await tokensFor('ada')
    await patchServer(server.id, { mode: 'CODE' })
    const { status, challenge } = await knock(api, mcpEndpoint, tokens.access_token)
    expect(status).toBe(403)
    expect(challenge).toMatch(
      /^Bearer error="insufficient_scope", .*resource_metadata=".*", scope="mcp:code"$/,
    )
    expect(await refresh(tokens)).toMatchObject({ body: { error: 'invalid_grant' } })
    await patchServer(server.id, { mode: 'TOOLS' })
    expect((await refresh(tokens)).status).toBe(200)
  })

  it('may sign in beside tokens that the API makes, which do not expire with theirs', async () => {
    const clock = stoppedClock()
    const { api, server, tokensFor, statusOf } = await begin(open, { clock })
    const { accessToken } = await api.ok('mcpServers.createOAuthToken', {
      params: { id: server.id },
      body: { endUserId: 'ada' },
    })
    const tokens = await tokensFor('ada')
    expect([await statusOf(accessToken), await statusOf(tokens.access_token)]).toEqual([200, 200])
    clock.advance(3600_000)
    expect([await statusOf(accessToken), await statusOf(tokens.access_token)]).toEqual([200, 401])
  })

  it('repeats a call that was approved, though the token was refreshed in the meantime', async () => {
    const { api, workspaceId, mcpEndpoint, tokensFor, refresh } = await begin(open)
    await addPersonalSlack(api, workspaceId)
    await api.ok('approvalPolicies.create', { body: { name: 'Ask', workspaceId, sources: ['mcp_tools'] } })
    const call = { name: 'slack__send_channel_message', arguments: { channel: 'C1', text: 'Hi' } }
    const tokens = await tokensFor('user_123')
    const client = await connect(api, mcpEndpoint, tokens.access_token)
    const asked = (await client.callTool(call)) as unknown as {
      structuredContent: { approval: { id: string } }
    }
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
    })
    const headers = { authorization: `Bearer ${plainKey}` }
    const { id } = asked.structuredContent.approval
    await api.ok('approvals.approve', { params: { id }, headers, body: {} })
    const again = await connect(api, mcpEndpoint, (await refresh(tokens)).body.access_token)
    expect(await again.callTool(call)).toMatchObject({ structuredContent: { mock: true } })
  })
})

throughBothDoors('The token endpoint of MCP clients', (open) => {
  it.each<[string, Changes, string]>([
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    ['no verifier', { code_verifier: null }, 'invalid_request'],
    ['another redirect URI', { redirect_uri: `${callback}/x` }, 'invalid_grant'],
    ['another resource', { resource: 'https://other.test/mcp' }, 'invalid_target'],
    ['a resource that is no URL', { resource: 'srv' }, 'invalid_target'],
    ['another client', { client_id: 'nobody' }, 'invalid_client'],
    ['a secret of a public client', { client_secret: 'guess' }, 'invalid_client'],
    ['another grant type', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['a parameter twice', { code_verifier: [verifier, verifier] }, 'invalid_request'],
  ])('refuses %s', async (_, changes, error) => {
    const { codeFor, redeem } = await begin(open)
    expect((await redeem(await codeFor('ada'), changes)).body).toMatchObject({ error })
  })

  it('takes the resource of the authorization, named again (RFC 8707)', async () => {
    const { codeFor, redeem, refresh, mcpEndpoint } = await begin(open)
    const { status, body } = await redeem(await codeFor('ada'), { resource: mcpEndpoint })
    expect(status).toBe(200)
    expect(await refresh(body, { resource: `${mcpEndpoint}x` })).toMatchObject({
      body: { error: 'invalid_target' },
    })
    expect((await refresh(body, { resource: mcpEndpoint })).status).toBe(200)
  })

  it('takes the code of one client from no other', async () => {
    const { api, codeFor, redeem } = await begin(open)
    const { client_id } = (await register(api)).body as { client_id: string }
    expect((await redeem(await codeFor('ada'), { client_id })).body).toMatchObject({ error: 'invalid_grant' })
  })

  it.each([
    ['client_secret_basic', 'client_secret_post'],
    ['client_secret_post', 'client_secret_basic'],
  ] as const)('asks a client for its secret by %s, as it registered, not by %s', async (method, other) => {
    const { api, codeFor, token } = await begin(open)
    const metadata = { ...publicClient, token_endpoint_auth_method: method }
    const registered = (await register(api, metadata)).body as { client_id: string; client_secret: string }
    const { client_id, client_secret } = registered
    const code = await codeFor('ada', { client_id })
    const redeem = (by: string, secret: string) =>
      token(
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: callback,
          code_verifier: verifier,
          client_id,
        },
        by === 'client_secret_post' ? { client_secret: secret } : {},
        by === 'client_secret_basic' ? basic(client_id, secret) : {},
      )
    for (const [by, secret] of [
      [other, client_secret],
      [method, 'wrong'],
      ['none', ''],
    ] as const) {
      expect((await redeem(by, secret)).body, by).toMatchObject({ error: 'invalid_client' })
    }
    expect((await redeem(method, client_secret)).status).toBe(200)
  })

  it('gives no refresh token to a client that registered without that grant type', async () => {
    const { api, codeFor, redeem } = await begin(open)
    const metadata = { ...publicClient, grant_types: ['authorization_code'] }
    const { client_id } = (await register(api, metadata)).body as { client_id: string }
    const { status, body } = await redeem(await codeFor('ada', { client_id }), { client_id })
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('refresh_token')
  })

  it('knows no client of the built-in provider, nor the other way round', async () => {
    const { api, clientId } = await begin(open)
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: callback })
    expect((await api.fetch(`${api.url}/_provider/authorize?${query}`)).status).toBe(400)
    const ours = new URLSearchParams({ client_id: 'offline-slack', redirect_uri: callback })
    expect((await api.fetch(`${api.url}/oauth/authorize?${ours}`)).status).toBe(400)
  })
})
