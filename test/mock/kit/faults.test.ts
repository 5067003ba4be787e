import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createMockWeavz, type FaultSpec, type MockWeavz } from '@weavz/sdk/mock'
import { listen } from '@weavz/sdk/mock/node'
import { clientOf, post, typicalSeed } from './world.js'

interface Door {
  readonly weavz: MockWeavz
  get(path: string, init?: RequestInit): Promise<Response>
  create(slug: string): Promise<Response>
}

async function open(onPort: boolean): Promise<Door> {
  const weavz = createMockWeavz()
  const server = onPort ? await listen(weavz) : undefined
  if (server) onTestFinished(() => server.close())
  const headers = { authorization: `Bearer ${weavz.apiKey}` }
  const get = (path: string, init: RequestInit = {}) =>
    (server ? fetch : weavz.fetch)((server?.url ?? 'http://weavz.test') + path, { headers, ...init })
  const create = (slug: string) =>
    get('/api/v1/workspaces', { method: 'POST', body: JSON.stringify({ name: slug, slug }) })
  return { weavz, get, create }
}

const total = async ({ get }: Door) =>
  ((await (await get('/api/v1/workspaces')).json()) as { total: number }).total

describe.each([
  ['in process', false],
  ['on a port', true],
])('a fault, %s', (_, onPort) => {
  it('answers in place of the API, as often as it should, and nothing is done', async () => {
    const door = await open(onPort)
    door.weavz.faults.add({
      match: { endpoint: 'workspaces.create' },
      effect: { type: 'status', status: 503, headers: { 'x-outage': 'yes' } },
      times: 2,
    })
    const answers = [await door.create('a'), await door.create('b'), await door.create('c')]
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 201])
    expect(answers[0]?.headers.get('x-outage')).toBe('yes')
    expect(await answers[0]?.json()).toMatchObject({ error: 'An injected fault' })
    expect(await total(door)).toBe(1)
  })

  it('asks for patience', async () => {
    const { weavz, get } = await open(onPort)
    weavz.faults.add({ effect: { type: 'rate-limit', retryAfter: 7 } })
    const answer = await get('/api/v1/workspaces')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await answer.json()).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('breaks the connection before the work', async () => {
    const door = await open(onPort)
    door.weavz.faults.add({ effect: { type: 'reset' } })
    const error = await door.create('a').catch((reason: Error) => reason)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as { cause?: { code?: string } }).cause?.code).toBe('ECONNRESET')
    expect(await total(door)).toBe(0)
  })

  it('breaks the connection after the work was done', async () => {
    const door = await open(onPort)
    door.weavz.faults.add({ effect: { type: 'reset' }, phase: 'after' })
    await expect(door.create('a')).rejects.toThrow(TypeError)
    expect(await total(door)).toBe(1)
    expect(door.weavz.journal.list()[0]).toMatchObject({
      endpoint: 'workspaces.create',
      faults: [{ id: 1, type: 'reset', phase: 'after' }],
      response: null,
    })
  })

  it('never answers, until the caller gives up', async () => {
    const { weavz, get } = await open(onPort)
    weavz.faults.add({ effect: { type: 'no-answer' } })
    const controller = new AbortController()
    const reason = new Error('enough')
    const given = expect(get('/api/v1/workspaces', { signal: controller.signal })).rejects.toBe(reason)
    // Not earlier: the fault would go on waiting, and strike the next request
    await vi.waitUntil(() => weavz.faults.list()[0]?.struck === 1)
    controller.abort(reason)
    await given
    expect((await get('/api/v1/workspaces')).status).toBe(200)
  })

  it('cuts the body short', async () => {
    const { weavz, get } = await open(onPort)
    weavz.faults.add({ effect: { type: 'truncate', bytes: 5 } })
    const answer = await get('/api/v1/workspaces')
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(5)
    await expect(answer.text()).rejects.toThrow(/terminated/)
  })

  it('spoils the JSON', async () => {
    const { weavz, get } = await open(onPort)
    weavz.faults.add({ effect: { type: 'malformed-json' } })
    const answer = await get('/api/v1/workspaces')
    await expect(answer.json()).rejects.toThrow(SyntaxError)
  })

  it('lets the body arrive in parts', async () => {
    const { weavz, get } = await open(onPort)
    weavz.faults.add({ effect: { type: 'slow-body', ms: 2 } })
    const answer = await get('/api/v1/workspaces')
    let parts = 0
    let text = ''
    const decoder = new TextDecoder()
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      parts++
      text += decoder.decode(part, { stream: true })
    }
    expect(parts).toBeGreaterThan(1)
    expect(JSON.parse(text)).toMatchObject({ total: 0 })
  })

  it('holds the answer back until the clock of the mock is moved', async () => {
    const { weavz, get } = await open(onPort)
    weavz.clock.freeze()
    weavz.faults.add({ effect: { type: 'latency', ms: 60_000 } })
    let answered = false
    const running = get('/api/v1/workspaces').then((response) => {
      answered = true
      return response
    })
    while (weavz.faults.list()[0]?.pending) await new Promise((resolve) => setTimeout(resolve))
    await weavz.clock.advance(59_999)
    expect(answered).toBe(false)
    await weavz.clock.advance(1)
    expect((await running).status).toBe(200)
  })
})

