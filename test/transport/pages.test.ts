import { describe, expect, expectTypeOf, test } from 'vitest'
import { connections, type Connection } from '../../src/contract/connections.js'
import { workspaceIntegrations } from '../../src/contract/workspace-integrations.js'
import type { Fetch } from '../../src/transport/index.js'
import { workspaceIntegration } from '../resources/samples.js'
import { always, connection, json, refusal, rejection, script, transport, type Sent } from './support.js'

const item = (n: number) => ({ ...connection, id: `id-${n}`, externalId: `conn_${n}` })
const ids = (connections: { id: string }[]) => connections.map(({ id }) => id)

/** A server with that many connections, as the API pages them. */
function serverWith(count: number): { fetch: Fetch; sent: Sent[] } {
  return always(({ url }) => {
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 50)
    const all = Array.from({ length: count }, (_, n) => item(n))
    return json({ connections: all.slice(offset, offset + limit), total: count })
  })
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('A list', () => {
  test('awaited is one page', async () => {
    const { fetch, sent } = serverWith(7)
    const page = await transport({ fetch }).list(connections.list, { query: { limit: 3 } })
    expect(ids(page.connections)).toEqual(['id-0', 'id-1', 'id-2'])
    expect(page.total).toBe(7)
    expect(sent).toHaveLength(1)
  })

  test.each([
    [0, 3, ['']],
    [1, 3, ['']],
    [3, 3, ['']],
    [7, 3, ['', '3', '6']],
    [9, 3, ['', '3', '6']],
  ])('of %i items iterates over all, in pages of %i', async (count, limit, offsets) => {
    const { fetch, sent } = serverWith(count)
    const all = await collect(
      transport({ fetch }).list(connections.list, { query: { limit, integrationName: 'slack' } }),
    )
    expect(ids(all)).toEqual(Array.from({ length: count }, (_, n) => `id-${n}`))
    expect(sent.map(({ url }) => url.searchParams.get('offset') ?? '')).toEqual(offsets)
    expect(sent.every(({ url }) => url.searchParams.get('integrationName') === 'slack')).toBe(true)
    expectTypeOf(all).toEqualTypeOf<Connection[]>()
  })

  test('goes on from the offset that it was given', async () => {
    const { fetch } = serverWith(7)
    expect(
      ids(await collect(transport({ fetch }).list(connections.list, { query: { limit: 2, offset: 4 } }))),
    ).toEqual(['id-4', 'id-5', 'id-6'])
  })

  test('fetches no further page than the loop asks for', async () => {
    const { fetch, sent } = serverWith(100)
    for await (const { id } of transport({ fetch }).list(connections.list, { query: { limit: 10 } })) {
      if (id === 'id-10') break
    }
    expect(sent).toHaveLength(2)
  })

  test('can be awaited and iterated, twice, and asks for the first page once', async () => {
    const { fetch, sent } = serverWith(4)
    const list = transport({ fetch }).list(connections.list, { query: { limit: 2 } })
    await list
    expect(ids(await collect(list))).toEqual(ids(await collect(list)))
    expect(sent).toHaveLength(3)
  })

  test('that the API does not page yields its items, whatever total says', async () => {
    const { fetch, sent } = script(json({ integrations: [workspaceIntegration], total: 9 }))
    const list = transport({ fetch }).list(workspaceIntegrations.list, { params: { workspaceId: 'w' } })
    expect(await collect(list)).toEqual([workspaceIntegration])
    expect(sent).toHaveLength(1)
  })

  test('ends at an empty page, though total promises more', async () => {
    const { fetch, sent } = script(
      json({ connections: [item(0)], total: 5 }),
      json({ connections: [], total: 5 }),
    )
    expect(await collect(transport({ fetch }).list(connections.list, {}))).toHaveLength(1)
    expect(sent).toHaveLength(2)
  })

  test('of a server that ignores offset fails instead of handing out items twice, for ever', async () => {
    const { fetch, sent } = always(() => json({ connections: [item(0), item(1)], total: 1_000_000 }))
    const error = await rejection(collect(transport({ fetch }).list(connections.list, {})))
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE', message: expect.stringContaining('offset 2') })
    expect(sent).toHaveLength(2)
  })

  test('without an array of items fails as an invalid response also where validation is off', async () => {
    const { fetch } = script(json({ total: 3 }))
    const error = await rejection(collect(transport({ fetch, validation: 'off' }).list(connections.list, {})))
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE', path: 'connections' })
  })

  test('stops between two items when the caller aborts', async () => {
    const controller = new AbortController()
    const { fetch, sent } = serverWith(100)
    const seen: string[] = []
    const walk = async () => {
      const list = transport({ fetch }).list(
        connections.list,
        { query: { limit: 10 } },
        { signal: controller.signal },
      )
      for await (const { id } of list) {
        seen.push(id)
        if (seen.length === 3) controller.abort(new Error('enough'))
      }
    }
    expect(await rejection(walk())).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } })
    expect(seen).toHaveLength(3)
    expect(sent).toHaveLength(1)
  })

  test('repeats a page that fails, and fails with its error after that', async () => {
    const first = json({ connections: [item(0)], total: 2 })
    const { fetch, sent } = script(first, refusal(503), refusal(503), refusal(503))
    const error = await rejection(collect(transport({ fetch }).list(connections.list, {})))
    expect(error).toMatchObject({ status: 503, attempts: 3 })
    expect(sent).toHaveLength(4)
  })
})

describe('A rejected call', () => {
  /** What Node would report, after the calls had every chance to be handled. */
  async function unhandledAfter(act: () => unknown): Promise<unknown[]> {
    const unhandled: unknown[] = []
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', (reason) => unhandled.push(reason))
    try {
      await act()
      await new Promise((resolve) => setTimeout(resolve, 10))
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const listener of listeners) process.on('unhandledRejection', listener)
    }
    return unhandled
  }
  const client = () => transport({ fetch: always(() => refusal(404, 'NOT_FOUND')).fetch })

  test.each([
    ['awaited', () => rejection(client().list(connections.list, {}))],
    ['awaited through withResponse', () => rejection(client().list(connections.list, {}).withResponse())],
    ['iterated', () => rejection(collect(client().list(connections.list, {})))],
  ])('that is only %s is handled', async (_, act) => {
    expect(await unhandledAfter(act)).toEqual([])
  })

  test('that nobody awaits is unhandled, once, as with any promise', async () => {
    expect(await unhandledAfter(() => void client().list(connections.list, {}))).toMatchObject([
      { code: 'NOT_FOUND' },
    ])
  })
})
