import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMockWeavz } from '../../src/mock/index.js'

const weavz = createMockWeavz({ seed: { now: '2025-01-15T10:00:00Z' } })
const url = 'https://api.weavz.io/api/v1/workspaces'
const headers = { authorization: `Bearer ${weavz.apiKey}`, 'content-type': 'application/json' }

type Given = readonly [address: string, init: Record<string, unknown> | null]

/** Byte by byte; and what JSON would make equal. */
const journalOf = ({ journal }: typeof weavz) => ({
  journal: journal.toJSON(),
  bytes: JSON.stringify(journal),
})

/** What came of a request, for the caller and in the journal; or what it was refused with. */
async function outcomeOf(given: Given, ask: (mock: typeof weavz, given: Given) => Promise<Response>) {
  const mock = weavz.fork()
  try {
    const response = await ask(mock, given)
    const text = await response.text()
    return { status: response.status, headers: [...response.headers], text, ...journalOf(mock) }
  } catch (error) {
    return { refused: (error as Error).name, ...journalOf(mock) }
  }
}

const asGiven = (given: Given) =>
  outcomeOf(given, (mock, [address, init]) => mock.fetch(address, init as RequestInit))
const asRequest = (given: Given) =>
  outcomeOf(given, async (mock, [address, init]) => mock.fetch(new Request(address, init as RequestInit)))

describe('a request that is given as texts', () => {
  const body = JSON.stringify({ name: 'A', slug: 'a' })
  it.each<[string, Given]>([
    ['a GET without anything', [url, {}]],
    ['a GET with headers', [url, { headers }]],
    ['a POST of JSON', [url, { method: 'POST', headers, body }]],
    ['a POST that begins with a byte order mark', [url, { method: 'POST', headers, body: `\ufeff${body}` }]],
    [
      'a POST with half of a character',
      [url, { method: 'POST', headers, body: '{"name":"\ud800","slug":"a"}' }],
    ],
    ['a POST without a body', [url, { method: 'POST', headers }]],
    ['a POST of an empty body', [url, { method: 'POST', headers, body: '' }]],
    ['a POST of white space', [url, { method: 'POST', headers, body: ' \n' }]],
    ['a POST of JSON with white space around it', [url, { method: 'POST', headers, body: `\n ${body} ` }]],
    [
      'a POST of mostly white space',
      [url, { method: 'POST', headers, body: body.replace(',', ' '.repeat(20_000) + ',') }],
    ],
    [
      'a POST of numbers that JSON cannot write',
      [url, { method: 'POST', headers, body: '{"name":1e400,"slug":-0}' }],
    ],
    ['a POST without headers', [url, { method: 'POST', body }]],
    ['a POST of a body that is too large', [url, { method: 'POST', headers, body: '"é"'.repeat(600_000) }]],
    ['a POST of a form', [url, { method: 'POST', headers, body: new URLSearchParams({ name: 'A' }) }]],
    ['a method in small letters', [url, { method: 'post', headers, body }]],
    ['a method that nothing has', [url, { method: 'PURGE', headers }]],
    ['a method that no browser sends', [url, { method: 'TRACE' }]],
    ['a GET with a body', [url, { headers, body }]],
    ['an address without a host', ['/api/v1/workspaces', { headers }]],
    ['an address with a password', ['https://a:b@api.weavz.io/api/v1/workspaces', { headers }]],
    ['an address with a fragment', [`${url}?limit=1#a`, { headers }]],
    ['no signal', [url, { headers, signal: null }]],
    ['a signal that is none', [url, { headers, signal: 'soon' }]],
    [
      'headers in an order of their own',
      [url, { headers: { 'x-b': '1', ...headers, accept: '*/*', 'x-a': '2' } }],
    ],
    ['headers in other letters', [url, { headers: { ...headers, 'X-B': '1', Accept: '*/*' } }]],
    ['headers that are numbers, or nothing', [url, { headers: { ...headers, 'x-a': 1, 'x-b': undefined } }]],
    ['headers with white space around them', [url, { headers: { ...headers, 'x-a': ' 1', 'x-b': '\t' } }]],
    ['headers with text that has no byte', [url, { headers: { ...headers, 'x-a': '€' } }]],
    ['headers under a symbol', [url, { headers: { ...headers, [Symbol('x')]: '1' } }]],
    ['headers that are null', [url, { headers: null }]],
    ['headers that are a text', [url, { headers: 'accept: none' }]],
    [
      'headers of a class of their own',
      [
        url,
        {
          headers: new (class {
            accept = '*/*'
          })(),
        },
      ],
    ],
    ['Headers', [url, { headers: new Headers({ ...headers, 'X-A': '1' }) }]],
    ['a header that is none', [url, { headers: { 'a b': 'c' } }]],
    ['a header of several lines', [url, { headers: { a: 'b\r\nc: d' } }]],
    ['headers as pairs', [url, { headers: [...Object.entries(headers), ['X-A', ' b '], ['x-a', 'c']] }]],
    ['options that are null', [url, null]],
    ['an option that says something else', [url, { headers, redirect: 'sometimes' }]],
  ])('is taken like a Request of the same: %s', async (_, given) => {
    expect(await asGiven(given)).toStrictEqual(await asRequest(given))
  })

  it('is taken like a Request of the same, whatever the texts', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string(), fc.json())
    const members = fc.dictionary(
      fc.constantFrom('name', 'slug', 'integrationName', 'input', '__proto__'),
      text,
    )
    const arbitrary = fc.record(
      {
        method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'Patch', 'x'),
        headers: fc
          .tuple(
            fc.constantFrom({}, { authorization: headers.authorization }),
            fc.dictionary(fc.constantFrom('authorization', 'Content-Type', 'x-a', 'accept'), text),
          )
          .map(([key, others]) => ({ ...others, ...key })),
        body: fc.option(
          fc.oneof(
            text,
            members.map((fields) => JSON.stringify(fields)),
          ),
        ),
      },
      { requiredKeys: [] },
    )
    const path = fc.constantFrom(
      '/workspaces',
      '/actions/execute',
      '/integrations?summary=true',
      '/../%2e',
      '/é',
    )
    await fc.assert(
      fc.asyncProperty(path, arbitrary, async (path, init) => {
        const given: Given = [`https://api.weavz.io/api/v1${path}`, init]
        expect(await asGiven(given)).toStrictEqual(await asRequest(given))
      }),
      { numRuns: 300 },
    )
  })

  it('is what it was when it was sent, whatever becomes of the texts', async () => {
    const mock = weavz.fork()
    const mine: Record<string, string> = { ...headers, 'x-a': 'before' }
    const answer = mock.fetch(url, { headers: mine })
    mine['x-a'] = 'after'
    mine['authorization'] = 'none'
    expect((await answer).status).toBe(200)
    expect(mock.journal.list().at(-1)?.request.headers['x-a']).toBe('before')
  })
})

