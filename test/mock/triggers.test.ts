import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { parseTriggerEvent, type ApiKeyPermissions } from '../../src/index.js'
import { hush, stoppedClock, throughBothDoors, type Api, type Open } from './door.js'
import { receiver } from './receiver.js'
import { configure, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

const callbackUrl = 'https://app.example.com/events'
const at = '2025-01-15T10:30:00.000Z'

function register({ weavz }: Api): void {
  const channel = { type: 'string', required: true } as const
  weavz.registerTrigger('slack', 'new_message', { sample: { text: 'Hi' }, input: { channel } })
  weavz.registerTrigger('slack', 'new_file', { triggerType: 'POLLING' })
}

/** A workspace where Slack runs on one connection and has two triggers. */
async function withTriggers(open: Open, options: Parameters<Open>[0] = {}) {
  const api = await open({ clock: stoppedClock(), ...options })
  register(api)
  const { id: workspaceId } = await makeWorkspace(api)
  const connection = await makeConnection(api, { workspaceId })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
  })
  const call = (fields: Record<string, unknown> = {}) => ({
    body: {
      ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId, callbackUrl },
      input: { channel: 'C1' },
      ...fields,
    },
  })
  const enable = async (fields?: Record<string, unknown>) =>
    (await api.ok('triggers.enable', call(fields))).triggerSource
  const list = async (query: object = {}) => api.ok('triggers.list', { query })
  return { api, workspaceId, connection, integration, call, enable, list }
}

