import { describe, expect, it } from 'vitest'
import { open } from '../../src/browser/connect.js'
import { comeBack, leave } from '../../src/browser/redirect.js'
import { World } from './sim.js'

/** The same tab after a reload or a redirect: what was stored is all that is left. */
function reloaded(before: World): World {
  const after = new World()
  for (const [key, value] of before.storage) after.storage.set(key, value)
  after.sessions.push(...before.sessions)
  return after
}

describe('redirecting', () => {
  it('remembers the session, leaves, and follows it afterwards', async () => {
    const world = new World()
    const session = world.createSession()
    await leave(world.env, () => Promise.resolve(session))
    expect(world.visited).toEqual([session.connectUrl])
    const back = reloaded(world)
    const attempt = comeBack(back.env)
    expect(attempt?.window).toBe('unobservable')
    back.complete(session)
    await back.advance(2000)
    await expect(attempt?.result).resolves.toMatchObject({ connectionId: 'connection-of-cst_0' })
    expect(comeBack(back.env)).toBeNull()
  })

  it.each([
    [() => Promise.reject(new Error('no')), 'CONNECT_PREPARE_FAILED'],
    [{ token: 'wvz_secret', connectUrl: 'https://hosted.test/' }, 'CONNECT_SECRET_IN_BROWSER'],
    [{ token: 'cst_1', connectUrl: 'javascript:alert(1)' }, 'CONNECT_INVALID_URL'],
  ])('stays where it is without a good session', async (source, code) => {
    const world = new World()
    await expect(leave(world.env, source)).rejects.toMatchObject({ code })
    expect(world.visited).toEqual([])
    expect(world.storage.size).toBe(0)
  })

  it('needs a page', async () => {
    const world = new World()
    const env = { ...world.env, host: undefined }
    await expect(leave(env, world.createSession())).rejects.toMatchObject({
      code: 'CONNECT_UNSUPPORTED_ENVIRONMENT',
    })
    expect(() => comeBack(env)).toThrow(expect.objectContaining({ code: 'CONNECT_UNSUPPORTED_ENVIRONMENT' }))
  })
})

describe('resuming', () => {
  it('finds the newest attempt, or the one with the key', async () => {
    const world = new World()
    const [slack, github] = [world.createSession(), world.createSession()]
    open(world.env, slack, { key: 'slack' })
    open(world.env, github, { key: 'github' })
    const back = reloaded(world)
    back.complete(slack)
    back.complete(github)
    const first = comeBack(back.env, { key: 'slack' })
    await back.advance(2000)
    await expect(first?.result).resolves.toMatchObject({ connectionId: 'connection-of-cst_0' })
    const second = comeBack(back.env)
    await back.advance(2000)
    await expect(second?.result).resolves.toMatchObject({ connectionId: 'connection-of-cst_1' })
  })

  it('returns the running attempt when it is asked twice', () => {
    const world = new World()
    const attempt = open(world.env, world.createSession())
    expect(comeBack(world.env)).toBe(attempt)
    attempt.cancel()
  })

  it('asks whether the window is still there, and can open it again in a click', async () => {
    const world = new World()
    open(world.env, world.createSession())
    const back = reloaded(world)
    const attempt = comeBack(back.env)
    const suspected = new Promise((resolve) => attempt?.on('close_suspected', resolve))
    await back.advance(5000)
    await suspected
    expect(attempt?.reopen()).toBe(true)
    expect(attempt?.window).toBe('open')
    await back.advance(1000)
    back.windows[0]!.open = false
    await back.advance(10_000)
    // The window of before the reload may be open still: nothing is certain.
    expect(attempt?.state).toBe('hosted')
    attempt?.cancel()
  })

  it('rings for the page that opened the window, from the return page inside it, and closes it', async () => {
    const world = new World()
    const session = world.createSession()
    const attempt = open(world.env, session)
    await world.advance(300)
    const inside = new World()
    inside.storage.set('weavz-connect-popup', world.windows[0]!.marker!)
    // Both pages are of one origin, and so they share the channel.
    const shared = {
      ...inside.env,
      host: { ...inside.env.host!, BroadcastChannel: world.env.host!.BroadcastChannel! },
    }
    const polls = world.polls
    expect(comeBack(shared)).toBeNull()
    expect(inside.closedItself).toBe(true)
    await world.advance(10)
    expect(world.polls).toBe(polls + 1)
    attempt.cancel()
  })

  it.each(['{', '"text"', 'null'])('survives a foreign value in storage: %s', (value) => {
    const world = new World()
    world.storage.set('weavz-connect', value)
    expect(comeBack(world.env)).toBeNull()
    const attempt = open(world.env, world.createSession())
    expect(attempt.state).toBe('hosted')
    attempt.cancel()
  })

  it('works without storage, except that a reload ends the attempt', async () => {
    const world = new World()
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    const env = {
      ...world.env,
      host: { ...world.env.host!, sessionStorage: { getItem: refuse, setItem: refuse } },
    }
    const session = world.createSession()
    const attempt = open(env, session)
    world.complete(session)
    await world.advance(2000)
    await expect(attempt.result).resolves.toBeDefined()
    expect(comeBack(env)).toBeNull()
  })
})
