import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ErrorBody } from '../../../src/contract/errors.js'
import { endpoints } from '../../../src/contract/index.js'
import { parse } from '../../../src/contract/issues.js'
import { controlRoutes } from '../../../src/mock/control/routes.js'
import { createMockWeavz, type MockWeavz } from '../../../src/mock/index.js'
import { listen } from '../../../src/mock/node.js'
import { clientOf, hush, post, typicalSeed } from '../kit/world.js'

/** A mock on a port, steered as a program in any language would. */
async function steered(options: Parameters<typeof createMockWeavz>[0] = { seed: typicalSeed }) {
  const weavz = createMockWeavz(options) as MockWeavz
  await weavz.ready
  const server = await listen(weavz)
  onTestFinished(() => server.close())
  const send = async (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
    const response = await fetch(`${server.url}/_weavz/${path}`, { method, ...(text && { body: text }) })
    return {
      status: response.status,
      body: JSON.parse(await response.text()) as any,
      headers: response.headers,
    }
  }
  return { weavz, url: server.url, send, client: clientOf(weavz) }
}

const ok = { status: 200, body: { ok: true } }

describe('the control routes', () => {
  it('say that the mock is ready', async () => {
    const { send } = await steered()
    expect(await send('GET', 'health')).toMatchObject(ok)
  })

  it('tell what is there, and no secret', async () => {
    const { send, weavz } = await steered()
    const { body } = await send('GET', 'state')
    expect(body.clock).toEqual({ now: '2025-01-15T10:30:00.000Z', frozen: true })
    expect(body.counts).toMatchObject({
      workspaces: 2,
      endUsers: 2,
      connections: 2,
      credentials: 2,
      apiKeys: 2,
    })
    const names = body.resources.workspaces.map(({ name }: { name: string }) => name)
    expect(names).toEqual(['Acme', 'globex'])
    expect(body.resources.connections[0]).toMatchObject({ externalId: 'bot', status: 'ACTIVE' })
    const text = JSON.stringify(body)
    for (const secret of [hush, weavz.apiKey, 'wv1.', 'keyHash', 'tokenHash'])
      expect(text).not.toContain(secret)
  })

  it('show one resource, page by page', async () => {
    const { send } = await steered()
    const { body } = await send('GET', 'state?resource=endUsers&limit=1&offset=1')
    expect(Object.keys(body.resources)).toEqual(['endUsers'])
    expect(body.resources.endUsers).toMatchObject([{ externalId: 'bob' }])
    expect(body.counts.endUsers).toBe(2)
  })

  it('lead back to the seed', async () => {
    const { send, weavz, client } = await steered()
    const before = weavz.snapshot()
    await client.workspaces.create({ name: 'Other', slug: 'other' })
    await weavz.clock.advance('1h')
    expect(await send('POST', 'reset')).toMatchObject(ok)
    expect(weavz.snapshot()).toBe(before)
  })

  it('carry the state from one mock to another', async () => {
    const { send, client } = await steered()
    await client.workspaces.create({ name: 'Other', slug: 'other' })
    const { body } = await send('GET', 'snapshot')
    const elsewhere = await steered({})
    expect(await elsewhere.send('PUT', 'snapshot', body)).toMatchObject(ok)
    expect((await elsewhere.send('GET', 'snapshot')).body).toEqual(body)
    expect(elsewhere.weavz.clock.now()).toBe(Date.parse('2025-01-15T10:30:00.000Z'))
  })

  it('take a snapshot that is larger than the bodies of the API', async () => {
    const { send, client, weavz } = await steered()
    const value = 'x'.repeat(900_000)
    for (const key of ['a', 'b', 'c', 'd']) {
      const workspaceId = weavz.seeded.workspaces.acme as string
      await client.actions.execute('kv-store', 'put', { workspaceId, input: { key, value } })
    }
    expect(await send('PUT', 'snapshot', weavz.snapshot())).toMatchObject(ok)
  })

  it('set the limits of the plan, and tell how much of them is used', async () => {
    const { send, weavz, client } = await steered()
    const before = (await send('GET', 'quotas')).body
    expect(before).toEqual(weavz.quotas.usage())
    expect(before.workspaces).toEqual({ used: 2, limit: null })
    const after = await send('POST', 'quotas', { workspaces: 2, sandboxTime: 0.5 })
    expect(after).toMatchObject({
      status: 200,
      body: { workspaces: { used: 2, limit: 2 }, sandboxTime: { used: 0, limit: 0.5 } },
    })
    await expect(client.workspaces.create({ name: 'C', slug: 'c' })).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    })
    expect((await send('POST', 'quotas', { workspaces: null })).body.workspaces.limit).toBeNull()
    await client.workspaces.create({ name: 'C', slug: 'c' })
  })

  it('move the clock', async () => {
    const { send } = await steered({})
    const at = '2030-01-01T00:00:00.000Z'
    expect((await send('POST', 'clock', { freeze: at })).body).toEqual({ now: at, frozen: true })
    expect((await send('POST', 'clock', { advance: '4h' })).body.now).toBe('2030-01-01T04:00:00.000Z')
    expect((await send('POST', 'clock', { advance: 500 })).body.now).toBe('2030-01-01T04:00:00.500Z')
    expect((await send('POST', 'clock', { set: at })).body.now).toBe(at)
    expect((await send('GET', 'clock')).body).toEqual({ now: at, frozen: true })
    expect((await send('POST', 'clock', { resume: true })).body.frozen).toBe(false)
    expect((await send('POST', 'clock', { freeze: true })).body.frozen).toBe(true)
  })

  it('wake who sleeps until then', async () => {
    const { send, weavz } = await steered()
    weavz.faults.add({ effect: { type: 'latency', ms: 60_000 } })
    const answered = clientOf(weavz).workspaces.list()
    await send('POST', 'clock', { advance: '1m' })
    expect((await answered).total).toBe(2)
  })

  it('arm faults, list them, and take them back', async () => {
    const { send, client } = await steered()
    const spec = {
      match: { endpoint: 'workspaces.list' },
      effect: { type: 'status', status: 503 },
      times: 'always',
    }
    const added = await send('POST', 'faults', spec)
    expect(added).toMatchObject({ status: 201, body: { fault: { id: 1, spec, struck: 0, pending: true } } })
    const other = await send('POST', 'faults', { effect: { type: 'reset' } })
    await expect(client.workspaces.list()).rejects.toMatchObject({ status: 503 })
    expect((await send('GET', 'faults')).body.faults).toMatchObject([
      { id: 1, struck: 1 },
      { id: 2, struck: 1 },
    ])
    expect(await send('DELETE', `faults/${other.body.fault.id}`)).toMatchObject(ok)
    expect(await send('DELETE', `faults/${other.body.fault.id}`)).toMatchObject({ status: 404 })
    expect(await send('DELETE', 'faults')).toMatchObject(ok)
    expect((await client.workspaces.list()).total).toBe(2)
  })

  it('tell what happened, as much of it as is asked for', async () => {
    const { send, weavz, client } = await steered()
    await post(weavz, 'bot', { channel: '#general', text: 'Hi' })
    await client.workspaces.list()
    await client.workspaces.get(weavz.seeded.workspaces.acme as string)
    await client.workspaces.get('00000000-0000-4000-8000-000000000000').catch(() => undefined)
    const seqs = async (query: string) => {
      const { body } = await send('GET', `journal${query}`)
      expect(body.count).toBe(4)
      return body.entries.map(({ seq }: { seq: number }) => seq)
    }
    expect(await seqs('')).toEqual([1, 2, 3, 4])
    expect(await seqs('?endpoint=workspaces.get')).toEqual([3, 4])
    expect(await seqs('?status=404')).toEqual([4])
    expect(await seqs('?after=2')).toEqual([3, 4])
    expect(await seqs('?limit=1')).toEqual([4])
    expect(await seqs('?limit=0')).toEqual([])
    expect((await send('GET', 'journal')).body.entries).toEqual(JSON.parse(JSON.stringify(weavz.journal)))
    expect(await send('DELETE', 'journal')).toMatchObject(ok)
    expect((await send('GET', 'journal')).body).toEqual({ count: 4, dropped: 0, entries: [] })
  })

  it('explain and describe, too', async () => {
    const { send, url } = await steered()
    const { body } = await send('POST', 'explain', { integrationName: 'slack' })
    expect(body.explanation).toMatchObject({ type: 'explanation' })
    expect((await send('GET', 'openapi.json')).body.servers).toEqual([{ url }])
  })

  it('stay out of faults, of the journal and of the rate limit, and are kept by nobody', async () => {
    const { send, weavz } = await steered({ requestsPerMinute: 1 })
    weavz.faults.add({ effect: { type: 'reset' }, times: 'always' })
    for (let at = 0; at < 3; at++) {
      const { status, headers } = await send('GET', 'health')
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe('no-store')
    }
    expect(weavz.journal.count).toBe(0)
  })

  it.each(controlRoutes.map(({ method, path }) => [method, path] as const))(
    '%s %s is in the guide',
    (method, path) => {
      const guide = readFileSync(new URL('../../../docs/testing.md', import.meta.url), 'utf8')
      expect(guide).toContain(`| \`${method} ${path}\` |`)
    },
  )
})

