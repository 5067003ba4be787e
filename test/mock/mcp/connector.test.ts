import { validate } from '@hyperjump/json-schema/draft-2020-12'
import { expect, it } from 'vitest'
import { throughBothDoors, type Open } from '../door.js'
import { configure, makeEndUser, makeWorkspace, nobody } from '../world.js'
import { addPersonalSlack, addSlack, connect, knock } from './kit.js'

/** A workspace with Slack, and the official client at the generic connector. */
async function atTheConnector(open: Open, options?: Parameters<Open>[0]) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  const client = await connect(api, `${api.url}/mcp/weavz`, api.weavz.apiKey)
  const call = (name: string, args: Record<string, unknown>) =>
    client.callTool({ name, arguments: { workspaceId, ...args } })
  return { api, workspaceId, client, call }
}

const message = { integrationName: 'slack', actionName: 'send_channel_message' }
const input = { channel: 'C1', text: 'Hi' }

throughBothDoors('The generic connector', (open) => {
  it('has the documented tools, each with a schema that JSON Schema 2020-12 takes', async () => {
    const { client } = await atTheConnector(open)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      'weavz_app',
      'weavz_action_info',
      'weavz_validate_action',
      'weavz_action_options',
      'weavz_call_action',
    ])
    for (const { name, description, inputSchema } of tools) {
      const { valid } = await validate('https://json-schema.org/draft/2020-12/schema', inputSchema as never)
      expect(valid, name).toBe(true)
      expect(description, name).not.toBe('')
      expect(inputSchema.required, name).toContain('workspaceId')
      const undescribed = Object.entries(inputSchema.properties ?? {}).filter(
        ([, property]) => !('description' in property && property.description),
      )
      expect(undescribed, name).toEqual([])
    }
  })

  it('leads from the apps of a workspace to a call, by what each tool answers', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    await addPersonalSlack(api, workspaceId)
    await configure(api, workspaceId, { integrationName: 'datetime' })
    api.weavz.onAction('slack', 'send_channel_message', ({ input, endUser }) => ({
      ...input,
      by: endUser?.externalId,
    }))
    const found = (await call('weavz_app', { integrationName: 'slack' })) as unknown as {
      structuredContent: { apps: { integrationName: string; actions: { actionName: string }[] }[] }
    }
    const [app] = found.structuredContent.apps
    expect(app).toMatchObject({
      ...{ integrationName: 'slack', integrationAlias: 'slack', displayName: 'Slack' },
      connectionStrategy: 'per_user',
    })
    expect(app?.actions).toEqual([{ actionName: 'send_channel_message', description: expect.any(String) }])
    const chosen = { integrationName: app?.integrationName, actionName: app?.actions[0]?.actionName }
    const info = await call('weavz_action_info', chosen)
    expect(info).toMatchObject({
      structuredContent: {
        ...chosen,
        displayName: 'Send channel message',
        inputSchema: { type: 'object', required: ['channel', 'text'] },
        needsAccount: true,
      },
    })
    const complete = { ...chosen, endUserId: 'user_123', input }
    expect(await call('weavz_validate_action', complete)).toMatchObject({
      structuredContent: { valid: true },
    })
    expect(await call('weavz_call_action', complete)).toMatchObject({
      structuredContent: { ...input, by: 'user_123' },
    })
  })

  it('shows every app without a filter, in the order of the workspace', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    await configure(api, workspaceId, { integrationName: 'datetime' })
    await configure(api, workspaceId, { integrationName: 'datetime', alias: 'clock' })
    expect(await call('weavz_app', {})).toMatchObject({
      structuredContent: { apps: [{ integrationAlias: 'datetime' }, { integrationAlias: 'clock' }] },
    })
    expect(await call('weavz_app', { integrationName: 'nothing' })).toMatchObject({
      isError: true,
      structuredContent: { code: 'INTEGRATION_NOT_FOUND' },
    })
  })

  it('shows of an input what partials leave open, in the place that is named', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    const { integration } = await addSlack(api, workspaceId)
    await addSlack(api, (await makeWorkspace(api, 'other')).id)
    await api.ok('partials.create', {
      body: {
        ...{ workspaceId, integrationName: 'slack', name: 'Alerts', isDefault: true },
        ...{ values: { channel: 'C9' }, enforcedKeys: ['channel'] },
      },
    })
    for (const named of [{}, { integrationAlias: 'slack' }, { workspaceIntegrationId: integration.id }]) {
      const info = await call('weavz_action_info', { ...message, ...named })
      const { properties, required } = (info.structuredContent as { inputSchema: never }).inputSchema
      expect(Object.keys(properties)).not.toContain('channel')
      expect(required).toEqual(['text'])
    }
    for (const named of [{ integrationAlias: 'nothing' }, { workspaceIntegrationId: nobody }]) {
      expect(await call('weavz_action_info', { ...message, ...named })).toMatchObject({
        structuredContent: { code: 'NOT_FOUND' },
      })
    }
    expect(await call('weavz_action_info', { ...message, actionName: 'constructor' })).toMatchObject({
      structuredContent: { code: 'ACTION_NOT_FOUND' },
    })
  })

  it('tells before a call what would be refused, in the words of the refusal, and does nothing', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    await addPersonalSlack(api, workspaceId)
    await makeEndUser(api, workspaceId, 'bob')
    const ran: unknown[] = []
    api.weavz.onAction('slack', 'send_channel_message', (given) => ran.push(given.input))
    for (const args of [
      { ...message, endUserId: 'bob', input },
      { ...message, endUserId: 'user_123', input: { channel: 7 } },
      { ...message, endUserId: 'user_123', actionName: 'list_users' },
      { ...message, integrationName: 'nothing' },
    ]) {
      const validated = await call('weavz_validate_action', args)
      const called = await call('weavz_call_action', args)
      expect(validated.isError).toBeUndefined()
      expect(called.isError).toBe(true)
      expect(validated.structuredContent).toEqual({
        valid: false,
        ...(called.structuredContent as object),
      })
    }
    expect(await call('weavz_validate_action', { ...message, endUserId: 'user_123', input })).toMatchObject({
      structuredContent: { valid: true },
    })
    expect(ran).toEqual([])
    expect(api.weavz.openings.count).toBe(0)
  })

  it('asks for the options of an input as the property endpoint does', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    await addSlack(api, workspaceId)
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', ({ searchValue }) => [
      { label: `#${searchValue}`, value: 'C1' },
    ])
    const asked = { ...message, propertyName: 'channel', searchValue: 'general' }
    expect(await call('weavz_action_options', asked)).toMatchObject({
      structuredContent: { options: [{ label: '#general', value: 'C1' }], disabled: false },
    })
    expect(await call('weavz_action_options', { ...asked, propertyName: 'text' })).toMatchObject({
      structuredContent: { code: 'NOT_DROPDOWN' },
    })
  })

  it('waits for approvals by the call itself: the repeat of an approved one runs', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    await addSlack(api, workspaceId)
    await api.ok('approvalPolicies.create', { body: { name: 'Ask', workspaceId, sources: ['mcp_tools'] } })
    const args = { ...message, input }
    const asked = (await call('weavz_call_action', args)) as unknown as {
      structuredContent: { approval: { id: string } }
    }
    const { id } = asked.structuredContent.approval
    const { approval } = await api.ok('approvals.get', { params: { id } })
    expect(approval).toMatchObject({ source: 'mcp_tools', mcpServerId: null, requestedByType: 'api_key' })
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Boss', permissions: { scope: 'org', approvals: { decide: true } } },
    })
    const headers = { authorization: `Bearer ${plainKey}` }
    await api.ok('approvals.approve', { params: { id }, headers, body: {} })
    expect(await call('weavz_call_action', args)).toMatchObject({ structuredContent: { mock: true } })
    expect(await call('weavz_call_action', args)).toMatchObject({
      structuredContent: { status: 'approval_required' },
    })
  })

  it('reaches no further than the API key', async () => {
    const { api, workspaceId, call } = await atTheConnector(open)
    await addSlack(api, workspaceId)
    const other = await makeWorkspace(api, 'other')
    const permissions = { scope: 'workspace' as const, workspaceIds: [other.id] }
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'Limited', permissions } })
    const limited = await connect(api, `${api.url}/mcp/weavz`, plainKey)
    for (const name of ['weavz_app', 'weavz_action_info', 'weavz_validate_action', 'weavz_call_action']) {
      const args = name === 'weavz_app' ? {} : message
      const refused = await limited.callTool({ name, arguments: { workspaceId, ...args } })
      expect(refused, name).toMatchObject({ isError: true, structuredContent: { code: 'SCOPE_DENIED' } })
    }
    const own = { name: 'weavz_app', arguments: { workspaceId: other.id } }
    expect(await limited.callTool(own)).toMatchObject({ structuredContent: { apps: [] } })
    expect(await call('weavz_app', { workspaceId: nobody })).toMatchObject({
      structuredContent: { code: 'NOT_FOUND' },
    })
  })

  it('is for API keys alone, and takes no token of an MCP server', async () => {
    const { api, workspaceId } = await atTheConnector(open)
    const { bearerToken } = await api.ok('mcpServers.create', {
      body: { name: 'Support', workspaceId, authMode: 'bearer' },
    })
    for (const token of [undefined, bearerToken, 'wvz_wrong']) {
      const { status, challenge } = await knock(api, `${api.url}/mcp/weavz`, token)
      expect([status, challenge]).toEqual([401, 'Bearer'])
    }
  })

  it('refuses arguments that do not fit as errors of the protocol', async () => {
    const { call } = await atTheConnector(open)
    await expect(call('weavz_call_action', { integrationName: 'slack' })).rejects.toThrow(
      'arguments.actionName',
    )
    await expect(call('weavz_app', { extra: 1 })).rejects.toThrow('arguments.extra')
    await expect(call('weavz_app', { workspaceId: 7 })).rejects.toMatchObject({ code: -32602 })
    for (const name of ['weavz_nothing', 'constructor', '__proto__']) {
      await expect(call(name, {})).rejects.toMatchObject({ code: -32602 })
    }
  })
})
