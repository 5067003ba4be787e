import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, redactHeaders, redactText, redactValue } from '../../src/contract/secrets.js'

const jwt = [{ alg: 'HS256', typ: 'JWT' }, { sub: 'user_123' }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2lnbmF0dXJl_-c2lnbmF0dXJl')
  .join('.')

describe('text', () => {
  it.each([
    ['an API key', 'key wvz_4f0cA9 refused', 'key wvz_[secret] refused'],
    [
      'a token in a URL',
      'https://api.weavz.io/connect?token=cst_a1&x=1',
      'https://api.weavz.io/connect?token=cst_[secret]&x=1',
    ],
    ['a token in a URL in a URL', 'next=%2Fportal%3Ftoken%3Deut_a1', 'next=%2Fportal%3Ftoken%3Deut_[secret]'],
    ['the tokens of MCP', 'mcp_a1b2 and mcpo_c3d4', 'mcp_[secret] and mcpo_[secret]'],
    ['bearer credentials', 'Authorization: Bearer abc.def-123', 'Authorization: Bearer [secret]'],
    ['an API key as bearer', 'authorization: bearer wvz_4f0c', 'authorization: bearer wvz_[secret]'],
    ['basic credentials', 'Basic dXNlcjpwYXNz, retry', 'Basic [secret], retry'],
    ['a JSON Web Token', `id ${jwt} end`, 'id [secret] end'],
    ['a JSON Web Token after a letter', `%3D${jwt}`, '%3D[secret]'],
    ['a password in a URL', 'postgres://app:hunter2@db/x', 'postgres://[secret]@db/x'],
    [
      'a field of a form',
      'grant_type=x&client_secret=s3cr3t&code_verifier=v',
      'grant_type=x&client_secret=[secret]&code_verifier=[secret]',
    ],
    ['a field of JSON', '{"clientSecret": "a\\"b c", "x": 1}', '{"clientSecret": "[secret]", "x": 1}'],
    ['a fragment', '#access_token=ya29.a0&token_type=bearer', '#access_token=[secret]&token_type=bearer'],
  ])('loses %s', (_, text, expected) => {
    expect(redactText(text)).toBe(expected)
  })

  it('loses a secret in JSON inside JSON', () => {
    const text = JSON.stringify({ body: JSON.stringify({ password: 'hunter2', next: 'x' }) })
    expect(redactText(text)).not.toContain('hunter2')
  })

  it.each([
    'Bearer token required, see Basic authentication.',
    'tokenType mcp_bearer',
    'Bearer error="invalid_token", error_description="It is unknown"',
    'Bearer resource_metadata="https://api.weavz.io/.well-known/x", scope="mcp:tools"',
    'approval apr_0123456789abcdef0123456789abcdef of srv_1',
    'keyJson.value',
    'a token of 4 hours; the password policy',
    'https://api.weavz.io/api/v1/connections?id=1',
    '"token": null, "max_tokens": 100',
  ])('keeps what is none: %s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  it('is the same when it is redacted twice', () => {
    const piece = fc.constantFrom(
      'wvz_a1',
      'Bearer ',
      'Basic ',
      'x',
      '"token":"',
      '"',
      'secret=',
      '://',
      '@',
      jwt,
      ' ',
      '\\',
      '=',
      '[',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = redactText(pieces.join(''))
        expect(redactText(once)).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })

  it('never shows an issued token, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('wvz_', 'cst_', 'eut_', 'mcp_', 'mcpo_'),
        fc.string(),
        (before, prefix, after) => {
          expect(redactText(`${before}${prefix}canary7${after}`)).not.toContain('canary7')
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    'eyJaaaaaaaa',
    'eyJaaaaaaaa.',
    'eyJaaaaaaaa.a',
    'wvz_-',
    'mcp_bearer',
    'Bearer ',
    'bearer authauth',
    'bearer\t \t',
    'token":"',
    'token"   ',
    'secret\\',
    'secret=',
    'api_',
    '://',
    '://a',
    '\\',
  ])('costs time in proportion to its length when it repeats %s', (unit) => {
    // Counted in characters that the engine looks at, a quadratic pattern would take minutes for this and not end
    const text = unit.repeat(2_000_000 / unit.length)
    expect(redactText(text).length).toBeGreaterThan(0)
  })
})

describe('names', () => {
  it.each([
    ...['authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'X-Api-Key', 'x-auth-token'],
    ...[
      'secretText',
      'secret_text',
      'password',
      'accessToken',
      'access_token',
      'refreshToken',
      'idToken',
      'id_token',
    ],
    ...[
      'clientSecret',
      'client_secret',
      'apiKey',
      'api_key',
      'plainKey',
      'bearerToken',
      'token',
      'codeVerifier',
    ],
    ...[
      'code_verifier',
      'username',
      'privateKey',
      'secretAccessKey',
      'accessKeyId',
      'signingSecret',
      'passphrase',
    ],
  ])('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each([
    ...[
      'tokenType',
      'token_type',
      'tokenPrefix',
      'keyPrefix',
      'expiresIn',
      'scope_oauth',
      'idempotencyKey',
      'maxTokens',
    ],
    ...[
      'externalId',
      'content-type',
      'x-request-id',
      'authMethodKey',
      'endUserBearerTokensEnabled',
      'key',
      'name',
    ],
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false)
  })
})

