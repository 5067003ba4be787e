import { describe, expect, it } from 'vitest'
import { createMockWeavz, type ExchangeId, type Opening } from '@weavz/sdk/mock'
import { createStrays } from '../../../src/mock/kit/strays.js'
import { receiver } from '../receiver.js'
import { nobody } from '../world.js'
import { clientOf, hush, post, typicalSeed } from './world.js'

describe('assertQuiet', () => {
  it('names the connect sessions that nobody has ended, until they expire', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    const start = (externalId: string) =>
      clientOf(weavz).connect.createToken({
        integrationName: 'slack',
        connectionName: externalId,
        externalId,
        workspaceId: weavz.seeded.workspaces.acme,
      })
    const [ended, open] = [await start('ended'), await start('open')]
    await weavz.user.approve(ended.token)
    expect(() => weavz.assertQuiet()).toThrow(
      `The mock is not quiet:\n- Connect session ${open.sessionId} for "slack" is still PENDING: ` +
        "end it with weavz.user.approve or deny, or let it expire with weavz.clock.advance('4h')",
    )
    await weavz.clock.advance('4h')
    weavz.assertQuiet()
  })

  it('names the faults that still wait for a call', async () => {
    const weavz = createMockWeavz()
    weavz.faults.add({
      match: { endpoint: 'workspaces.list' },
      effect: { type: 'status', status: 503 },
      times: 2,
    })
    const remove = weavz.faults.add({
      match: { endpoint: 'connections.list' },
      effect: { type: 'reset' },
      times: 'always',
    })
    await clientOf(weavz)
      .workspaces.list()
      .catch(() => undefined)
    expect(() => weavz.assertQuiet()).toThrow(
      'The mock is not quiet:\n- Fault 1 (status on workspaces.list) has struck 1 times, not 2: ' +
        'make the calls that it waits for, or take it back with weavz.faults.remove(1)\n' +
        '- Fault 2 (reset on connections.list) has struck 0 times, not always: ' +
        'make the calls that it waits for, or take it back with weavz.faults.remove(2)',
    )
    remove()
    await clientOf(weavz)
      .workspaces.list()
      .catch(() => undefined)
    weavz.assertQuiet()
  })

  it('leaves the connect sessions of the seed alone', async () => {
    const weavz = createMockWeavz({
      seed: {
        workspaces: { acme: {} },
        connectSessions: { github: { token: 'cst_of_ava', workspace: 'acme', integrationName: 'github' } },
      },
    })
    await weavz.ready
    weavz.assertQuiet()
    weavz.fork().assertQuiet()
  })

  it('takes what executing, refreshing, connecting and firing open for granted', async () => {
    const { deliveryFetch } = receiver()
    const weavz = createMockWeavz({ seed: typicalSeed, deliveryFetch })
    await weavz.ready
    weavz.onAction('slack', 'send_channel_message', () => 'sent')
    weavz.registerTrigger('slack', 'new_message')
    const workspaceId = weavz.seeded.workspaces.acme
    const { triggerSource } = await clientOf(weavz).triggers.enable({
      ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId, integrationAlias: 'bot' },
      ...{ callbackUrl: 'https://app.example.com/events', callbackHeaders: { 'x-app': hush } },
    })
    await weavz.clock.advance('2h')
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    await weavz.emit(triggerSource.id, {})
    expect(weavz.openings.count).toBeGreaterThan(4)
    weavz.assertQuiet()
  })

  it('fails a test whose calls should have opened nothing', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.ready
    weavz.onAction('slack', 'send_channel_message', () => 'sent')
    await clientOf(weavz).connections.list()
    weavz.assertQuiet({ openings: 'none' })
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    expect(() => weavz.assertQuiet({ openings: 'none' })).toThrow(
      `The mock is not quiet:\n- Credentials of bot (${weavz.seeded.connections.bot}) were opened: ` +
        'accessToken to execute, by actions.execute (2 in the journal): ' +
        'see why with weavz.explain, or expect it: assertQuiet({ openings: ["bot"] })',
    )
    weavz.fork().assertQuiet({ openings: 'none' })
    weavz.reset()
    weavz.assertQuiet({ openings: 'none' })
  })

  it('refuses what is neither none nor a list', () => {
    const weavz = createMockWeavz()
    for (const openings of ['bot', 5, {}, null, [5]] as unknown as 'none'[]) {
      expect(() => weavz.assertQuiet({ openings })).toThrow(TypeError)
    }
  })

  it('fails a test that has used another connection than it says', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.ready
    weavz.onAction('slack', 'send_channel_message', () => 'sent')
    await weavz.clock.advance('2h')
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    weavz.assertQuiet({ openings: ['bot'] })
    weavz.assertQuiet({ openings: [weavz.seeded.connections.bot, 'alice_slack'] })
    expect(() => weavz.assertQuiet({ openings: ['alice_slack'] })).toThrow(
      /Credentials of bot \([0-9a-f-]+\)/,
    )
    expect(() => weavz.assertQuiet({ openings: [] })).toThrow(
      /Secrets of no connection were opened: clientSecret/,
    )
    await clientOf(weavz).connections.delete(weavz.seeded.connections.bot)
    expect(() => weavz.assertQuiet({ openings: [] })).toThrow(/Credentials of a deleted connection \(/)
  })
})

