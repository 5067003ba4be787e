import { describe, expect, it } from 'vitest'
import { createConnectToken, failSession, pollSession } from '../../../src/engine/connect.js'
import type { Engine } from '../../../src/engine/engine.js'
import { beginAuthorization, finishAuthorization } from '../../../src/engine/oauth/authorization.js'
import { checkProvider, registerProvider } from '../../../src/engine/oauth/providers.js'
import { fixture } from '../vault/kit.js'
import { callback, engineWith, hour, provider, sessionOf, tokens, type Answer, type Options } from './kit.js'

/** A session of a Slack user who has just been sent to the provider. */
async function atProvider(answer: Answer = () => tokens(), options: Options = {}) {
  const world = engineWith(answer, options)
  const { engine, workspaceId } = world
  const body = { workspaceId, integrationName: 'slack', connectionName: 'Mine', externalId: 'mine' }
  const { token, sessionId } = createConnectToken(engine, body, 'https://weavz.test')
  const id = sessionId as string
  const { authorizationUrl } = await beginAuthorization(engine, id, callback)
  const query = new URL(authorizationUrl).searchParams
  const state = query.get('state') as string
  return {
    ...world,
    id,
    token,
    query,
    state,
    url: authorizationUrl,
    session: () => sessionOf(engine, id),
    /** The provider's answer arrives. */
    back: (fields: Record<string, string>, at = callback) =>
      finishAuthorization(engine, new URLSearchParams({ state, ...fields }), at),
  }
}

const nobodyWaits = { name: 'Refusal', code: 'OAUTH_ERROR', status: 400 }