describe('headers', () => {
  it('keep their names, in lower case, and lose the values of secret ones', () => {
    const expected = {
      authorization: '[secret]',
      'x-api-key': '[secret]',
      location: '/?token=[secret]',
      accept: '*/*',
    }
    const given = { Authorization: 'Bearer x', 'X-Api-Key': 'y', Location: '/?token=z', Accept: '*/*' }
    expect(redactHeaders(given)).toEqual(expected)
    expect(redactHeaders(new Headers(given))).toEqual(expected)
  })
})

describe('values', () => {
  it('lose every credential of a request, whatever the type of the connection', () => {
    const bodies = [
      { type: 'SECRET_TEXT', displayName: 'OpenAI', secretText: 'canary' },
      { type: 'BASIC_AUTH', displayName: 'SMTP', username: 'canary', password: 'canary' },
      {
        type: 'CUSTOM_AUTH',
        displayName: 'S3',
        props: { token: 'canary', host: 'canary', port: 7_654_321, deep: [{ x: 'canary' }] },
      },
      {
        type: 'OAUTH2',
        accessToken: 'canary',
        refreshToken: 'canary',
        expiresIn: 60,
        data: { team: 'canary' },
      },
      { token: ['canary', 'canary'], client_secret: 7_654_321n, authFields: { user: 'canary' } },
    ]
    for (const body of bodies) {
      const shown = JSON.stringify(redactValue(body))
      expect(shown).not.toMatch(/canary|7654321/)
    }
    expect(redactValue(bodies[3])).toEqual({
      type: 'OAUTH2',
      accessToken: '[secret]',
      refreshToken: '[secret]',
      expiresIn: 60,
      data: { team: '[secret]' },
    })
  })

  it('keep the objects of the API that have the name of a secret', () => {
    const body = {
      apiKey: { id: 'k', name: 'CI', keyPrefix: 'wvz_[secret]', expiresAt: null },
      token: { id: 't', scopes: ['all'], tokenType: 'mcp_bearer' },
      plainKey: '',
      integration: {
        actions: { send: { props: { token: { type: 'SHORT_TEXT', displayName: 'Token', required: true } } } },
      },
    }
    expect(redactValue(body)).toEqual(body)
  })

  it('are copied: the original stays as it was', () => {
    const original = { a: [{ password: 'x' }], m: new Map([['token', 'x']]) }
    const before = structuredClone(original)
    expect(redactValue(original)).toEqual({
      a: [{ password: '[secret]' }],
      m: new Map([['token', '[secret]']]),
    })
    expect(original).toEqual(before)
  })

  it('may be of any kind', () => {
    const error = new TypeError('key wvz_a1', { cause: { password: 'x' } })
    error.stack = 'TypeError: key wvz_a1\n  at Bearer x1'
    const values = {
      error,
      all: new AggregateError([new Error('cst_a1')], 'two'),
      headers: new Headers({ cookie: 'sid=1' }),
      set: new Set(['wvz_a1']),
      url: new URL('https://u:p@h/?token=x'),
      date: new Date(0),
      bytes: new Uint8Array(3),
      nothing: [undefined, null, true, 0, ''],
      run: () => 'wvz_a1',
      symbol: Symbol('wvz_a1'),
    }
    expect(redactValue(values)).toEqual({
      error: {
        name: 'TypeError',
        message: 'key wvz_[secret]',
        stack: 'TypeError: key wvz_[secret]\n  at Bearer [secret]',
        cause: { password: '[secret]' },
      },
      all: expect.objectContaining({
        message: 'two',
        errors: [expect.objectContaining({ message: 'cst_[secret]' })],
      }),
      headers: { cookie: '[secret]' },
      set: new Set(['wvz_[secret]']),
      url: 'https://[secret]@h/?token=[secret]',
      date: '1970-01-01T00:00:00.000Z',
      bytes: '[bytes]',
      nothing: [undefined, null, true, 0, ''],
      run: '[function]',
      symbol: '[symbol]',
    })
  })

  it('may be cyclic, shared, endlessly deep, hostile, or named like a prototype', () => {
    const cyclic: Record<string, unknown> = { name: 'a' }
    cyclic.self = cyclic
    const shared = { password: 'x' }
    let deep: unknown = 'wvz_a1'
    for (let i = 0; i < 5000; i++) deep = { deep }
    const wide = Array.from({ length: 40 }).reduce<unknown>((below) => [below, below], 'x')
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('wvz_a1')
        },
      },
    )
    const named = JSON.parse('{"__proto__":{"password":"x"}}')
    expect(redactValue(cyclic)).toEqual({ name: 'a', self: '[circular]' })
    expect(redactValue([shared, shared])).toEqual([{ password: '[secret]' }, { password: '[secret]' }])
    expect(JSON.stringify(redactValue(deep))).toContain('[deep]')
    expect(redactValue(wide)).toBeInstanceOf(Array)
    expect(redactValue([hostile])).toEqual(['[unreadable]'])
    expect(JSON.stringify(redactValue(named))).toBe('{"__proto__":{"password":"[secret]"}}')
    expect({}).not.toHaveProperty('password')
  })

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withMap: true,
          withSet: true,
          withDate: true,
          withNullPrototype: true,
          withTypedArray: true,
          withBigInt: true,
        }),
        (value) => {
          redactValue(value)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
