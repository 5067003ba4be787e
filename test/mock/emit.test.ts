import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { parseTriggerEvent } from '../../src/index.js'
import { hush, stoppedClock, throughBothDoors } from './door.js'
import { receiver } from './receiver.js'
import { callbackUrl, withTriggers } from './with-triggers.js'
import { makeConnection, nobody } from './world.js'

const at = '2025-01-15T10:30:00.000Z'

throughBothDoors('emit', (open) => {
  it('posts the event with the headers and metadata of the trigger', async () => {
    const { received, deliveryFetch } = receiver()
    const { api, enable, list } = await withTriggers(open, { deliveryFetch })
    const callbackHeaders = { 'X-Secret': hush, 'content-type': 'text/plain' }
    const { id } = await enable({ callbackHeaders, callbackMetadata: { tenant: 7 } })
    const firing = await api.weavz.emit(id, { text: 'Hi', at: new Date(0) })
    const [request, ...others] = received
    expect(others).toEqual([])
    expect(request).toMatchObject({
      ...{ url: callbackUrl, method: 'POST', redirect: 'manual' },
      headers: { 'x-secret': hush, 'content-type': 'application/json' },
    })
    expect(request?.body).toEqual({
      ...{ triggerSourceId: id, integrationName: 'slack', triggerName: 'new_message' },
      data: { text: 'Hi', at: '1970-01-01T00:00:00.000Z' },
      metadata: { tenant: 7 },
      timestamp: at,
    })
    expect(await parseTriggerEvent(request?.body)).toEqual(request?.body)
    const attempt = { attempt: 1, status: 'success', httpStatus: 204, errorMessage: null }
    expect(firing).toMatchObject({ triggerSourceId: id, delivered: true, code: null, error: null })
    expect(firing.attempts).toEqual([
      {
        ...attempt,
        ...{ id: expect.any(String), eventType: 'new_message', callbackUrl },
        ...{ createdAt: at, deliveredAt: at },
      },
    ])
    expect(api.weavz.deliveries(id)).toEqual(firing.attempts)
    expect((await list()).triggers[0]?.lastDelivery).toEqual({ ...attempt, createdAt: at, deliveredAt: at })
  })

  it('seals the headers, and opens them for deliveries alone', async () => {
    const { deliveryFetch } = receiver()
    const { api, enable } = await withTriggers(open, { deliveryFetch })
    const { id } = await enable({ callbackHeaders: { 'x-secret': hush } })
    const plain = await enable()
    expect(api.weavz.openings.count).toBe(0)
    await api.weavz.emit(plain.id, {})
    expect(api.weavz.openings.count).toBe(0)
    await api.weavz.emit(id, {})
    expect(api.weavz.openings.list()).toMatchObject([{ connectionId: null, field: `callbackHeaders.${id}` }])
  })

  it('fires every enabled trigger of a name, or those of one workspace', async () => {
    const { received, deliveryFetch } = receiver()
    const { api, workspaceId, enable } = await withTriggers(open, { deliveryFetch })
    const sources = [await enable(), await enable()]
    await enable({ triggerName: 'new_file' })
    const name = { integrationName: 'slack', triggerName: 'new_message' }
    const firings = await api.weavz.emit(name, 1)
    expect(firings.map(({ triggerSourceId }) => triggerSourceId)).toEqual(sources.map(({ id }) => id))
    expect(received).toHaveLength(2)
    expect(await api.weavz.emit({ ...name, workspaceId }, 1)).toHaveLength(2)
    expect(await api.weavz.emit({ ...name, workspaceId: nobody }, 1)).toEqual([])
    await expect(api.weavz.emit({ ...name, triggerName: 'nope' }, 1)).rejects.toThrow('no trigger "nope"')
    expect(() => api.weavz.registerTrigger('nope', 'x')).toThrow('no integration "nope"')
  })

  it('makes up to 3 attempts, and tells each of them', async () => {
    const clock = stoppedClock()
    const { received, deliveryFetch } = receiver(500, new TypeError('fetch failed'), 201)
    const { api, enable, list } = await withTriggers(open, { clock, deliveryFetch })
    const { id } = await enable()
    const { delivered, attempts } = await api.weavz.emit(id, { n: 1 })
    expect(delivered).toBe(true)
    expect(attempts.map(({ attempt, status, httpStatus }) => [attempt, status, httpStatus])).toEqual([
      [1, 'retrying', 500],
      [2, 'retrying', null],
      [3, 'success', 201],
    ])
    expect(attempts[1]?.errorMessage).toBe('fetch failed')
    // At least once: every attempt is the same event
    expect(new Set(received.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect((await list()).triggers[0]?.lastDelivery).toMatchObject({ attempt: 3, status: 'success' })
  })

  it.each([
    ['an error', [500, 500, 500], 'The receiver answered HTTP 500'],
    ['a redirect', [302, 302, 302], 'The receiver answered HTTP 302'],
  ] as const)('gives up after the third answer that is %s', async (_, answers, error) => {
    const { received, deliveryFetch } = receiver(...answers)
    const { api, enable, list } = await withTriggers(open, { deliveryFetch })
    const { id } = await enable()
    expect(await api.weavz.emit(id, {})).toMatchObject({ delivered: false, code: null, error })
    expect(received).toHaveLength(3)
    expect((await list()).triggers[0]?.lastDelivery).toMatchObject({ status: 'failed', attempt: 3 })
  })

  it('keeps the headers out of what it tells about failures', async () => {
    const secret = `${hush}-${'x'.repeat(20)}`
    const failure = new TypeError('fetch failed', { cause: new Error(`bad header value ${secret}`) })
    const { deliveryFetch } = receiver(failure, failure, failure)
    const { api, enable } = await withTriggers(open, { deliveryFetch })
    const { id } = await enable({ callbackHeaders: { 'x-secret': secret } })
    const { error } = await api.weavz.emit(id, {})
    expect(error).toBe('fetch failed: bad header value [secret]')
  })

  it('resolves the connection again, and fails until there is one', async () => {
    const { received, deliveryFetch } = receiver()
    const { api, workspaceId, connection, integration, enable, list } = await withTriggers(open, {
      deliveryFetch,
    })
    const { id } = await enable()
    await api.ok('connections.delete', { params: { id: connection.id } })
    const firing = await api.weavz.emit(id, {})
    expect(firing).toMatchObject({ delivered: false, code: 'CONNECTION_REQUIRED', attempts: [] })
    expect(received).toEqual([])
    expect((await list()).triggers).toMatchObject([{ id, lastDelivery: { attempt: 0, status: 'failed' } }])
    const next = await makeConnection(api, { workspaceId, externalId: 'next' })
    await api.ok('workspaces.integrations.update', {
      ...{ params: { workspaceId, id: integration.id }, body: { connectionId: next.id } },
    })
    expect(await api.weavz.emit(id, {})).toMatchObject({ delivered: true, code: null })
  })

  it('delivers again once the provider of an expired connection is back', async () => {
    const { received, deliveryFetch } = receiver()
    const tokens = { accessToken: `at ${hush}`, refreshToken: `rt ${hush}`, expiresIn: 3600 }
    const { api, connection, enable } = await withTriggers(open, { deliveryFetch }, tokens)
    const { id } = await enable()
    await api.weavz.clock.advance('2h')
    const down = { type: 'status', status: 503 } as const
    api.weavz.faults.add({ match: { endpoint: 'provider.token' }, effect: down, times: 3 })
    const status = async () =>
      (await api.ok('connections.get', { query: { id: connection.id } })).connection.status
    expect(await api.weavz.emit(id, 1)).toMatchObject({ delivered: false, code: 'CONNECTION_REQUIRED' })
    expect(await status()).toBe('ERROR')
    await api.weavz.clock.advance('1h')
    expect(await api.weavz.emit(id, 2)).toMatchObject({ delivered: true, code: null })
    expect(await status()).toBe('ACTIVE')
    expect(received.map(({ body }) => body.data)).toEqual([2])
  })

  it('keeps the events of one trigger in their order', async () => {
    const { received, deliveryFetch } = receiver(500, 500)
    const { api, enable } = await withTriggers(open, { deliveryFetch })
    const { id } = await enable()
    await Promise.all([api.weavz.emit(id, 1), api.weavz.emit(id, 2)])
    expect(received.map(({ body }) => body.data)).toEqual([1, 1, 1, 2])
  })

  it('calls this machine and nobody else, unless it is given a fetch', async () => {
    const bodies: string[] = []
    const server = createServer(async (request, response) => {
      for await (const chunk of request) bodies.push(String(chunk))
      response.writeHead(200).end('ok')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { api, enable } = await withTriggers(open)
    const local = await enable({ callbackUrl: `http://127.0.0.1:${port}/events` })
    expect(await api.weavz.emit(local.id, 'hello')).toMatchObject({ delivered: true })
    expect(bodies.map((body) => JSON.parse(body).data)).toEqual(['hello'])
    const away = await enable({ callbackUrl: 'https://127.0.0.1.example.com/events' })
    const { delivered, attempts } = await api.weavz.emit(away.id, 'hello')
    expect(delivered).toBe(false)
    // What is refused here stays refused: once is enough
    expect(attempts).toMatchObject([{ status: 'failed', httpStatus: null }])
    expect(attempts[0]?.errorMessage).toContain('127.0.0.1.example.com')
  })
})
