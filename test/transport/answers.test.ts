import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { connections } from '../../src/contract/connections.js'
import { endUsers } from '../../src/contract/end-users.js'
import {
  ConnectionRequiredError,
  ServerError,
  WeavzResponseError,
  type InvalidResponseEvent,
} from '../../src/transport/index.js'
import { connection, json, rejection, script, transport } from './support.js'

const get = { query: { id: connection.id } }
const answered = (response: Response, options = {}) =>
  transport({ fetch: script(response).fetch, maxRetries: 0, ...options }).call(connections.get, get)
const text = (body: string | null, status: number, type?: string) =>
  new Response(body, { status, ...(type && { headers: { 'content-type': type } }) })

describe('The body of a success', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'text/plain', undefined])(
    'is read as JSON with content type %s',
    async (type) =>
      expect(await answered(text(JSON.stringify({ connection }), 200, type))).toEqual({ connection }),
  )

  test.each([
    ['204', text(null, 204)],
    ['an empty 200', text('', 200)],
    ['a blank 200', text(' \n', 200, 'application/json')],
  ])('%s is undefined', async (_, response) => expect(await answered(response)).toBeUndefined())

  test('HTML with status 200, as a captive portal sends it, is a WeavzResponseError that shows its start', async () => {
    const html = `<!doctype html>\n<title>Sign in</title>${'x'.repeat(1000)}`
    const error = await rejection(answered(text(html, 200, 'text/html')))
    expect(error).toBeInstanceOf(WeavzResponseError)
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE', status: 200, path: '', raw: html, attempts: 1 })
    expect((error as Error).message).toContain(
      'expected JSON, got text/html: <!doctype html> <title>Sign in</title>',
    )
    expect((error as Error).message.length).toBeLessThan(500)
  })

  test('a success that cannot be read is never repeated, for it had its effect', async () => {
    const { fetch, sent } = script(text('{', 200))
    await rejection(transport({ fetch }).call(connections.get, get))
    expect(sent).toHaveLength(1)
  })

  test('may come in a Response that is not the global one, and is asked for once', async () => {
    const foreign = {
      ok: true,
      status: 201,
      headers: new Headers(),
      text: async () => JSON.stringify({ connection }),
    }
    const fetch = vi.fn(async () => foreign as Response)
    const created = transport({ fetch }).call(connections.create, {
      body: { type: 'SECRET_TEXT', integrationName: 'a', externalId: 'a', displayName: 'a', secretText: 'a' },
    })
    expect(await created).toEqual({ connection })
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('an unknown field is kept, at every depth', async () => {
    const body = { connection: { ...connection, colour: 'red', nested: { new: 1 } }, cursor: 'next' }
    expect(await answered(json(body))).toEqual(body)
  })

  test('a new value of an enum is passed through', async () => {
    const body = { connection: { ...connection, status: 'PAUSED', type: 'PASSKEY' } }
    expect(await answered(json(body))).toEqual(body)
  })
})

describe('Validation', () => {
  const wrong = { connection: { ...connection, status: 7, externalId: undefined } }

  test('throw: the error tells path, expectation, endpoint and request id, and keeps the body unprinted', async () => {
    const secret = { connection: { ...connection, status: 7, note: 'sk-in-the-body' } }
    const error = await rejection(answered(json(secret, 200, { 'X-Request-Id': 'req_1' })))
    expect(error).toBeInstanceOf(WeavzResponseError)
    expect(error).toMatchObject({
      path: 'connection.status',
      issues: [{ path: 'connection.status', message: expect.any(String) }],
      endpoint: 'GET /api/v1/connections',
      requestId: 'req_1',
      raw: secret,
    })
    expect(JSON.stringify(error)).not.toContain('sk-in-the-body')
    const { inspect } = await import('node:util')
    expect(inspect(error)).not.toContain('sk-in-the-body')
  })

  test('says what was expected and what kind of thing came, never the value', async () => {
    const body = { connection: { ...connection, displayName: ['secret'], createdAt: null, id: 7 } }
    const error = (await rejection(answered(json(body)))) as WeavzResponseError
    expect(error.issues).toEqual([
      { path: 'connection.id', message: 'Expected string, received number' },
      { path: 'connection.displayName', message: 'Expected string, received array' },
      { path: 'connection.createdAt', message: 'Expected string, received null' },
    ])
  })

  test('warn: the hook is told, the body comes as it is', async () => {
    const events: InvalidResponseEvent[] = []
    const hooks = { onInvalidResponse: (event: InvalidResponseEvent) => void events.push(event) }
    const result = await answered(json(wrong), { validation: 'warn', hooks })
    expect(result).toEqual(JSON.parse(JSON.stringify(wrong)))
    expect(events).toMatchObject([
      { endpoint: 'GET /api/v1/connections', error: { code: 'INVALID_RESPONSE' } },
    ])
  })

  test('warn is silent about a body that is right', async () => {
    const hooks = { onInvalidResponse: () => expect.unreachable() }
    expect(await answered(json({ connection }), { validation: 'warn', hooks })).toEqual({ connection })
  })

  test('off: the body is not looked at', async () => {
    expect(await answered(json(wrong), { validation: 'off' })).toEqual(JSON.parse(JSON.stringify(wrong)))
  })

  test('a success status that the contract does not know is held to the one that it does', async () => {
    expect(await answered(json({ connection }, 206))).toEqual({ connection })
    expect(await rejection(answered(json({}, 206)))).toBeInstanceOf(WeavzResponseError)
  })
})

