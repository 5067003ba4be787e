import { describe, expect, it } from 'vitest'
import { weavzMatchers } from '../../../src/mock/matchers/index.js'
import { askMcp, complaintOf, start } from './world.js'

expect.extend(weavzMatchers)

const slackOf = (workspaceId: string, endUserId: string) => ({
  workspaceId,
  integrationName: 'slack',
  integrationAlias: 'user',
  endUserId,
})

describe('toHaveResolvedTo', () => {
  it('holds for the connection that the request runs on, by external id and by UUID, and for no other', async () => {
    const { weavz, workspaceId } = await start()
    const explanation = weavz.explain(slackOf(workspaceId, 'ava'))
    expect(explanation).toHaveResolvedTo('ava_slack')
    expect(explanation).toHaveResolvedTo(weavz.seeded.connections.ava_slack)
    expect(explanation).not.toHaveResolvedTo('bot')
    expect(explanation).not.toHaveResolvedTo(weavz.seeded.connections.bot)
    expect(explanation).not.toHaveResolvedTo('')
  })

  it('does not hold for a request that is denied, or that needs no account', async () => {
    const { weavz, workspaceId } = await start()
    expect(weavz.explain(slackOf(workspaceId, 'ben'))).not.toHaveResolvedTo('ava_slack')
    const builtIn = weavz.explain({ workspaceId, integrationName: 'datetime' })
    expect(builtIn).not.toHaveResolvedTo('bot')
  })

  it('holds for what an MCP client or a trigger has run on', async () => {
    const { weavz, client, workspaceId } = await start()
    const { server, bearerToken } = await client.mcpServers.create({
      ...{ name: 'Support', workspaceId, authMode: 'bearer', endUserId: 'ava' },
    })
    const ask = askMcp(weavz, server.mcpEndpoint, bearerToken)
    const { tools } = await ask('tools/list', {})
    const name = tools.map((each) => each.name).find((each) => /user.*list_users/.test(each))
    expect(weavz).not.toHaveResolvedTo('ava_slack')
    await ask('tools/call', { name, arguments: {} })
    expect(weavz).toHaveResolvedTo('ava_slack')
    weavz.registerTrigger('slack', 'new_message')
    await client.triggers.enable({
      ...{ integrationName: 'slack', triggerName: 'new_message', workspaceId, integrationAlias: 'bot' },
      callbackUrl: 'https://app.example.com/events',
    })
    weavz.journal.clear()
    await weavz.emit({ integrationName: 'slack', triggerName: 'new_message' }, {})
    expect(weavz).toHaveResolvedTo('bot')
  })

  it('says where it fails why the expected connection was not taken', async () => {
    const { weavz, workspaceId } = await start()
    const complaint = complaintOf(() =>
      expect(weavz.explain(slackOf(workspaceId, 'ben'))).toHaveResolvedTo('ava_slack'),
    )
    expect(complaint).toContain('expected the request to resolve to ava_slack, but instead:')
    expect(complaint).toContain('denied 400 CONNECTION_REQUIRED (END_USER_NOT_CONNECTED)')
    expect(complaint).toContain(`ava_slack (${weavz.seeded.connections.ava_slack}) was rejected`)
    expect(complaint).toMatch(/expected "ben", is "ava"/)
  })

  it('says which connections there are when none has that name', async () => {
    const { weavz, workspaceId } = await start()
    const explanation = weavz.explain(slackOf(workspaceId, 'ava'))
    expect(complaintOf(() => expect(explanation).toHaveResolvedTo('eva_slack'))).toContain(
      'No connection of slack is called eva_slack. There are: ava_slack, bot.',
    )
    const none = weavz.explain({ workspaceId, integrationName: 'github' })
    expect(complaintOf(() => expect(none).toHaveResolvedTo('ava_github'))).toContain('There are none.')
  })

  it('says what it resolved to where it should not have', async () => {
    const { weavz, workspaceId } = await start()
    const explanation = weavz.explain(slackOf(workspaceId, 'ava'))
    expect(complaintOf(() => expect(explanation).not.toHaveResolvedTo('ava_slack'))).toMatch(
      /^expected the request not to resolve to ava_slack, but it did:\n\n.*via own/,
    )
  })

  it('holds for a mock if any request in its journal ran on the connection', async () => {
    const { weavz, client, workspaceId } = await start()
    expect(weavz).not.toHaveResolvedTo('bot')
    const input = { channel: '#general', text: 'Hello' }
    await client.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      integrationAlias: 'bot',
      input,
    })
    expect(weavz).toHaveResolvedTo('bot')
    expect(weavz).toHaveResolvedTo(weavz.seeded.connections.bot)
    expect(weavz).not.toHaveResolvedTo('ava_slack')
    await client.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      integrationAlias: 'user',
      endUserId: 'ava',
      input,
    })
    expect(weavz).toHaveResolvedTo('ava_slack')
  })

  it('tells of a mock what its requests got instead, and what the nearest lacked', async () => {
    const { weavz, client, workspaceId } = await start()
    expect(complaintOf(() => expect(weavz).toHaveResolvedTo('bot'))).toBe(
      'expected a request to resolve to bot, but no request asked for a connection',
    )
    const call = { workspaceId, integrationAlias: 'user', input: { channel: '#general', text: 'Hello' } }
    const forBen = { ...call, endUserId: 'ben' }
    await expect(client.actions.execute('slack', 'send_channel_message', forBen)).rejects.toThrow()
    await expect(client.actions.execute('slack', 'send_channel_message', forBen)).rejects.toThrow()
    await client.actions.execute('datetime', 'parse_date', {
      workspaceId,
      input: { dateString: '2026-01-01' },
    })
    const complaint = complaintOf(() => expect(weavz).toHaveResolvedTo('ava_slack'))
    expect(complaint.split('\n\n')).toEqual([
      'expected a request to resolve to ava_slack, but instead:',
      [
        'execute slack for end user ben: denied CONNECTION_REQUIRED (END_USER_NOT_CONNECTED)',
        'execute datetime: not-needed without connection',
      ].join('\n'),
      expect.stringMatching(/^ava_slack \(.*\) was rejected\n[^]*expected "ben", is "ava"/),
    ])
  })

  it('refuses what is neither', () => {
    expect(() => expect({ outcome: 'resolved' }).toHaveResolvedTo('bot')).toThrow(
      /takes a mock of createMockWeavz, or/,
    )
    // @ts-expect-error -- a name is needed
    expect(() => expect(undefined).toHaveResolvedTo()).toThrow(TypeError)
  })
})