describe('a control route answers in the error envelope', () => {
  const cases: [
    name: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    mention: string,
  ][] = [
    ['a path that is none', 'GET', 'helth', undefined, 404, 'did you mean GET /_weavz/health?'],
    ['a method that it has not', 'POST', 'snapshot', '{}', 404, '/_weavz/snapshot?'],
    [
      'a fault that is none',
      'POST',
      'faults',
      { effect: { type: 'status', status: 999 } },
      400,
      'body.effect.status',
    ],
    ['a fault with a typo', 'POST', 'faults', { efect: {} }, 400, 'body.efect'],
    [
      'a fault on no endpoint',
      'POST',
      'faults',
      { match: { endpoint: 'x' }, effect: { type: 'reset' } },
      400,
      'body.match.endpoint',
    ],
    [
      'a fault with a predicate',
      'POST',
      'faults',
      { match: { when: 'true' }, effect: { type: 'reset' } },
      400,
      'body.match.when',
    ],
    [
      'a fault with match null',
      'POST',
      'faults',
      { match: null, effect: { type: 'reset' } },
      400,
      'body.match',
    ],
    ['a fault in a list', 'POST', 'faults', [], 400, 'body'],
    [
      'a fault that spoils what is not there',
      'POST',
      'faults',
      { effect: { type: 'truncate' }, phase: 'before' },
      400,
      'body.phase',
    ],
    [
      'headers that are none',
      'POST',
      'faults',
      { effect: { type: 'status', status: 200, headers: { 'a b': 'c' } } },
      400,
      'body.effect.headers',
    ],
    [
      'a Retry-After that is none',
      'POST',
      'faults',
      { effect: { type: 'rate-limit', retryAfter: 'a\nb' } },
      400,
      'body.effect.retryAfter',
    ],
    [
      'a wait beyond all timers',
      'POST',
      'faults',
      { effect: { type: 'latency', ms: 1e12 } },
      400,
      'body.effect.ms',
    ],
    ['the id of no fault', 'DELETE', 'faults/x', undefined, 404, 'Fault'],
    ['a quota that is none', 'POST', 'quotas', { workspace: 1 }, 400, 'body.workspace'],
    ['a limit below nothing', 'POST', 'quotas', { workspaces: -1 }, 400, 'body.workspaces'],
    ['a clock that is not moved', 'POST', 'clock', {}, 400, 'body'],
    ['a clock that is moved twice', 'POST', 'clock', { freeze: true, advance: '1h' }, 400, 'body'],
    ['a time that is none', 'POST', 'clock', { set: 'yesterday' }, 400, 'body.set'],
    ['a time beyond all dates', 'POST', 'clock', { advance: 1e300 }, 400, 'body.advance'],
    ['a time before all calendars', 'POST', 'clock', { set: -1e15 }, 400, 'body.set'],
    ['a duration that is none', 'POST', 'clock', { advance: 'a while' }, 400, 'body.advance'],
    ['a clock that runs backwards', 'POST', 'clock', { advance: -1 }, 400, 'body.advance'],
    ['a body that is no JSON', 'POST', 'clock', '{', 400, 'JSON'],
    ['a body that is a list', 'POST', 'clock', '[]', 400, 'body'],
    ['a body of many levels', 'POST', 'explain', '['.repeat(1e5), 400, 'JSON'],
    ['a body that is too large', 'POST', 'clock', `{"set":"${'x'.repeat(3e6)}"}`, 413, 'body'],
    ['a snapshot that is none', 'PUT', 'snapshot', {}, 400, 'body'],
    ['a snapshot that is no JSON', 'PUT', 'snapshot', 'x', 400, 'body'],
    ['a snapshot that is null', 'PUT', 'snapshot', 'null', 400, 'body'],
    ['a page that is too large', 'GET', 'state?limit=1000', undefined, 400, 'query.limit'],
    ['a resource that is none', 'GET', 'state?resource=credentials', undefined, 400, 'query.resource'],
    ['a filter that is none', 'GET', 'journal?endpont=x', undefined, 400, 'query.endpont'],
    ['a filter by no endpoint', 'GET', 'journal?endpoint=x', undefined, 400, 'query.endpoint'],
    ['a number that is none', 'GET', 'journal?limit=-1', undefined, 400, 'query.limit'],
  ]

  it.each(cases)('to %s', async (_, method, path, body, status, mention) => {
    const { send, weavz } = await steered()
    const before = weavz.snapshot()
    const answer = await send(method, path, body)
    expect(answer).toMatchObject({ status })
    expect(parse(ErrorBody, answer.body)).toMatchObject({ ok: true })
    expect(JSON.stringify(answer.body)).toContain(mention)
    expect(weavz.snapshot()).toBe(before)
    expect(weavz.faults.list()).toEqual([])
  })

  it('to snapshots that are changed in any place', async () => {
    const { send, weavz } = await steered()
    const before = JSON.parse(weavz.snapshot())
    const spoilt = [
      { ...before, version: 99 },
      { ...before, vaultKey: 'mock-0000000000000000' },
      { ...before, clock: { frozenAt: 'now', offset: 0 } },
      { ...before, tables: { ...before.tables, nonsense: [{ id: 'x' }] } },
      { ...before, tables: { ...before.tables, connections: [{ id: 'x' }] } },
      { ...before, tables: { ...before.tables, connections: [{}] } },
      { ...before, random: ['x'] },
      { ...before, extra: 1 },
      { ...before, clock: { frozenAt: 1e300, offset: 0 } },
      { ...before, random: [1] },
      { ...before, tables: undefined },
    ]
    for (const snapshot of spoilt) {
      expect(await send('PUT', 'snapshot', snapshot), JSON.stringify(snapshot).slice(0, 300)).toMatchObject({
        status: 400,
      })
      expect(weavz.snapshot()).toBe(JSON.stringify(before))
    }
  })

  it.each([
    ['are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['nest without end', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('to snapshots that %s', async (_, body) => {
    const { url } = await steered()
    const answer = await fetch(`${url}/_weavz/snapshot`, { method: 'PUT', body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('knows every endpoint as a filter', async () => {
    const { send } = await steered()
    for (const { id } of endpoints)
      expect(await send('GET', `journal?endpoint=${id}`)).toMatchObject({ status: 200 })
  })
})