describe('the openings that a test expects', () => {
  it('are of connections, and not of what is mistyped for one', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.ready
    const quiet = (name: string) => () => weavz.assertQuiet({ openings: [name] })
    expect(quiet('alice_slak')).toThrow(
      new TypeError('assertQuiet: No connection is called "alice_slak". Did you mean "alice_slack"?'),
    )
    const { workspaces, endUsers } = weavz.seeded
    for (const name of ['nothing like it', workspaces.acme, endUsers.alice, nobody]) {
      expect(quiet(name)).toThrow(
        new TypeError(
          `assertQuiet: No connection is called "${name}", and none was, as far as the journal goes`,
        ),
      )
    }
  })

  it('may be of one that was deleted in the test, by its id or by a name that the journal tells', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.ready
    const client = clientOf(weavz)
    weavz.onAction('slack', 'send_channel_message', () => 'sent')
    await post(weavz, 'bot', { channel: '#c', text: 'Hi' })
    const { bot, alice_slack: unused } = weavz.seeded.connections
    for (const id of [bot, unused]) await client.connections.delete(id)
    weavz.assertQuiet({ openings: [bot, unused] })
    const workspaceId = weavz.seeded.workspaces.acme
    const { connection } = await client.connections.create({
      ...{ integrationName: 'slack', type: 'PLATFORM_OAUTH2', accessToken: `own-${hush}` },
      ...{ externalId: 'short-lived', displayName: 'Short', workspaceId },
    })
    await client.actions.execute('slack', 'send_channel_message', {
      ...{ workspaceId, integrationAlias: 'bot', connectionExternalId: 'short-lived' },
      input: { channel: '#c', text: 'Hi' },
    })
    await client.connections.delete(connection.id)
    weavz.assertQuiet({ openings: [bot, 'short-lived'] })
    expect(() => weavz.assertQuiet({ openings: [bot] })).toThrow(
      /Credentials of short-lived \(.*assertQuiet\({ openings: \["short-lived"\] }\)$/,
    )
  })

  it('may be of one that a user connected, and that went with them', async () => {
    const weavz = createMockWeavz({ seed: typicalSeed })
    await weavz.ready
    const client = clientOf(weavz)
    const { token } = await client.connect.createToken({
      ...{ integrationName: 'slack', connectionName: 'Slack', externalId: 'own', endUserId: 'bob' },
      workspaceId: weavz.seeded.workspaces.acme,
    })
    await weavz.user.approve(token)
    await client.endUsers.delete(weavz.seeded.endUsers.bob)
    weavz.assertQuiet({ openings: ['own'] })
  })
})

describe('an opening is not expected', () => {
  const execute = { connectionId: 'a', field: 'accessToken', purpose: 'execute' } as const
  const refresh = { connectionId: 'a', field: 'refreshToken', purpose: 'refresh' } as const
  const secret = { connectionId: null, field: 'clientSecret.slack', purpose: 'refresh' } as const
  type Opened = Pick<Opening, 'connectionId' | 'field' | 'purpose'>

  const problems = (endpoint: ExchangeId | null, ...opened: Opened[]) => {
    const strays = createStrays()
    const openings: Opened[] = []
    for (const each of opened) {
      strays.look({ seq: 7, endpoint, openings }, each)
      openings.push(each)
    }
    return strays.list()
  }

  it.each<[string, ExchangeId | null, Opened[]]>([
    ['in an endpoint that opens nothing', 'connections.list', [execute]],
    ['in a request for nothing', null, [execute]],
    ['to run something where tokens are exchanged', 'pages.callback', [execute]],
    ['to look at it', 'actions.execute', [{ ...execute, purpose: 'test' }]],
    ['on a second connection of one call', 'actions.execute', [execute, { ...execute, connectionId: 'b' }]],
    ['of more than a refresh needs', 'actions.execute', [{ ...execute, purpose: 'refresh' }]],
  ])('%s', (_, endpoint, opened) => {
    expect(problems(endpoint, ...opened)).toEqual([
      expect.stringMatching(/\(7 in the journal\) opened .*: please report it$/),
    ])
  })

  it.each<[string, ExchangeId, Opened[]]>([
    [
      'a call that refreshes first',
      'actions.execute',
      [refresh, secret, execute, { ...execute, field: 'data' }],
    ],
    ['code that calls several tools', 'mcpServers.executeCode', [execute, { ...execute, connectionId: 'b' }]],
    ['headers and tokens of a trigger', 'webhooks.trigger', [refresh, { ...execute, connectionId: null }]],
    ['the way back from a provider', 'pages.callback', [secret]],
  ])('but it is in %s', (_, endpoint, opened) => {
    expect(problems(endpoint, ...opened)).toEqual([])
  })

  it('a hundred times at most', () => {
    expect(problems('health.check', ...Array.from({ length: 200 }, () => execute))).toHaveLength(100)
  })
})
