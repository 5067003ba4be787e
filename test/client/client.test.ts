import { inspect } from 'node:util'
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { WeavzClient, isWeavzError, type WeavzClientOptions } from '../../src/index.js'
import { apiKey, always, connection, json, refusal, rejection, script } from '../transport/support.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('Options', () => {
  test('key and base URL come from the environment where they are not given', async () => {
    vi.stubEnv('WEAVZ_API_KEY', 'wvz_from_the_environment')
    vi.stubEnv('WEAVZ_BASE_URL', 'http://localhost:4010/')
    const { fetch, sent } = script(json({ connection }))
    const weavz = new WeavzClient({ fetch })
    await weavz.connections.get('x')
    expect(weavz.baseUrl).toBe('http://localhost:4010')
    expect(sent[0]?.url.origin).toBe('http://localhost:4010')
    expect(sent[0]?.headers['authorization']).toBe('Bearer wvz_from_the_environment')
  })

  test('what is given goes before the environment', async () => {
    vi.stubEnv('WEAVZ_API_KEY', 'wvz_from_the_environment')
    vi.stubEnv('WEAVZ_BASE_URL', 'http://localhost:4010')
    const { fetch, sent } = script(json({ connection }))
    await new WeavzClient({ fetch, apiKey, baseUrl: 'https://eu.weavz.test' }).connections.get('x')
    expect(sent[0]?.url.origin).toBe('https://eu.weavz.test')
    expect(sent[0]?.headers['authorization']).toBe(`Bearer ${apiKey}`)
  })

  test.each([
    ['baseURL', { baseURL: 'http://localhost:4010' }],
    ['api_key', { api_key: apiKey }],
  ])('a name that no option has is refused: %s', (name, options) => {
    expect(() => new WeavzClient(options as WeavzClientOptions)).toThrow(
      /^WeavzClient takes \{ apiKey, baseUrl, fetch, timeout, maxRetries, headers, .+ \}, and no `(baseURL|api_key)`$/,
    )
    expect(new WeavzClient({ [name]: undefined } as WeavzClientOptions).baseUrl).toBe('https://api.weavz.io')
  })

  test.each([
    ['a key', apiKey, 'string'],
    ['nothing', null, 'null'],
  ])('%s instead of options is refused, and not shown', (_, given, kind) => {
    expect(() => new WeavzClient(given as unknown as WeavzClientOptions)).toThrow(
      new RegExp(`^WeavzClient takes \\{ apiKey, .+ \\}, and no \`${kind}\`$`),
    )
  })

  test('a key in the place of a name is not shown', () => {
    expect(() => new WeavzClient({ [apiKey]: true } as WeavzClientOptions)).toThrow(
      /and no `wvz_\[secret\]`$/,
    )
  })

  test('an empty environment variable is as good as none', () => {
    vi.stubEnv('WEAVZ_API_KEY', '')
    vi.stubEnv('WEAVZ_BASE_URL', '')
    expect(new WeavzClient().baseUrl).toBe('https://api.weavz.io')
  })

  test('a runtime without process works', async () => {
    vi.stubGlobal('process', undefined)
    const { fetch } = script(json({ connection }))
    expect(await new WeavzClient({ fetch, apiKey }).connections.get('x')).toEqual({ connection })
  })

  test('a runtime that forbids to read the environment works', () => {
    const env = new Proxy({}, { get: () => expect.unreachable() })
    vi.stubGlobal('process', { env })
    expect(new WeavzClient({ apiKey }).baseUrl).toBe('https://api.weavz.io')
  })

  test('are not mutated, and later changes to them change nothing', async () => {
    const { fetch, sent } = script(json({ connection }))
    const options: WeavzClientOptions = { fetch, apiKey, headers: { 'X-App': 'one' } }
    const before = structuredClone({ ...options, fetch: undefined })
    const weavz = new WeavzClient(options)
    expect({ ...options, fetch: undefined }).toEqual(before)
    options.apiKey = 'wvz_changed'
    Object.assign(options.headers!, { 'X-App': 'two' })
    await weavz.connections.get('x')
    expect(sent[0]?.headers).toMatchObject({ authorization: `Bearer ${apiKey}`, 'x-app': 'one' })
  })

  test('without a key, what needs none works, and what needs one says so', async () => {
    vi.stubEnv('WEAVZ_API_KEY', '')
    const { fetch, sent } = script(json({ integrations: [], total: 0 }))
    const weavz = new WeavzClient({ fetch })
    expect(await weavz.integrations.list()).toEqual({ integrations: [], total: 0 })
    expect(sent[0]?.headers).not.toHaveProperty('authorization')
    expect(await rejection(weavz.workspaces.list())).toMatchObject({ code: 'MISSING_API_KEY' })
    expect(sent).toHaveLength(1)
  })

  test('a fetch that is no function is refused at once, and not by every call', () => {
    const fetch = { fetch: globalThis.fetch } as unknown as typeof globalThis.fetch
    expect(() => new WeavzClient({ apiKey, fetch })).toThrow('`fetch` must be a function')
  })

  test('the global fetch is used as it is at the time of the call, so that tools may replace it', async () => {
    const weavz = new WeavzClient({ apiKey })
    const { fetch, sent } = script(json({ connection }))
    vi.stubGlobal('fetch', fetch)
    await weavz.connections.get('x')
    expect(sent).toHaveLength(1)
  })
})

