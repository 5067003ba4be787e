import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import type * as transportRoom from '../../src/transport/index.js'
import {
  WeavzApiError,
  WeavzError,
  isWeavzError,
  type ConnectionRequiredError,
  type RequestEvent,
  type ResponseEvent,
} from '../../src/transport/index.js'
import { apiKey, connection, json, rejection, script, transport } from './support.js'

const get = { query: { id: connection.id } }

/** Everything by which an error is ever shown. */
function shown(error: unknown): string {
  const { message, stack } = error as Error
  return [
    message,
    stack,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 20, showHidden: true }),
  ].join('\n')
}

describe('No secret shows', () => {
  const secretText = 'plain-credential-0815'
  const create = {
    body: { type: 'SECRET_TEXT', integrationName: 'openai', externalId: 'a', displayName: 'A', secretText },
  } as const

  test('when the API repeats the key and the credentials that it got', async () => {
    const echo = {
      error: `Bad key ${apiKey}, bad secret ${secretText}`,
      code: 'VALIDATION_ERROR',
      details: {
        hint: `not ${secretText}`,
        received: { authorization: `Bearer ${apiKey}`, value: [secretText] },
      },
    }
    const { fetch } = script(json(echo, 400))
    const error = await rejection(transport({ fetch }).call(connections.create, create))
    expect(error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('[secret]') })
    expect(shown(error)).not.toMatch(/0123456789abcdef|plain-credential/)
  })

  test('when the API repeats a key that does not look like one', async () => {
    const { fetch } = script(json({ error: 'Unknown key hunter2hunter2' }, 401))
    const error = await rejection(transport({ fetch, apiKey: 'hunter2hunter2' }).call(connections.get, get))
    expect(shown(error)).not.toContain('hunter2')
  })

  test('when fetch throws an error that carries the request', async () => {
    const cause = Object.assign(new Error(`refused Bearer ${apiKey}`), {
      code: 'ECONNRESET',
      config: { apiKey, secretText },
    })
    const thrown = Object.assign(new TypeError('fetch failed', { cause }), {
      request: { headers: { apiKey } },
    })
    const { fetch } = script(thrown)
    const error = await rejection(transport({ fetch }).call(connections.create, create))
    expect(error).toMatchObject({ code: 'NETWORK_ERROR', cause: { cause: { code: 'ECONNRESET' } } })
    expect(shown(error)).not.toMatch(/0123456789abcdef|plain-credential/)
  })

  test('when fetch throws what is no error at all', async () => {
    const { fetch } = script(() => Promise.reject(`no route, key ${apiKey}`))
    const error = await rejection(transport({ fetch, maxRetries: 0 }).call(connections.get, get))
    expect(error).toMatchObject({ code: 'NETWORK_ERROR' })
    expect(shown(error)).not.toContain('0123456789abcdef')
  })

  test('whoever makes the error', () => {
    const error = new WeavzError(`lost ${apiKey}`, { code: 'NETWORK_ERROR', hint: `not Bearer ${apiKey}` })
    expect(error.hint).toBe('not Bearer wvz_[secret]')
    expect(shown(error)).not.toContain('0123456789abcdef')
  })

  test('in what hooks are given', async () => {
    const events: (RequestEvent | ResponseEvent)[] = []
    const hooks = {
      onRequest: (event: RequestEvent) => void events.push(event),
      onResponse: (event: ResponseEvent) => void events.push(event),
    }
    const { fetch } = script(
      json({ connection }, 201, { 'set-cookie': 'session=plain-credential-0816', 'x-request-id': 'r' }),
    )
    await transport({ fetch, hooks, headers: { 'X-Api-Key': 'plain-credential-0817' } }).call(
      connections.create,
      create,
    )
    expect(events).toMatchObject([
      {
        endpoint: 'POST /api/v1/connections',
        method: 'POST',
        attempt: 1,
        body: { secretText: '[secret]', externalId: 'a' },
      },
      { endpoint: 'POST /api/v1/connections', status: 201, requestId: 'r', durationMs: 0 },
    ])
    expect(JSON.stringify(events)).not.toMatch(/0123456789abcdef|plain-credential/)
  })

  test('on the transport itself', () => {
    expect(inspect(transport({}), { depth: 20, showHidden: true })).not.toContain('0123456789abcdef')
    expect(JSON.stringify(transport({}))).not.toContain('0123456789abcdef')
  })
})

