import { expect, it } from 'vitest'
import { hush, refusalOf, throughBothDoors, type Open } from './door.js'
import { configure, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

throughBothDoors('the catalog', (open) => {
  it('lists every integration, in full and in brief, and never in pages', async () => {
    const api = await open()
    const full = await api.ok('integrations.list')
    const brief = await api.ok('integrations.listSummary', { query: { summary: true } })
    expect(full.total).toBe(full.integrations.length)
    expect(full.total).toBeGreaterThan(50)
    expect(brief.integrations.map(({ name }) => name)).toEqual(full.integrations.map(({ name }) => name))
    for (const [at, summary] of brief.integrations.entries()) {
      const integration = full.integrations[at]!
      expect(summary.actionCount).toBe(Object.keys(integration.actions).length)
      expect(summary.triggerCount).toBe(Object.keys(integration.triggers).length)
      expect(summary.auth === null).toBe(integration.auth === null)
      expect(integration.authOptions?.length === 0).toBe(integration.auth === null)
      expect(summary.logoUrl).toMatch(/^data:/)
    }
    expect((await api.raw('GET', '/api/v1/integrations?summary=false')).status).toBe(200)
    const { paths } = await refusalOf(await api.raw('GET', '/api/v1/integrations?summary=yes'))
    expect(paths).toEqual(['query.summary'])
  })

  it('describes one integration by its name', async () => {
    const api = await open()
    const { integration, integrations, total } = await api.ok('integrations.get', {
      query: { name: 'slack' },
    })
    expect({ integrations, total }).toEqual({ integrations: [integration], total: 1 })
    expect(integration).toMatchObject({
      ...{ name: 'slack', displayName: 'Slack', categories: ['COMMUNICATION'], auth: { type: ['OAUTH2'] } },
      authOptions: [{ key: 'oauth2', type: 'OAUTH2' }],
    })
    expect(integration.actions.send_channel_message?.props).toMatchObject({
      ...{ channel: { required: true }, text: { type: 'SHORT_TEXT', required: true } },
      ...{ unfurl_links: { type: 'CHECKBOX', required: false } },
    })
    for (const name of ['slak', '__proto__', 'Slack']) {
      const { status } = await api.refused('integrations.get', 'INTEGRATION_NOT_FOUND', { query: { name } })
      expect(status).toBe(404)
    }
  })

  it('says which inputs make the options of another stale', async () => {
    const api = await open()
    const input = { country: { type: 'string' }, city: { type: 'string', refreshers: ['country'] } } as const
    api.weavz.registerIntegration('atlas', {
      displayName: 'Atlas',
      category: 'PRODUCTIVITY',
      auth: null,
      actions: { pick_city: { input } },
    })
    const { integration } = await api.ok('integrations.get', { query: { name: 'atlas' } })
    expect(integration.actions['pick_city']?.props).toMatchObject({ city: { refreshers: ['country'] } })
  })

  it.each([
    ['nothing', null, 'entry'],
    ['no actions', { displayName: 'X', auth: null }, 'entry.actions'],
    [
      'an action without input',
      { displayName: 'X', auth: null, actions: { a: {} } },
      'entry.actions.a.input',
    ],
  ])('cannot register an integration with %s', async (_, entry, named) => {
    const api = await open()
    expect(() => api.weavz.registerIntegration('broken', entry as never)).toThrow(named)
    await api.refused('integrations.get', 'INTEGRATION_NOT_FOUND', { query: { name: 'broken' } })
  })

  it('names the integrations that have a connection, to who has a key', async () => {
    const api = await open()
    expect((await api.ok('integrations.list')).registered).toEqual([])
    const { id } = await makeConnection(api)
    await makeConnection(api, { externalId: 'b' })
    await makeConnection(api, { integrationName: 'github' })
    expect((await api.ok('integrations.list')).registered).toEqual(['slack', 'github'])
    await api.ok('connections.delete', { params: { id } })
    expect((await api.ok('integrations.listSummary', { query: { summary: true } })).registered).toHaveLength(
      2,
    )
  })

  it('names the integrations that have an OAuth app', async () => {
    const api = await open({
      managedOAuthApps: ['slack', 'openai'],
      oauthApps: [{ id: nobody, integrationName: 'github' }],
    })
    expect(await api.ok('integrations.oauthStatus')).toEqual({ configured: ['slack', 'github'] })
    expect((await (await open()).ok('integrations.oauthStatus')).configured).toContain('gmail')
  })
})

async function begin(open: Open) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  const { id: connectionId } = await makeConnection(api, { workspaceId })
  await configure(api, workspaceId, { integrationName: 'slack', connectionId })
  const call = (fields: Record<string, unknown> = {}) => ({
    params: { integrationName: 'slack' },
    body: { propertyName: 'channel', actionName: 'send_channel_message', workspaceId, ...fields },
  })
  return { api, workspaceId, connectionId, call }
}