describe('In a browser', () => {
  const browsers: [string, () => void][] = [
    ['a page', () => vi.stubGlobal('document', {})],
    ['a web worker', () => vi.stubGlobal('importScripts', () => undefined)],
  ]
  test.each(browsers)('%s: an API key throws', (_, stub) => {
    stub()
    let error: unknown
    try {
      new WeavzClient({ apiKey })
    } catch (caught) {
      error = caught
    }
    expect(isWeavzError(error, 'INVALID_ARGUMENT')).toBe(true)
    expect(String(error)).toContain('dangerouslyAllowBrowser')
    expect(String(error)).not.toContain(apiKey)
  })

  test.each(browsers)(
    '%s: an API key is allowed on request, and no client without one needs that',
    (_, stub) => {
      stub()
      expect(() => new WeavzClient({ apiKey, dangerouslyAllowBrowser: true })).not.toThrow()
      vi.stubEnv('WEAVZ_API_KEY', '')
      expect(() => new WeavzClient()).not.toThrow()
    },
  )

  test('no User-Agent is set, since that is the browser’s', async () => {
    vi.stubGlobal('document', {})
    const { fetch, sent } = script(json({ connection }))
    await new WeavzClient({ apiKey, fetch, dangerouslyAllowBrowser: true }).connections.get('x')
    expect(sent[0]?.headers).not.toHaveProperty('user-agent')
  })
})

test('printing a client shows its namespaces, and neither key nor headers', () => {
  const weavz = new WeavzClient({ apiKey, headers: { 'X-Proxy-Auth': 'hunter2' } })
  const printed = [
    inspect(weavz, { depth: 20, showHidden: true }),
    JSON.stringify(weavz),
    String(weavz),
  ].join('\n')
  expect(printed).toContain('connections: Connections')
  expect(printed).not.toMatch(/0123456789abcdef|hunter2/)
})

describe('request, the raw escape hatch', () => {
  const client = (...replies: Parameters<typeof script>) => {
    const { fetch, sent } = script(...replies)
    return { weavz: new WeavzClient({ apiKey, fetch, baseUrl: 'https://api.test' }), sent }
  }

  test('sends key, query and body, and does not validate the answer', async () => {
    const { weavz, sent } = client(json({ anything: [1] }))
    const result = await weavz.request<{ anything: number[] }>('/api/v1/triggers/test?dry=true', {
      method: 'PUT',
      query: { limit: 1 },
      body: { a: null },
      headers: { 'X-A': '1' },
    })
    expect(result).toEqual({ anything: [1] })
    expectTypeOf(result).toEqualTypeOf<{ anything: number[] }>()
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      url: new URL('https://api.test/api/v1/triggers/test?dry=true&limit=1'),
      body: { a: null },
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'x-a': '1' },
    })
  })

  test('is a GET without a body, a POST with one, and unknown without a type', async () => {
    const { weavz, sent } = client(json({}), json({}))
    interface Filter {
      limit: number
      all: boolean
      tags: string[]
    }
    const query: Filter = { limit: 0, all: false, tags: ['x', 'y'] }
    expectTypeOf(await weavz.request('/a', { query })).toBeUnknown()
    await weavz.request('/b', { body: {} })
    expect(sent.map(({ method, url }) => method + url.pathname + url.search)).toEqual([
      'GET/a?limit=0&all=false&tags=x&tags=y',
      'POST/b',
    ])
  })

  test('throws the errors of any call', async () => {
    const { weavz } = client(refusal(409, 'DUPLICATE'))
    const error = await rejection(weavz.request('/api/v1/things?x=1', { body: {} }))
    expect(error).toMatchObject({ name: 'ConflictError', code: 'DUPLICATE', endpoint: 'POST /api/v1/things' })
  })

  test('repeats a GET, and a POST only if it is said to be safe', async () => {
    const runtime = { timeout: 1000, maxRetries: 1 }
    const { fetch, sent } = always(() => refusal(503, 'X', { 'retry-after': '0' }))
    const weavz = new WeavzClient({ apiKey, fetch, ...runtime })
    await rejection(weavz.request('/a'))
    await rejection(weavz.request('/b', { body: {} }))
    await rejection(weavz.request('/c', { body: {}, safeToRetry: true }))
    expect(sent.map(({ url }) => url.pathname)).toEqual(['/a', '/a', '/b', '/c', '/c'])
  })

  test.each(['@evil.test/x', '.evil.test', ':81/x', '', 'https://evil.test/', undefined as never])(
    '%j would send the key elsewhere, and is refused',
    async (path) => {
      const { weavz, sent } = client()
      expect(await rejection(weavz.request(path))).toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(sent).toEqual([])
    },
  )

  test('tells the response, as every call does', async () => {
    const { weavz } = client(json({ ok: true }, 200, { 'x-request-id': 'req_1' }))
    const { data, requestId } = await weavz.request('/health').withResponse()
    expect({ data, requestId }).toEqual({ data: { ok: true }, requestId: 'req_1' })
  })
})
