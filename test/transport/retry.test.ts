import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import {
  RateLimitError,
  ServerError,
  WeavzAbortError,
  WeavzNetworkError,
  systemRuntime,
  type RetryEvent,
} from '../../src/transport/index.js'
import {
  always,
  connection,
  hang,
  json,
  refusal,
  rejection,
  script,
  stillRuntime,
  transport,
} from './support.js'

const reset = () => Object.assign(new TypeError('fetch failed'), { cause: new Error('read ECONNRESET') })
const get = { query: { id: connection.id } }
const create = {
  body: {
    type: 'SECRET_TEXT',
    integrationName: 'openai',
    externalId: 'my_openai',
    displayName: 'OpenAI',
    secretText: 'sk-not-to-be-shown',
  },
} as const
const resolve = { body: { integrationName: 'slack', workspaceId: connection.workspaceId } }

describe('What is repeated', () => {
  test.each([408, 429, 500, 502, 503, 504])('a GET is repeated after %i', async (status) => {
    const { fetch, sent } = script(refusal(status), json({ connection }))
    expect(await transport({ fetch }).call(connections.get, get)).toEqual({ connection })
    expect(sent).toHaveLength(2)
  })

  test.each([400, 401, 403, 404, 409, 422])('a GET is not repeated after %i', async (status) => {
    const { fetch, sent } = script(refusal(status))
    await rejection(transport({ fetch }).call(connections.get, get))
    expect(sent).toHaveLength(1)
  })

  test.each([
    ['a GET', () => ['get', get] as const],
    ['a POST that only reads', () => ['resolve', resolve] as const],
  ])('%s is repeated after a reset', async (_, call) => {
    const { fetch, sent } = script(reset(), json({ connection }))
    const [name, input] = call()
    const client = transport({ fetch })
    await (name === 'get' ? client.call(connections.get, input) : client.call(connections.resolve, input))
    expect(sent).toHaveLength(2)
  })

  test('a POST that creates is not repeated after a reset, for it may have had its effect', async () => {
    const { fetch, sent } = script(reset())
    expect(await rejection(transport({ fetch }).call(connections.create, create))).toBeInstanceOf(
      WeavzNetworkError,
    )
    expect(sent).toHaveLength(1)
  })

  test.each([408, 500, 503])('a POST that creates is not repeated after %i', async (status) => {
    const { fetch, sent } = script(refusal(status))
    expect(await rejection(transport({ fetch }).call(connections.create, create))).toMatchObject({
      status,
      attempts: 1,
    })
    expect(sent).toHaveLength(1)
  })

  test('a POST that creates is repeated after 429, with the same body', async () => {
    const { fetch, sent } = script(refusal(429), json({ connection }, 201))
    await transport({ fetch }).call(connections.create, create)
    expect(sent.map(({ body }) => body)).toEqual([create.body, create.body])
  })

  test('a GET is repeated after a time-out of ours', async () => {
    const { fetch, sent } = script(hang, json({ connection }))
    await transport({ fetch, timeout: 5 }).call(connections.get, get)
    expect(sent).toHaveLength(2)
  })

  test('two repeats are the default, and the last error tells how many attempts there were', async () => {
    const { fetch, sent } = always(() => refusal(503))
    const error = await rejection(transport({ fetch }).call(connections.get, get))
    expect(error).toBeInstanceOf(ServerError)
    expect(error).toMatchObject({ attempts: 3, status: 503 })
    expect(sent).toHaveLength(3)
  })

  test.each([
    ['of the client', { maxRetries: 0 }, {}],
    ['of the call, before that of the client', { maxRetries: 5 }, { maxRetries: 0 }],
  ])('maxRetries %s is kept', async (_, client, call) => {
    const { fetch, sent } = always(() => refusal(503))
    await rejection(transport({ fetch, ...client }).call(connections.get, get, call))
    expect(sent).toHaveLength(1)
  })
})