describe('a request that is given with getters', () => {
  it('is asked for each option once', async () => {
    const asked: string[] = []
    const options: RequestInit = { method: 'POST', headers, body: '{"name":"A","slug":"a"}' }
    const init = new Proxy(options, {
      get(from, name) {
        asked.push(String(name))
        return Reflect.get(from, name) as unknown
      },
    })
    expect((await weavz.fork().fetch(url, init)).status).toBe(201)
    expect(asked.sort()).toEqual(['body', 'headers', 'method', 'signal'])
  })
})

describe('an answer', () => {
  const answer = () => weavz.fetch(url, { headers })
  const json = { workspaces: [], total: 0 }

  it('is a Response', async () => {
    const response = await answer()
    expect(response).toBeInstanceOf(Response)
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
    const { status, statusText, ok, type, redirected, bodyUsed } = response
    expect({ status, statusText, ok, type, redirected, bodyUsed }).toEqual({
      ...{ status: 200, statusText: '', ok: true },
      ...{ type: 'default', redirected: false, bodyUsed: false },
    })
    expect((await weavz.fetch(url)).ok).toBe(false)
  })

  it('has nothing on it that a Response has not', async () => {
    const response = await answer()
    expect(Object.keys(response)).toEqual([])
    expect(response.constructor).toBe(Response)
    expect(JSON.stringify(response)).toBe('{}')
    expect(() => Object.assign(response, { status: 500 })).toThrow(TypeError)
  })

  it("to a Request is the platform's own, as servers need it", async () => {
    const response = await weavz.fetch(new Request(url, { headers }))
    expect(JSON.parse(await Response.prototype.text.call(response))).toEqual(json)
    expect(weavz.journal.list().at(-1)?.response?.body).toEqual(json)
  })

  it.each<[string, (response: Response) => Promise<unknown>]>([
    ['text', async (response) => JSON.parse(await response.text()) as unknown],
    ['JSON', (response) => response.json()],
    [
      'bytes',
      async (response) => JSON.parse(new TextDecoder().decode(await response.arrayBuffer())) as unknown,
    ],
    ['a blob', async (response) => JSON.parse(await (await response.blob()).text()) as unknown],
    ['a stream', (response) => new Response(response.body).json()],
    ['a clone', (response) => response.clone().json()],
    ['another answer', (response) => new Response(response.body, response).json()],
  ])('can be read as %s', async (_, read) => {
    expect(await read(await answer())).toEqual(json)
  })

  it.each<[string, (response: Response) => Promise<unknown>]>([
    ['text', (response) => response.text()],
    ['JSON', (response) => response.json()],
    ['bytes', (response) => response.arrayBuffer()],
  ])('can be read once: %s', async (_, read) => {
    const response = await answer()
    await read(response)
    expect(response.bodyUsed).toBe(true)
    for (const again of ['text', 'json', 'arrayBuffer', 'blob'] as const) {
      await expect(response[again]()).rejects.toThrow(TypeError)
    }
    expect(() => response.clone()).toThrow(TypeError)
    expect(() => new Response(response.body)).toThrow(TypeError)
  })

  it('can be read after its clone was, and the other way round', async () => {
    const response = await answer()
    const clone = response.clone()
    expect([await clone.json(), await response.json()]).toEqual([json, json])
  })

  it('has headers of its own, which change with it', async () => {
    const response = await answer()
    response.headers.set('x-a', 'b')
    expect(response.clone().headers.get('x-a')).toBe('b')
    expect(new Response(response.body, response).headers.get('content-type')).toBe('application/json')
    expect((await answer()).headers.get('x-a')).toBeNull()
  })
})

describe('a Request that was sent before', () => {
  it('is refused if it had a body, as fetch refuses it, and otherwise taken again', async () => {
    const mock = weavz.fork()
    const create = new Request(url, { method: 'POST', headers, body: '{"name":"A","slug":"again"}' })
    const clone = create.clone()
    expect((await mock.fetch(create)).status).toBe(201)
    await expect(mock.fetch(create)).rejects.toThrow('has been read already: send a clone of it')
    expect((await mock.fetch(clone)).status).toBe(409)
    const list = new Request(url, { headers })
    expect((await mock.fetch(list)).status).toBe(200)
    expect((await mock.fetch(list)).status).toBe(200)
    expect(mock.journal.count).toBe(4)
  })
})
