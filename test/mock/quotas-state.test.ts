import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMockWeavz, SeedError, type Quotas } from '../../src/mock/index.js'
import { hush, throughBothDoors, type Api } from './door.js'
import { makeEndUser, usage } from './world.js'

const seed = {
  now: '2025-01-15T10:30:00.000Z',
  workspaces: { acme: {}, globex: {} },
  connections: { bot: { workspace: 'acme', integrationName: 'slack' } },
  quotas: { workspaces: 1, connections: 2 },
} as const

throughBothDoors('the state of quotas', (open) => {
  const create = (api: Api, slug: string) => api.send('workspaces.create', { body: { name: slug, slug } })

  it('begins with the seed, which may go beyond them, and with the option, which wins', async () => {
    const api = await open({ seed, quotas: { workspaces: 3, monthlyActions: 5 } })
    await api.weavz.ready
    expect(usage(api)).toMatchObject({
      workspaces: { used: 2, limit: 3 },
      connections: { used: 1, limit: 2 },
      monthlyActions: { used: 0, limit: 5 },
      apiKeys: { limit: null },
    })
    expect((await create(api, 'third')).status).toBe(201)
    expect((await create(api, 'fourth')).status).toBe(403)
  })

  it('follows reset, forks and snapshots', async () => {
    const api = await open({ seed, quotas: { workspaces: 3, monthlyActions: 5 } })
    await api.weavz.ready
    const begun = usage(api)
    api.weavz.quotas.set({ workspaces: 9, monthlyActions: null })
    const workspaceId = (await api.ok('workspaces.list')).workspaces[0]?.id as string
    const input = { key: 'k', value: hush.length }
    const execute = { integrationName: 'kv-store', actionName: 'put', workspaceId, input, endUserId: 'ada' }
    await makeEndUser(api, workspaceId, 'ada')
    await api.ok('actions.execute', { body: execute })
    const changed = usage(api)
    expect(changed).toMatchObject({ workspaces: { limit: 9 }, monthlyActions: { used: 1, limit: null } })

    const fork = api.weavz.fork()
    fork.quotas.set({ workspaces: 1 })
    expect(fork.quotas.usage().monthlyActions).toEqual({ used: 1, limit: null })
    expect(usage(api)).toEqual(changed)

    const snapshot = api.weavz.snapshot()
    api.weavz.reset()
    expect(usage(api)).toEqual(begun)
    api.weavz.restore(snapshot)
    expect(usage(api)).toEqual(changed)
    expect(api.weavz.snapshot()).toBe(snapshot)
  })

  it.each([
    [{ workspaces: -1 }, /quotas\.workspaces/],
    [{ workspaces: 1.5 }, /quotas\.workspaces/],
    [{ workspaces: NaN }, /quotas\.workspaces/],
    [{ workspaces: Infinity }, /quotas\.workspaces/],
    [{ workspaces: '3' }, /quotas\.workspaces/],
    [{ sandboxTime: -0.5 }, /quotas\.sandboxTime/],
    [{ workspace: 3 }, /quotas\.workspace: Unknown field/],
    [{ ['__proto__x']: 3 }, /Unknown field/],
    [null, /quotas/],
  ])('takes no nonsense: %j', async (quotas, problem) => {
    const api = await open()
    expect(() => createMockWeavz({ quotas: quotas as Quotas })).toThrow(problem)
    expect(() => api.weavz.quotas.set(quotas as Quotas)).toThrow(TypeError)
    if (quotas === null) return
    const seeding = () => createMockWeavz({ seed: { quotas: quotas as Quotas } })
    expect(seeding).toThrow(SeedError)
    expect(seeding).toThrow(/^seed\.quotas\./)
    expect(api.weavz.quotas.usage().workspaces.limit).toBeNull()
  })

  it('cannot be asked for before the seed is in place', async () => {
    const weavz = createMockWeavz({ seed })
    expect(() => weavz.quotas.usage()).toThrow('weavz.ready')
    expect(() => weavz.quotas.set({})).toThrow('weavz.ready')
    await weavz.ready
    expect(weavz.quotas.usage().workspaces).toEqual({ used: 2, limit: 1 })
  })

  it('agrees with what is there, whatever is created and deleted', async () => {
    const api = await open()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(4),
        fc.array(fc.tuple(fc.boolean(), fc.nat(4)), { maxLength: 12 }),
        async (limit, steps) => {
          api.weavz.reset()
          api.weavz.quotas.set({ workspaces: limit })
          const there = new Map<number, string>()
          for (const [adds, at] of steps) {
            const id = there.get(at)
            if (adds && id === undefined) {
              const response = await create(api, `w-${at}`)
              expect(response.status).toBe(there.size < limit ? 201 : 403)
              const body = (await response.json()) as { workspace?: { id: string } }
              if (body.workspace) there.set(at, body.workspace.id)
            } else if (!adds && id !== undefined) {
              await api.ok('workspaces.delete', { params: { id } })
              there.delete(at)
            }
            expect(usage(api).workspaces).toEqual({ used: there.size, limit })
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})
