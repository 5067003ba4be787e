import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMockWeavz, type MockWeavz } from '@weavz/sdk/mock'
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
    vi.spyOn(crypto, 'randomUUID').mockImplementation(forbidden)
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(forbidden)
    const runs = [createMockWeavz({ seed: typicalSeed }), createMockWeavz({ seed: typicalSeed })]
    for (const weavz of runs) {
      await weavz.ready
      await scenario(weavz)
    }
    const [one, other] = runs.map((weavz) => JSON.stringify(weavz.journal))
    expect(one).toBe(other)
    expect(runs[0]!.snapshot()).toBe(runs[1]!.snapshot())
    expect(runs[0]!.journal.count).toBe(12)
    const first = runs[0]!
    first.reset()
    await scenario(first)
    expect(JSON.stringify(first.journal)).toBe(one)
    const fork = runs[1]!.fork()
    fork.reset()
    await scenario(fork)
    expect(JSON.stringify(fork.journal)).toBe(one)
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
