import { describe, expect, it } from 'vitest'
import { weavzMatchers } from '../../../src/mock/matchers/index.js'
import { complaintOf, start } from './world.js'

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
        'but the call with that input was refused: 400 CONNECTION_REQUIRED',
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
