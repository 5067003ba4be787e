import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { open, preopenIn, wait } from '../../src/browser/connect.js'
import { WeavzConnectError } from '../../src/browser/errors.js'
import type { ConnectEvent } from '../../src/browser/types.js'
import { World } from './sim.js'

async function failureOf(promise: Promise<unknown>): Promise<WeavzConnectError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (outcome instanceof WeavzConnectError) return outcome
  throw new Error('expected a WeavzConnectError')
}

function expectNothingLeft(world: World): void {
  expect(world.ourTimers).toBe(0)
  expect(world.listeners.size).toBe(0)
  expect(world.channels.size).toBe(0)
  expect(world.env.attempts.size).toBe(0)
  expect(world.storage.get('weavz-connect') ?? '[]').toBe('[]')
}

describe('an attempt', () => {
  it('opens the window before it asks the source, in the same turn', () => {
    const world = new World()
    const source = vi.fn(() => {
      expect(world.windows).toHaveLength(1)
      return Promise.resolve(world.createSession())
    })
    const attempt = open(world.env, source)
    expect(source).toHaveBeenCalledOnce()
    expect(attempt.state).toBe('preparing')
    attempt.cancel()
  })

  it('goes through its states to the connection, and leaves nothing behind', async () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, () => Promise.resolve(session))
    const events: ConnectEvent[] = []
    const iterated = (async () => {
      for await (const event of attempt) events.push(event)
    })()
    await world.advance(3000)
    session.status = 'CONNECTING'
    await world.advance(3000)
    world.complete(session)
    await world.advance(3000)
    const result = { connectionId: 'connection-of-cst_0', integrationName: 'slack', externalId: 'my_slack' }
    await expect(attempt.result).resolves.toEqual(result)
    await iterated
    expect(events).toEqual([
      { type: 'state', state: 'hosted', previous: 'preparing' },
      { type: 'state', state: 'connecting', previous: 'hosted' },
      { type: 'state', state: 'completed', previous: 'connecting' },
      { type: 'settled', state: 'completed', result },
    ])
    expect(world.openWindows).toHaveLength(0)
    expectNothingLeft(world)
  })

  it('ends an iteration that begins after it has settled at once', async () => {
    const world = new World()
    const attempt = open(world.env, world.createSession())
    attempt.cancel()
    for await (const event of attempt) expect.fail(`unexpected ${event.type}`)
  })

  it('forgets a listener of an iteration that the app breaks off', async () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, session)
    const first = (async () => {
      for await (const event of attempt) return event.type
      return undefined
    })()
    session.status = 'CONNECTING'
    await world.advance(3000)
    expect(await first).toBe('state')
    attempt.cancel()
    expectNothingLeft(world)
  })

  it('goes on when a listener throws, and stops calling one that was removed', async () => {
    const world = new World()
    const attempt = open(world.env, world.createSession())
    const uncaught = vi.fn()
    process.once('uncaughtException', uncaught)
    const removed = vi.fn()
    const settled = vi.fn()
    attempt.on('state', () => {
      remove()
      throw new Error('of the app')
    })
    const remove = attempt.on('state', removed)
    attempt.on('settled', settled)
    attempt.cancel()
    await world.advance(0)
    expect(uncaught).toHaveBeenCalledOnce()
    expect(removed).not.toHaveBeenCalled()
    expect(settled).toHaveBeenCalledOnce()
  })

  it('lets a listener cancel in the middle of an event', async () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, session)
    const settled = vi.fn()
    attempt.on('state', () => attempt.cancel())
    attempt.on('settled', settled)
    session.status = 'CONNECTING'
    await world.advance(3000)
    expect(settled).toHaveBeenCalledOnce()
    expect(attempt.state).toBe('aborted')
    expectNothingLeft(world)
  })

  it('times out, leaves the window to the user, and can go on', async () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, session, { timeoutMs: 60_000 })
    await world.advance(59_999)
    expect(attempt.state).toBe('hosted')
    await world.advance(1)
    const error = await failureOf(attempt.result)
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', certain: false, sessionMayStillComplete: true })
    expect(world.openWindows).toHaveLength(1)
    expectNothingLeft(world)
    const resumed = error.resume()
    world.complete(session)
    await world.advance(2000)
    await expect(resumed.result).resolves.toMatchObject({ connectionId: 'connection-of-cst_0' })
  })

  it('has nothing to resume when the session itself has ended', async () => {
    const world = new World()
    const session = world.createSession()
    Object.assign(session, { status: 'FAILED', error: `denied for ${session.token}` })
    const attempt = open(world.env, session)
    await world.advance(1000)
    const error = await failureOf(attempt.result)
    expect(error.message).toBe('connect failed: denied for [token]')
    expect(error.reason).toBe('denied for [token]')
    expect(() => error.resume()).toThrow(error)
  })

  it('reports what the source threw as the cause', async () => {
    const world = new World()
    const cause = new Error('no session')
    for (const source of [
      () => Promise.reject(cause),
      () => {
        throw cause
      },
    ]) {
      const error = await failureOf(open(world.env, source).result)
      expect(error).toMatchObject({ code: 'CONNECT_PREPARE_FAILED', cause })
      expectNothingLeft(world)
    }
    expect(world.openWindows).toHaveLength(0)
  })

  it('takes its listener off a signal that lives longer, and passes on the reason', async () => {
    const world = new World()
    const controller = new AbortController()
    const reason = new Error('left the page')
    const first = open(world.env, world.createSession(), { signal: controller.signal })
    first.cancel()
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    const second = open(world.env, world.createSession(), { signal: controller.signal })
    controller.abort(reason)
    expect(await failureOf(second.result)).toMatchObject({ code: 'CONNECT_ABORTED', cause: reason })
    expect(world.openWindows).toHaveLength(0)
    expectNothingLeft(world)
  })

  it('opens nothing, asks nothing and closes a preopened window when the signal was aborted before', async () => {
    const world = new World()
    const source = vi.fn()
    const popup = preopenIn(world.env)
    const attempt = open(world.env, source, { popup, signal: AbortSignal.abort() })
    expect(await failureOf(attempt.result)).toMatchObject({ code: 'CONNECT_ABORTED', certain: true })
    expect(source).not.toHaveBeenCalled()
    expect(world.openWindows).toHaveLength(0)
    expectNothingLeft(world)
  })

  it('stops polling even if the poll function itself cancels it', async () => {
    const world = new World()
    const poll = vi.fn(() => {
      attempt.cancel()
      return new Promise<never>(() => undefined)
    })
    const attempt = open(world.env, () => Promise.resolve(world.createSession()), { poll })
    await world.advance(60_000)
    expect(poll).toHaveBeenCalledOnce()
    expectNothingLeft(world)
  })

  it('shows neither token nor URL to an inspector', async () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, session)
    await world.advance(1000)
    attempt.cancel()
    const error = await failureOf(attempt.result)
    const shown =
      inspect([attempt, error], { depth: 9, showHidden: true }) +
      JSON.stringify([attempt, error]) +
      error.stack
    expect(shown).not.toContain(session.token)
  })
})

