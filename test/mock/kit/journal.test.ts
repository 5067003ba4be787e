import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMockWeavz, type MockWeavz } from '@weavz/sdk/mock'
import { Redactor } from '../../../src/engine/vault/redactor.js'
import { receiver } from '../receiver.js'
import { clientOf, hush, post, typicalSeed } from './world.js'

/** One request without a client, which has a clock and chance of its own. */
async function send(weavz: MockWeavz, method: string, path: string, body?: unknown) {
  const response = await weavz.fetch(`https://api.weavz.io${path}`, {
    method,
    headers: { authorization: `Bearer ${weavz.apiKey}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return (await response.json()) as Record<string, string>
}

/** A bit of everything: success and failure, sealing and opening, a connect session, a refresh, state of a built-in. */
async function scenario(weavz: MockWeavz): Promise<void> {
  weavz.onAction('slack', 'send_channel_message', () => ({ ok: true }))
  const workspaceId = weavz.seeded.workspaces.acme
  const execute = (fields: object) =>
    send(weavz, 'POST', '/api/v1/actions/execute', { workspaceId, ...fields })
  const message = { integrationName: 'slack', actionName: 'send_channel_message' }
  const input = { channel: '#c', text: 'Hi' }
  await send(weavz, 'GET', '/api/v1/workspaces?limit=1')
  await execute({ ...message, integrationAlias: 'bot', input })
  await weavz.clock.advance('2h')
  await execute({ ...message, integrationAlias: 'bot', input })
  await execute({ ...message, integrationAlias: 'slack', endUserId: 'bob', input })
  await execute({ ...message, integrationAlias: 'bot', input: { channel: 5 } })
  await send(weavz, 'POST', '/api/v1/actions/execute', '{')
  await execute({ integrationName: 'kv-store', actionName: 'put', input: { key: 'k', value: [1] } })
  const { token } = await send(weavz, 'POST', '/api/v1/connect/token', {
    workspaceId,
    integrationName: 'slack',
    connectionName: 'Mine',
    externalId: 'mine',
    endUserId: 'bob',
  })
  await weavz.user.approve(token as string)
  await send(weavz, 'POST', '/api/v1/connect/session/poll', { token })
  await execute({ ...message, integrationAlias: 'slack', endUserId: 'bob', input })
  await send(weavz, 'GET', '/api/v1/nowhere')
  await send(weavz, 'POST', '/api/v1/connections', {
    type: 'SECRET_TEXT',
    secretText: hush,
    integrationName: 'openai',
    externalId: 'o',
    displayName: 'O',
  })
}

/** What is served beside the API, and what the mock sends by itself. */
async function besideTheApi(weavz: MockWeavz): Promise<void> {
  const workspaceId = weavz.seeded.workspaces.acme
  const { connectUrl } = await send(weavz, 'POST', '/api/v1/connect/token', {
    ...{ workspaceId, integrationName: 'slack', connectionName: 'Hosted', externalId: 'hosted' },
  })
  const page = new URL(connectUrl as string)
  await weavz.fetch(page)
  const chosen = new URLSearchParams({ token: page.searchParams.get('token') as string, intent: 'connect' })
  const { headers } = await weavz.fetch(new URL('/connect', page), { method: 'POST', body: chosen })
  await weavz.fetch(headers.get('location') as string)
  weavz.registerTrigger('slack', 'new_message')
  const trigger = {
    workspaceId,
    integrationName: 'slack',
    integrationAlias: 'bot',
    triggerName: 'new_message',
  }
  const callback = { callbackUrl: 'https://app.example.com/events', callbackHeaders: { 'x-app': hush } }
  await send(weavz, 'POST', '/api/v1/triggers/enable', { ...trigger, ...callback })
  await weavz.emit({ integrationName: 'slack', triggerName: 'new_message' }, { text: 'Hi' })
  const approvers = [{ type: 'webhook', webhookUrl: 'https://app.example.com/approvals' }]
  await send(weavz, 'POST', '/api/v1/approval-policies', { name: 'Ask', workspaceId, approvers })
  const server = await weavz.fetch('https://api.weavz.io/api/v1/mcp/servers', {
    method: 'POST',
    headers: { authorization: `Bearer ${weavz.apiKey}` },
    body: JSON.stringify({ name: 'Support', workspaceId, authMode: 'bearer', endUserId: 'bob' }),
  })
  const { mcpEndpoint, bearerToken } = (await server.json()) as Record<string, string>
  await weavz.fetch(mcpEndpoint as string, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${bearerToken}`, 'content-type': 'application/json' },
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'kv_store_put', arguments: { key: 'k', value: 1 } },
    }),
  })
  await weavz.settled()
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the journal', () => {
  it('is the same, byte by byte, for the same seed and the same requests', async () => {
    const forbidden = (): never => {
      throw new Error('Time and chance come from the mock')
    }
    vi.spyOn(Date, 'now').mockImplementation(forbidden)
    vi.spyOn(Math, 'random').mockImplementation(forbidden)
    const { randomUUID } = crypto
    vi.spyOn(crypto, 'randomUUID').mockImplementation(() => {
      // The library of the protocol names its streams so, which shows nowhere
      if (!new Error().stack?.includes('@modelcontextprotocol')) forbidden()
      return randomUUID.call(crypto)
    })
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(forbidden)
    // Receivers take their time, and not always the same
    const patience = [[1, 9, 4], [7]]
    const runs = patience.map((pauses) => {
      const { deliveryFetch } = receiver(500, 204, 503)
      const slowly: typeof deliveryFetch = async (...request) => {
        await new Promise((resolve) => setTimeout(resolve, pauses[0]))
        pauses.push(pauses.shift() as number)
        return deliveryFetch(...request)
      }
      return createMockWeavz({ seed: typicalSeed, deliveryFetch: slowly })
    })
    for (const weavz of runs) {
      await weavz.ready
      await scenario(weavz)
      await besideTheApi(weavz)
    }
    const [one, other] = runs.map((weavz) => JSON.stringify(weavz.journal))
    expect(one).toBe(other)
    expect(runs[0]!.snapshot()).toBe(runs[1]!.snapshot())
    const first = runs[0]!
    expect(new Set(first.journal.list().map(({ endpoint }) => endpoint))).toEqual(
      expect.objectContaining(
        new Set(['pages.connect', 'provider.authorize', 'webhooks.trigger', 'webhooks.approval']),
      ),
    )
    expect(one).not.toContain(hush)
    for (const weavz of [first, runs[1]!.fork()]) {
      weavz.reset()
      await scenario(weavz)
      expect(one).toContain(JSON.stringify(weavz.journal).slice(1, -1))
    }
  })

  it('tells what was asked, answered and wrong, how it was resolved and what was opened', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await scenario(weavz)
    const executed = weavz.calls('actions.execute')
    expect(executed.map(({ response }) => response?.status)).toEqual([200, 200, 400, 400, 400, 200, 200])
    const [bot, refreshed, refused, invalid, noJson] = executed
    expect(bot).toMatchObject({
      seq: 2,
      at: typicalSeed.now,
      endpoint: 'actions.execute',
      request: {
        method: 'POST',
        path: '/api/v1/actions/execute',
        headers: { authorization: '[secret]' },
        body: { integrationAlias: 'bot', input: { channel: '#c', text: 'Hi' } },
      },
      issues: [],
      resolutions: [{ outcome: 'resolved', connectionId: weavz.seeded.connections.bot, code: null }],
      openings: expect.arrayContaining([
        { connectionId: weavz.seeded.connections.bot, field: 'accessToken', purpose: 'execute' },
      ]),
      response: { status: 200, body: { success: true } },
    })
    expect(bot?.resolutions[0]?.request).toStrictEqual({
      kind: 'execute',
      workspaceId: weavz.seeded.workspaces.acme,
      integrationName: 'slack',
      actionName: 'send_channel_message',
      integrationAlias: 'bot',
    })
    expect(bot?.resolutions[0]?.steps.map(({ rung }) => rung)).toContain('target')
    expect(refreshed?.openings.map(({ field, purpose }) => `${purpose} ${field}`)).toContain(
      'refresh refreshToken',
    )
    expect(refused?.resolutions.at(-1)).toMatchObject({ outcome: 'denied', code: 'CONNECTION_REQUIRED' })
    expect(refused?.openings).toEqual([])
    expect(invalid?.issues.map(({ path }) => path)).toContain('body.input.channel')
    expect(noJson).toMatchObject({
      request: { body: undefined },
      response: { body: { code: 'INVALID_JSON' } },
    })
    expect(weavz.journal.list().find(({ endpoint }) => endpoint === null)).toMatchObject({
      request: { path: '/api/v1/nowhere' },
      response: { status: 404 },
    })
    expect(weavz.journal.list()[0]?.request.query).toEqual({ limit: '1' })
  })

  it('refuses to count the calls of what does not exist', () => {
    const weavz = createMockWeavz()
    // @ts-expect-error -- the types know the names, JavaScript does not
    expect(() => weavz.calls('actions.exceute')).toThrow('actions.execute')
    expect(weavz.calls('actions.execute')).toEqual([])
  })

  it('holds no credential, key or token', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await scenario(weavz)
    weavz.onAction('slack', 'send_channel_message', ({ credentials }) => ({
      echo: `token ${credentials?.accessToken?.reveal()}`,
    }))
    const tokens: string[] = []
    const { token } = await clientOf(weavz).connect.createToken({
      integrationName: 'slack',
      connectionName: 'More',
      externalId: 'more',
      workspaceId: weavz.seeded.workspaces.acme,
    })
    tokens.push(token)
    await weavz.user.approve(token, { accessToken: `approved-${hush}` })
    await post(weavz, 'slack', { channel: '#c', text: 'Hi' }, 'user_123')
    const { plainKey } = await clientOf(weavz).apiKeys.create({ name: 'More' })
    const text = JSON.stringify(weavz.journal)
    expect(text).toContain('"echo":"token [secret]"')
    for (const secret of [hush, weavz.apiKey, plainKey, ...tokens]) expect(text).not.toContain(secret)
  })

  it('holds no credential that so many were opened after that nobody would know it now', async () => {
    const names = Array.from({ length: 16 }, (_, n) => `account_${n}`)
    const secretOf = (name: string) => `${name} ${hush} `.repeat(2500)
    const weavz = createMockWeavz({
      seed: {
        workspaces: { acme: {} },
        connections: Object.fromEntries(
          names.map((name) => [
            name,
            { workspace: 'acme', integrationName: 'openai', type: 'SECRET_TEXT', secretText: secretOf(name) },
          ]),
        ),
      },
    })
    const redactor = new Redactor()
    for (const name of names) redactor.remember(secretOf(name))
    const [first] = names as [string]
    // The premise
    expect(redactor.text(secretOf(first))).toContain(hush)

    weavz.onAction('openai', 'chat_completion', ({ credentials }) => ({
      echo: credentials?.secretText?.reveal(),
    }))
    for (const connectionExternalId of names) {
      await send(weavz, 'POST', '/api/v1/actions/execute', {
        ...{ workspaceId: weavz.seeded.workspaces.acme, connectionExternalId },
        ...{ integrationName: 'openai', actionName: 'chat_completion' },
        input: { model: 'gpt-4o', messages: [] },
      })
    }
    const bodies = weavz.calls('actions.execute').map(({ response }) => JSON.stringify(response?.body))
    expect(bodies).toHaveLength(names.length)
    for (const body of bodies) {
      expect(body).toContain('"echo":"[secret]')
      expect(body).not.toContain(hush)
    }
  })

  it('shows each exchange as it was, however late it is read', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    const answered = { list: ['one'] }
    weavz.onAction('slack', 'send_channel_message', ({ input }) => {
      input['text'] = 'changed by the handler'
      return answered
    })
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    answered.list.push('two')
    const [entry] = weavz.calls('actions.execute')
    expect(entry).toMatchObject({
      request: { body: { input: { text: 'Hi' } } },
      response: { body: { output: { list: ['one'] } } },
    })
    expect(weavz.calls('actions.execute')[0]).toBe(entry)
  })

  it('tells each request apart from others that run at the same time', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    weavz.onAction('slack', 'send_channel_message', () => ({ ok: true }))
    await Promise.all([
      post(weavz, 'bot', { channel: '#bot', text: 'Hi' }),
      post(weavz, 'slack', { channel: '#alice', text: 'Hi' }, 'user_123'),
    ])
    const chosen = weavz
      .calls('actions.execute')
      .map(({ request, resolutions, openings }) => [
        (request.body as { input: { channel: string } }).input.channel,
        resolutions.map(({ connectionId }) => connectionId),
        new Set(openings.map(({ connectionId }) => connectionId)),
      ])
    const { bot, alice_slack: alice } = weavz.seeded.connections
    expect(chosen).toEqual([
      ['#bot', expect.arrayContaining([bot]), new Set([bot])],
      ['#alice', expect.arrayContaining([alice]), new Set([alice])],
    ])
  })

  it('is empty in a fork and after reset', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await scenario(weavz)
    expect(weavz.fork().journal.count).toBe(0)
    weavz.reset()
    expect([weavz.journal.count, weavz.journal.list()]).toEqual([0, []])
  })

  it('keeps the last ones, as many as it may', async () => {
    const weavz = createMockWeavz({ journalLimit: 3 })
    for (let at = 0; at < 10; at++) await send(weavz, 'GET', '/api/v1/health')
    expect(weavz.journal.list().map(({ seq }) => seq)).toEqual([8, 9, 10])
    expect(weavz.journal.count).toBe(10)
    weavz.journal.clear()
    await send(weavz, 'GET', '/api/v1/health')
    expect(weavz.journal.list().map(({ seq }) => seq)).toEqual([11])
  })

  it('shows a request that is still under way, without an answer', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    let letGo = () => undefined as void
    const begun = new Promise<void>((begin) => {
      weavz.onAction('slack', 'send_channel_message', () => {
        begin()
        return new Promise<void>((resolve) => (letGo = resolve))
      })
    })
    const running = post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    await begun
    expect(weavz.journal.list().at(-1)?.response).toBeNull()
    letGo()
    await running
    expect(weavz.journal.list().at(-1)?.response?.status).toBe(200)
  })
})
