import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import { WeavzAbortError, WeavzTimeoutError, systemRuntime } from '../../src/transport/index.js'
import { always, connection, hang, json, refusal, rejection, script, transport } from './support.js'

const get = { query: { id: connection.id } }

/** Headers at once, then half of a body, then nothing. */
function halfABody(): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode('{"connection":{')),
  })
  return new Response(body, { status: 200 })
}

describe('The time limit of an attempt', () => {
  test('headers that never come are a time-out, not an HTTP status', async () => {
    const { fetch } = script(hang)
    const error = await rejection(transport({ fetch, timeout: 5, maxRetries: 0 }).call(connections.get, get))
    expect(error).toBeInstanceOf(WeavzTimeoutError)
    expect(error).toMatchObject({ code: 'TIMEOUT', attempts: 1, endpoint: 'GET /api/v1/connections' })
    expect(error).not.toHaveProperty('status')
  })

  test('covers the body: headers that arrive and a body that hangs are a time-out', async () => {
    const { fetch, sent } = script(halfABody)
    const error = await rejection(transport({ fetch, timeout: 5, maxRetries: 0 }).call(connections.get, get))
    expect(error).toBeInstanceOf(WeavzTimeoutError)
    expect(sent[0]?.signal.aborted).toBe(true)
  })

  test('holds for a fetch that ignores its signal', async () => {
    const { fetch } = script(() => new Promise<Response>(() => undefined))
    const error = await rejection(transport({ fetch, timeout: 5, maxRetries: 0 }).call(connections.get, get))
    expect(error).toBeInstanceOf(WeavzTimeoutError)
  })

  test('an answer of 408 is an answer, not a time-out', async () => {
    const { fetch } = script(refusal(408))
    const error = await rejection(transport({ fetch, maxRetries: 0 }).call(connections.get, get))
    expect(error).toMatchObject({ status: 408, name: 'WeavzApiError' })
  })

  test('each attempt has the whole time to itself', async () => {
    const { fetch, sent } = script(hang, hang, json({ connection }))
    await transport({ fetch, timeout: 20 }).call(connections.get, get)
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
  })

  test('leaves no timer behind that would keep the process alive', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { fetch } = script(json({ connection }), refusal(404))
      await transport({ fetch }).call(connections.get, get)
      await rejection(transport({ fetch }).call(connections.get, get))
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('that of the call goes before that of the client', async () => {
    const { fetch } = script(hang)
    const call = transport({ fetch, timeout: 1e6, maxRetries: 0 }).call(connections.get, get, { timeout: 5 })
    expect(await rejection(call)).toMatchObject({ message: expect.stringContaining('5 ms') })
  })

  test.each([Infinity, 2 ** 40])(
    '%d, more than a timer can hold, is no limit rather than none at all',
    async (timeout) => {
      const { fetch } = script(async () => {
        await systemRuntime.sleep(5)
        return json({ connection })
      })
      expect(await transport({ fetch, timeout }).call(connections.get, get)).toEqual({ connection })
    },
  )

  test.each([0, -1, NaN, '5' as never])('%s is refused', async (timeout) => {
    expect(() => transport({ timeout })).toThrow('`timeout` must be')
    const error = await rejection(transport({}).call(connections.get, get, { timeout }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe("The caller's signal", () => {
  test('ends a call that waits for an answer; its reason is the cause', async () => {
    const controller = new AbortController()
    const reason = new Error('user left')
    const { fetch, sent } = script((request) => {
      queueMicrotask(() => controller.abort(reason))
      return hang(request)
    })
    const error = await rejection(
      transport({ fetch }).call(connections.get, get, { signal: controller.signal }),
    )
    expect(error).toBeInstanceOf(WeavzAbortError)
    expect(error).toMatchObject({ code: 'ABORTED', attempts: 1 })
    expect((error as Error).cause).toBe(reason)
    expect(sent[0]?.signal.aborted).toBe(true)
  })

  test('ends a call that waits for the rest of a body', async () => {
    const controller = new AbortController()
    const { fetch } = script(() => {
      setTimeout(() => controller.abort())
      return halfABody()
    })
    const call = transport({ fetch }).call(connections.get, get, { signal: controller.signal })
    expect(await rejection(call)).toBeInstanceOf(WeavzAbortError)
  })

  test('that has aborted before the call sends nothing', async () => {
    const { fetch, sent } = script()
    const call = transport({ fetch }).call(connections.get, get, { signal: AbortSignal.abort('no') })
    expect(await rejection(call)).toMatchObject({ code: 'ABORTED', attempts: 0, cause: 'no' })
    expect(sent).toEqual([])
  })

  test('AbortSignal.timeout of the caller is reported as theirs, not as a time-out of ours', async () => {
    const { fetch } = always(hang)
    const call = transport({ fetch }).call(connections.get, get, { signal: AbortSignal.timeout(5) })
    const error = await rejection(call)
    expect(error).toBeInstanceOf(WeavzAbortError)
    expect(error).not.toBeInstanceOf(WeavzTimeoutError)
    expect(error).toMatchObject({ cause: { name: 'TimeoutError' } })
  })

  test('a fetch that rejects with an AbortError of its own is a network error, since nobody aborted', async () => {
    const { fetch } = script(new DOMException('aborted elsewhere', 'AbortError'))
    const error = await rejection(transport({ fetch, maxRetries: 0 }).call(connections.get, get))
    expect(error).toMatchObject({ code: 'NETWORK_ERROR' })
  })

  test('keeps no listener of ours after 1000 calls, whether they succeed, fail, time out or are retried', async () => {
    const { signal } = new AbortController()
    const outcomes = [() => json({ connection }), () => refusal(404), () => refusal(503), hang]
    let turn = 0
    const { fetch } = script(
      ...Array.from({ length: 3000 }, () => (request: Parameters<typeof hang>[0]) => {
        const outcome = outcomes[turn++ % outcomes.length]!
        return outcome(request)
      }),
    )
    const client = transport({ fetch, timeout: 1, maxRetries: 1 })
    for (let i = 0; i < 100; i++) {
      await Promise.allSettled(
        Array.from({ length: 10 }, () => client.call(connections.get, get, { signal }).withResponse()),
      )
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('keeps no listener after a sleep, and the sleep no timer', async () => {
    const controller = new AbortController()
    await systemRuntime.sleep(1, controller.signal)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    const long = systemRuntime.sleep(1e9, controller.signal)
    controller.abort()
    await long
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})
