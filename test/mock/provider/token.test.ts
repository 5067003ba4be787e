import { describe, expect, it } from 'vitest'
import { createMockWeavz } from '../../../src/mock/index.js'
import { fixture } from '../../engine/vault/kit.js'
import { serverWithClients, verifier, type Changes } from './kit.js'

const text = expect.stringMatching(/^[\w-]{43}$/)

describe('the token endpoint', () => {
  it('exchanges a code for tokens, with the verifier of RFC 7636 appendix B', () => {
    const { approved, redeem, server } = serverWithClients()
    const vector = fixture('rfc7636_appendix_b')
    const back = approved({ code_challenge: vector.code_challenge })
    const answer = redeem(back.searchParams.get('code') as string, { code_verifier: vector.code_verifier })
    expect(answer).toEqual({
      status: 200,
      headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
      body: {
        ...{ access_token: text, refresh_token: text, token_type: 'Bearer', expires_in: 3600 },
        scope: 'read write',
      },
    })
    expect(server.accepts(String(answer.body.access_token))).toBe(true)
  })

  it('accepts a client that authenticates in the body', () => {
    const { code, redeem, secrets } = serverWithClients()
    const changes = { client_id: 'app', client_secret: secrets.app }
    expect(redeem(code(), changes, null).status).toBe(200)
  })

  it.each<
    [
      string,
      Changes | undefined,
      ((world: ReturnType<typeof serverWithClients>) => string | null) | undefined,
    ]
  >([
    ['no authentication', undefined, () => null],
    ['the id without the secret', { client_id: 'app' }, () => null],
    ['a wrong secret', undefined, ({ basic }) => basic('app', 'wrong')],
    ['the secret of another client', undefined, ({ basic, secrets }) => basic('app', secrets.other)],
    ['an empty secret', undefined, ({ basic }) => basic('app', '')],
    ['an unknown client', undefined, () => `Basic ${btoa('nobody:x')}`],
    ['no base64', undefined, () => 'Basic %%%'],
    ['no colon', undefined, () => `Basic ${btoa('app')}`],
    ['a broken escape', undefined, () => `Basic ${btoa('%ZZ:x')}`],
    ['a bearer token', undefined, () => 'Bearer x'],
  ])('refuses a client with %s, and keeps the code good', (_, changes, authorization) => {
    const world = serverWithClients()
    const code = world.code()
    const header = authorization?.(world)
    const answer = world.redeem(code, changes, header)
    expect(answer.body).toMatchObject({ error: 'invalid_client' })
    // RFC 6749 §5.2
    expect(answer.status).toBe(header === null ? 400 : 401)
    expect('www-authenticate' in answer.headers).toBe(header !== null)
    expect(world.redeem(code).status).toBe(200)
  })

  it.each<[string, Changes, string]>([
    ['no grant type', { grant_type: null }, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no code', { code: null }, 'invalid_request'],
    ['an unknown code', { code: 'x' }, 'invalid_grant'],
    ['no redirect URI', { redirect_uri: null }, 'invalid_request'],
    ['another redirect URI of the client', { redirect_uri: 'https://app.test/cb' }, 'invalid_grant'],
    ['no verifier', { code_verifier: null }, 'invalid_request'],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    ['a short verifier', { code_verifier: verifier.slice(1) }, 'invalid_grant'],
    ['a parameter twice', { code_verifier: [verifier, verifier] }, 'invalid_request'],
    ['two authentications', { client_id: 'app', client_secret: 'x' }, 'invalid_request'],
    ['another client id than the one that authenticates', { client_id: 'other' }, 'invalid_request'],
  ])('refuses %s', (_, changes, error) => {
    const { code, redeem } = serverWithClients()
    expect(redeem(code(), changes)).toMatchObject({ status: 400, body: { error } })
  })

  it('gives nobody a second guess at the verifier', () => {
    const { code, redeem } = serverWithClients()
    const one = code()
    expect(redeem(one, { code_verifier: 'x'.repeat(43) }).status).toBe(400)
    expect(redeem(one).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('refuses the code of another client', () => {
    const { code, redeem, basic } = serverWithClients()
    const one = code()
    expect(redeem(one, {}, basic('other')).body).toMatchObject({ error: 'invalid_grant' })
    expect(redeem(one).status).toBe(200)
  })

  it('refuses a code after a minute', () => {
    const { code, redeem, clock } = serverWithClients()
    const [one, two] = [code(), code()]
    clock.advance(59_999)
    expect(redeem(one).status).toBe(200)
    clock.advance(1)
    expect(redeem(two).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('revokes what a code gave when the code is replayed', () => {
    const { code, redeem, refresh, server } = serverWithClients()
    const one = code()
    const { body } = redeem(one)
    expect(redeem(one).body).toMatchObject({ error: 'invalid_grant' })
    expect(server.accepts(String(body.access_token))).toBe(false)
    expect(refresh(body.refresh_token).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('rotates refresh tokens', () => {
    const { code, redeem, refresh, server } = serverWithClients()
    const first = redeem(code()).body
    const second = refresh(first.refresh_token)
    expect(second).toMatchObject({ status: 200, body: { access_token: text, scope: 'read write' } })
    expect(second.body.refresh_token).not.toBe(first.refresh_token)
    expect(refresh(second.body.refresh_token).status).toBe(200)
    expect(server.accepts(String(first.access_token))).toBe(true)
  })

  it('revokes the grant, and no other, when a refresh token is used again', () => {
    const { code, redeem, refresh, server } = serverWithClients()
    const [first, bystander] = [redeem(code()).body, redeem(code()).body]
    const second = refresh(first.refresh_token).body
    expect(refresh(first.refresh_token).body).toMatchObject({ error: 'invalid_grant' })
    expect(refresh(second.refresh_token).body).toMatchObject({ error: 'invalid_grant' })
    expect(server.accepts(String(second.access_token))).toBe(false)
    expect(refresh(bystander.refresh_token).status).toBe(200)
  })

  it('refuses the refresh token of another client', () => {
    const { code, redeem, refresh, basic } = serverWithClients()
    const { body } = redeem(code())
    expect(refresh(body.refresh_token, {}, basic('other')).body).toMatchObject({ error: 'invalid_grant' })
    expect(refresh(body.refresh_token).status).toBe(200)
  })

  it('narrows the scope of a refresh, and never widens it', () => {
    const { code, redeem, refresh } = serverWithClients()
    const { body } = redeem(code({ scope: 'read' }))
    expect(refresh(body.refresh_token, { scope: 'read write' }).body).toMatchObject({
      error: 'invalid_scope',
    })
    expect(refresh(body.refresh_token, { scope: 'read' }).body).toMatchObject({ scope: 'read' })
  })

  it('issues access tokens that expire and can be revoked', () => {
    const { code, redeem, server, clock } = serverWithClients(60)
    const [one, two] = [redeem(code()).body, redeem(code()).body]
    const accepted = () => [one, two].map(({ access_token: token }) => server.accepts(String(token)))
    expect([one.expires_in, accepted()]).toEqual([60, [true, true]])
    server.revoke(String(one.access_token))
    expect(accepted()).toEqual([false, true])
    clock.advance(60_000)
    expect(accepted()).toEqual([false, false])
  })
})

describe('the route of the token endpoint', () => {
  const post = (init: RequestInit) =>
    createMockWeavz().fetch('https://weavz.test/_provider/token', { method: 'POST', ...init })

  it('answers JSON that nobody caches', async () => {
    const response = await post({
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }),
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toMatch('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('reads forms only', async () => {
    const response = await post({
      body: '{"grant_type":"refresh_token"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})