describe('An error answer', () => {
  test.each([
    [400, 'ValidationError'],
    [401, 'AuthenticationError'],
    [403, 'PermissionDeniedError'],
    [404, 'NotFoundError'],
    [409, 'ConflictError'],
    [418, 'WeavzApiError'],
    [429, 'RateLimitError'],
    [500, 'ServerError'],
    [503, 'ServerError'],
  ])('%i is a %s', async (status, name) => {
    const body = { error: 'No.', code: 'SOME_CODE' }
    const error = await rejection(answered(json(body, status, { 'x-request-id': 'req_2' })))
    expect(error).toMatchObject({ name, status, code: 'SOME_CODE', requestId: 'req_2', attempts: 1 })
    expect((error as Error).message).toMatch(/^No\./)
  })

  test('CONNECTION_REQUIRED has a class of its own, which tells why and for whom', async () => {
    const details = {
      reason: 'END_USER_NOT_CONNECTED',
      integrationName: 'slack',
      workspaceId: connection.workspaceId,
      endUserId: 'user_123',
      steps: [{ rung: 'own connection' }],
      hint: 'Start a connect flow for user_123.',
    }
    const error = await rejection(
      answered(json({ error: 'Connect first.', code: 'CONNECTION_REQUIRED', details }, 400)),
    )
    expect(error).toBeInstanceOf(ConnectionRequiredError)
    const { reason, integrationName, workspaceId, endUserId, steps, hint, message } =
      error as ConnectionRequiredError
    expect({ reason, integrationName, workspaceId, endUserId, steps, hint }).toEqual(details)
    expect(message).toBe('Connect first.\nHint: Start a connect flow for user_123.')
  })

  test('CONNECTION_REQUIRED without details is still one', async () => {
    const error = await rejection(
      answered(json({ error: 'Connect first.', code: 'CONNECTION_REQUIRED' }, 400)),
    )
    expect(error).toMatchObject({ name: 'ConnectionRequiredError', reason: undefined, steps: [] })
  })

  test('the wrong fields of a VALIDATION_ERROR are listed', async () => {
    const issues = [{ path: 'body.slug', message: 'Required' }]
    const error = await rejection(
      answered(json({ error: 'x', code: 'VALIDATION_ERROR', details: { issues } }, 400)),
    )
    expect(error).toMatchObject({ name: 'ValidationError', issues })
  })

  test('HTML with status 502 is a ServerError with code HTTP_ERROR and the start of the page on one line', async () => {
    const html = `<html>\n<h1>502 Bad Gateway</h1>\n${'x'.repeat(1000)}</html>`
    const error = await rejection(answered(text(html, 502, 'text/html')))
    expect(error).toBeInstanceOf(ServerError)
    expect(error).toMatchObject({
      code: 'HTTP_ERROR',
      message: expect.stringMatching(/^<html> <h1>502 Bad Gateway/),
    })
    expect((error as Error).message.length).toBeLessThan(400)
  })

  test.each([
    ['JSON null', 'null', 'HTTP 500'],
    ['nothing', '', 'HTTP 500'],
    ['plain text', 'upstream gone', 'upstream gone'],
    ['JSON of another shape', '{"message":"x"}', '{"message":"x"}'],
    ['a JSON string', '"x"', '"x"'],
    ['an error that is no text', '{"error":{"a":1}}', '{"error":{"a":1}}'],
    ['a code that is no text', '{"error":"x","code":7}', 'x'],
    ['details that are null', '{"error":"x","details":null}', 'x'],
  ])('%s as error body is a ServerError, never a TypeError', async (_, body, message) => {
    const error = await rejection(answered(text(body, 500)))
    expect(error).toMatchObject({ name: 'ServerError', code: 'HTTP_ERROR', message })
    expect(error).not.toHaveProperty('details')
  })
})

