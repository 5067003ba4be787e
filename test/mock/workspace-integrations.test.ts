import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import { refuseToCreate, withIntegrations } from './with-integrations.js'
import { configure, credentials, makeConnection, makeWorkspace, nobody } from './world.js'

throughBothDoors('workspace integrations', (open) => {
  it('have documented defaults', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id: connectionId } = await makeConnection(api, { workspaceId })
    const { status, body } = await api.reply('workspaces.integrations.create', {
      params,
      body: { integrationName: 'slack', connectionId },
    })
    expect(status).toBe(201)
    expect(body.integration).toMatchObject({
      ...{ workspaceId, integrationName: 'slack', alias: 'slack', displayName: null },
      ...{ connectionStrategy: 'fixed', connectionId, authMethodKey: 'oauth2' },
      ...{ oauthAppMode: 'weavz_managed', oauthAppId: null },
      ...{ enabledActions: null, settings: {}, sortOrder: 0 },
    })
    const builtin = await configure(api, workspaceId, { integrationName: 'kv-store' })
    expect(builtin).toMatchObject({ connectionId: null, authMethodKey: null, oauthAppMode: null })
    const openai = await configure(api, workspaceId, {
      ...{ integrationName: 'openai', connectionStrategy: 'per_user', oauthAppMode: 'weavz_managed' },
    })
    expect(openai).toMatchObject({ authMethodKey: 'api_key', oauthAppMode: null, oauthAppId: null })
  })

  it('need a workspace and an integration that exist', async () => {
    const { api, params } = await withIntegrations(open)
    const body = { integrationName: 'kv-store' }
    await api.refused('workspaces.integrations.create', 'NOT_FOUND', {
      params: { workspaceId: nobody },
      body,
    })
    await api.refused('workspaces.integrations.create', 'NOT_FOUND', {
      params: { workspaceId: 'acme' },
      body,
    })
    await api.refused('workspaces.integrations.create', 'INTEGRATION_NOT_FOUND', {
      params,
      body: { integrationName: 'kv' },
    })
  })

  it('tell about their pinned connection in a list, and only there', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id } = await makeConnection(api, { workspaceId })
    await configure(api, workspaceId, { integrationName: 'slack', connectionId: id })
    await configure(api, workspaceId, { integrationName: 'github', connectionStrategy: 'per_user' })
    const { integrations, total } = await api.ok('workspaces.integrations.list', { params })
    expect(total).toBe(2)
    expect(integrations).toMatchObject([
      { connectionStatus: 'ACTIVE', connectionDisplayName: 'Slack', connectionExternalId: 'conn_slack' },
      { connectionStatus: null, connectionDisplayName: null, connectionExternalId: null },
    ])
  })

  it('are listed by sortOrder, then creation, and never paged', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    for (const [alias, sortOrder] of Object.entries({ a: 2, b: 1, c: 2, d: -1.5, e: 0 })) {
      await configure(api, workspaceId, { integrationName: 'kv-store', alias, sortOrder })
    }
    for (let at = 0; at < 50; at++) {
      await configure(api, workspaceId, { integrationName: 'kv-store', alias: `z${at}`, sortOrder: 9 })
    }
    const { integrations } = await api.ok('workspaces.integrations.list', { params })
    expect(integrations).toHaveLength(55)
    expect(integrations.map(({ alias }) => alias).join('')).toMatch(/^debacz0z1z2/)
  })

  it.each(['slack_bot', 'openai-primary', 'a', 'a0', 'a'.repeat(64)])(
    'accept the alias %s',
    async (alias) => {
      const { api, workspaceId } = await withIntegrations(open)
      expect((await configure(api, workspaceId, { integrationName: 'kv-store', alias })).alias).toBe(alias)
    },
  )

  it.each([
    'Slack_Bot',
    '123slack',
    '_openai',
    'slack bot',
    'openai@bot',
    '',
    'a\n',
    'a'.repeat(65),
    null,
    5,
  ])('refuse the alias %j', async (alias) => {
    const { api, workspaceId } = await withIntegrations(open)
    const { paths } = await refuseToCreate(api, workspaceId, { integrationName: 'kv-store', alias })
    expect(paths).toEqual(['body.alias'])
  })

  it('have an alias of their own in the workspace, also by default', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const first = await configure(api, workspaceId, { integrationName: 'kv-store' })
    for (const body of [{ integrationName: 'kv-store' }, { integrationName: 'storage', alias: 'kv-store' }]) {
      expect(
        (await api.refused('workspaces.integrations.create', 'DUPLICATE', { params, body })).status,
      ).toBe(409)
    }
    const second = await configure(api, workspaceId, { integrationName: 'kv-store', alias: 'other' })
    const patch = { params: { ...params, id: second.id }, body: { alias: 'kv-store' } }
    await api.refused('workspaces.integrations.update', 'DUPLICATE', patch)
    const keep = { params: { ...params, id: first.id }, body: { alias: 'kv-store' } }
    await api.ok('workspaces.integrations.update', keep)
    const { id: otherId } = await makeWorkspace(api, 'other')
    await configure(api, otherId, { integrationName: 'kv-store' })
  })

  it.each([
    ['fixed', 'slack', 400],
    ['fixed', 'kv-store', 201],
    ['per_user', 'slack', 201],
    ['per_user', 'kv-store', 201],
    ['per_user_with_fallback', 'slack', 400],
    ['per_user_with_fallback', 'kv-store', 400],
    ['round_robin', 'kv-store', 400],
  ])(
    'with strategy %s and nothing pinned, %s is answered %i',
    async (connectionStrategy, integrationName, status) => {
      const { api, params } = await withIntegrations(open)
      const body = { integrationName, connectionStrategy }
      const response = await api.send('workspaces.integrations.create', { params, body })
      expect(response.status).toBe(status)
      expect((await api.ok('workspaces.integrations.list', { params })).total).toBe(status === 201 ? 1 : 0)
    },
  )

  it.each(['create', 'update'] as const)('pin only what exists, fits and is visible: %s', async (verb) => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id: otherId } = await makeWorkspace(api, 'other')
    const { id } = await configure(api, workspaceId, {
      integrationName: 'slack',
      connectionStrategy: 'per_user',
    })
    const shared = await makeConnection(api)
    const lent = await makeConnection(api, {
      externalId: 'lent',
      workspaceId: otherId,
      scope: 'ORGANIZATION',
    })
    const users = await makeConnection(api, { workspaceId, endUserId: 'u' })
    const github = await makeConnection(api, { integrationName: 'github' })
    const foreign = await makeConnection(api, { workspaceId: otherId })
    const call = (connectionId: string, alias: string) =>
      verb === 'create'
        ? { params, body: { integrationName: 'slack', alias, connectionId } }
        : { params: { ...params, id }, body: { connectionId } }
    const endpoint = `workspaces.integrations.${verb}` as const
    for (const wrong of [github, foreign]) {
      const { paths } = await api.refused(endpoint, 'VALIDATION_ERROR', call(wrong.id, 'x'))
      expect(paths).toEqual(['body.connectionId'])
    }
    for (const nothing of [nobody, 'conn_slack']) {
      expect((await api.refused(endpoint, 'CONNECTION_NOT_FOUND', call(nothing, 'x'))).status).toBe(404)
    }
    let count = 0
    for (const right of [shared, lent, users]) {
      const response = await api.send(endpoint, call(right.id, `a${count++}`))
      expect(response.ok).toBe(true)
    }
  })

  it('settle the auth method by what is sent, the pinned connection, or the only option', async () => {
    const { api, workspaceId } = await withIntegrations(open)
    const airtable = { integrationName: 'airtable', accessToken: undefined }
    const { id: connectionId } = await makeConnection(api, { ...airtable, ...credentials.CUSTOM_AUTH })
    const per_user = { integrationName: 'airtable', connectionStrategy: 'per_user' } as const
    const { paths } = await refuseToCreate(api, workspaceId, per_user)
    expect(paths).toEqual(['body.authMethodKey'])
    await refuseToCreate(api, workspaceId, { ...per_user, authMethodKey: 'api_key' })
    const sent = await configure(api, workspaceId, { ...per_user, alias: 'a', authMethodKey: 'oauth2' })
    expect(sent).toMatchObject({ authMethodKey: 'oauth2', oauthAppMode: 'weavz_managed' })
    const pinned = await configure(api, workspaceId, { integrationName: 'airtable', connectionId })
    expect(pinned).toMatchObject({ authMethodKey: 'custom_auth', oauthAppMode: null })
  })

  it('need the id of a custom OAuth app', async () => {
    const { api, workspaceId } = await withIntegrations(open)
    const body = { integrationName: 'slack', connectionStrategy: 'per_user', oauthAppMode: 'custom' } as const
    const { paths } = await refuseToCreate(api, workspaceId, body)
    expect(paths).toEqual(['body.oauthAppId'])
    const made = await configure(api, workspaceId, { ...body, oauthAppId: nobody })
    expect(made).toMatchObject({ oauthAppMode: 'custom', oauthAppId: nobody })
  })

  it('change only in the fields that a PATCH sends', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id: connectionId } = await makeConnection(api, { workspaceId })
    const before = await configure(api, workspaceId, {
      ...{ integrationName: 'slack', alias: 'bot', displayName: 'Bot', connectionId },
      ...{ enabledActions: ['list_users'], sortOrder: 3 },
    })
    const patch = async (body: Record<string, unknown>) => {
      const call = { params: { ...params, id: before.id }, body }
      return (await api.ok('workspaces.integrations.update', call)).integration
    }
    expect(await patch({ sortOrder: 4 })).toEqual({ ...before, sortOrder: 4, updatedAt: expect.any(String) })
    expect(await patch({ displayName: null })).toMatchObject({
      displayName: null,
      alias: 'bot',
      sortOrder: 4,
    })
    expect(await patch({ enabledActions: [] })).toMatchObject({ enabledActions: [] })
    expect(await patch({ enabledActions: null })).toMatchObject({ enabledActions: null })
    expect(await patch({ alias: 'robot' })).toMatchObject({ alias: 'robot', connectionId })
    expect(await patch({ connectionStrategy: 'per_user_with_fallback' })).toMatchObject({ connectionId })
    for (const body of [{}, undefined]) {
      await api.refused('workspaces.integrations.update', 'NO_UPDATES', {
        params: { ...params, id: before.id },
        body,
      })
    }
    const { paths } = await api.refused('workspaces.integrations.update', 'VALIDATION_ERROR', {
      params: { ...params, id: before.id },
      body: { integrationName: 'github' },
    })
    expect(paths).toEqual(['body.integrationName'])
  })

  it('under fixed, neither lose their pin nor begin without one', async () => {
    const { api, workspaceId, params } = await withIntegrations(open)
    const { id: connectionId } = await makeConnection(api, { workspaceId })
    const { id } = await configure(api, workspaceId, { integrationName: 'slack', connectionId })
    const patch = (body: Record<string, unknown>) => ({ params: { ...params, id }, body })
    const refused = async (body: Record<string, unknown>) =>
      api.refused('workspaces.integrations.update', 'VALIDATION_ERROR', patch(body))
    await refused({ connectionId: null })
    await refused({ connectionId: null, displayName: 'x' })
    await api.ok(
      'workspaces.integrations.update',
      patch({ connectionStrategy: 'per_user', connectionId: null }),
    )
    await refused({ connectionStrategy: 'fixed' })
    // What names neither is not checked; a fallback may be pinned later
    await api.ok('workspaces.integrations.update', patch({ sortOrder: 1 }))
    await api.ok('workspaces.integrations.update', patch({ connectionStrategy: 'per_user_with_fallback' }))
    const { details } = await api.refused('actions.execute', 'CONNECTION_REQUIRED', {
      body: { integrationName: 'slack', actionName: 'list_users', workspaceId },
    })
    expect(details).toMatchObject({ reason: 'FALLBACK_MISSING' })
    await api.ok('workspaces.integrations.update', patch({ connectionStrategy: 'fixed', connectionId }))
    const builtin = await configure(api, workspaceId, {
      integrationName: 'kv-store',
      connectionStrategy: 'per_user',
    })
    await api.ok('workspaces.integrations.update', {
      params: { ...params, id: builtin.id },
      body: { connectionStrategy: 'fixed', connectionId: null },
    })
  })

  it('are found only in their workspace', async () => {
    const { api, workspaceId } = await withIntegrations(open)
    const { id: otherId } = await makeWorkspace(api, 'other')
    const { id } = await configure(api, workspaceId, { integrationName: 'kv-store' })
    for (const params of [
      { workspaceId: otherId, id },
      { workspaceId, id: nobody },
      { workspaceId, id: 'kv-store' },
      { workspaceId: nobody, id },
    ]) {
      await api.refused('workspaces.integrations.update', 'NOT_FOUND', { params, body: { sortOrder: 1 } })
      await api.refused('workspaces.integrations.delete', 'NOT_FOUND', { params })
    }
    const params = { workspaceId, id }
    expect(await api.ok('workspaces.integrations.delete', { params })).toEqual({ deleted: true, id })
    await api.refused('workspaces.integrations.delete', 'NOT_FOUND', { params })
    await configure(api, workspaceId, { integrationName: 'kv-store' })
  })
})
