import fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import { endpoint } from '../../src/contract/endpoint.js'
import { workspaceIntegrations } from '../../src/contract/workspace-integrations.js'
import { WeavzError } from '../../src/transport/index.js'
import { always, apiKey, connection, json, rejection, script, transport } from './support.js'

const update = (workspaceId: unknown, id: unknown) => ({
  params: { workspaceId: workspaceId as string, id: id as string },
  body: { alias: 'slack_bot' },
})

describe('Path parameters', () => {
  test.each([
    ['an empty one', '', 'must not be empty'],
    ['a blank one', '  ', 'must not be empty'],
    ['.', '.', "must not be '.'"],
    ['..', '..', "must not be '..'"],
    ['null', null, 'must be a string, got null'],
    ['undefined', undefined, 'must be a string, got undefined'],
    ['a number', 7, 'must be a string, got number'],
    ['half a surrogate pair', '\ud800', 'is not well-formed text'],
  ])('%s is refused before anything is sent, and underlined', async (_, id, problem) => {
    const { fetch, sent } = script()
    const error = await rejection(transport({ fetch }).call(workspaceIntegrations.update, update('w', id)))
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: [
        `workspaces.integrations.update: path parameter \`id\` ${problem}`,
        'PATCH /api/v1/workspaces/{workspaceId}/integrations/{id}',
        '                                                    ^^^^',
      ].join('\n'),
    })
    expect(sent).toEqual([])
  })

  test('../admin stays one segment', async () => {
    const { fetch, sent } = script(json({ deleted: true, id: 'x' }))
    await transport({ fetch }).call(connections.delete, { params: { id: '../admin' } })
    expect(sent[0]?.url.pathname).toBe('/api/v1/connections/..%2Fadmin')
  })

  test('property: whatever is accepted arrives as exactly that one segment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (id) => {
        const { fetch, sent } = script(json({ deleted: true, id: 'x' }))
        const refused = await transport({ fetch })
          .call(connections.delete, { params: { id } })
          .then(
            () => false,
            () => true,
          )
        expect(refused).toBe(id.trim() === '' || id === '.' || id === '..' || /\p{Surrogate}/u.test(id))
        expect(sent).toHaveLength(refused ? 0 : 1)
        if (refused) return
        const segments = sent[0]!.url.pathname.split('/').slice(1)
        expect(segments.map(decodeURIComponent)).toEqual(['api', 'v1', 'connections', id])
      }),
    )
  })

  test.each(['', null, undefined])(
    '%j where the id travels in the query is refused, for it would mean the list',
    async (id) => {
      const { fetch, sent } = script()
      const error = await rejection(
        transport({ fetch }).call(connections.get, { query: { id: id as string } }),
      )
      expect(error).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('connections.get: `id`'),
      })
      expect(sent).toEqual([])
    },
  )
})

describe('Query', () => {
  const search = endpoint('test.search', {
    method: 'GET',
    path: '/search',
    auth: 'none',
    summary: '',
    responses: {},
    errors: [],
  })
  const searched = async (query: object) => {
    const { fetch, sent } = script(json({}))
    await transport({ fetch }).call(search, { query: query as never })
    return sent[0]!.url.search
  }

  test.each([
    [{ a: 0, b: false, c: '' }, '?a=0&b=false&c='],
    [{ a: undefined, b: 1 }, '?b=1'],
    [{ a: null }, ''],
    [{}, ''],
    [{ a: ['x', 'y', 0], b: [] }, '?a=x&a=y&a=0'],
    [{ a: true, at: new Date(0) }, '?a=true&at=1970-01-01T00%3A00%3A00.000Z'],
    [{ 'a b': 'ä&=+#' }, '?a+b=%C3%A4%26%3D%2B%23'],
  ])('%j is sent as %s', async (query, expected) => {
    expect(await searched(query)).toBe(expected)
  })

  test('an object is refused rather than sent as [object Object]', async () => {
    expect(await rejection(searched({ filter: { a: 1 } }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('`filter`'),
    })
  })

  test('property: a server reads back every value, in order', async () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean())
    const names = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__')
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.array(value, { minLength: 1 })), async (query) => {
        const read = new URLSearchParams(await searched(query))
        for (const [name, values] of Object.entries(query))
          expect(read.getAll(name)).toEqual(values.map(String))
      }),
    )
  })
})

describe('A body', () => {
  const secret = 'sk-never-shown'
  const circular: Record<string, unknown> = { secretText: secret }
  circular['self'] = { back: circular }
  const refusing = {
    toJSON() {
      throw new RangeError('Not as JSON')
    },
  }

  test.each<[string, unknown]>([
    ['that refers to itself', { input: circular }],
    ['with a BigInt', { secretText: secret, input: { n: 1n } }],
    ['whose own toJSON throws', { secretText: secret, input: refusing }],
    ['that is a function', () => secret],
    ['that is a symbol', Symbol('body')],
  ])('%s is refused before anything is sent, and the endpoint is named', async (_, body) => {
    const { fetch, sent } = script()
    const client = transport({ fetch })
    const params = { workspaceId: 'w', id: 'i' }
    for (const [call, endpoint] of [
      [
        client.call(workspaceIntegrations.update, { params, body: body as never }),
        'PATCH /api/v1/workspaces/{workspaceId}/integrations/{id}',
      ],
      [client.request('/api/v1/new', { body }), 'POST /api/v1/new'],
    ] as const) {
      const error = await rejection(call)
      expect(error).toBeInstanceOf(WeavzError)
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', endpoint, attempts: 0 })
      expect((error as Error).message).toBe(`${endpoint}: the body cannot be written as JSON`)
      expect(inspect(error) + JSON.stringify(error)).not.toContain(secret)
    }
    expect(sent).toEqual([])
  })

  test('that cannot be written keeps what the platform says about it as cause', async () => {
    const error = await rejection(transport({ fetch: script().fetch }).request('/x', { body: circular }))
    expect((error as Error).cause).toBeInstanceOf(TypeError)
  })
})

