import fc from 'fast-check'
import { request as nodeRequest } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMockWeavz } from '../../src/mock/index.js'
import { listen } from '../../src/mock/node.js'
import { createRateLimiter } from '../../src/mock/rate-limit.js'
import { refusalOf, stoppedClock, throughBothDoors } from './door.js'
import { Visitor } from './pages/visitor.js'
import { makeWorkspace, poll, startSession } from './world.js'

const nobody = { authorization: '' }
const pollOf = (token: string) => ({ body: { token }, headers: nobody })

throughBothDoors('the limit by address', (open) => {
  it('is off by default, and the answers say so', async () => {
    const api = await open()
    const { headers } = await api.send('connect.poll', pollOf('cst_x'))
    expect(Number(headers.get('x-ratelimit-limit'))).toBeGreaterThan(1_000_000)
    const page = await api.raw('GET', '/connect')
    expect(Number(page.headers.get('x-ratelimit-limit'))).toBeGreaterThan(1_000_000)
  })

  it('counts pages and connect endpoints together, whoever calls and whatever comes of it', async () => {
    const api = await open({ connectRequestsPerMinute: 5, clock: stoppedClock(1_000_000_000) })
    const { id: workspaceId } = await makeWorkspace(api)
    const { token, sessionId } = await startSession(api, workspaceId) // 1
    await poll(api, token) // 2
    await api.refused('connect.poll', 'INVALID_TOKEN', pollOf('cst_x')) // 3
    const wrong = { authorization: 'Bearer wvz_wrong' }
    const params = { sessionId: sessionId as string }
    await api.refused('connect.getSession', 'UNAUTHORIZED', { params, headers: wrong }) // 4
    const page = await api.raw('GET', `/connect?token=${token}`, { headers: nobody }) // 5
    expect([page.status, page.headers.get('x-ratelimit-remaining')]).toEqual([200, '0'])
    expect(page.headers.get('x-ratelimit-reset')).toBe('1000060')
    // Before authentication: even without a key it is the limit that answers
    for (const authorization of ['', `Bearer ${api.weavz.apiKey}`]) {
      const { status, headers } = await api.refused('connect.getSession', 'RATE_LIMITED', {
        ...{ params, headers: { authorization } },
      })
      expect([status, headers.get('retry-after'), headers.get('x-ratelimit-limit')]).toEqual([429, '60', '5'])
      expect(headers.get('x-ratelimit-remaining')).toBe('0')
    }
    await api.refused('connect.poll', 'RATE_LIMITED', pollOf(token))
    await api.refused('connect.createToken', 'RATE_LIMITED', { body: {} })
    const unknown = await refusalOf(await api.raw('GET', '/api/v1/connect/nothing/at/all'))
    expect(unknown.code).toBe('RATE_LIMITED')
    // Everything else goes on
    await api.ok('workspaces.list')
    await api.refused('workspaces.list', 'UNAUTHORIZED', { headers: nobody })
    await api.ok('health.check')
  })

  it.each(['/connect', '/connect/portal', '/api/v1/connect/oauth-callback'])(
    'answers %s with a page that says when to come back',
    async (path) => {
      const clock = stoppedClock()
      const api = await open({ connectRequestsPerMinute: 1, clock })
      await api.raw('GET', path)
      clock.advance(20_500)
      const page = await new Visitor(api).open(api.url + path)
      expect([page.status, page.heading]).toEqual([429, 'Too many requests'])
      expect(page.text).toContain('Wait 40 seconds')
      expect(page.header('content-type')).toBe('text/html; charset=utf-8')
      expect(page.header('retry-after')).toBe('40')
      expect([page.header('x-ratelimit-limit'), page.header('x-ratelimit-remaining')]).toEqual(['1', '0'])
      expect(page.header('content-security-policy')).toContain("default-src 'none'")
      clock.advance(40_000)
      expect((await api.raw('GET', path)).status).not.toBe(429)
    },
  )

  it('counts what is posted, and does not look at it above the limit', async () => {
    const api = await open({ connectRequestsPerMinute: 3, clock: stoppedClock() })
    const { id: workspaceId } = await makeWorkspace(api)
    const { token } = await startSession(api, workspaceId)
    const deny = { method: 'POST', body: new URLSearchParams({ token, intent: 'deny' }) }
    for (const status of [404, 404, 429]) {
      const body = new URLSearchParams({ token: 'cst_x' })
      expect((await api.raw('POST', '/connect', { body })).status).toBe(status)
    }
    expect((await api.raw('POST', '/connect', deny)).status).toBe(429)
    await api.weavz.clock.advance('1m')
    expect((await poll(api, token)).status).toBe('PENDING')
  })

  it('stands beside the limit of the key; the answers tell of the one that is nearer', async () => {
    const options = { requestsPerMinute: 4, connectRequestsPerMinute: 3, clock: stoppedClock() }
    const api = await open(options)
    const { id: workspaceId } = await makeWorkspace(api)
    const left = async () => {
      const { headers } = await api.send('connect.poll', { body: { token: 'cst_x' } })
      return [headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]
    }
    expect(await left()).toEqual(['4', '2'])
    expect(await left()).toEqual(['4', '1'])
    expect(await left()).toEqual(['4', '0'])
    expect(await left()).toEqual(['3', '0'])
    await api.refused('workspaces.get', 'RATE_LIMITED', { params: { id: workspaceId } })
  })

  it('lets pages of other origins read when to come back', async () => {
    const api = await open({ connectRequestsPerMinute: 0 })
    const headers = { ...nobody, origin: 'https://app.example.com' }
    const response = await api.send('connect.poll', { body: { token: 'cst_x' }, headers })
    expect(response.status).toBe(429)
    expect(response.headers.get('access-control-expose-headers')).toMatch(/retry-after/i)
  })

  it('is forgotten by a reset', async () => {
    const api = await open({ connectRequestsPerMinute: 1 })
    await api.send('connect.poll', pollOf('cst_x'))
    await api.refused('connect.poll', 'RATE_LIMITED', pollOf('cst_x'))
    api.weavz.reset()
    await api.refused('connect.poll', 'INVALID_TOKEN', pollOf('cst_x'))
  })
})

