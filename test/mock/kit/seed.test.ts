import { describe, expect, it } from 'vitest'
import { createMockWeavz, SeedError, type Seed } from '@weavz/sdk/mock'
import { clientOf, hush, typicalSeed } from './world.js'

const pinned = '11111111-1111-4111-8111-111111111111'

/** What a seed is refused with, at once or when it is applied. */
async function refusalOf(seed: unknown): Promise<string> {
  try {
    await createMockWeavz({ seed: seed as Seed }).ready
  } catch (error) {
    expect(error).toBeInstanceOf(SeedError)
    return (error as SeedError).message
  }
  return 'accepted'
}

describe('a seed', () => {
  it('is there for the API, under the ids that it says it has', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    const client = clientOf(weavz)
    const { workspaces, endUsers, connections, workspaceIntegrations, partials, apiKeys } = weavz.seeded
    expect((await client.workspaces.get(workspaces.acme)).workspace).toMatchObject({
      name: 'Acme',
      slug: 'acme',
    })
    expect((await client.workspaces.get(workspaces.globex)).workspace.slug).toBe('globex-eu')
    const alice = (await client.endUsers.get(endUsers.alice)).endUser
    expect(alice).toMatchObject({ externalId: 'user_123', displayName: 'Alice', connectionCount: 1 })
    expect((await client.endUsers.get(endUsers.bob)).endUser.externalId).toBe('bob')
    expect((await client.connections.get(connections.bot)).connection).toMatchObject({
      externalId: 'bot',
      scope: 'WORKSPACE',
      workspaceId: workspaces.acme,
      status: 'ACTIVE',
    })
    expect((await client.connections.get(connections.alice_slack)).connection).toMatchObject({
      scope: 'USER',
      workspaceId: workspaces.acme,
      endUserId: 'user_123',
    })
    const { integrations } = await client.workspaces.integrations.list(workspaces.acme)
    expect(integrations.map(({ id, alias }) => [id, alias])).toEqual([
      [workspaceIntegrations.slack_bot, 'bot'],
      [workspaceIntegrations.slack, 'slack'],
      [workspaceIntegrations.kv, 'kv-store'],
    ])
    expect((await client.partials.get(partials.general)).partial).toMatchObject({
      name: 'general',
      workspaceIntegrationId: workspaceIntegrations.slack_bot,
    })
    const limited = clientOf({ apiKey: typicalSeed.apiKeys.ci.key, fetch: weavz.fetch })
    expect((await limited.workspaces.list()).total).toBe(1)
    expect((await client.apiKeys.list()).apiKeys.map(({ id }) => id)).toContain(apiKeys.ci)
  })

  it('holds credentials that open for the third party, and nowhere else', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    const seen: unknown[] = []
    weavz.onAction('slack', 'send_channel_message', ({ credentials, input }) => {
      seen.push(credentials?.accessToken?.reveal(), input.channel)
      return null
    })
    await weavz.ready
    expect(weavz.openings.count).toBe(0)
    await clientOf(weavz).actions.execute('slack', 'send_channel_message', {
      workspaceId: weavz.seeded.workspaces.acme,
      integrationAlias: 'bot',
      partialIds: [weavz.seeded.partials.general],
      input: { text: 'Hi' },
    })
    expect(seen).toEqual([`at-${hush}`, '#general'])
  })

  it('stands still at its time, and can be moved from there', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    expect(new Date(weavz.clock.now()).toISOString()).toBe(typicalSeed.now)
    await weavz.clock.advance('1h')
    expect(new Date(weavz.clock.now()).toISOString()).toBe('2025-01-15T11:30:00.000Z')
  })

  it('begins at its own time, even if the clock is moved while it is being sealed', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.clock.advance('1d')
    const { connection } = await clientOf(weavz).connections.get(weavz.seeded.connections.bot)
    expect(connection.createdAt).toBe(typicalSeed.now)
    weavz.reset()
    expect(new Date(weavz.clock.now()).toISOString()).toBe(typicalSeed.now)
  })

  it('keeps the ids that are pinned', async () => {
    const seed = { workspaces: { acme: { id: pinned } } } satisfies Seed
    const weavz = createMockWeavz({ seed })
    expect(weavz.seeded.workspaces.acme).toBe(pinned)
    expect((await clientOf(weavz).workspaces.get(pinned)).workspace.id).toBe(pinned)
  })

  it('makes up credentials where it names none', async () => {
    for (const integrationName of ['slack', 'openai', 'github', 'aws-s3', 'postgres', 'notion']) {
      const outcome = await refusalOf({ connections: { c: { integrationName } } })
      expect([integrationName, outcome]).toEqual([
        integrationName,
        expect.stringMatching(/^accepted$|integrationName: |: There is no integration|: The catalog has no/),
      ])
    }
    const weavz = createMockWeavz({ seed: { connections: { c: { integrationName: 'slack' } } } })
    expect((await clientOf(weavz).connections.get(weavz.seeded.connections.c)).connection).toMatchObject({
      type: 'PLATFORM_OAUTH2',
      scope: 'ORGANIZATION',
    })
  })

  it('can hold a connection that is in error', async () => {
    const seed = { connections: { c: { integrationName: 'slack', status: 'ERROR' } } } satisfies Seed
    const weavz = createMockWeavz({ seed })
    expect((await clientOf(weavz).connections.get(weavz.seeded.connections.c)).connection.status).toBe(
      'ERROR',
    )
  })

  it('is JSON', async () => {
    const [first, second] = [typicalSeed, JSON.parse(JSON.stringify(typicalSeed)) as Seed].map((seed) =>
      createMockWeavz({ seed }),
    )
    await Promise.all([first!.ready, second!.ready])
    const ids = JSON.stringify(first!.seeded)
    expect(JSON.stringify(second!.seeded)).toBe(ids)
  })

  it.each([
    [{ workspace: {} }, 'seed.workspace: Unknown field. Did you mean "workspaces"?'],
    [{ workspaces: [] }, 'seed.workspaces: Expected record, received array'],
    [{ now: 'noon' }, 'seed.now: Expected datetime'],
    [{ workspaces: { acme: { slug: 'A' } } }, /^seed\.workspaces\.acme\.slug: Lower-case/],
    [{ workspaces: { acme: { id: 'x' } } }, 'seed.workspaces.acme.id: Expected a UUID in lower case'],
    [
      { workspaces: { a: { id: pinned }, b: { id: pinned } } },
      'seed.workspaces.b.id: Is the id of something else, too',
    ],
    [{ workspaces: { a: { slug: 'x' }, b: { slug: 'x' } } }, /^seed\.workspaces\.b: The slug "x" is taken/],
    [{ endUsers: { alice: {} } }, 'seed.endUsers.alice.workspace: Required'],
    [
      { workspaces: { acme: {} }, endUsers: { alice: { workspace: 'acne' } } },
      'seed.endUsers.alice.workspace: The seed has nothing called "acne" in workspaces. Did you mean "acme"?',
    ],
    [
      {
        workspaces: { acme: {} },
        workspaceIntegrations: {
          slack_bot: { workspace: 'acme', integrationName: 'slack', connection: 'bot' },
        },
      },
      'seed.workspaceIntegrations.slack_bot.connection: The seed has nothing called "bot" in connections',
    ],
    [
      {
        workspaces: { acme: {} },
        connections: { gh: { integrationName: 'github' } },
        workspaceIntegrations: {
          slack_bot: { workspace: 'acme', integrationName: 'slack', connection: 'gh' },
        },
      },
      'seed.workspaceIntegrations.slack_bot.connection: Is a connection of "github"',
    ],
    [
      { workspaceIntegrations: { slack_bot: { integrationName: 'slack' } } },
      'seed.workspaceIntegrations.slack_bot.workspace: Required',
    ],
    [
      {
        workspaces: { acme: {}, globex: {} },
        endUsers: { alice: { workspace: 'acme' } },
        connections: { c: { workspace: 'globex', endUser: 'alice', integrationName: 'slack' } },
      },
      'seed.connections.c.endUser: Is an end user of workspace "acme"',
    ],
    [
      { connections: { c: { integrationName: 'slack', status: 'GONE' } } },
      'seed.connections.c.status: Expected one of ACTIVE, ERROR',
    ],
    [{ apiKeys: { ci: { key: 'sk_1' } } }, 'seed.apiKeys.ci.key: Must begin with wvz_ and hold no spaces'],
    [
      { apiKeys: { ci: { key: 'wvz_1', workspaces: ['x'] } } },
      /^seed\.apiKeys\.ci\.workspaces: The seed has/,
    ],
    [
      { oauthApps: { own: { integrationName: 'nope' } } },
      'seed.oauthApps.own.integrationName: Expected the name of an integration of the catalog',
    ],
    [
      { workspaces: { acme: { colour: 'red' } } },
      'seed.workspaces.acme.colour: Unknown field. There are id, name, slug',
    ],
  ])('says where it is wrong: %j', async (seed, expected) => {
    const message = await refusalOf(seed)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('never repeats a credential in what it says', async () => {
    const c = { integrationName: 'slack', type: 'OAUTH2', accessToken: hush, refreshToken: 5, other: hush }
    expect(await refusalOf({ connections: { c } })).not.toContain(hush)
  })

  it('makes whoever cannot wait say so, and every request wait', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    for (const early of [
      () => weavz.fork(),
      () => weavz.reset(),
      () => weavz.snapshot(),
      () => weavz.audit(),
    ]) {
      expect(early).toThrow(/await weavz\.ready/)
    }
    expect((await clientOf(weavz).connections.list()).total).toBe(2)
    expect(weavz.fork().seeded).toEqual(weavz.seeded)
  })

  it('fails every request if it could not be applied', async () => {
    const weavz = createMockWeavz({
      seed: { connections: { a: { integrationName: 'slack', scope: 'WORKSPACE' } } },
    })
    await expect(weavz.fetch('https://api.weavz.io/api/v1/health')).rejects.toThrow(
      /^seed\.connections\.a\.workspace: /,
    )
  })
})
