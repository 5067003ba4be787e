import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createMockWeavz, type FaultEffect, type FaultTarget, type MockWeavz } from '@weavz/sdk/mock'
import { listen } from '@weavz/sdk/mock/node'
import { weavzHandlers } from '../../../src/msw/index.js'
import { callbackUrl, withTriggers } from '../with-triggers.js'
import { inProcess } from '../door.js'
import { receiver } from '../receiver.js'
import { clientOf, post, typicalSeed } from './world.js'

type Fetch = (url: string, init?: RequestInit) => Promise<Response>
type Open = (weavz: MockWeavz) => Promise<{ origin: string; fetch: Fetch }>

const onPort: Open = async (weavz) => {
  const server = await listen(weavz)
  onTestFinished(() => server.close())
  return { origin: server.url, fetch }
}

const target = (path: string, status: number, init: RequestInit = {}) => ({ path, status, init })
const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })

/** A request of each kind, and how it is answered without a fault. */
const targets = {
  'health.check': target('/health', 200),
  'connections.create': target('/api/v1/connections', 401, { method: 'POST', body: '{}' }),
  'pages.connect': target('/connect?token=cst_dead', 404),
  'provider.authorize': target('/_provider/authorize?client_id=nobody', 400),
  'provider.token': target('/_provider/token', 400, form({ grant_type: 'refresh_token' })),
  'mcp.endpoint': target('/mcp/srv_nowhere', 404, { method: 'POST', body: '{}' }),
  'mcp.metadata': target('/.well-known/oauth-authorization-server/oauth', 200),
} satisfies { [Id in FaultTarget]?: ReturnType<typeof target> }
type Target = keyof typeof targets

interface Call {
  readonly weavz: MockWeavz
  readonly id: Target
  readonly send: (init?: RequestInit) => Promise<Response>
}

/** What a client sees of each effect, whatever it strikes and however it comes in. */
const effects: Record<string, { effect: FaultEffect; sees: (call: Call) => Promise<void>; html?: false }> = {
  'an answer in place of the real one': {
    effect: { type: 'status', status: 503, body: { down: true }, headers: { 'x-outage': 'yes' } },
    async sees({ send }) {
      const answer = await send()
      expect([answer.status, answer.headers.get('x-outage')]).toEqual([503, 'yes'])
      expect(await answer.json()).toEqual({ down: true })
    },
  },
  'a rate limit': {
    effect: { type: 'rate-limit', retryAfter: 7 },
    async sees({ send }) {
      const answer = await send()
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
    },
  },
  'an answer that takes its time on the clock of the mock': {
    effect: { type: 'latency', ms: 60_000 },
    async sees({ weavz, id, send }) {
      let answered = false
      const running = send().then((answer) => {
        answered = true
        return answer
      })
      await vi.waitUntil(() => !weavz.faults.list()[0]?.pending)
      await weavz.clock.advance(59_999)
      expect(answered).toBe(false)
      await weavz.clock.advance(1)
      expect((await running).status).toBe(targets[id].status)
    },
  },
  'a connection that breaks': {
    effect: { type: 'reset' },
    async sees({ send }) {
      await expect(send()).rejects.toThrow(TypeError)
    },
  },
  'no answer, until the client gives up': {
    effect: { type: 'no-answer' },
    async sees({ weavz, send }) {
      const controller = new AbortController()
      const reason = new Error('enough')
      const running = send({ signal: controller.signal })
      await vi.waitUntil(() => !weavz.faults.list()[0]?.pending)
      controller.abort(reason)
      await expect(running).rejects.toBe(reason)
    },
  },
  'a body that breaks off': {
    effect: { type: 'truncate', bytes: 5 },
    async sees({ id, send }) {
      const answer = await send()
      expect(answer.status).toBe(targets[id].status)
      await expect(answer.text()).rejects.toThrow(TypeError)
    },
  },
  'a body that is no JSON': {
    effect: { type: 'malformed-json' },
    html: false,
    async sees({ id, send }) {
      const answer = await send()
      expect(answer.status).toBe(targets[id].status)
      await expect(answer.json()).rejects.toThrow(SyntaxError)
    },
  },
  'a body that comes slowly': {
    effect: { type: 'slow-body', ms: 2 },
    async sees({ send }) {
      const slow = await send()
      let parts = 0
      let text = ''
      const decoder = new TextDecoder()
      for await (const part of slow.body as unknown as AsyncIterable<Uint8Array>) {
        parts++
        text += decoder.decode(part, { stream: true })
      }
      expect(parts).toBeGreaterThan(1)
      const stable = (body: string) => body.replace(/[0-9a-f-]{36}/g, '')
      expect(stable(text)).toBe(stable(await (await send()).text()))
    },
  },
}

