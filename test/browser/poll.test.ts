import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchSession, pollDelay, startPolling, type Reply } from '../../src/browser/poll.js'
import type { PolledSession } from '../../src/browser/types.js'
import { World } from './sim.js'

const timing = { pollMs: 1000, requestMs: 15_000 }

/** Polls a session of the world; returns the replies as they come. */
function poll(world: World, ask?: (signal: AbortSignal) => PromiseLike<PolledSession>) {
  const { token } = world.createSession()
  const replies: Reply[] = []
  const polling = startPolling(
    world.env,
    ask ?? ((signal) => fetchSession(world.env, 'https://api.test/', token, signal)),
    timing,
    (reply) => void replies.push(reply),
  )
  return { replies, ...polling }
}

describe('the schedule', () => {
  it('is 1 s at first, then 2 s, then 4 s', () => {
    expect([0, 9_999, 10_000, 59_999, 60_000, 1e9].map((quiet) => pollDelay(1000, quiet, 0, 0.5))).toEqual([
      1000, 1000, 2000, 2000, 4000, 4000,
    ])
  })

  it('backs off to 15 s while polls fail, and spreads by a fifth to either side', () => {
    expect([1, 2, 3, 4, 50].map((failures) => pollDelay(1000, 0, failures, 0.5))).toEqual([
      2000, 4000, 8000, 15_000, 15_000,
    ])
    fc.assert(
      fc.property(
        fc.nat(1e7),
        fc.nat(100),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (quiet, failures, random) => {
          const middle = pollDelay(1000, quiet, failures, 0.5)
          const delay = pollDelay(1000, quiet, failures, random)
          expect(delay).toBeGreaterThanOrEqual(middle * 0.8 - 1e-9)
          expect(delay).toBeLessThanOrEqual(middle * 1.2 + 1e-9)
        },
      ),
    )
  })

  it('asks an address less than 60 times in the first minute, even with a doorbell every second', async () => {
    const world = new World()
    const polling = poll(world)
    await world.advance(60_000)
    expect(world.polls).toBeLessThan(50)
    polling.stop()
  })

  it('keeps one request in flight, and asks again after a doorbell that rang meanwhile', async () => {
    const world = new World()
    world.latencyMs = 5000
    const polling = poll(world)
    await world.advance(1000)
    for (let i = 0; i < 5; i++) polling.ring()
    await world.advance(4000)
    expect(world.polls).toBe(2)
    expect(world.mostInFlight).toBe(1)
    polling.stop()
  })

  it('turns a burst of doorbells into few requests', async () => {
    const world = new World()
    const polling = poll(world)
    for (let i = 0; i < 1000; i++) {
      polling.ring()
      await world.advance(1)
    }
    expect(world.polls).toBeLessThanOrEqual(6)
    polling.stop()
  })

  it.each([
    ['5', 5000],
    ['3600', 60_000],
  ])('waits as long as Retry-After: %s says, a minute at most, whoever rings', async (retryAfter, wait) => {
    const world = new World()
    world.outage = 429
    world.retryAfter = retryAfter
    const polling = poll(world)
    await world.advance(100)
    polling.ring()
    await world.advance(wait - 200)
    expect(world.polls).toBe(1)
    await world.advance(200)
    expect(world.polls).toBe(2)
    polling.stop()
  })

  it.each(['Wed, 21 Oct 2099 07:28:00 GMT', '-5', 'soon', ''])(
    'falls back to its own back-off for Retry-After: %s',
    async (retryAfter) => {
      const world = new World()
      world.outage = 503
      world.retryAfter = retryAfter
      const polling = poll(world)
      await world.advance(2500)
      expect(world.polls).toBe(2)
      polling.stop()
    },
  )
})

describe('answers', () => {
  it('counts a poll that hangs as unanswered, aborts it, and ignores what it says later', async () => {
    const world = new World()
    const pending: { signal: AbortSignal; answer: (session: PolledSession) => void }[] = []
    const polling = poll(world, (signal) => new Promise((answer) => pending.push({ signal, answer })))
    await world.advance(15_000)
    expect(polling.replies).toEqual([{ type: 'unanswered', askedAt: 1_000_000, status: null }])
    expect(pending[0]?.signal.aborted).toBe(true)
    await world.advance(3000)
    pending[1]?.answer({ status: 'CONNECTING' })
    pending[0]?.answer({ status: 'PENDING' })
    await world.advance(0)
    expect(polling.replies.slice(1)).toMatchObject([{ type: 'answered', session: { status: 'CONNECTING' } }])
    polling.stop()
    expect(world.ourTimers).toBe(0)
  })

  it.each([undefined, null, 'PENDING', {}, { status: 7 }])('takes %j for no answer', async (body) => {
    const world = new World()
    const polling = poll(world, () => Promise.resolve(body as never))
    await world.advance(0)
    expect(polling.replies).toMatchObject([{ type: 'unanswered', status: null }])
    polling.stop()
  })

  it.each([
    [Object.assign(new Error('of a client'), { status: 401 }), 401],
    [new TypeError('Failed to fetch'), null],
    [undefined, null],
  ])("reads the status of a poll function's error: %s", async (error, status) => {
    const world = new World()
    const polling = poll(world, () => Promise.reject(error))
    await world.advance(0)
    expect(polling.replies).toMatchObject([{ type: 'unanswered', status }])
    polling.stop()
  })

  it('aborts the request in flight when it is stopped, and says no more', async () => {
    const world = new World()
    let asked: AbortSignal | undefined
    const polling = poll(world, (signal) => {
      asked = signal
      return new Promise(() => undefined)
    })
    polling.stop()
    expect(asked?.aborted).toBe(true)
    await world.advance(60_000)
    expect(polling.replies).toEqual([])
    expect(world.ourTimers).toBe(0)
  })
})

describe('the request', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is a simple POST of the token, so that a browser sends no preflight', async () => {
    const world = new World()
    const fetch = vi.fn(world.env.fetch)
    const { token } = world.createSession()
    const asked = fetchSession(
      { ...world.env, fetch },
      'https://api.test//',
      token,
      new AbortController().signal,
    )
    await world.advance(100)
    await asked
    const [url, init] = fetch.mock.calls[0]!
    expect(url).toBe('https://api.test/api/v1/connect/session/poll')
    const request = new Request(url, init)
    expect(request.method).toBe('POST')
    expect(request.headers.get('content-type')).toBe('text/plain;charset=UTF-8')
    expect([...request.headers.keys()]).toEqual(['content-type'])
    expect(await request.json()).toEqual({ token })
  })
})