describe('How long is waited', () => {
  test.each([
    [0, [0, 0]],
    [0.5, [250, 500]],
    [0.999999, [499, 999]],
  ])('full jitter %f below 500 ms, then 1000 ms', async (random, delays) => {
    const runtime = stillRuntime(random)
    await rejection(
      transport({ fetch: always(() => refusal(503)).fetch }, runtime).call(connections.get, get),
    )
    expect(runtime.slept).toEqual(delays)
  })

  test('never more than 60 s, however many attempts', async () => {
    const runtime = stillRuntime(0.999999)
    const client = transport({ fetch: always(() => refusal(503)).fetch, maxRetries: 20 }, runtime)
    await rejection(client.call(connections.get, get))
    expect(Math.max(...runtime.slept)).toBe(59_999)
    expect(runtime.slept).toHaveLength(20)
  })

  test.each([
    ['seconds', '7', 7000],
    ['zero', '0', 0],
    ['an hour, capped', '3600', 60_000],
    ['a year, which is a number of seconds', '2099', 60_000],
    ['an HTTP-date', 'Wed, 15 Jan 2025 10:30:05 GMT', 5000],
    ['an HTTP-date that has passed', 'Wed, 15 Jan 2025 10:29:00 GMT', 0],
    ['an HTTP-date far away, capped', 'Thu, 15 Jan 2099 10:30:00 GMT', 60_000],
  ])('Retry-After takes the place of the back-off: %s', async (_, header, delay) => {
    const runtime = stillRuntime()
    const { fetch } = script(refusal(429, 'RATE_LIMITED', { 'retry-after': header }), json({ connection }))
    await transport({ fetch }, runtime).call(connections.get, get)
    expect(runtime.slept).toEqual([delay])
  })

  test.each(['1e9', '-5', 'Infinity', '1.5', '0x10', '2099-01-15', 'soon', 'Wed, 32 Jan 2025 10:30:05 GMT'])(
    'Retry-After: %s is no Retry-After, and ignored',
    async (header) => {
      const runtime = stillRuntime()
      const { fetch } = script(refusal(429, 'RATE_LIMITED', { 'retry-after': header }), json({ connection }))
      await transport({ fetch }, runtime).call(connections.get, get)
      expect(runtime.slept).toEqual([250])
    },
  )

  test('a RateLimitError tells how long the API asked to wait, uncapped', async () => {
    const { fetch } = script(refusal(429, 'RATE_LIMITED', { 'retry-after': '90' }))
    const error = await rejection(transport({ fetch, maxRetries: 0 }).call(connections.get, get))
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ retryAfterMs: 90_000, code: 'RATE_LIMITED' })
  })

  test('property: whatever a server sends as Retry-After, the wait is a number from 0 to 60 s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme-ascii' }), async (header) => {
        const runtime = stillRuntime(0.999999)
        const { fetch } = script(
          refusal(429, 'RATE_LIMITED', { 'retry-after': header }),
          json({ connection }),
        )
        await transport({ fetch }, runtime).call(connections.get, get)
        expect(runtime.slept).toHaveLength(1)
        expect(runtime.slept[0]).toBeGreaterThanOrEqual(0)
        expect(runtime.slept[0]).toBeLessThanOrEqual(60_000)
      }),
      { numRuns: 200 },
    )
  })

  test('the hook is told of each repeat before the wait', async () => {
    const events: RetryEvent[] = []
    const { fetch } = script(reset(), refusal(503), json({ connection }))
    const client = transport({ fetch, hooks: { onRetry: (event) => void events.push(event) } })
    await client.call(connections.get, get)
    expect(events).toMatchObject([
      { attempt: 1, delayMs: 250, endpoint: 'GET /api/v1/connections', error: { code: 'NETWORK_ERROR' } },
      { attempt: 2, delayMs: 500, endpoint: 'GET /api/v1/connections', error: { status: 503 } },
    ])
  })

  test('back-off ends at once when the caller aborts, and nothing more is sent', async () => {
    const controller = new AbortController()
    const { fetch, sent } = script(refusal(429, 'RATE_LIMITED', { 'retry-after': '60' }))
    const hooks = { onRetry: () => setTimeout(() => controller.abort(new Error('user left'))) }
    const call = transport({ fetch, hooks }, systemRuntime).call(connections.get, get, {
      signal: controller.signal,
    })
    const error = await rejection(call)
    expect(error).toBeInstanceOf(WeavzAbortError)
    expect(error).toMatchObject({ code: 'ABORTED', attempts: 1, cause: { message: 'user left' } })
    expect(sent).toHaveLength(1)
  })
})