throughBothDoors('triggers', (open) => {
  it('are enabled on the connection that an action would use', async () => {
    const { api, workspaceId, integration, call, list } = await withTriggers(open)
    const { status, body } = await api.reply('triggers.enable', call())
    expect(status).toBe(201)
    const { triggerSource } = body
    expect(triggerSource).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      orgId: integration.orgId,
      ...{ workspaceId, integrationName: 'slack', triggerName: 'new_message', callbackUrl },
      triggerType: 'WEBHOOK',
      workspaceIntegrationId: integration.id,
      webhookUrl: `${api.url}/api/v1/webhooks/slack/${triggerSource.id}`,
      simulate: false,
      lastDelivery: null,
      createdAt: at,
    })
    expect(await list()).toEqual({ triggers: [triggerSource], total: 1 })
  })

  it('have a webhookUrl only where the third party posts, and keep simulate', async () => {
    const { enable } = await withTriggers(open)
    const polled = await enable({ triggerName: 'new_file', pollingIntervalMinutes: 5, simulate: true })
    expect(polled).toMatchObject({ triggerType: 'POLLING', webhookUrl: null, simulate: true })
  })

  it('are listed in pages, of one workspace or of all', async () => {
    const { api, workspaceId, enable, list } = await withTriggers(open)
    const first = await enable()
    const second = await enable({ triggerName: 'new_file' })
    expect(await list({ workspaceId, limit: 1, offset: 1 })).toEqual({ triggers: [second], total: 2 })
    const other = await makeWorkspace(api, 'other')
    expect(await list({ workspaceId: other.id })).toEqual({ triggers: [], total: 0 })
    await api.refused('triggers.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
    await api.ok('workspaces.delete', { params: { id: workspaceId } })
    expect(await list()).toEqual({ triggers: [], total: 0 })
    expect(first.id).not.toBe(second.id)
  })

  it('are disabled once', async () => {
    const { api, enable, list } = await withTriggers(open)
    const { id: triggerSourceId } = await enable()
    expect(await api.ok('triggers.disable', { body: { triggerSourceId } })).toEqual({
      disabled: true,
      triggerSourceId,
    })
    expect((await list()).total).toBe(0)
    await api.refused('triggers.disable', 'TRIGGER_NOT_FOUND', { body: { triggerSourceId } })
    await api.refused('triggers.disable', 'TRIGGER_NOT_FOUND', { body: { triggerSourceId: 'x' } })
    await expect(api.weavz.emit(triggerSourceId, {})).rejects.toThrow('No trigger source')
  })

  it('show sample data', async () => {
    const { api } = await withTriggers(open)
    const test = (integrationName: string, triggerName: string) => ({
      body: { integrationName, triggerName },
    })
    expect(await api.ok('triggers.test', test('slack', 'new_message'))).toEqual({
      sampleData: { text: 'Hi' },
    })
    expect(await api.ok('triggers.test', test('slack', 'new_file'))).toEqual({ sampleData: null })
    await api.refused('triggers.test', 'INTEGRATION_NOT_FOUND', test('nope', 'new_message'))
    await api.refused('triggers.test', 'TRIGGER_NOT_FOUND', test('slack', 'toString'))
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a callback that is no URL', { callbackUrl: 'app.example.com' }, 'body.callbackUrl'],
    ['a callback of another scheme', { callbackUrl: 'ftp://example.com' }, 'body.callbackUrl'],
    ['a header that HTTP has not', { callbackHeaders: { 'x y': '1' } }, 'body.callbackHeaders.x y'],
    ['headers of endless length', { callbackHeaders: { x: 'y'.repeat(20_000) } }, 'body.callbackHeaders'],
    ['polling of what is not polled', { pollingIntervalMinutes: 5 }, 'body.pollingIntervalMinutes'],
    ['polling less than once a day', { pollingIntervalMinutes: 1441 }, 'body.pollingIntervalMinutes'],
    ['input without a required key', { input: {} }, 'body.input.channel'],
    ['an unknown field', { callback: callbackUrl }, 'body.callback'],
  ])('refuse %s', async (_, fields, path) => {
    const { api, call, list } = await withTriggers(open)
    const { paths } = await api.refused('triggers.enable', 'VALIDATION_ERROR', call(fields))
    expect(paths).toEqual([path])
    expect((await list()).total).toBe(0)
  })

  it('refuse what does not exist, and what the plan does not allow', async () => {
    const { api, call } = await withTriggers(open, { minPollingIntervalMinutes: 15 })
    await api.refused('triggers.enable', 'NOT_FOUND', call({ workspaceId: nobody }))
    await api.refused('triggers.enable', 'INTEGRATION_NOT_FOUND', call({ integrationName: 'nope' }))
    await api.refused('triggers.enable', 'TRIGGER_NOT_FOUND', call({ triggerName: 'nope' }))
    await api.refused('triggers.enable', 'PARTIAL_NOT_FOUND', call({ partialIds: ['nope'] }))
    const polled = (pollingIntervalMinutes: number) =>
      call({ triggerName: 'new_file', pollingIntervalMinutes })
    await api.refused('triggers.enable', 'POLLING_INTERVAL_TOO_SHORT', polled(14))
    await api.ok('triggers.enable', polled(15))
  })

  it('resolve their connection as actions do, and take the same refusals', async () => {
    const { api, workspaceId, call } = await withTriggers(open)
    const mine = { integrationAlias: 'mine' }
    await configure(api, workspaceId, {
      ...{ integrationName: 'slack', alias: 'mine', connectionStrategy: 'per_user' },
    })
    await api.refused('triggers.enable', 'AMBIGUOUS_INTEGRATION', call())
    const { details } = await api.refused('triggers.enable', 'CONNECTION_REQUIRED', call(mine))
    expect(details).toMatchObject({ reason: 'END_USER_REQUIRED' })
    await makeEndUser(api, workspaceId, 'ada')
    await makeConnection(api, { workspaceId, endUserId: 'ada', externalId: 'conn_ada' })
    await api.ok('triggers.enable', call({ ...mine, endUserId: 'ada' }))
    await api.refused(
      'triggers.enable',
      'FORBIDDEN',
      call({ connectionExternalId: 'conn_ada', endUserId: 'bob' }),
    )
  })

  it('take the partials of their trigger', async () => {
    const { api, workspaceId, call } = await withTriggers(open)
    const scope = { workspaceId, integrationName: 'slack', triggerName: 'new_message' }
    await api.ok('partials.create', {
      body: { ...scope, name: 'Channel', values: { channel: 'C9' }, isDefault: true },
    })
    await api.ok('triggers.enable', call({ input: {} }))
    await api.refused('triggers.enable', 'VALIDATION_ERROR', call({ input: {}, partialIds: [] }))
  })

  it('are kept from keys of other workspaces', async () => {
    const { api, enable, call, workspaceId } = await withTriggers(open)
    const { id: triggerSourceId } = await enable()
    const other = await makeWorkspace(api, 'other')
    const permissions: ApiKeyPermissions = { scope: 'workspace', workspaceIds: [other.id] }
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'Other', permissions } })
    const headers = { authorization: `Bearer ${plainKey}` }
    expect((await api.ok('triggers.list', { headers })).total).toBe(0)
    for (const [id, rest] of [
      ['triggers.list', { query: { workspaceId } }],
      ['triggers.enable', call()],
      ['triggers.disable', { body: { triggerSourceId } }],
    ] as const) {
      const response = await api.send(id, { ...rest, headers })
      expect([response.status, await response.json()]).toMatchObject([403, { code: 'SCOPE_DENIED' }])
    }
  })
})

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