function suite(open: Open): void {
  const cases = Object.entries(effects).flatMap(([name, { html }]) =>
    (Object.keys(targets) as Target[])
      .filter((id) => html !== false || !/^pages|authorize$/.test(id))
      .map((id) => [name, id] as const),
  )

  it.each(cases)('%s, of %s', async (name, id) => {
    const weavz = createMockWeavz({ seed: { now: '2025-01-15T10:30:00.000Z' } })
    const { origin, fetch } = await open(weavz)
    const { path, init, status } = targets[id]
    const send = (more: RequestInit = {}) => fetch(origin + path, { ...init, ...more })
    const { effect, sees } = effects[name]!
    weavz.faults.add({ match: { endpoint: id }, effect })
    await sees({ weavz, id, send })
    // Once, and nothing stays broken
    expect((await send()).status).toBe(status)
    expect(weavz.faults.list().map(({ struck }) => struck)).toEqual([1])
    const [struck, ...others] = weavz.calls(id)
    expect(struck?.faults).toMatchObject([{ type: effect.type }])
    expect(others.flatMap(({ faults }) => faults)).toEqual([])
  })

  it('the answer is lost after the work was done', async () => {
    const weavz = createMockWeavz()
    const { origin, fetch } = await open(weavz)
    const headers = { authorization: `Bearer ${weavz.apiKey}` }
    const create = (slug: string) =>
      fetch(`${origin}/api/v1/workspaces`, {
        ...{ method: 'POST', headers },
        body: JSON.stringify({ name: slug, slug }),
      })
    const match = { endpoint: 'workspaces.create' } as const
    weavz.faults.add({ match, effect: { type: 'reset' }, phase: 'after' })
    await expect(create('a')).rejects.toThrow(TypeError)
    weavz.faults.add({ match, effect: { type: 'status', status: 502 }, phase: 'after' })
    expect((await create('b')).status).toBe(502)
    weavz.faults.add({ match, effect: { type: 'reset' }, phase: 'before' })
    await expect(create('c')).rejects.toThrow(TypeError)
    const { total } = (await (await fetch(`${origin}/api/v1/workspaces`, { headers })).json()) as {
      total: number
    }
    expect(total).toBe(2)
    expect(weavz.calls('workspaces.create').map(({ request }) => request.body)).toEqual(
      ['a', 'b', 'c'].map((slug) => ({ name: slug, slug })),
    )
  })
}

describe('a fault in process gives', () => {
  suite(async (weavz) => ({ origin: 'https://api.weavz.io', fetch: weavz.fetch }))
})

describe('a fault on a port gives', () => {
  suite(onPort)
})

describe('a fault behind msw gives', () => {
  const server = setupServer()
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  afterAll(() => server.close())

  suite(async (weavz) => {
    server.resetHandlers(...weavzHandlers(weavz))
    return { origin: 'https://api.weavz.io', fetch: (url, init) => fetch(url, init) }
  })
})