describe('Headers', () => {
  const sentHeaders = async (options: Parameters<typeof transport>[0], call = {}) => {
    const { fetch, sent } = script(json({ connection }))
    await transport({ fetch, ...options }).call(connections.get, { query: { id: 'x' } }, call)
    return sent[0]!.headers
  }

  test('are few, and all lower case', async () => {
    expect(await sentHeaders({ userAgent: 'app/1' })).toEqual({
      accept: 'application/json',
      'user-agent': 'app/1',
      authorization: `Bearer ${apiKey}`,
    })
  })

  test('of the call go before those of the client, whatever their case', async () => {
    const headers = await sentHeaders(
      { headers: { 'X-Trace': 'client', 'USER-AGENT': 'client/1' } },
      { headers: { 'x-TRACE': 'call', 'x-none': undefined } },
    )
    expect(headers).toMatchObject({ 'x-trace': 'call', 'user-agent': 'client/1' })
    expect(headers).not.toHaveProperty('x-none')
  })

  test.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
    '%s of the caller never replaces the key',
    async (name) => {
      const headers = await sentHeaders(
        { headers: { [name]: 'Basic eA==' } },
        { headers: { [name]: 'Basic eQ==' } },
      )
      expect(headers['authorization']).toBe(`Bearer ${apiKey}`)
      expect(Object.keys(headers).filter((key) => /^authorization$/i.test(key))).toHaveLength(1)
    },
  )

  test('a client without a key may bring its own Authorization', async () => {
    const headers = await sentHeaders({ apiKey: undefined, headers: { Authorization: 'Proxy x' } })
    expect(headers['authorization']).toBe('Proxy x')
  })

  test.each(['bad name', 'x'])(
    'what fetch would refuse is refused by name, without the value (%s)',
    async (name) => {
      const headers = { [name]: 'secret\nvalue' }
      const error = await rejection(transport({}).call(connections.get, { query: { id: 'x' } }, { headers }))
      expect(error).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`\`${name}\``),
      })
      expect(String(error)).not.toContain('secret')
    },
  )

  test('a function is asked for the key before every attempt', async () => {
    const keys = ['wvz_old', 'wvz_new']
    const { fetch, sent } = script(json({}, 503), json({ connection }))
    const apiKey = async () => keys.shift()!
    await transport({ fetch, apiKey }).call(connections.get, { query: { id: 'x' } })
    expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer wvz_old', 'Bearer wvz_new'])
  })

  test('a function that fails ends the call at once, with its error as the cause', async () => {
    const { fetch, sent } = always(() => json({ connection }))
    const apiKey = vi.fn(() => Promise.reject(new Error('vault sealed')))
    const error = await rejection(transport({ fetch, apiKey }).call(connections.get, { query: { id: 'x' } }))
    expect(error).toMatchObject({ code: 'MISSING_API_KEY', cause: { message: 'vault sealed' } })
    expect(apiKey).toHaveBeenCalledTimes(1)
    expect(sent).toEqual([])
  })

  test('without a key, an operation that needs one is not even sent', async () => {
    const { fetch, sent } = script()
    const call = transport({ fetch, apiKey: undefined }).call(connections.get, { query: { id: 'x' } })
    expect(await rejection(call)).toMatchObject({
      code: 'MISSING_API_KEY',
      message: expect.stringContaining('WEAVZ_API_KEY'),
    })
    expect(sent).toEqual([])
  })

  test.each(['wvz_key\n', ' wvz_key', 'wvz_kéy'])(
    'a key that no header can carry is refused without being shown',
    (apiKey) => {
      let error: unknown
      try {
        transport({ apiKey })
      } catch (caught) {
        error = caught
      }
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(String(error)).not.toMatch(/k[eé]y\n|wvz_k/)
    },
  )
})

describe('The base URL', () => {
  test.each([
    ['https://api.test', 'https://api.test/api/v1/connections?id=x'],
    ['https://api.test///', 'https://api.test/api/v1/connections?id=x'],
    ['http://localhost:4010/weavz/', 'http://localhost:4010/weavz/api/v1/connections?id=x'],
  ])('%s may have slashes at its end and a path', async (baseUrl, url) => {
    const { fetch, sent } = script(json({ connection }))
    await transport({ fetch, baseUrl }).call(connections.get, { query: { id: 'x' } })
    expect(sent[0]?.url.href).toBe(url)
  })

  test.each([
    'api.test',
    '',
    'ftp://api.test',
    'https://user:pa55word@api.test',
    'https://api.test?x',
    'https://api.test#x',
  ])('what no path can be appended to is refused (%#)', (baseUrl) => {
    expect(() => transport({ baseUrl })).toThrow('`baseUrl` must')
    expect(() => transport({ baseUrl })).not.toThrow('pa55word')
  })
})

test('the options are never mutated', async () => {
  const { fetch } = script(json({ connection }, 201))
  const freeze = <T extends object>(value: T): T => {
    Object.values(value).forEach((item) => typeof item === 'object' && item !== null && freeze(item))
    return Object.freeze(value)
  }
  const options = freeze({ fetch, headers: { 'X-A': '1' }, hooks: {} })
  const input = freeze({
    body: {
      type: 'CUSTOM_AUTH',
      integrationName: 'airtable',
      externalId: 'a',
      displayName: 'A',
      props: { token: 'x' },
    },
  } as const)
  await transport(options).call(connections.create, input, freeze({ headers: { 'X-B': '2' }, maxRetries: 0 }))
  expect(options.headers).toEqual({ 'X-A': '1' })
})