describe('beginning an authorization', () => {
  it('sends the user to the provider with a code request, and the session is CONNECTING', async () => {
    const { url, query, session } = await atProvider()
    expect(url.split('?')[0]).toBe(provider.authorizationEndpoint)
    expect(Object.fromEntries(query)).toEqual({
      response_type: 'code',
      client_id: 'client:1',
      redirect_uri: callback,
      scope: 'read write',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(session().status).toBe('CONNECTING')
  })

  it('derives the challenge from 32 random bytes as RFC 7636 appendix B does, and sends the verifier later', async () => {
    const vector = fixture('rfc7636_appendix_b')
    let next = 0
    const octets = () => new Uint8Array(vector.octets as number[])
    // Only what comes after the ids, keys and salts of the set-up is the verifier
    const random = {
      bytes: (length: number) => (length === 32 ? octets() : new Uint8Array(length).map(() => ++next % 251)),
    }
    const { query, back, asked } = await atProvider(() => tokens(), { random })
    expect(query.get('code_challenge')).toBe(vector.code_challenge)
    await back({ code: 'c' })
    expect(asked).toMatchObject([
      {
        form: {
          grant_type: 'authorization_code',
          code: 'c',
          redirect_uri: callback,
          code_verifier: vector.code_verifier,
        },
      },
    ])
  })

  it('keeps the verifier sealed and the state hashed', async () => {
    const { engine, state, back, asked } = await atProvider()
    const [row] = [...engine.state.tables.authorizations.values()]
    expect(row?.codeVerifier).toMatch(/^wv1\./)
    expect(JSON.stringify(row)).not.toContain(state)
    await back({ code: 'c' })
    expect(JSON.stringify(row)).not.toContain(asked[0]?.form.code_verifier)
    expect(engine.state.tables.authorizations.size).toBe(0)
  })

  it('again makes the earlier URL worthless', async () => {
    const { engine, id, back, session, asked } = await atProvider()
    await beginAuthorization(engine, id, callback)
    await expect(back({ code: 'c' })).rejects.toMatchObject(nobodyWaits)
    expect([session().status, asked]).toEqual(['CONNECTING', []])
  })

  it('is refused for a session that is over, expired, unknown, or asks for other credentials', async () => {
    const { engine, id, workspaceId, clock } = await atProvider()
    const form = createConnectToken(
      engine,
      { workspaceId, integrationName: 'openai', connectionName: 'Key', externalId: 'key' },
      'https://weavz.test',
    )
    const begin = (session: string) => beginAuthorization(engine, session, callback)
    await expect(begin(form.sessionId as string)).rejects.toMatchObject({ code: 'NOT_OAUTH2' })
    await expect(begin('nobody')).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    failSession(engine, id, 'no')
    await expect(begin(id)).rejects.toMatchObject({ code: 'OAUTH_ERROR' })
    clock.advance(4 * hour)
    await expect(begin(id)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
  })

  it('is refused without an OAuth app', async () => {
    const { engine, workspaceId } = engineWith(() => tokens(), { defaultProvider: () => undefined })
    const body = { workspaceId, integrationName: 'slack', connectionName: 'Mine', externalId: 'mine' }
    const { sessionId } = createConnectToken(engine, body, 'https://weavz.test')
    const begun = beginAuthorization(engine, sessionId as string, callback)
    await expect(begun).rejects.toMatchObject({ code: 'NO_OAUTH_APP' })
  })
})

describe('finishing an authorization', () => {
  it('exchanges the code and completes the session', async () => {
    const { engine, token, back } = await atProvider(() => tokens({ refresh_token: 'rt', scope: 'read' }))
    const { session } = await back({ code: 'c' })
    expect(session).toMatchObject({ status: 'COMPLETED', error: null })
    expect(pollSession(engine, token)).toMatchObject({ connectionId: session.connectionId })
    const { fields, tokens: known } = engine.state.tables.credentials.get(session.connectionId as string)!
    expect(Object.keys(fields).sort()).toEqual(['accessToken', 'refreshToken', 'scope_oauth', 'tokenType'])
    expect(known?.expiresAt).toBe(engine.clock.now() + hour)
  })

  it('takes the answer once: a hundred at a time exchange the code once', async () => {
    const { back, asked, session } = await atProvider()
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => back({ code: 'c' })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect([asked.length, session().status]).toEqual([1, 'COMPLETED'])
  })

  it.each([
    ['another state', { state: 'x' }],
    ['an empty state', { state: '' }],
  ])('changes nothing with %s', async (_, fields) => {
    const { back, asked, session } = await atProvider()
    await expect(back({ code: 'c', ...fields })).rejects.toMatchObject(nobodyWaits)
    expect([session().status, asked]).toEqual(['CONNECTING', []])
  })

  it('changes nothing with two states', async () => {
    const { engine, state, session, asked } = await atProvider()
    const answer = new URLSearchParams([...['a', 'b'].map(() => ['state', state]), ['code', 'c']])
    await expect(finishAuthorization(engine, answer, callback)).rejects.toMatchObject(nobodyWaits)
    expect([session().status, asked]).toEqual(['CONNECTING', []])
  })

  it('concerns the session of its state, whoever else is at the provider', async () => {
    const { engine, workspaceId, back, session } = await atProvider()
    const body = { workspaceId, integrationName: 'slack', connectionName: 'Other', externalId: 'other' }
    const other = createConnectToken(engine, body, 'https://weavz.test').sessionId as string
    await beginAuthorization(engine, other, callback)
    await back({ code: 'c' })
    expect(session()).toMatchObject({ status: 'COMPLETED' })
    expect(sessionOf(engine, other)).toMatchObject({ status: 'CONNECTING', connectionId: null })
  })

  it('changes nothing once the session has expired', async () => {
    const { back, clock, session, asked } = await atProvider()
    clock.advance(4 * hour)
    await expect(back({ code: 'c' })).rejects.toMatchObject(nobodyWaits)
    expect([session().status, asked]).toEqual(['CONNECTING', []])
  })

  it('leaves a session alone that ended meanwhile', async () => {
    const { engine, id, back, asked } = await atProvider()
    failSession(engine, id, 'denied on the page')
    expect((await back({ code: 'c' })).session).toMatchObject({
      status: 'FAILED',
      error: 'denied on the page',
    })
    expect(asked).toEqual([])
  })

  it.each([
    ['another host', 'https://evil.test/api/v1/connect/oauth-callback'],
    ['another path', `${callback}/x`],
    ['a trailing slash', `${callback}/`],
    ['another case', callback.replace('weavz', 'Weavz')],
  ])('fails the session when the answer arrives at another redirect URI (%s)', async (_, at) => {
    const { back, asked } = await atProvider()
    const { session } = await back({ code: 'c' }, at)
    expect(session).toMatchObject({ status: 'FAILED', error: expect.stringContaining('redirect URI') })
    expect(asked).toEqual([])
  })

  it.each([
    ['another issuer', { iss: 'https://evil.test' }, {}],
    ['the issuer with a slash more', { iss: 'https://provider.test/' }, {}],
    ['no issuer where one is promised', {}, { issRequired: true }],
    [
      'another issuer than configured',
      { iss: 'https://provider.test' },
      { issuer: 'https://provider.test/a' },
    ],
  ])('fails the session, and sends the code to nobody, with %s (RFC 9207)', async (_, fields, config) => {
    const { back, asked } = await atProvider(() => tokens(), { provider: config })
    const { session } = await back({ code: 'c', ...fields })
    expect(session).toMatchObject({ status: 'FAILED', error: expect.stringContaining('provider') })
    expect(asked).toEqual([])
  })

  it('accepts the right issuer, also one that ends with a slash', async () => {
    const issuer = 'https://tenant.provider.test/'
    const { back } = await atProvider(() => tokens(), { provider: { issuer, issRequired: true } })
    expect((await back({ code: 'c', iss: issuer })).session.status).toBe('COMPLETED')
  })

  it.each([
    ['access_denied', 'The user denied access'],
    ['server_error', 'The provider failed'],
    ['temporarily_unavailable', 'The provider asks to try later'],
    ['constructor', 'The provider refused'],
    ['<script>alert(1)</script>', 'The provider refused'],
  ])('fails the session with a reason when the provider says %s', async (error, expected) => {
    const { back, asked } = await atProvider()
    const { session } = await back({ error, error_description: '<img src=x onerror=alert(1)>' })
    expect(session).toMatchObject({ status: 'FAILED', error: expected, connectionId: null })
    expect(asked).toEqual([])
  })

  it('repeats what the provider says if it is plain text', async () => {
    const { back } = await atProvider()
    const { session } = await back({ error: 'invalid_scope', error_description: 'No scope "a&b" <b>' })
    expect(session.error).toBe('The provider does not grant these scopes')
    const other = await atProvider()
    const told = await other.back({ error: 'invalid_scope', error_description: 'Unknown scope: files.all' })
    expect(told.session.error).toBe('The provider does not grant these scopes: Unknown scope: files.all')
  })

  it('fails the session without a code', async () => {
    const { back, asked } = await atProvider()
    expect((await back({})).session).toMatchObject({ status: 'FAILED' })
    expect(asked).toEqual([])
  })

  it.each<[string, Answer, string]>([
    [
      'refuses the code',
      () => Response.json({ error: 'invalid_grant' }, { status: 400 }),
      'invalid, expired or revoked',
    ],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), 'could not be reached'],
    ['does not answer', () => new Promise(() => undefined), 'in time'],
    ['fails', () => new Response('<h1>Oops</h1>', { status: 502 }), 'provider failed'],
    ['answers a page', () => new Response('<h1>Hi</h1>'), 'not one of OAuth 2'],
  ])(
    'fails the session, and never sends the code again, when the provider %s',
    async (_, answer, expected) => {
      const { back, asked, engine } = await atProvider(answer)
      const { session } = await back({ code: 'c' })
      expect(session).toMatchObject({ status: 'FAILED', error: expect.stringContaining(expected) })
      expect(session.error).toContain('authorization code could not be exchanged')
      expect(session.error).not.toContain('<')
      expect(asked).toHaveLength(1)
      await expect(back({ code: 'c' })).rejects.toMatchObject(nobodyWaits)
      expect(asked).toHaveLength(1)
      expect(engine.state.tables.connections.size).toBe(0)
    },
  )

  it('fails the session rather than leaving it waiting when the verifier does not open', async () => {
    const { back, engine, session } = await atProvider()
    const [row] = [...engine.state.tables.authorizations.values()]
    engine.state.tables.authorizations.put({ ...row!, codeVerifier: 'wv1.broken' })
    await expect(back({ code: 'c' })).rejects.toMatchObject({ code: 'VAULT_OPEN_FAILED' })
    expect(session().status).toBe('FAILED')
  })

  it('opens the verifier and the client secret, and nothing else', async () => {
    const { back, engine, id } = await atProvider()
    expect(engine.vault.openings.count).toBe(0)
    await back({ code: 'c' })
    const fields = engine.vault.openings.list().map(({ field, purpose }) => `${purpose} ${field}`)
    expect(fields.sort()).toEqual(['refresh clientSecret.slack', `refresh codeVerifier.${id}`])
  })
})

describe('a provider', () => {
  const register = async (engine: Engine, id: string, clientId: string) =>
    registerProvider(engine, id, { ...provider, clientId })

  it('of a tenant’s own app wins over that of the integration, which wins over the default', async () => {
    const app = '7b5f6a3e-1111-4aaa-8bbb-000000000001'
    for (const [registered, expected] of [
      [[], 'client:1'],
      [['slack'], 'slack'],
      [['slack', app], app],
    ] as const) {
      const { engine, workspaceId } = engineWith(() => tokens())
      engine.state.tables.oauthApps.put({ id: app, integrationName: 'slack' })
      for (const id of registered) await register(engine, id, id)
      const { sessionId } = createConnectToken(
        engine,
        {
          ...{ workspaceId, integrationName: 'slack', connectionName: 'Mine', externalId: 'mine' },
          ...{ oauthAppMode: 'custom', oauthAppId: app },
        },
        'https://weavz.test',
      )
      const { authorizationUrl } = await beginAuthorization(engine, sessionId as string, callback)
      expect(new URL(authorizationUrl).searchParams.get('client_id')).toBe(expected)
    }
  })

  it('has its client secret sealed', async () => {
    const { engine } = await atProvider()
    const row = engine.state.tables.oauthProviders.get('slack')!
    expect(row.clientSecret).toMatch(/^wv1\./)
    expect(JSON.stringify(row)).not.toContain(JSON.stringify(provider.clientSecret).slice(1, -1))
  })

  it.each([
    'http://provider.test/token',
    'javascript:alert(1)',
    'https://user:pw@provider.test/token',
    'token',
  ])('that would get its secret at %s is refused', (tokenEndpoint) => {
    expect(() => checkProvider('slack', { ...provider, tokenEndpoint })).toThrow(TypeError)
  })
})