describe('a fault of a token endpoint', () => {
  async function due() {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.ready
    await weavz.clock.advance('2h')
    const send = () => post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    const status = async () =>
      (await clientOf(weavz).connections.get(weavz.seeded.connections.bot)).connection.status
    const add = (effect: FaultEffect, times = 3) =>
      weavz.faults.add({ match: { endpoint: 'provider.token' }, effect, times })
    return { weavz, send, status, add }
  }

  it.each<FaultEffect>([{ type: 'status', status: 500 }, { type: 'rate-limit' }, { type: 'reset' }])(
    'puts the connection in error until the provider is back: %j',
    async (effect) => {
      const { weavz, send, status, add } = await due()
      add(effect)
      await expect(send()).rejects.toMatchObject({ code: 'CONNECTION_REQUIRED' })
      expect(await status()).toBe('ERROR')
      expect(weavz.calls('provider.token').map(({ faults }) => faults[0]?.type)).toEqual(
        Array.from({ length: 3 }, () => effect.type),
      )
      await weavz.clock.advance('1m')
      expect((await send()).success).toBe(true)
      expect(await status()).toBe('ACTIVE')
      weavz.assertQuiet()
    },
  )

  it.each<FaultEffect>([
    { type: 'slow-body', ms: 1 },
    { type: 'latency', ms: 5, clock: 'real' },
  ])('only takes its time: %j', async (effect) => {
    const { send, status, add, weavz } = await due()
    add(effect, 1)
    expect((await send()).success).toBe(true)
    expect(await status()).toBe('ACTIVE')
    weavz.assertQuiet()
  })

  it('ends the grant for good where the provider says so', async () => {
    const { weavz, send, status, add } = await due()
    add({ type: 'status', status: 400, body: { error: 'invalid_grant' } }, 1)
    await expect(send()).rejects.toMatchObject({ code: 'CONNECTION_REQUIRED' })
    await weavz.clock.advance('1h')
    await expect(send()).rejects.toMatchObject({ code: 'CONNECTION_REQUIRED' })
    expect(await status()).toBe('ERROR')
    expect(weavz.calls('provider.token')).toHaveLength(1)
    expect(weavz.calls('provider.token')[0]?.response?.body).toEqual({ error: 'invalid_grant' })
  })

  it('that never answers is given up after ten seconds, three times', async () => {
    const { send, status, add, weavz } = await due()
    add({ type: 'no-answer' })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const running = send().catch((error: { code: string }) => error.code)
      for (let at = 0; at < 3; at++) {
        await vi.waitUntil(() => weavz.faults.list()[0]?.struck === at + 1, { timeout: 5000 })
        await vi.advanceTimersByTimeAsync(10_000)
      }
      expect(await running).toBe('CONNECTION_REQUIRED')
    } finally {
      vi.useRealTimers()
    }
    expect(await status()).toBe('ERROR')
  })
})

describe('a fault of a receiver of events', () => {
  it.each<[FaultEffect, 'before' | 'after', number, string]>([
    [{ type: 'status', status: 503 }, 'before', 1, 'The receiver answered HTTP 503'],
    [{ type: 'reset' }, 'before', 1, 'fetch failed: read ECONNRESET'],
    // Delivered at least once, says the documentation: here is the twice
    [{ type: 'reset' }, 'after', 2, 'fetch failed: read ECONNRESET'],
  ])('costs an attempt: %j %s', async (effect, phase, arrivals, error) => {
    const { received, deliveryFetch } = receiver()
    const { api, enable } = await withTriggers(inProcess, { deliveryFetch })
    const { id } = await enable()
    api.weavz.faults.add({ match: { endpoint: 'webhooks.trigger' }, effect, phase })
    expect(await api.weavz.emit(id, {})).toMatchObject({ delivered: true })
    expect(received.map(({ url }) => url)).toEqual(Array.from({ length: arrivals }, () => callbackUrl))
    expect(api.weavz.calls('webhooks.trigger')).toMatchObject([
      {
        attempts: [
          { status: 'retrying', error },
          { status: 'success', error: null },
        ],
        faults: [{ type: effect.type, phase }],
      },
    ])
  })
})
