import { isWeavzError } from '@weavz/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMockWeavz, type MockWeavz, type SeededIds } from '@weavz/sdk/mock'
import { clientOf, hush, post, typicalSeed } from './world.js'

async function seeded(): Promise<MockWeavz<SeededIds<typeof typicalSeed>>> {
  const weavz = createMockWeavz({ seed: typicalSeed })
  await weavz.ready
  return weavz
}

/** Everything that tests do to a world, by one step each; `mark` makes it recognisable. */
const steps: ((weavz: MockWeavz, mark: string) => Promise<unknown> | unknown)[] = [
  (weavz, mark) => clientOf(weavz).workspaces.create({ name: mark, slug: mark }),
  (weavz, mark) => clientOf(weavz).workspaces.update(weavz.seeded.workspaces.acme!, { name: mark }),
  (weavz) => clientOf(weavz).workspaces.delete(weavz.seeded.workspaces.acme!),
  (weavz) => clientOf(weavz).connections.delete(weavz.seeded.connections.bot!),
  (weavz, mark) =>
    clientOf(weavz).connections.create({
      type: 'SECRET_TEXT',
      secretText: mark,
      integrationName: 'openai',
      externalId: mark,
      displayName: mark,
    }),
  (weavz, mark) =>
    clientOf(weavz).actions.execute('kv-store', 'put', {
      workspaceId: weavz.seeded.workspaces.acme!,
      input: { key: mark, value: mark },
    }),
  (weavz, mark) => post(weavz, 'bot', { channel: '#general', text: mark }),
  (weavz) => weavz.clock.advance('5h'),
  (weavz) => weavz.provider.revoke(),
  (weavz, mark) => weavz.quotas.set({ connections: mark.length }),
  (weavz, mark) => weavz.onAction('slack', 'list_users', () => mark),
  (weavz, mark) =>
    weavz.registerIntegration(mark, {
      displayName: mark,
      category: 'SALES_AND_CRM',
      auth: null,
      actions: {},
    }),
]

/** What is refused is as good a step as any. */
const take = async (step: number, weavz: MockWeavz, mark: string) => {
  try {
    await steps[step]!(weavz, mark)
  } catch (error) {
    if (!isWeavzError(error)) throw error
  }
}

/** All that can be seen of a world. */
const portrait = (weavz: MockWeavz) => [weavz.snapshot(), weavz.clock.now(), weavz.openings.count]

describe('a fork', () => {
  it('shares nothing with where it comes from, nor with a thousand others', async () => {
    const origin = await seeded()
    const before = portrait(origin)
    const forks = Array.from({ length: 1000 }, () => origin.fork())
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(999), { minLength: 2, maxLength: 6 }),
        fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 4 }),
        async (chosen, does) => {
          const [still, ...busy] = chosen.map((at) => forks[at]!)
          const untouched = portrait(still!)
          await Promise.all(
            busy.map(async (weavz, at) => {
              for (const step of does) await take(step, weavz, `mark-${at}-${step}`)
            }),
          )
          expect(portrait(still!)).toEqual(untouched)
          for (const weavz of busy) {
            weavz.reset()
            expect(portrait(weavz)).toEqual(before)
          }
        },
      ),
      { numRuns: 40 },
    )
    expect(portrait(origin)).toEqual(before)
    for (const weavz of forks) expect(weavz.snapshot()).toBe(before[0])
  })

  it('goes its own way at a thousand places at once', async () => {
    const origin = await seeded()
    const forks = Array.from({ length: 1000 }, () => origin.fork())
    await Promise.all(
      forks.map((weavz, at) => clientOf(weavz).workspaces.create({ name: `Only ${at}`, slug: 'only' })),
    )
    const names = await Promise.all(
      forks.map(async (weavz) =>
        (await clientOf(weavz).workspaces.list()).workspaces.map(({ name }) => name).at(-1),
      ),
    )
    expect(names).toEqual(forks.map((_, at) => `Only ${at}`))
    expect((await clientOf(origin).workspaces.list()).total).toBe(2)
  })

  it('keeps what the origin was taught, and teaches it nothing', async () => {
    const origin = await seeded()
    origin.onAction('slack', 'send_channel_message', () => 'from the origin')
    const fork = origin.fork()
    expect((await post(fork, 'bot', { channel: '#c', text: 'Hi' })).output).toBe('from the origin')
    fork.onAction('slack', 'send_channel_message', () => 'from the fork')
    expect((await post(origin, 'bot', { channel: '#c', text: 'Hi' })).output).toBe('from the origin')
  })

  it('opens the same credentials, and counts its openings for itself', async () => {
    const origin = await seeded()
    const fork = origin.fork()
    fork.onAction(
      'slack',
      'send_channel_message',
      ({ credentials }) => credentials?.accessToken?.reveal() === `at-${hush}`,
    )
    expect((await post(fork, 'bot', { channel: '#c', text: 'Hi' })).output).toBe(true)
    expect([origin.openings.count, fork.openings.count > 0]).toEqual([0, true])
  })
})