describe('faults', () => {
  it('begin with the nth call, choose by a predicate, and can be taken back', async () => {
    const { weavz, get, create } = await open(false)
    const effect = { type: 'status', status: 500 } as const
    weavz.faults.add({ match: { endpoint: 'workspaces.list', nth: 3 }, effect })
    const calls: number[] = []
    for (let at = 0; at < 4; at++) calls.push((await get('/api/v1/workspaces')).status)
    expect(calls).toEqual([200, 200, 500, 200])
    const remove = weavz.faults.add({
      match: { when: ({ method }) => method === 'POST' },
      effect,
      times: 'always',
    })
    expect([(await get('/api/v1/workspaces')).status, (await create('a')).status]).toEqual([200, 500])
    expect(weavz.faults.list().map(({ struck, pending }) => [struck, pending])).toEqual([
      [1, false],
      [1, false],
    ])
    remove()
    expect((await create('a')).status).toBe(201)
    weavz.faults.add({ effect })
    weavz.faults.clear()
    expect((await get('/api/v1/workspaces')).status).toBe(200)
  })

  it('strike neither forks nor a world that was reset', async () => {
    const { weavz, get } = await open(false)
    weavz.faults.add({ effect: { type: 'reset' }, times: 'always' })
    expect(weavz.fork().faults.list()).toEqual([])
    weavz.reset()
    expect((await get('/api/v1/workspaces')).status).toBe(200)
  })

  it.each([
    [{}, /fault\.effect/],
    [{ effect: { type: 'fire' } }, /fault\.effect\.type/],
    [{ effect: { type: 'reset' }, match: { endpoint: 'workspaces.burn' } }, /fault\.match\.endpoint/],
    [
      { effect: { type: 'reset' }, match: { endpoint: 'provider.tokn' } },
      /fault\.match\.endpoint: Nothing is called "provider\.tokn"\. Did you mean "provider\.token"\?/,
    ],
    [
      { effect: { type: 'reset' }, match: { endpoint: 'webhook.trigger' } },
      /Did you mean "webhooks\.trigger"\?/,
    ],
    [{ effect: { type: 'reset' }, match: { endpoint: 'xyz' } }, /Nothing is called "xyz"$/],
    [{ effect: { type: 'reset' }, match: { endpoint: 5 } }, /Nothing is called 5$/],
    [
      { effect: { type: 'malformed-json' }, match: { endpoint: 'pages.connect' } },
      /fault\.effect\.type: malformed-json spoils JSON, and pages\.connect answers pages/,
    ],
    [{ effect: { type: 'truncate' }, phase: 'before' }, /comes after the work/],
    [{ effect: { type: 'status', status: 700 } }, /fault\.effect\.status/],
    [{ effect: { type: 'reset' }, times: 0 }, /fault\.times/],
  ])('are refused if they are none: %j', async (spec, expected) => {
    const { weavz } = await open(false)
    expect(() => weavz.faults.add(spec as FaultSpec)).toThrow(expected)
  })

  it('take the provider down in the middle of a token refresh, and let it come back', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    weavz.onAction('slack', 'send_channel_message', () => ({ ok: true }))
    await weavz.ready
    await weavz.clock.advance('2h')
    weavz.faults.add({
      match: { endpoint: 'provider.token' },
      effect: { type: 'status', status: 503 },
      times: 3,
    })
    const input = { channel: '#c', text: 'Hi' }
    await expect(post(weavz, 'bot', input)).rejects.toMatchObject({ code: 'CONNECTION_REQUIRED' })
    expect((await clientOf(weavz).connections.get(weavz.seeded.connections.bot)).connection.status).toBe(
      'ERROR',
    )
    await weavz.clock.advance('1h')
    expect((await post(weavz, 'bot', input)).output).toEqual({ ok: true })
    expect(weavz.faults.list()[0]).toMatchObject({ struck: 3, pending: false })
  })
})