throughBothDoors('property endpoints', (open) => {
  it('ask the source for options, on the connection that execute would use', async () => {
    const { api, workspaceId, connectionId, call } = await begin(open)
    await makeEndUser(api, workspaceId, 'u')
    let received: unknown
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', (given) => {
      received = given
      return [{ label: '#general', value: 'C01' }]
    })
    const fields = { searchValue: 'gen', input: { text: 'x' }, endUserId: 'u' }
    expect(await api.ok('integrations.resolveOptions', call(fields))).toEqual({
      options: [{ label: '#general', value: 'C01' }],
      disabled: false,
    })
    expect(received).toMatchObject({
      ...{
        integrationName: 'slack',
        operationName: 'send_channel_message',
        propertyName: 'channel',
        workspaceId,
      },
      ...{
        searchValue: 'gen',
        input: { text: 'x' },
        connection: { id: connectionId },
        endUser: { externalId: 'u' },
      },
    })
  })

  it('ask the source for props', async () => {
    const { api, call } = await begin(open)
    const props = { name: { type: 'SHORT_TEXT', displayName: 'Name', required: true } }
    api.weavz.onProps('slack', 'send_channel_message', 'blocks', () => props)
    expect(await api.ok('integrations.resolveProperty', call({ propertyName: 'blocks' }))).toEqual(props)
    const searching = call({ propertyName: 'blocks', searchValue: 'x' })
    await api.refused('integrations.resolveProperty', 'VALIDATION_ERROR', searching)
  })

  it('say what is unknown: integration, action, trigger, property', async () => {
    const { api, call } = await begin(open)
    for (const endpoint of ['integrations.resolveOptions', 'integrations.resolveProperty'] as const) {
      const wrongName = { ...call(), params: { integrationName: 'slak' } }
      await api.refused(endpoint, 'INTEGRATION_NOT_FOUND', wrongName)
      await api.refused(endpoint, 'ACTION_NOT_FOUND', call({ actionName: 'constructor' }))
      await api.refused(endpoint, 'TRIGGER_NOT_FOUND', call({ actionName: undefined, triggerName: 'x' }))
      await api.refused(endpoint, 'NOT_FOUND', call({ propertyName: '__proto__' }))
      await api.refused(endpoint, 'VALIDATION_ERROR', call({ triggerName: 'x' }))
      const { paths } = await api.refused(endpoint, 'VALIDATION_ERROR', call({ actionName: undefined }))
      expect(paths).toEqual(['body.actionName'])
    }
  })

  it('say when a property is of another kind or has no source', async () => {
    const { api, call } = await begin(open)
    await api.refused('integrations.resolveOptions', 'NOT_DROPDOWN', call())
    await api.refused('integrations.resolveProperty', 'NOT_DYNAMIC', call())
    const sort = call({ actionName: 'search_messages', propertyName: 'sort' })
    await api.refused('integrations.resolveOptions', 'NO_OPTIONS_FN', sort)
  })

  it('choose the connection as execute does', async () => {
    const { api, workspaceId, call } = await begin(open)
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', () => [])
    const refused = async (code: 'CONNECTION_REQUIRED' | 'NOT_FOUND', fields: object) =>
      (await api.refused('integrations.resolveOptions', code, call({ ...fields }))).details
    expect(await refused('CONNECTION_REQUIRED', { connectionExternalId: 'nothing' })).toMatchObject({
      reason: 'EXPLICIT_NOT_FOUND',
    })
    expect(await refused('NOT_FOUND', { integrationAlias: 'nothing' })).toMatchObject({
      reason: 'ALIAS_NOT_FOUND',
    })
    await refused('NOT_FOUND', { workspaceId: nobody })
    await configure(api, workspaceId, {
      integrationName: 'slack',
      alias: 'b',
      connectionStrategy: 'per_user',
    })
    await api.refused('integrations.resolveOptions', 'AMBIGUOUS_INTEGRATION', call())
    expect(await refused('CONNECTION_REQUIRED', { integrationAlias: 'b' })).toMatchObject({
      reason: 'END_USER_REQUIRED',
    })
  })

  it('without a workspace reach only connections of the organization, by externalId', async () => {
    const { api, call } = await begin(open)
    const shared = await makeConnection(api, { externalId: 'shared' })
    let used: unknown
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', ({ connection, workspaceId }) => {
      used = [connection?.id, workspaceId]
      return []
    })
    await api.ok(
      'integrations.resolveOptions',
      call({ workspaceId: undefined, connectionExternalId: 'shared' }),
    )
    expect(used).toEqual([shared.id, null])
    for (const connectionExternalId of ['conn_slack', undefined]) {
      const response = await api.send(
        'integrations.resolveOptions',
        call({ workspaceId: undefined, connectionExternalId }),
      )
      expect([400, 403]).toContain(response.status)
    }
  })

  it.each([
    ['throws', () => Promise.reject(new Error('rate_limited'))],
    ['gives no list', () => undefined],
    ['gives options without value or label', () => [{ name: 'x' }]],
    ['gives what is no JSON', () => [{ label: 'x', value: 1n }]],
  ])('say OPTIONS_FAILED and RESOLVE_FAILED when the source %s', async (_, source) => {
    const { api, call } = await begin(open)
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', source as never)
    api.weavz.onProps('slack', 'send_channel_message', 'channel', source as never)
    expect((await api.refused('integrations.resolveOptions', 'OPTIONS_FAILED', call())).status).toBe(400)
    await api.refused('integrations.resolveProperty', 'RESOLVE_FAILED', call())
  })

  it('take the credential out of what a source throws', async () => {
    const { api, call } = await begin(open)
    api.weavz.onOptions('slack', 'send_channel_message', 'channel', ({ credentials }) => {
      throw new Error(`bad token ${credentials?.accessToken?.reveal()}`)
    })
    const { error } = await api.refused('integrations.resolveOptions', 'OPTIONS_FAILED', call())
    expect(error).toBe('bad token [secret]')
    expect(error).not.toContain(hush)
  })

  it('need an integration and an operation that exist when a source is given', async () => {
    const { weavz } = await open()
    expect(() => weavz.onOptions('slak', 'x', 'y', () => [])).toThrow('slak')
    expect(() => weavz.onProps('slack', 'nothing', 'y', () => ({}))).toThrow('nothing')
    expect(() => weavz.onAction('slack', 'constructor', () => 1)).toThrow('constructor')
    expect(() => weavz.onAction('slack', 'send_chanel_message', () => 1)).toThrow('"send_channel_message"?')
    expect(() => weavz.onAction('slak', 'send_message', () => 1)).toThrow('Did you mean "slack"?')
  })

  it('an action is played by a function, and by nothing else', async () => {
    const { weavz } = await open()
    const played = { ok: true } as unknown as () => unknown
    expect(() => weavz.onAction('slack', 'send_channel_message', played)).toThrow('must be a function')
  })
})
