import { stat, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Seed } from '../../../src/mock/index.js'
import { clientOf, typicalSeed } from '../kit/world.js'
import { bytesOf, fresh, killed, opened, written } from './files.js'

/** A world with a trigger of an integration that needs no account. */
const busySeed = {
  integrations: {
    clock: { displayName: 'Clock', category: 'PRODUCTIVITY', auth: null, triggers: { tick: {} } },
  },
  workspaces: { acme: {} },
  triggers: {
    busy: {
      ...{ workspace: 'acme', integrationName: 'clock', triggerName: 'tick' },
      callbackUrl: 'https://app.example.com/events',
    },
  },
} satisfies Seed

describe('a data file', () => {
  it('holds what was answered, at the moment of the answer', async () => {
    const file = fresh()
    const { client, weavz } = await opened(file, { seed: typicalSeed })
    await client.workspaces.create({ name: 'One more', slug: 'one-more' })
    const later = await opened(await killed(file))
    expect(later.resumed).toBe(true)
    expect(later.weavz.snapshot()).toBe(weavz.snapshot())
  })

  it('holds what changes beside requests, too', async () => {
    const file = fresh()
    const { weavz, client } = await opened(file, { seed: typicalSeed })
    const { token } = await client.connect.createToken({
      ...{ integrationName: 'slack', connectionName: 'Slack', externalId: 'new' },
      workspaceId: weavz.seeded.workspaces.acme as string,
    })
    await weavz.user.approve(token)
    await weavz.clock.advance('2h')
    await weavz.fetch('http://weavz.test/health')
    const later = await opened(await killed(file))
    expect(later.weavz.snapshot()).toBe(weavz.snapshot())
    expect((await later.client.connect.poll(token)).status).toBe('COMPLETED')
  })

  it('holds no delivery for which there was no room any more', async () => {
    const file = fresh()
    const deliveryFetch = async () => new Response(null)
    const { weavz } = await opened(file, { seed: busySeed, deliveryFetch })
    for (let at = 0; at < 11_500; at++) await weavz.emit(weavz.seeded.triggers.busy as string, at)
    await weavz.fetch('http://weavz.test/health')
    const later = await opened(await killed(file))
    expect(later.weavz.deliveries()).toHaveLength(10_500)
    expect(later.weavz.deliveries()).toEqual(weavz.deliveries())
  })

  it('holds a reset and a restored snapshot', async () => {
    const file = fresh()
    const { weavz, client } = await opened(file, { seed: typicalSeed })
    await client.workspaces.create({ name: 'Gone', slug: 'gone' })
    const before = weavz.snapshot()
    weavz.reset()
    await client.workspaces.create({ name: 'After', slug: 'after' })
    expect((await opened(await killed(file))).weavz.snapshot()).toBe(weavz.snapshot())
    await weavz.fetch('http://weavz.test/_weavz/snapshot', { method: 'PUT', body: before })
    expect((await opened(await killed(file))).weavz.snapshot()).toBe(before)
  })

  it('goes on with ids and clock where it was', async () => {
    const file = fresh()
    const [first, second] = [await opened(file), await opened(fresh())]
    await first.client.workspaces.create({ name: 'a', slug: 'a' })
    await second.client.workspaces.create({ name: 'a', slug: 'a' })
    await first.close()
    const again = await opened(file)
    const idOf = async ({ client }: Pick<typeof first, 'client'>) =>
      (await client.workspaces.create({ name: 'b', slug: 'b' })).workspace.id
    expect(await idOf(again)).toBe(await idOf(second))
  })

  it('is not written for what only reads', async () => {
    const file = fresh()
    const { client } = await opened(file, { seed: typicalSeed })
    await client.workspaces.list()
    const before = await bytesOf(file)
    for (let at = 0; at < 20; at++) await client.workspaces.list()
    expect(await bytesOf(file)).toBe(before)
  })

  it('grows by what has changed, not by the size of the world, and becomes a snapshot in the end', async () => {
    const file = fresh()
    const { client, weavz } = await opened(file)
    const { workspace } = await client.workspaces.create({ name: 'Big', slug: 'big' })
    const put = (key: string, value: string) =>
      client.actions.execute('kv-store', 'put', {
        workspaceId: workspace.id,
        endUserId: 'u',
        input: { key, value },
      })
    await client.endUsers.create({ workspaceId: workspace.id, externalId: 'u' })
    await client.workspaces.integrations.create(workspace.id, { integrationName: 'kv-store' })
    await put('big', 'x'.repeat(1_000_000))
    const sizes: number[] = []
    for (let at = 0; at < 30; at++) {
      await put('small', 'x'.repeat(60_000 + at))
      sizes.push((await stat(file)).size)
    }
    const steps = sizes.slice(1).map((size, at) => size - sizes[at]!)
    // Some 60 kB each, but for the one that put a snapshot in the place of all of them
    expect(steps.filter((step) => step > 100_000)).toEqual([])
    expect(steps.filter((step) => step < 0)).toHaveLength(1)
    expect((await opened(await killed(file))).weavz.snapshot()).toBe(weavz.snapshot())
  })

  it('goes on where a kill left half a snapshot beside it', async () => {
    const file = await written()
    await writeFile(`${file}.tmp`, 'half a snap')
    const { client, weavz } = await opened(file)
    weavz.reset()
    await client.workspaces.create({ name: 'd', slug: 'd' })
    expect((await opened(await killed(file))).weavz.snapshot()).toBe(weavz.snapshot())
  })

  it('shares one write among requests that arrive together', async () => {
    const file = fresh()
    const { client } = await opened(file)
    const before = (await bytesOf(file)).split('\n').length
    await Promise.all(
      Array.from({ length: 100 }, (_, at) => client.workspaces.create({ name: 'w', slug: `w-${at}` })),
    )
    expect((await bytesOf(file)).split('\n').length - before).toBeLessThan(50)
  })

  it('takes the key of the command line, whichever it was made with', async () => {
    const file = await written({ apiKey: 'wvz_first' })
    const { client } = await opened(file, { apiKey: 'wvz_second' })
    expect((await client.workspaces.list()).total).toBe(3)
  })

  it('wins over a seed, which a reset leads back to', async () => {
    const file = await written()
    const { client, weavz } = await opened(file, { seed: typicalSeed })
    expect((await client.workspaces.list()).total).toBe(3)
    weavz.reset()
    expect((await client.workspaces.list()).total).toBe(2)
  })

  it('ends deliveries that were under way', async () => {
    const file = fresh()
    const { weavz } = await opened(file, { deliveryFetch: () => new Promise(() => undefined) })
    weavz.registerTrigger('slack', 'new_message')
    const client = clientOf(weavz)
    const { workspace } = await client.workspaces.create({ name: 'a', slug: 'a' })
    await client.connections.create({
      ...{ type: 'PLATFORM_OAUTH2', accessToken: 'at', integrationName: 'slack', externalId: 'bot' },
      ...{ displayName: 'Bot', workspaceId: workspace.id },
    } as Parameters<typeof client.connections.create>[0])
    const { triggerSource } = await client.triggers.enable({
      ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId: workspace.id },
      ...{ callbackUrl: 'http://localhost:9/hook', connectionExternalId: 'bot' },
    })
    void weavz.emit(triggerSource.id, { text: 'Hi' })
    await expect.poll(() => weavz.deliveries()).toMatchObject([{ status: 'pending' }])
    await weavz.fetch('http://weavz.test/health')
    const later = await opened(await killed(file))
    expect(later.weavz.deliveries()).toMatchObject([{ status: 'failed', errorMessage: /stopped/ }])
  })

  it('may be reached by a link, which stays one', async () => {
    const file = await written()
    const alias = fresh()
    await symlink(file, alias)
    const { client, close, weavz } = await opened(alias)
    await client.workspaces.create({ name: 'd', slug: 'd' })
    weavz.reset()
    await close()
    expect((await stat(file)).ino).toBe((await stat(alias)).ino)
    expect((await opened(file)).resumed).toBe(true)
  })
})