describe('a repeated click', () => {
  it('joins the attempt with the same key, and reopens its window if that is gone', async () => {
    const world = new World({ app: true, hosted: false, provider: false })
    const session = world.createSession()
    const attempt = open(world.env, session)
    expect(open(world.env, session)).toBe(attempt)
    expect(world.windows).toHaveLength(1)
    await world.advance(1000)
    const cleared = vi.fn()
    attempt.on('close_cleared', cleared)
    expect(attempt.window).toBe('unobservable')
    await world.advance(5000)
    expect(open(world.env, session)).toBe(attempt)
    expect(world.windows).toHaveLength(2)
    expect(cleared).toHaveBeenCalledOnce()
    attempt.cancel()
  })

  it('closes a preopened window that joining makes superfluous', () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, session)
    const popup = preopenIn(world.env)
    open(world.env, session, { popup })
    expect(world.openWindows).toHaveLength(1)
    attempt.cancel()
  })

  it('replaces or runs beside it if asked to', async () => {
    const world = new World()
    const first = open(world.env, world.createSession(), { key: 'k' })
    const second = open(world.env, world.createSession(), { key: 'k', concurrency: 'replace' })
    expect(await failureOf(first.result)).toMatchObject({
      code: 'CONNECT_SUPERSEDED',
      sessionMayStillComplete: true,
    })
    expect(world.openWindows.map(({ name }) => name)).toHaveLength(1)
    const third = open(world.env, world.createSession(), { key: 'k', concurrency: 'separate' })
    expect(second.state).toBe('hosted')
    expect(new Set(world.openWindows.map(({ name }) => name)).size).toBe(2)
    second.cancel()
    expect(open(world.env, world.createSession(), { key: 'k' })).toBe(third)
    third.cancel()
    expectNothingLeft(world)
  })

  it('does not join attempts without a key', () => {
    const world = new World()
    const source = () => new Promise<never>(() => undefined)
    const attempts = [open(world.env, source), open(world.env, source)]
    expect(attempts[0]).not.toBe(attempts[1])
    for (const attempt of attempts) attempt.cancel()
    expectNothingLeft(world)
  })
})