describe('reset', () => {
  it('leads back to the seed, whatever happened', async () => {
    const weavz = await seeded()
    const before = portrait(weavz)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(steps.length - 1), { maxLength: 6 }), async (does) => {
        for (const [at, step] of does.entries()) await take(step, weavz, `mark-${at}`)
        weavz.reset()
        expect(portrait(weavz)).toEqual(before)
      }),
      { numRuns: 30 },
    )
  })

  it('gives the same ids again', async () => {
    const weavz = await seeded()
    const create = async () =>
      (await clientOf(weavz).workspaces.create({ name: 'New', slug: 'new' })).workspace
    const first = await create()
    weavz.reset()
    expect(await create()).toEqual(first)
  })

  it('keeps handlers, integrations and subscribers', async () => {
    const weavz = await seeded()
    const opened: unknown[] = []
    const stop = weavz.openings.subscribe(({ connectionId }) => opened.push(connectionId))
    weavz.onAction('slack', 'send_channel_message', () => 'handled')
    weavz.registerIntegration('crm', {
      displayName: 'CRM',
      category: 'SALES_AND_CRM',
      auth: null,
      actions: {},
    })
    weavz.reset()
    expect((await post(weavz, 'bot', { channel: '#c', text: 'Hi' })).output).toBe('handled')
    expect(opened).toContain(weavz.seeded.connections.bot)
    expect((await clientOf(weavz).integrations.get('crm')).integration.displayName).toBe('CRM')
    stop()
    const { length } = opened
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    expect(opened).toHaveLength(length)
  })

  it('leaves requests that are under way in the world that they began in', async () => {
    const weavz = await seeded()
    let letGo = () => undefined as void
    const begun = new Promise<void>((begin) => {
      weavz.onAction('kv-store', 'put', () => {
        begin()
        return new Promise<void>((resolve) => (letGo = resolve))
      })
    })
    const before = weavz.snapshot()
    const running = clientOf(weavz).actions.execute('kv-store', 'put', {
      workspaceId: weavz.seeded.workspaces.acme,
      input: { key: 'k', value: 1 },
    })
    await begun
    weavz.reset()
    letGo()
    await running
    expect(weavz.snapshot()).toBe(before)
  })
})

describe('a snapshot', () => {
  it('goes on elsewhere exactly as here', async () => {
    const here = await seeded()
    await post(here, 'bot', { channel: '#c', text: 'Hi' })
    await clientOf(here).actions.execute('kv-store', 'put', {
      workspaceId: here.seeded.workspaces.acme,
      input: { key: 'k', value: { deep: [1, null] } },
    })
    await here.clock.advance('90m')
    const elsewhere = createMockWeavz()
    elsewhere.restore(here.snapshot())
    expect(elsewhere.snapshot()).toBe(here.snapshot())
    expect(elsewhere.clock.now()).toBe(here.clock.now())
    const continued = [here, elsewhere].map(async (weavz) => {
      const client = clientOf({ apiKey: here.apiKey, fetch: weavz.fetch })
      const workspaceId = here.seeded.workspaces.acme
      const { output } = await client.actions.execute('kv-store', 'get', { workspaceId, input: { key: 'k' } })
      // The access token has expired: it is refreshed with a refresh token that only the provider knows
      const input = { channel: '#c', text: 'Hi' }
      const ran = await client.actions.execute('slack', 'send_channel_message', {
        workspaceId,
        integrationAlias: 'bot',
        input,
      })
      return [
        output,
        ran.output,
        (await client.workspaces.create({ name: 'N', slug: 'n' })).workspace,
        weavz.snapshot(),
      ]
    })
    const [one, other] = await Promise.all(continued)
    expect(other).toEqual(one)
  })

  it('is canonical JSON without a credential or a key', async () => {
    const weavz = await seeded()
    const client = clientOf(weavz)
    const { token } = await client.connect.createToken({
      integrationName: 'slack',
      connectionName: 'Mine',
      externalId: 'mine',
      workspaceId: weavz.seeded.workspaces.acme,
    })
    await weavz.user.approve(token, { accessToken: `pinned-${hush}` })
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    const text = weavz.snapshot()
    for (const secret of [hush, weavz.apiKey, typicalSeed.apiKeys.ci.key, token])
      expect(text).not.toContain(secret)
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([name, item]) => [name, sorted(item)]),
            )
          : value
    expect(JSON.stringify(sorted(JSON.parse(text)))).toBe(text)
  })

  it('is refused by a mock with another key, and taken with the same one', async () => {
    const vaultKey = Uint8Array.from({ length: 32 }, (_, at) => (at * 7 + 3) % 251)
    const text = createMockWeavz({ vaultKey: Uint8Array.from(vaultKey) }).snapshot()
    expect(() => createMockWeavz().restore(text)).toThrow(/sealed under another key/)
    const same = createMockWeavz({ vaultKey: Uint8Array.from(vaultKey) })
    same.restore(text)
    expect(same.snapshot()).toBe(text)
  })

  it.each([
    ['', /no JSON/],
    ['{}', /^Not a snapshot of this version: snapshot\.type/],
    ['[]', /^Not a snapshot of this version/],
  ])('is refused if it is none: %s', (text, expected) => {
    const weavz = createMockWeavz()
    const before = weavz.snapshot()
    expect(() => weavz.restore(text)).toThrow(expected)
    expect(weavz.snapshot()).toBe(before)
  })

  it('is refused if it is of another version, or knows other tables', () => {
    const weavz = createMockWeavz()
    const snapshot = JSON.parse(weavz.snapshot())
    for (const other of [
      { ...snapshot, version: snapshot.version + 1 },
      { ...snapshot, version: snapshot.version - 1 },
      { ...snapshot, tables: { ...snapshot.tables, planets: [{ id: 'x' }] } },
      { ...snapshot, tables: { workspaces: [{ name: 'x' }] } },
    ]) {
      expect(() => weavz.restore(JSON.stringify(other))).toThrow(/^Not a snapshot of this version/)
    }
  })
})
