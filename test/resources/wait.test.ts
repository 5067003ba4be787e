import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { Connect } from '../../src/resources/index.js'
import {
  AuthenticationError,
  WeavzAbortError,
  WeavzConnectError,
  systemRuntime,
} from '../../src/transport/index.js'
import {
  always,
  hang,
  json,
  refusal,
  rejection,
  script,
  stillRuntime,
  transport,
} from '../transport/support.js'
import { poll } from './samples.js'

const token = 'cst_0123456789'
const state = (status: string, extra = {}) => json({ ...poll, status, ...extra })
const expired = () => refusal(401, 'INVALID_TOKEN')
const reset = () => new TypeError('fetch failed')

/** A connect namespace on a clock that only waiting moves. */
function connectOver({ fetch }: ReturnType<typeof script>, runtime = stillRuntime()) {
  return { connect: new Connect(transport({ fetch }, runtime)), runtime }
}

describe('connect.wait', () => {
  test.each([
    ['COMPLETED', { connectionId: 'c1' }],
    ['FAILED', { error: 'The user said no' }],
  ])('returns the session once it is %s', async (status, extra) => {
    const wire = script(state('PENDING'), state('CONNECTING'), state(status, extra))
    const { connect, runtime } = connectOver(wire)
    expect(await connect.wait(token)).toMatchObject({ status, ...extra })
    expect(runtime.slept).toEqual([1000, 1000])
    expect(wire.sent.map(({ body }) => body)).toEqual([{ token }, { token }, { token }])
  })

  test('asks at once, and does not sleep when the session has ended already', async () => {
    const { connect, runtime } = connectOver(script(state('COMPLETED')))
    await connect.wait(token)
    expect(runtime.slept).toEqual([])
  })

  test('keeps waiting on a status that it does not know', async () => {
    const { connect } = connectOver(script(state('VERIFYING'), state('COMPLETED')))
    expect(await connect.wait(token)).toMatchObject({ status: 'COMPLETED' })
  })

  test('gives up after 120 s of polls every second, and says that the session goes on', async () => {
    const wire = always(() => state('PENDING'))
    const { connect, runtime } = connectOver(wire)
    const error = await rejection(connect.wait(token))
    expect(error).toBeInstanceOf(WeavzConnectError)
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', sessionMayStillComplete: true })
    expect(String(error)).not.toContain('0123456789')
    expect(wire.sent).toHaveLength(120)
    expect(runtime.slept.reduce((sum, ms) => sum + ms)).toBe(120_000)
  })

  test('takes other intervals and limits, and never sleeps past the limit', async () => {
    const wire = always(() => state('PENDING'))
    const { connect, runtime } = connectOver(wire)
    await rejection(connect.wait(token, { intervalMs: 400, timeoutMs: 1000 }))
    expect(runtime.slept).toEqual([400, 400, 200])
  })

  test.each([
    ['a lost connection', reset],
    ['a 500', () => refusal(500)],
    ['a 429', () => refusal(429)],
    ['one 401', expired],
    ['one page of HTML', () => new Response('<html>')],
  ])('goes on after %s', async (_, failure) => {
    const { connect } = connectOver(script(state('PENDING'), failure(), state('COMPLETED')))
    expect(await connect.wait(token)).toMatchObject({ status: 'COMPLETED' })
  })

  test('goes on through failures that pass, however many, and names the last one when the time is over', async () => {
    const wire = always(() => refusal(503))
    const error = await rejection(connectOver(wire).connect.wait(token))
    expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', cause: { status: 503 } })
    expect(wire.sent).toHaveLength(120)
  })

  test('ends when the API refuses the token twice in a row', async () => {
    const wire = script(state('PENDING'), expired(), state('PENDING'), expired(), expired())
    const error = await rejection(connectOver(wire).connect.wait(token))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: 'INVALID_TOKEN' })
    expect(wire.sent).toHaveLength(5)
  })

  test('says that a session is named by its token, and not by its URL', async () => {
    const wire = always(expired)
    const error = await rejection(connectOver(wire).connect.wait('https://api.weavz.io/connect?token=cst_1'))
    expect(error).toMatchObject({
      code: 'INVALID_TOKEN',
      hint: expect.stringContaining('not by its `connectUrl`'),
    })
    const unknown = await rejection(connectOver(always(expired)).connect.wait(token))
    expect(unknown).toMatchObject({ code: 'INVALID_TOKEN' })
    expect(unknown).not.toHaveProperty('hint')
  })

  test('waits as long as a 429 asks', async () => {
    const wire = script(refusal(429, 'RATE_LIMITED', { 'retry-after': '7' }), state('COMPLETED'))
    const { connect, runtime } = connectOver(wire)
    await connect.wait(token)
    expect(runtime.slept).toEqual([7000])
  })

  test('gives up a poll that hangs, and polls again', async () => {
    const wire = script(hang, state('COMPLETED'))
    const { connect } = connectOver(wire)
    expect(await connect.wait(token, { timeout: 5 })).toMatchObject({ status: 'COMPLETED' })
  })

  test('ends at once when the caller aborts, and leaves no listener', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const runtime = stillRuntime()
    const wire = always(() => {
      if (wire.sent.length === 3) controller.abort(new Error('page closed'))
      return state('PENDING')
    })
    const error = await rejection(connectOver(wire, runtime).connect.wait(token, { signal }))
    expect(error).toBeInstanceOf(WeavzAbortError)
    expect(error).toMatchObject({ cause: { message: 'page closed' } })
    expect(wire.sent).toHaveLength(3)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('ends at once also while it sleeps', async () => {
    const controller = new AbortController()
    const wire = script(() => {
      setTimeout(() => controller.abort())
      return state('PENDING')
    })
    const { connect } = connectOver(wire, { ...systemRuntime, slept: [] })
    const waiting = connect.wait(token, { intervalMs: 60_000, signal: controller.signal })
    expect(await rejection(waiting)).toBeInstanceOf(WeavzAbortError)
    expect(wire.sent).toHaveLength(1)
  })

  test.each([{ intervalMs: 0 }, { intervalMs: NaN }, { timeoutMs: -1 }, { timeoutMs: NaN }])(
    'refuses %j before it asks',
    async (options) => {
      const wire = script()
      expect(await rejection(connectOver(wire).connect.wait(token, options))).toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
      expect(wire.sent).toEqual([])
    },
  )
  test.each(['interval', 'timeoutMS', 'maxRetries'])(
    'refuses %s, which it does not take, before it asks',
    async (name) => {
      const wire = script()
      const error = await rejection(connectOver(wire).connect.wait(token, { [name]: 5 }))
      const names = '{ intervalMs, timeoutMs, signal, timeout, headers }'
      expect(error).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: `wait takes ${names}, and no \`${name}\``,
      })
      expect(wire.sent).toEqual([])
    },
  )
})
