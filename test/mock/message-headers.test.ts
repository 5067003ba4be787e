import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMockWeavz } from '../../src/mock/index.js'

const weavz = createMockWeavz({ seed: { now: '2025-01-15T10:00:00Z' } })
const url = 'https://api.weavz.io/api/v1/workspaces'
const authorization = `Bearer ${weavz.apiKey}`

/** The headers of an answer, and the platform's own of the same content. */
async function both(): Promise<readonly [Headers, Headers]> {
  const { headers } = await weavz.fork().fetch(url, { headers: { authorization } })
  const same = await weavz.fork().fetch(new Request(url, { headers: { authorization } }))
  return [headers, same.headers]
}

/** What an operation gives, or the name of what it throws. */
function outcomeOf(operation: () => unknown): unknown {
  try {
    return operation()
  } catch (error) {
    return (error as Error).name
  }
}

describe('the headers of an answer', () => {
  it.each<[string, (headers: Headers) => unknown]>([
    ['get', (headers) => [headers.get('content-type'), headers.get('x-nothing')]],
    ['get in other letters', (headers) => headers.get('Content-TYPE')],
    ['get by a name that no header has', (headers) => headers.get('a b')],
    ['get by what every object has', (headers) => [headers.get('constructor'), headers.get('__proto__')]],
    [
      'has',
      (headers) => [headers.has('content-type'), headers.has('X-Request-Id'), headers.has('x-nothing')],
    ],
    ['iteration', (headers) => [...headers]],
    ['entries', (headers) => [...headers.entries()]],
    ['keys', (headers) => [...headers.keys()]],
    ['values', (headers) => [...headers.values()]],
    ['Object.fromEntries', (headers) => Object.fromEntries(headers)],
    [
      'forEach',
      (headers) => {
        const seen: string[] = []
        headers.forEach((value, name) => seen.push(`${name}: ${value}`))
        return seen
      },
    ],
    ['getSetCookie', (headers) => headers.getSetCookie()],
    [
      'set, append and delete',
      (headers) => {
        headers.set('X-Mine', 'a')
        headers.append('x-mine', 'b')
        headers.delete('content-type')
        return [headers.get('x-mine'), headers.get('content-type'), [...headers]]
      },
    ],
    ['set to a value that none can have', (headers) => headers.set('x-mine', 'a\nb')],
    ['a copy', (headers) => [...new Headers(headers)]],
    ['another answer', (headers) => [...new Response('', { headers }).headers]],
    ['another request', (headers) => [...new Request(url, { headers }).headers]],
    ['JSON', (headers) => JSON.stringify(headers)],
    ['own properties', (headers) => Reflect.ownKeys({ ...headers })],
    ['the class', (headers) => [headers instanceof Headers, headers.constructor === Headers]],
    ['the tag', (headers) => Object.prototype.toString.call(headers)],
    ['what the console shows, in any order', (headers) => inspect(headers).split(/,?\n/).sort()],
  ])("answer like the platform's: %s", async (_, operation) => {
    const [headers, same] = await both()
    const expected = outcomeOf(() => operation(same))
    expect(outcomeOf(() => operation(headers))).toEqual(expected)
    expect(expected).toBeDefined()
  })

  it('are in the journal with what was added for a page of another origin', async () => {
    const mock = weavz.fork()
    const headers = { origin: 'https://app.example.com' }
    const { status } = await mock.fetch('https://api.weavz.io/health', { headers })
    expect(status).toBe(200)
    expect(mock.journal.list()[0]?.response?.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'content-type': 'application/json',
    })
  })

  it('are not those of the journal: to change them changes no entry', async () => {
    const mock = weavz.fork()
    const { headers } = await mock.fetch(url, { headers: { authorization } })
    headers.set('content-type', 'text/changed')
    expect(mock.journal.list()[0]?.response?.headers['content-type']).toBe('application/json')
  })
})

describe('the headers of a request', () => {
  it('reach the predicate of a fault in whatever letters it asks for them', async () => {
    const mock = weavz.fork()
    mock.faults.add({
      match: { when: ({ headers }) => headers.get('X-Tenant') === 'b' && headers.has('authorization') },
      effect: { type: 'status', status: 503 },
    })
    const statusFor = async (tenant: string) =>
      (await mock.fetch(url, { headers: { authorization, 'x-tenant': tenant } })).status
    expect([await statusFor('a'), await statusFor('b')]).toEqual([200, 503])
  })

  it('are what they were when it was sent, for a predicate that changes them', async () => {
    const mock = weavz.fork()
    mock.faults.add({
      match: {
        when: (request) => {
          request.headers.set('x-tenant', 'changed')
          return false
        },
      },
      effect: { type: 'status', status: 503 },
    })
    expect((await mock.fetch(url, { headers: { authorization, 'x-tenant': 'a' } })).status).toBe(200)
    expect(mock.journal.list()[0]?.request.headers['x-tenant']).toBe('a')
  })
})
