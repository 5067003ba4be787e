import { describe, expect, it } from 'vitest'
import { base, redirectUri, serverWithClients, type Changes } from './kit.js'

describe('the authorization endpoint', () => {
  it('asks the user for consent to a well-formed request', () => {
    const { authorize, server } = serverWithClients()
    const asked = authorize()
    expect(asked).toMatchObject({
      kind: 'consent',
      client: { id: 'app', name: 'App' },
      scopes: ['read', 'write'],
    })
    if (asked.kind !== 'consent') return
    expect(server.consent(asked.requestId)).toEqual(asked)
    expect(server.consent('nobody')).toBeUndefined()
  })

  it('sends an approved user back with a code, the state and its issuer (RFC 9207)', () => {
    const back = serverWithClients().approved()
    expect(back.origin + back.pathname).toBe(redirectUri)
    expect(Object.fromEntries(back.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: 'xyz',
      iss: `${base}/_provider`,
    })
  })

  it('sends a user who denies back with access_denied', () => {
    const { authorize, server } = serverWithClients()
    const asked = authorize()
    const back = new URL(server.decide(asked.kind === 'consent' ? asked.requestId : '', 'deny') as string)
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The user denied access',
      state: 'xyz',
      iss: `${base}/_provider`,
    })
  })

  it('takes a decision once, and within ten minutes', () => {
    const { authorize, server, clock } = serverWithClients()
    const ids = [authorize(), authorize()].map((asked) => (asked.kind === 'consent' ? asked.requestId : ''))
    expect(server.decide(ids[0]!, 'approve')).toBeDefined()
    expect(server.decide(ids[0]!, 'approve')).toBeUndefined()
    clock.advance(600_000)
    expect(server.decide(ids[1]!, 'approve')).toBeUndefined()
    expect(server.consent(ids[1]!)).toBeUndefined()
  })

  it('asks for all scopes of the client when the request names none', () => {
    expect(serverWithClients().authorize({ scope: null })).toMatchObject({ scopes: ['read', 'write'] })
  })

  it('leaves out the state that it was not given', () => {
    expect(serverWithClients().approved({ state: null }).searchParams.has('state')).toBe(false)
  })

  it('keeps the query of a redirect URI', () => {
    const { server } = serverWithClients()
    const uri = 'https://app.test/cb?tenant=a%20b'
    server.register({ id: 'query', name: 'Q', redirectUris: [uri], scopes: [] })
    const params = { client_id: 'query', redirect_uri: uri }
    const answer = server.authorize(new URLSearchParams(params), base)
    expect(answer).toMatchObject({
      kind: 'redirect',
      url: expect.stringMatching(/\?tenant=a(%20|\+)b&error=/),
    })
  })

  it.each<[string, Changes]>([
    ['an unknown client', { client_id: 'nobody' }],
    ['no client', { client_id: null }],
    ['two clients', { client_id: ['app', 'other'] }],
    ['no redirect URI', { redirect_uri: null }],
    ['two redirect URIs', { redirect_uri: [redirectUri, redirectUri] }],
    ['another redirect URI', { redirect_uri: 'https://evil.test/cb' }],
    ['a longer redirect URI', { redirect_uri: `${redirectUri}/x` }],
    ['a redirect URI with a query', { redirect_uri: `${redirectUri}?x=1` }],
    ['a redirect URI in another case', { redirect_uri: `${base}/CB` }],
    ['a redirect URI on another port', { redirect_uri: 'https://weavz.test:8443/cb' }],
    ['the redirect URI of another base URL', { redirect_uri: 'https://other.test/cb' }],
  ])('sends nobody anywhere with %s', (_, changes) => {
    expect(serverWithClients().authorize(changes)).toMatchObject({
      kind: 'refused',
      error: 'invalid_request',
    })
  })

  it.each<[string, Changes, string]>([
    ['no response type', { response_type: null }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no challenge', { code_challenge: null }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'abc' }, 'invalid_request'],
    ['a padded challenge', { code_challenge: `${'a'.repeat(43)}=` }, 'invalid_request'],
    ['the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no method, which means plain', { code_challenge_method: null }, 'invalid_request'],
    ['a scope that is not the client’s', { scope: 'read admin' }, 'invalid_scope'],
    ['an empty scope', { scope: '' }, 'invalid_scope'],
    ['a parameter twice', { scope: ['read', 'write'] }, 'invalid_request'],
    ['the state twice', { state: ['a', 'b'] }, 'invalid_request'],
  ])('tells the client about %s', (_, changes, error) => {
    const answer = serverWithClients().authorize(changes)
    expect(answer.kind).toBe('redirect')
    const url = new URL(answer.kind === 'redirect' ? answer.url : '')
    expect(url.origin + url.pathname).toBe(redirectUri)
    expect(url.searchParams.get('error')).toBe(error)
    expect(url.searchParams.get('iss')).toBe(`${base}/_provider`)
    expect(url.searchParams.get('state')).toBe(Array.isArray(changes.state) ? null : 'xyz')
    expect(url.searchParams.has('code')).toBe(false)
  })
})