describe('Hints, only where they are certain', () => {
  const refused = async (status: number, options: object, body: object = { error: 'No.', code: 'X' }) =>
    (await rejection(answered(json(body, status), options))) as { hint?: string; message: string }

  test.each([
    ['wvz_your_api_key', /placeholder/],
    ['wvz_your_key', /placeholder/],
    ['Bearer wvz_0123', /without "Bearer"/],
    ['cst_0123456789', /connect session token/],
    ['eut_0123456789', /portal token/],
    ['mcp_0123456789', /MCP token/],
    ['mcpo_0123456789', /MCP OAuth token/],
    ['sk-0123456789', /start with wvz_/],
  ])('a 401 with the key %s', async (apiKey, hint) => {
    const error = await refused(401, { apiKey })
    expect(error.hint).toMatch(hint)
    expect(error.message).toContain(error.hint)
  })

  test('a 401 with a key that looks right has none', async () => {
    expect(await refused(401, {})).not.toHaveProperty('hint')
  })

  test('that of the API goes before ours', async () => {
    const body = { error: 'No.', details: { hint: 'The key expired yesterday.' } }
    expect((await refused(401, { apiKey: 'sk-0123' }, body)).hint).toBe('The key expired yesterday.')
  })

  test('a 404 with /api/v1 in the base URL', async () => {
    expect((await refused(404, { baseUrl: 'https://api.test/api/v1' })).hint).toMatch(/without \/api\/v1/)
  })

  test('a 404 on an external id where a UUID belongs names the right identifier', async () => {
    const client = transport({
      fetch: script(json({ error: 'No.' }, 404), json({ error: 'No.' }, 404)).fetch,
    })
    const external = await rejection(client.call(endUsers.get, { params: { id: 'user_123' } }))
    expect(external).toMatchObject({ hint: expect.stringContaining('endUser.id') })
    const uuid = await rejection(client.call(endUsers.get, { params: { id: connection.id } }))
    expect(uuid).not.toHaveProperty('hint')
  })

  test.each(['acme', ''])('a 404 on a list of the workspace %j, which is no id', async (workspaceId) => {
    const { fetch } = script(json({ error: 'No.' }, 404))
    const error = await rejection(transport({ fetch }).list(connections.list, { query: { workspaceId } }))
    expect(error).toMatchObject({
      hint: expect.stringContaining('`workspaceId` takes `workspace.id`, a UUID'),
    })
  })

  test('a 404 on a list that names its workspace by id, or none, has none', async () => {
    const { fetch } = script(json({ error: 'No.' }, 404), json({ error: 'No.' }, 404))
    const client = transport({ fetch })
    const { workspaceId } = connection
    const unknown = await rejection(client.list(connections.list, { query: { workspaceId } }))
    expect(unknown).not.toHaveProperty('hint')
    expect(await rejection(client.list(connections.list, {}))).not.toHaveProperty('hint')
  })
})

test('the request id is read whatever the case of the header, and from retried calls, too', async () => {
  const { fetch } = script(json({}, 503), json({ connection }, 200, { 'X-REQUEST-ID': 'req_3' }))
  const { data, response, requestId } = await transport({ fetch }).call(connections.get, get).withResponse()
  expect({ data, requestId, status: response.status }).toEqual({
    data: { connection },
    requestId: 'req_3',
    status: 200,
  })
  expectTypeOf(requestId).toEqualTypeOf<string | undefined>()
})