describe('Errors', () => {
  const notFound = () =>
    script(json({ error: 'No such connection.', code: 'CONNECTION_NOT_FOUND' }, 404)).fetch

  test('point to the line of the caller that awaits', async () => {
    async function callerOfThisTest() {
      await transport({ fetch: notFound() }).call(connections.get, get)
    }
    const error = (await rejection(callerOfThisTest())) as Error
    expect(error.stack).toMatch(/^NotFoundError: No such connection\./)
    expect(error.stack).toContain('callerOfThisTest')
  })

  test('of wrong arguments point to the caller, too', async () => {
    async function callerOfThisTest() {
      await transport({}).call(connections.delete, { params: { id: '' } })
    }
    expect(((await rejection(callerOfThisTest())) as Error).stack).toContain('callerOfThisTest')
  })

  test('become JSON with all that may be logged', async () => {
    const error = await rejection(transport({ fetch: notFound() }).call(connections.get, get))
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'NotFoundError',
      message: 'No such connection.',
      code: 'CONNECTION_NOT_FOUND',
      status: 404,
      endpoint: 'GET /api/v1/connections',
      attempts: 1,
    })
  })

  test('keep name and brand in another, minified copy of this package', async () => {
    const entry = fileURLToPath(new URL('../../src/transport/index.ts', import.meta.url))
    const bundle = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
    })
    const code = Buffer.from(bundle.outputFiles[0]!.contents).toString('base64')
    const copy: typeof transportRoom = await import(`data:text/javascript;base64,${code}`)
    const client = new copy.Transport({ apiKey, baseUrl: 'https://api.test', fetch: notFound() })
    const error = (await rejection(client.call(connections.get, get))) as Error

    expect(error).not.toBeInstanceOf(WeavzError)
    expect(isWeavzError(error, 'CONNECTION_NOT_FOUND')).toBe(true)
    expect(error.name).toBe('NotFoundError')
    expect(error.stack?.slice(0, 15)).toBe('NotFoundError: ')
    expect(inspect(error).slice(0, 15)).toBe('NotFoundError: ')
  })

  test.each([null, undefined, 'text', 7, new Error('x'), { code: 'NOT_FOUND' }, Object.create(null)])(
    'isWeavzError: %s is none',
    (value) => expect(isWeavzError(value)).toBe(false),
  )

  test('isWeavzError with a code holds for that code alone', async () => {
    const error: unknown = await rejection(transport({ fetch: notFound() }).call(connections.get, get))
    expect(isWeavzError(error)).toBe(true)
    expect(isWeavzError(error, 'DUPLICATE')).toBe(false)
    expect(error).toBeInstanceOf(WeavzApiError)
  })

  test('isWeavzError narrows the type', () => {
    const error: unknown = undefined
    if (isWeavzError(error)) expectTypeOf(error).toEqualTypeOf<WeavzError>()
    if (isWeavzError(error, 'CONNECTION_REQUIRED'))
      expectTypeOf(error).toEqualTypeOf<ConnectionRequiredError>()
    if (isWeavzError(error, 'TIMEOUT')) expectTypeOf(error.code).toEqualTypeOf<'TIMEOUT'>()
    expect(isWeavzError(error)).toBe(false)
  })
})

describe('A hook that throws', () => {
  test('does not change the call, and its error is reported as an uncaught one', async () => {
    const reported: unknown[] = []
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', (error) => reported.push(error))
    try {
      const hooks = {
        onRequest: () => {
          throw new Error('logger is down')
        },
      }
      const { fetch } = script(json({ connection }))
      expect(await transport({ fetch, hooks }).call(connections.get, get)).toEqual({ connection })
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener)
    }
    expect(reported).toMatchObject([{ message: 'logger is down' }])
  })
})