/** Asks from one address of this machine. */
function askFrom(localAddress: string, url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = nodeRequest(url, { localAddress, headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject).end()
  })
}

describe('the limit by address, on a port', () => {
  async function start(host?: string) {
    const weavz = createMockWeavz({ connectRequestsPerMinute: 2 })
    const server = await listen(weavz, host === undefined ? {} : { host })
    onTestFinished(() => server.close())
    return `http://127.0.0.1:${server.port}/connect`
  }

  it('counts each address apart', async () => {
    const url = await start()
    for (const status of [404, 404, 429]) expect(await askFrom('127.0.0.2', url)).toBe(status)
    for (const status of [404, 404, 429]) expect(await askFrom('127.0.0.3', url)).toBe(status)
  })

  it('believes no header about where a request came from', async () => {
    const url = await start()
    const statuses: number[] = []
    for (let at = 0; at < 4; at++) {
      const address = `203.0.113.${at}`
      const claims = { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': address }
      statuses.push(await askFrom('127.0.0.1', url, claims))
    }
    expect(statuses).toEqual([404, 404, 429, 429])
  })
})

describe('A rate limit', () => {
  it.each([-1, 1.5, NaN, Infinity, '60'])('that is none is refused at once: %s', (limit) => {
    for (const name of ['requestsPerMinute', 'connectRequestsPerMinute']) {
      expect(() => createMockWeavz({ [name]: limit })).toThrow(
        new TypeError(`${name} must be a whole number of requests, from 0`),
      )
    }
  })
})

describe('A rate limiter', () => {
  it('counts like a list of all requests would', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(0, 1, 20_000, 59_999, 60_000))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.array(step, { maxLength: 40 }), (limit, steps) => {
        const clock = stoppedClock(0)
        const count = createRateLimiter(clock, new Map(), limit)
        const began = new Map<string, { at: number; seen: number }>()
        for (const [caller, wait] of steps) {
          clock.advance(wait)
          const now = clock.now()
          const known = began.get(caller)
          const window = known && now < known.at + 60_000 ? known : { at: now, seen: 0 }
          began.set(caller, window)
          window.seen++
          expect(count(caller)).toEqual({
            limit,
            remaining: Math.max(0, limit - window.seen),
            reset: Math.ceil((window.at + 60_000) / 1000),
            retryAfter: window.seen > limit ? Math.ceil((window.at + 60_000 - now) / 1000) : undefined,
          })
        }
      }),
    )
  })

  it('locks nobody out for longer than a minute when the clock is set back', () => {
    const clock = stoppedClock()
    const count = createRateLimiter(clock, new Map(), 1)
    count('a')
    expect(count('a').retryAfter).toBe(60)
    clock.advance(-3_600_000)
    expect(count('a').retryAfter).toBeUndefined()
    expect(count('a').retryAfter).toBe(60)
  })

  it('keeps as many callers as it must, and no more than ten thousand', () => {
    const clock = stoppedClock()
    const count = createRateLimiter(clock, new Map(), 1)
    count('first')
    for (let at = 1; at < 10_000; at++) count(`caller ${at}`)
    expect(count('first').retryAfter).toBe(60)
    count('one too many')
    expect(count('first').retryAfter).toBeUndefined()
    // What is still kept, is kept right
    expect(count('caller 9999').retryAfter).toBe(60)
    expect(count('one too many').retryAfter).toBe(60)
  })
})
