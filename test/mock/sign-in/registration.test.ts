import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inProcess, stoppedClock, throughBothDoors } from '../door.js'
import { callback, publicClient, register } from './kit.js'

const redirecting = (...redirect_uris: unknown[]) => ({ ...publicClient, redirect_uris })

throughBothDoors('A client that registers itself (RFC 7591)', (open) => {
  it('is told what it is registered with; a public one gets no secret', async () => {
    const api = await open({ clock: stoppedClock() })
    const { status, headers, body } = await register(api)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_id_issued_at: Date.parse('2025-01-15T10:30:00Z') / 1000,
      ...publicClient,
      response_types: ['code'],
      scope: 'mcp:tools mcp:code',
    })
  })

  it('gets the defaults of the RFC where it says nothing', async () => {
    const api = await open()
    const { body } = await register(api, { redirect_uris: [callback], contacts: ['ops@client.test'] })
    expect(body).toEqual({
      ...{ client_id: expect.any(String), client_id_issued_at: expect.any(Number) },
      client_name: 'An MCP client',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      scope: 'mcp:tools mcp:code',
    })
  })

  it.each([
    'https://client.test/cb?tenant=a',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:33418/callback',
    'http://[::1]:8080/',
    'http://localhost:6274/oauth/callback',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'com.example.app:/callback',
  ])('may be sent back to %s', async (uri) => {
    expect((await register(await open(), redirecting(uri))).status).toBe(201)
  })

  it.each([
    ['nothing', []],
    ['no URL', ['client']],
    ['a path', ['/callback']],
    ['http beyond this machine', ['http://client.test/cb']],
    ['http at a look-alike of loopback', ['http://127.0.0.1.client.test/cb']],
    ['a script', ['javascript:alert(1)']],
    ['data', ['data:text/html,hello']],
    ['a file', ['file:///etc/passwd']],
    ['a fragment', ['https://client.test/cb#part']],
    ['an empty fragment', ['https://client.test/cb#']],
    ['a user', ['https://user@client.test/cb']],
    ['a good and a bad address', [callback, 'http://client.test/cb']],
    ['no text', [7]],
  ])('cannot be sent back to %s', async (_, uris) => {
    const { status, body } = await register(await open(), redirecting(...uris))
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_redirect_uri' })
  })

  it.each([
    ['an unknown way to authenticate', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['a grant type that is not there', { grant_types: ['authorization_code', 'password'] }],
    ['no grant type for codes', { grant_types: ['refresh_token'] }],
    ['the implicit flow', { response_types: ['token'] }],
    ['no response type', { response_types: [] }],
    ['a name that is none', { client_name: 7 }],
    ['a name beyond measure', { client_name: 'x'.repeat(201) }],
  ])('is refused with %s', async (_, changes) => {
    const { status, body } = await register(await open(), { ...publicClient, ...changes })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_client_metadata' })
  })

  it('is refused in the words of the RFC whatever the body is', async () => {
    const api = await open()
    for (const body of ['', 'null', '[]', '"text"', '{', '7', `{"redirect_uris":"${callback}"}`]) {
      const response = await api.fetch(`${api.url}/oauth/register`, { method: 'POST', body })
      expect(response.status, body).toBe(400)
      expect(await response.json(), body).toEqual({
        error: expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/),
        error_description: expect.any(String),
      })
    }
    const huge = await api.fetch(`${api.url}/oauth/register`, { method: 'POST', body: 'x'.repeat(3 << 20) })
    expect(huge.status).toBe(413)
  })
})

it('A client is registered or refused whatever JSON it sends, and never breaks the server', async () => {
  const api = await inProcess()
  const field = fc.constantFrom('redirect_uris', 'grant_types', 'response_types', 'client_name', '__proto__')
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue())), async (metadata) => {
      const { status } = await register(api, metadata)
      expect([201, 400]).toContain(status)
    }),
  )
})
