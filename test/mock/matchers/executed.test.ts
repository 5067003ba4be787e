import { describe, expect, it } from 'vitest'
import { weavzMatchers } from '../../../src/mock/matchers/index.js'
import { askMcp, complaintOf, start } from './world.js'

expect.extend(weavzMatchers)

/** Two messages of the bot, with blocks. */
async function announce() {
  const world = await start()
  const { client, workspaceId } = world
  for (const [channel, text] of [
    ['#general', 'Hello'],
    ['#random', 'Good night'],
  ]) {
    await client.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      integrationAlias: 'bot',
      input: { channel, text, blocks: [{ type: 'section', text: { type: 'plain_text', text } }] },
    })
  }
  return world
}

describe('toHaveExecuted', () => {
  it('holds for an action that has run, with an input that has at least those values', async () => {
    const { weavz } = await announce()
    expect(weavz).toHaveExecuted('slack', 'send_channel_message')
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', {})
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#general' })
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#random', text: 'Good night' })
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { text: expect.stringContaining('night') })
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { blocks: [{ text: { text: 'Hello' } }] })
  })

  it('does not hold for another action, and not for values that no single call has', async () => {
    const { weavz } = await announce()
    expect(weavz).not.toHaveExecuted('slack', 'send_direct_message')
    expect(weavz).not.toHaveExecuted('discord', 'send_channel_message')
    expect(weavz).not.toHaveExecuted('slack', 'send_channel_message', { channel: '#random', text: 'Hello' })
    expect(weavz).not.toHaveExecuted('slack', 'send_channel_message', { thread_ts: '1' })
    expect(weavz).not.toHaveExecuted('slack', 'send_channel_message', { blocks: [] })
    expect((await start()).weavz).not.toHaveExecuted('slack', 'send_channel_message')
  })

  it('does not hold for a call that was refused, and says so', async () => {
    const { weavz, client, workspaceId } = await start()
    const input = { channel: '#general', text: 'Hello' }
    const call = { workspaceId, integrationAlias: 'user', endUserId: 'ben', input }
    await expect(client.actions.execute('slack', 'send_channel_message', call)).rejects.toThrow()
    expect(complaintOf(() => expect(weavz).toHaveExecuted('slack', 'send_channel_message', input))).toBe(
      'expected slack.send_channel_message to have been executed, ' +
        'but the call with that input was refused: CONNECTION_REQUIRED',
    )
  })

  it('does not hold for a call that waits for approval, and says so', async () => {
    const { weavz, client, workspaceId } = await start()
    await client.approvalPolicies.create({
      name: 'Ask first',
      workspaceId,
      decision: 'require_approval',
      integrationNames: ['slack'],
    })
    await client.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      integrationAlias: 'bot',
      input: { channel: '#general', text: 'Hello' },
    })
    expect(complaintOf(() => expect(weavz).toHaveExecuted('slack', 'send_channel_message'))).toContain(
      'but the call with that input waits for approval',
    )
  })

  it('holds for what an MCP client has run, and for what code has', async () => {
    const { weavz, client, workspaceId } = await start()
    const { server, bearerToken } = await client.mcpServers.create({
      ...{ name: 'Support', workspaceId, authMode: 'bearer', endUserId: 'ava' },
    })
    const { tools } = await client.mcpServers.get(server.id)
    const tool = tools.find(({ actionName }) => actionName === 'send_channel_message')!
    await client.mcpServers.tools.update(server.id, tool.id, {
      integrationAlias: 'notify',
      inputDefaults: { channel: '#alerts' },
    })
    const ask = askMcp(weavz, server.mcpEndpoint, bearerToken)
    const listed = await ask('tools/list', {})
    const name = listed.tools.map((each) => each.name).find((each) => each.includes('notify'))
    await ask('tools/call', { name, arguments: { text: 'From MCP' } })
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#alerts', text: 'From MCP' })
    weavz.onExecuteCode(({ weavz: api }) =>
      api['notify']!['send_channel_message']!({ channel: '#code', text: 'From code' }),
    )
    await client.mcpServers.update(server.id, { mode: 'CODE' })
    await client.mcpServers.executeCode(server.id, { code: 'anything' })
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#code' })
    const complaint = complaintOf(() =>
      expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#code', text: 'Other' }),
    )
    expect(complaint).toContain('the nearest of its 2 calls had another input:')
    expect(complaint).toMatch(/^\+ +"text": "From code",$/m)
  })

  it('goes by what the action got, defaults and enforced values included', async () => {
    const { weavz, client, workspaceId } = await start()
    await client.partials.create({
      ...{ workspaceId, integrationName: 'slack', integrationAlias: 'bot', name: 'Quiet', isDefault: true },
      ...{ values: { channel: '#quiet' }, enforcedKeys: ['channel'] },
    })
    const call = { workspaceId, integrationAlias: 'bot', input: { channel: '#loud', text: 'Hi' } }
    await client.actions.execute('slack', 'send_channel_message', call)
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#quiet', text: 'Hi' })
    expect(weavz).not.toHaveExecuted('slack', 'send_channel_message', { channel: '#loud' })
  })

  it('does not hold for a call that never got so far', async () => {
    const { weavz, client, workspaceId } = await start()
    const effect = { type: 'status', status: 503 } as const
    weavz.faults.add({ match: { endpoint: 'actions.execute' }, effect })
    const call = { workspaceId, integrationAlias: 'bot', input: { channel: '#general', text: 'Hello' } }
    await expect(client.actions.execute('slack', 'send_channel_message', call)).rejects.toThrow()
    expect(complaintOf(() => expect(weavz).toHaveExecuted('slack', 'send_channel_message'))).toContain(
      'but the call with that input was refused: INTEGRATION_UNAVAILABLE',
    )
    weavz.faults.add({ effect: { type: 'reset' }, phase: 'after' })
    await expect(client.actions.execute('slack', 'send_channel_message', call)).rejects.toThrow()
    expect(weavz, 'the answer was lost, the work was done').toHaveExecuted('slack', 'send_channel_message')
  })

  it('shows the call that comes nearest, and where it differs', async () => {
    const { weavz } = await announce()
    const expected = { channel: '#random', text: expect.stringContaining('night'), thread_ts: '17' }
    const complaint = complaintOf(() =>
      expect(weavz).toHaveExecuted('slack', 'send_channel_message', expected),
    )
    expect(complaint).toContain('the nearest of its 2 calls had another input:')
    expect(complaint).toMatch(/^- +"thread_ts": "17",$/m)
    const same = complaint.split('\n').filter((line) => /^ {2,}"/.test(line))
    expect(same.map((line) => line.trim())).toEqual(['"channel": "#random",', '"text": "Good night",'])
    expect(complaint).not.toContain('Hello')
    expect(complaint).not.toContain('blocks')
  })

  it('names what has run instead, or says that nothing has', async () => {
    const { weavz } = await announce()
    expect(complaintOf(() => expect(weavz).toHaveExecuted('github', 'create_issue'))).toBe(
      'expected github.create_issue to have been executed, but only these were:\n\nslack.send_channel_message (2 times)',
    )
    expect(
      complaintOf(() => expect(weavz.fork()).toHaveExecuted('github', 'create_issue')),
      'a fork has a journal of its own',
    ).toContain('but no action was')
  })

  it('shows the input of a call that should not have been', async () => {
    const { weavz } = await announce()
    const complaint = complaintOf(() => expect(weavz).not.toHaveExecuted('slack', 'send_channel_message'))
    expect(complaint).toMatch(/not to have been executed, but it was, with the input\n\n[^]*#general/)
  })

  it('keeps credentials out of what it shows', async () => {
    const { weavz, client, workspaceId } = await start()
    await client.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      integrationAlias: 'bot',
      input: { channel: '#general', text: `My key is ${weavz.apiKey}` },
    })
    const complaint = complaintOf(() =>
      expect(weavz).toHaveExecuted('slack', 'send_channel_message', { text: 'Hello' }),
    )
    expect(complaint).toContain('My key is')
    expect(complaint).not.toContain(weavz.apiKey)
  })

  it('refuses what is no mock', () => {
    expect(() => expect({}).toHaveExecuted('slack', 'send_channel_message')).toThrow(
      /takes a mock of createMockWeavz/,
    )
    // @ts-expect-error -- two names are needed
    expect(() => expect(undefined).toHaveExecuted('slack')).toThrow(TypeError)
  })
})
