import { describe, expect, it } from 'vitest'
import { createMockWeavz, type MockWeavz } from '@weavz/sdk/mock'
import { systemClock } from '../../../src/engine/clock.js'
import { seededRandom } from '../../../src/engine/random.js'
import { KeyRing } from '../../../src/engine/vault/index.js'
import { readSnapshot, tablesOf, writeSnapshot, type AnyTables } from '../../../src/mock/kit/snapshot.js'
import { createWorld, forkPast, type Past, type World } from '../../../src/mock/world.js'

const key = 'mock'

function newWorld(past?: Past): World {
  const random = seededRandom(1)
  const keys = new KeyRing().add(key, random.bytes(32))
  return createWorld({ clock: systemClock, random, keys, routing: {}, options: {} }, past)
}

const restored = (text: string) => newWorld(readSnapshot(text, key, newWorld().engine))

/** A row of whatever table: it has each field that the indexes ask for. */
function probe(): { id: string } {
  return new Proxy<{ id: string }>(
    { id: 'probe' },
    {
      get(row, field) {
        if (typeof field === 'symbol' || field === 'toJSON') return undefined
        return Reflect.get(row, field) ?? (Reflect.set(row, field, 'text') && 'text')
      },
    },
  )
}

const groupsOf = (world: World) => tablesOf(world.present()) as unknown as Record<string, AnyTables>
const allTables = Object.entries(groupsOf(newWorld())).flatMap(([group, tables]) =>
  Object.keys(tables).map((name) => [group, name] as const),
)
const tableIn = (world: World, group: string, name: string) => groupsOf(world)[group]![name]!

/** Where maps, sets and lists are in an object, as far as it goes. */
function collections(value: unknown, path: string, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([name, field]) => collections(field, `${path}.${name}`, seen))
}

describe('all that a world holds', () => {
  it.each(allTables)('goes into snapshots and forks: table %s.%s', (group, name) => {
    const world = newWorld()
    tableIn(world, group, name).put(probe())
    const text = writeSnapshot(world.present(), key)
    expect(text).not.toBe(writeSnapshot(newWorld().present(), key))
    const copies = [restored(text), newWorld(world.past()), newWorld(forkPast(world.past()))]
    for (const copy of copies) {
      expect(writeSnapshot(copy.present(), key)).toBe(text)
      tableIn(copy, group, name).delete('probe')
    }
    expect(writeSnapshot(world.present(), key), 'copies are independent').toBe(text)
    tableIn(world, group, name).delete('probe')
    for (const copy of copies) expect(tableIn(copy, group, name).size).toBe(0)
  })

  it('is in tables, or is named here', () => {
    const {
      state,
      catalog: _catalog,
      actions: _actions,
      properties: _properties,
      ...engine
    } = newWorld().engine
    // A new field of the state belongs into its tables: they are what is copied, kept and written
    expect(Object.keys(state).sort()).toEqual(['catalog', 'tables'])
    // What is under way, and ends with its process
    const { approvals, oauth, deliveries, ...rest } = engine
    expect(collections({ approvals, oauth, deliveries }, 'engine').sort()).toEqual([
      'engine.approvals.continuing',
      'engine.approvals.waiting',
      'engine.deliveries.queues',
      'engine.oauth.flights',
      'engine.oauth.registering',
    ])
    // Where time, chance and secrets come from, and what the options say
    expect(Object.keys(rest).sort()).toEqual([
      ...[
        'clock',
        'hasManagedOAuthApp',
        'ids',
        'minPollingIntervalMinutes',
        'now',
        'orgId',
        'random',
        'vault',
      ],
    ])
  })

  it('is what a snapshot says, field by field', () => {
    const world = newWorld()
    const { memory: _memory, store: _store, signInStore: _signIn, ...others } = world.present()
    const written = JSON.parse(writeSnapshot(world.present(), key)) as object
    const head = ['type', 'version', 'vaultKey', 'orgId']
    const groups = Object.keys(groupsOf(world))
    expect(Object.keys(written).sort()).toEqual([...head, ...groups, ...Object.keys(others)].sort())
    expect(Object.keys(world).sort()).toEqual([
      ...['app', 'clock', 'engine', 'faults', 'journal', 'outgoing', 'past', 'present', 'provider', 'signIn'],
      'strays',
    ])
  })
})

describe('traffic', () => {
  const options = {
    seed: { now: '2025-01-15T10:30:00.000Z' },
    requestsPerMinute: 3,
    connectRequestsPerMinute: 2,
  }

  async function ask(weavz: MockWeavz, apiKey: string, path = '/api/v1/workspaces') {
    const headers = { authorization: `Bearer ${apiKey}` }
    const { status, headers: told } = await weavz.fetch(`https://api.weavz.io${path}`, { headers })
    return [status, ...['x-request-id', 'x-ratelimit-remaining', 'retry-after'].map((name) => told.get(name))]
  }

  it('goes on in forks and restored worlds exactly where it was, and begins anew after reset', async () => {
    const here = createMockWeavz(options)
    const { apiKey } = here
    expect(await ask(here, apiKey)).toEqual([200, 'req_00000001', '2', null])
    await here.clock.advance('20s')
    await ask(here, apiKey)
    await here.fetch('https://api.weavz.io/connect')
    const elsewhere = createMockWeavz(options)
    elsewhere.restore(here.snapshot())
    const fork = here.fork()
    for (const weavz of [here, elsewhere, fork]) {
      expect(await ask(weavz, apiKey)).toEqual([200, 'req_00000003', '0', null])
      expect(await ask(weavz, apiKey)).toEqual([429, 'req_00000004', '0', '40'])
      expect((await weavz.fetch('https://api.weavz.io/connect')).status).toBe(404)
      expect((await weavz.fetch('https://api.weavz.io/connect')).status).toBe(429)
    }
    expect(elsewhere.snapshot()).toBe(here.snapshot())
    expect(fork.snapshot()).toBe(here.snapshot())
    expect(JSON.stringify(fork.journal)).toBe(JSON.stringify(elsewhere.journal))
    here.reset()
    expect(await ask(here, apiKey)).toEqual([200, 'req_00000001', '2', null])
  })
})
