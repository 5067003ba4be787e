import { expect, it } from 'vitest'
import type { McpTool } from '../../../src/contract/mcp-tools.js'
import { throughBothDoors, type Open } from '../door.js'
import { addSlack, begin, connect } from './kit.js'

/** Slack with a partial that enforces the channel and suggests a text. */
async function withPartial(open: Open, fields: Record<string, unknown>) {
  const world = await begin(open)
  const { api, workspaceId, makeServer } = world
  await addSlack(api, workspaceId)
  const { partial } = await api.ok('partials.create', {
    body: {
      ...{ workspaceId, integrationName: 'slack', name: 'Alerts' },
      ...{ values: { channel: '#alerts', text: 'Something happened' }, enforcedKeys: ['channel'] },
      ...fields,
    },
  })
  const { server, bearerToken = '', mcpEndpoint } = await makeServer({ authMode: 'bearer' })
  const [send] = (await world.toolsOf(server.id)) as [McpTool]
  const client = await connect(api, mcpEndpoint, bearerToken)
  const name = 'slack__send_channel_message'
  return {
    ...world,
    partial,
    server,
    patch: (body: object) =>
      api.ok('mcpServers.tools.update', { params: { id: server.id, toolId: send.id }, body }),
    schema: async () => (await client.listTools()).tools.find((tool) => tool.name === name)?.inputSchema,
    inputOf: async (input: object) => {
      const result = await client.callTool({ name, arguments: { ...input } })
      return (
        (result.structuredContent as { input?: unknown; code?: string }).input ?? result.structuredContent
      )
    },
  }
}

throughBothDoors('Partials and defaults of MCP tools', (open) => {
  it('apply by default: what they enforce is not in the schema, what they suggest is not required', async () => {
    const { schema, inputOf } = await withPartial(open, { isDefault: true })
    const { properties = {}, required } = (await schema()) ?? {}
    expect(Object.keys(properties)).toEqual(['text', 'blocks', 'thread_ts', 'unfurl_links'])
    expect(required).toBeUndefined()
    expect(await inputOf({})).toEqual({ channel: '#alerts', text: 'Something happened' })
    expect(await inputOf({ channel: '#mine', text: 'Hi' })).toEqual({ channel: '#alerts', text: 'Hi' })
  })

  it('apply where the tool names them, by id or by name, and not without a partial', async () => {
    const { schema, inputOf, patch, partial } = await withPartial(open, {})
    expect(await schema()).toMatchObject({ required: ['channel', 'text'] })
    for (const named of [partial.id, 'Alerts']) {
      expect((await patch({ partialIds: [named] })).tool.partialIds).toEqual([partial.id])
      expect(Object.keys((await schema())?.properties ?? {})).not.toContain('channel')
      expect(await inputOf({ text: 'Hi' })).toEqual({ channel: '#alerts', text: 'Hi' })
      expect((await patch({ partialIds: [] })).tool.partialIds).toEqual([])
      expect(await schema()).toMatchObject({ required: ['channel', 'text'] })
    }
  })

  it('lie above the defaults of the tool, and below what the caller gives', async () => {
    const { schema, inputOf, patch } = await withPartial(open, { isDefault: true, enforcedKeys: [] })
    await patch({ inputDefaults: { channel: '#general', thread_ts: '1.0' } })
    expect((await schema())?.required).toBeUndefined()
    expect(await inputOf({ text: 'Hi' })).toEqual({ channel: '#alerts', text: 'Hi', thread_ts: '1.0' })
    await patch({ partialIds: [] })
    expect(await inputOf({ text: 'Hi' })).toEqual({ channel: '#general', text: 'Hi', thread_ts: '1.0' })
    expect(await schema()).toMatchObject({ required: ['text'] })
  })

  it('are refused of another action, and missed when the tool is called once they are gone', async () => {
    const { api, schema, inputOf, patch, partial, server, workspaceId } = await withPartial(open, {})
    await api.ok('partials.create', {
      body: { workspaceId, integrationName: 'slack', actionName: 'list_users', name: 'Users' },
    })
    const [send] = (await api.ok('mcpServers.get', { params: { id: server.id } })).tools
    const params = { id: server.id, toolId: send?.id ?? '' }
    const body = { partialIds: ['Users'] }
    await api.refused('mcpServers.tools.update', 'PARTIAL_MISMATCH', { params, body })
    await patch({ partialIds: [partial.id] })
    await api.ok('partials.delete', { params: { id: partial.id } })
    expect(await schema()).toMatchObject({ required: ['channel', 'text'] })
    expect(await inputOf({ channel: 'C', text: 'T' })).toMatchObject({ code: 'PARTIAL_NOT_FOUND' })
  })
})