describe('a blocked window', () => {
  it('asks no source, and opens from a new click', async () => {
    const world = new World()
    world.blocked = true
    const session = world.createSession()
    const source = vi.fn(() => session)
    const error = await failureOf(open(world.env, source).result)
    expect(error).toMatchObject({
      code: 'CONNECT_POPUP_BLOCKED',
      certain: true,
      sessionMayStillComplete: false,
    })
    expect(source).not.toHaveBeenCalled()
    world.blocked = false
    const attempt = error.resume()
    expect(world.windows).toHaveLength(1)
    world.complete(session)
    await world.advance(1000)
    await expect(attempt.result).resolves.toBeDefined()
    expectNothingLeft(world)
  })

  it('is told from one that was opened early and blocked then', async () => {
    const world = new World()
    world.blocked = true
    const popup = preopenIn(world.env)
    expect(popup.window).toBeUndefined()
    world.blocked = false
    const error = await failureOf(open(world.env, world.createSession(), { popup }).result)
    expect(error.code).toBe('CONNECT_POPUP_BLOCKED')
    expect(world.windows).toHaveLength(0)
  })

  it('leads to the hosted page in this very window if asked to', async () => {
    const world = new World()
    world.blocked = true
    const session = world.createSession()
    const attempt = open(world.env, session, { onBlocked: 'redirect' })
    expect(world.visited).toEqual([session.connectUrl])
    expect(world.storage.get('weavz-connect')).toContain(session.token)
    attempt.cancel()
    expectNothingLeft(world)
  })
})

describe('arguments', () => {
  const url = 'https://hosted.test/connect'
  it.each([
    ['an API key as token', { token: 'wvz_secret', connectUrl: url }, 'CONNECT_SECRET_IN_BROWSER'],
    ['an API key as URL', { token: 'cst_1', connectUrl: 'wvz_secret' }, 'CONNECT_SECRET_IN_BROWSER'],
    ['a script', { token: 'cst_1', connectUrl: 'javascript:alert(1)' }, 'CONNECT_INVALID_URL'],
    ['plain http', { token: 'cst_1', connectUrl: 'http://hosted.test/connect' }, 'CONNECT_INVALID_URL'],
    [
      'a host that only looks like loopback',
      { token: 'cst_1', connectUrl: 'http://127.0.0.1.evil.test/' },
      'CONNECT_INVALID_URL',
    ],
    [
      'credentials in the URL',
      { token: 'cst_1', connectUrl: 'https://user:pw@hosted.test/' },
      'CONNECT_INVALID_URL',
    ],
    ['a relative URL', { token: 'cst_1', connectUrl: '/connect?token=cst_1' }, 'CONNECT_INVALID_URL'],
    ['no token', { token: '', connectUrl: url }, 'CONNECT_PREPARE_FAILED'],
  ])('refuses %s, at once or from a source, and shows none of it', async (_name, session, code) => {
    const world = new World()
    let thrown: unknown
    try {
      open(world.env, session)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(WeavzConnectError)
    expect(world.windows).toHaveLength(0)
    const error = await failureOf(open(world.env, () => session).result)
    expect(error).toMatchObject({ code, certain: true, sessionMayStillComplete: false })
    for (const text of [String(error.stack), String((thrown as Error).stack)]) {
      expect(text).toContain(code.toLowerCase().replaceAll('_', ' '))
      if (session.token) expect(text).not.toContain(session.token)
    }
    expect(world.openWindows).toHaveLength(0)
    expectNothingLeft(world)
  })

  it.each([
    'http://localhost:4010/connect',
    'http://127.0.0.1:4010/connect',
    'http://[::1]:4010/',
    'http://app.localhost/',
  ])('lets plain http pass on %s', (connectUrl) => {
    const world = new World()
    const attempt = open(world.env, { token: 'cst_1', connectUrl })
    expect(attempt.state).toBe('hosted')
    attempt.cancel()
  })

  it('refuses to open a window where there is none', () => {
    const { env } = new World()
    expect(() => open({ ...env, host: undefined }, { token: 'cst_1', connectUrl: url })).toThrow(
      expect.objectContaining({ code: 'CONNECT_UNSUPPORTED_ENVIRONMENT' }),
    )
  })
})

describe('waiting by polling alone', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('needs no window, and never suspects that one was closed', async () => {
    const world = new World()
    const session = world.createSession()
    const result = wait({ ...world.env, host: undefined }, session.token)
    await world.advance(500_000)
    world.complete(session)
    await world.advance(10_000)
    await expect(result).resolves.toMatchObject({ connectionId: 'connection-of-cst_0' })
    expect(world.windows).toHaveLength(0)
    expectNothingLeft(world)
  })

  it('refuses an API key', async () => {
    const world = new World()
    expect((await failureOf(wait(world.env, 'wvz_secret'))).code).toBe('CONNECT_SECRET_IN_BROWSER')
    expect(world.polls).toBe(0)
  })
})
