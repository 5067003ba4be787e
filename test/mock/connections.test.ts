import { expect, it } from 'vitest'
import { connectionTypes } from '../../src/contract/connections.js'
import { throughBothDoors } from './door.js'
import { configure, credentials, makeConnection, makeWorkspace, nobody, slack } from './world.js'

const integrationOf = {
  SECRET_TEXT: ['openai', 'api_key'],
  BASIC_AUTH: ['clicksend', 'basic_auth'],
  CUSTOM_AUTH: ['airtable', 'custom_auth'],
  OAUTH2: ['google-sheets', 'oauth2'],
  PLATFORM_OAUTH2: ['slack', 'oauth2'],
} as const

throughBothDoors('connections', (open) => {
  it.each(connectionTypes)('of type %s are created, and never show their credentials', async (type) => {
    const api = await open()
    const [integrationName, authMethodKey] = integrationOf[type]
    const body = { ...credentials[type], externalId: 'c', displayName: 'C', integrationName }
    const { status, body: created } = await api.reply('connections.create', { body })
    expect(status).toBe(201)
    const { connection } = created
    expect(connection).toMatchObject({
      ...{ displayName: 'C', integrationName, externalId: 'c', type, authMethodKey },
      ...{ status: 'ACTIVE', scope: 'ORGANIZATION', workspaceId: null, endUserId: null },
    })
    expect(await api.ok('connections.get', { query: { id: connection.id } })).toEqual({ connection })
    expect(await api.ok('connections.list')).toEqual({ connections: [connection], total: 1 })
    expect(api.weavz.openings.count).toBe(0)
  })

  it.each([
    ['SECRET_TEXT', 'secretText', {}],
    ['SECRET_TEXT', 'secretText', { secretText: '' }],
    ['SECRET_TEXT', 'secretText', { secretText: null }],
    ['BASIC_AUTH', 'password', { username: 'u' }],
    ['BASIC_AUTH', 'username', { username: '', password: 'p' }],
    ['CUSTOM_AUTH', 'props', {}],
    ['CUSTOM_AUTH', 'props', { props: {} }],
    ['CUSTOM_AUTH', 'props', { props: ['x'] }],
    ['OAUTH2', 'accessToken', { refreshToken: 'r' }],
    ['PLATFORM_OAUTH2', 'accessToken', { accessToken: 5 }],
    ['OAUTH2', 'expiresIn', { accessToken: 'a', expiresIn: -1 }],
    ['OAUTH2', 'data', { accessToken: 'a', data: 'text' }],
    ['SECRET_TEXT', 'accessToken', { secretText: 's', accessToken: 'a' }],
    ['OAUTH2', 'secretText', { secretText: 's', accessToken: 'a' }],
    ['BASIC_AUTH', 'props', { username: 'u', password: 'p', props: { a: 1 } }],
  ] as const)('of type %s are refused for their %s: %j', async (type, field, fields) => {
    const api = await open()
    const body = {
      type,
      externalId: 'c',
      displayName: 'C',
      integrationName: integrationOf[type][0],
      ...fields,
    }
    const { paths } = await api.refused('connections.create', 'VALIDATION_ERROR', { body })
    expect(paths).toEqual([`body.${field}`])
    expect((await api.ok('connections.list')).total).toBe(0)
  })

  it.each([undefined, null, 'API_KEY', 'secret_text', '__proto__'])('refuse the type %s', async (type) => {
    const api = await open()
    const { paths } = await api.refused('connections.create', 'VALIDATION_ERROR', {
      body: { ...slack(), type },
    })
    expect(paths).toContain('body.type')
  })

  it('need an integration that exists and needs an account', async () => {
    const api = await open()
    const create = (integrationName: string) => ({ body: slack({ integrationName }) })
    expect(await api.refused('connections.create', 'INTEGRATION_NOT_FOUND', create('slak'))).toMatchObject({
      status: 404,
    })
    await api.refused('connections.create', 'INTEGRATION_NOT_FOUND', create('__proto__'))
    await api.refused('connections.create', 'VALIDATION_ERROR', create('kv-store'))
  })

  it('derive the auth method from the type, and ask where several fit or another is named', async () => {
    const api = await open()
    const create = (fields: Record<string, unknown>) => ({
      ...{ externalId: 'c', displayName: 'C', integrationName: 'airtable' },
      ...fields,
    })
    // Airtable has an option for either type
    const made = async (fields: Record<string, unknown>) =>
      (await makeConnection(api, create(fields))).authMethodKey
    expect(await made({ ...credentials.OAUTH2, externalId: 'a' })).toBe('oauth2')
    expect(await made({ ...credentials.PLATFORM_OAUTH2, externalId: 'b', authMethodKey: 'oauth2' })).toBe(
      'oauth2',
    )
    const custom = { ...create(credentials.CUSTOM_AUTH), type: 'CUSTOM_AUTH' }
    for (const authMethodKey of ['oauth2', 'api_key', 'x']) {
      const { paths } = await api.refused('connections.create', 'VALIDATION_ERROR', {
        body: { ...custom, authMethodKey },
      })
      expect(paths).toEqual(['body.authMethodKey'])
    }
    // No option of Slack fits an API key: the type's usual key
    const { connection } = await api.ok('connections.create', {
      body: { ...credentials.SECRET_TEXT, externalId: 'c', displayName: 'C', integrationName: 'slack' },
    })
    expect(connection.authMethodKey).toBe('api_key')
  })

  it('take the narrowest scope that their ids imply', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const endUserId = 'user_123'
    expect(await makeConnection(api, { externalId: 'a' })).toMatchObject({
      ...{ scope: 'ORGANIZATION', workspaceId: null, endUserId: null },
    })
    expect(await makeConnection(api, { externalId: 'b', workspaceId })).toMatchObject({
      ...{ scope: 'WORKSPACE', workspaceId, endUserId: null },
    })
    expect(await makeConnection(api, { externalId: 'c', workspaceId, endUserId })).toMatchObject({
      ...{ scope: 'USER', workspaceId, endUserId },
    })
    expect(await makeConnection(api, { externalId: 'd', workspaceId, scope: 'ORGANIZATION' })).toMatchObject({
      ...{ scope: 'ORGANIZATION', workspaceId },
    })
  })

  it.each([
    [{ scope: 'WORKSPACE' }, 'workspaceId'],
    [{ scope: 'USER' }, 'workspaceId'],
    [{ scope: 'USER', endUserId: 'u' }, 'workspaceId'],
    [{ endUserId: 'u' }, 'workspaceId'],
    [{ scope: 'ORGANIZATION', endUserId: 'u' }, 'scope'],
    [{ scope: 'GLOBAL' }, 'scope'],
    [{ endUserId: '' }, 'endUserId'],
    [{ externalId: '' }, 'externalId'],
    [{ externalId: 'x'.repeat(256) }, 'externalId'],
    [{ displayName: '' }, 'displayName'],
  ])('are refused when scope and ids do not agree, or ids are empty: %j', async (fields, field) => {
    const api = await open()
    const { paths } = await api.refused('connections.create', 'VALIDATION_ERROR', { body: slack(fields) })
    expect(paths).toEqual([`body.${field}`])
  })

  it.each([
    [{ scope: 'USER' }, 'endUserId'],
    [{ scope: 'WORKSPACE', endUserId: 'u' }, 'scope'],
    [{ scope: 'ORGANIZATION', endUserId: 'u' }, 'scope'],
  ])('in a workspace are refused with %j', async (fields, field) => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const body = slack({ workspaceId, ...fields })
    const { paths } = await api.refused('connections.create', 'VALIDATION_ERROR', { body })
    expect(paths).toEqual([`body.${field}`])
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)
  })

  it('need a workspace that exists, whatever the scope', async () => {
    const api = await open()
    for (const workspaceId of [nobody, 'acme']) {
      for (const scope of ['ORGANIZATION', 'WORKSPACE'] as const) {
        const body = slack({ workspaceId, scope })
        expect((await api.refused('connections.create', 'NOT_FOUND', { body })).status).toBe(404)
      }
    }
  })

  it('create the end user that they are linked to', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    await makeConnection(api, { externalId: 'a', workspaceId, endUserId: 'user_123' })
    await makeConnection(api, { externalId: 'b', workspaceId, endUserId: 'user_123' })
    const { endUsers, total } = await api.ok('endUsers.list', { query: { workspaceId } })
    expect(total).toBe(1)
    expect(endUsers[0]).toMatchObject({ externalId: 'user_123', type: 'external', connectionCount: 2 })
  })

  it('have an externalId that is unique per integration in a workspace, whoever owns them', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    await makeConnection(api, { workspaceId })
    const clashes = [
      { workspaceId },
      { workspaceId, endUserId: 'user_1' },
      { workspaceId, ...credentials.OAUTH2, displayName: 'Other' },
    ]
    for (const fields of clashes) {
      const refusal = await api.refused('connections.create', 'DUPLICATE', { body: slack(fields) })
      expect(refusal.status).toBe(409)
    }
    await makeConnection(api, { workspaceId, externalId: 'mine', endUserId: 'user_1' })
    for (const fields of [{ endUserId: 'user_2' }, {}]) {
      const body = slack({ workspaceId, externalId: 'mine', ...fields })
      await api.refused('connections.create', 'DUPLICATE', { body })
    }
    // A refused connection creates no end user
    const { endUsers } = await api.ok('endUsers.list', { query: { workspaceId } })
    expect(endUsers.map(({ externalId }) => externalId)).toEqual(['user_1'])
  })

  it('may share an externalId with another integration, another workspace and the organization', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api, 'acme')
    const { id: otherId } = await makeWorkspace(api, 'other')
    await makeConnection(api, { workspaceId })
    await makeConnection(api, { workspaceId, integrationName: 'github' })
    await makeConnection(api, { workspaceId: otherId })
    await makeConnection(api, {})
    await api.refused('connections.create', 'DUPLICATE', { body: slack() })
    await api.refused('connections.create', 'DUPLICATE', {
      body: slack({ workspaceId, scope: 'ORGANIZATION' }),
    })
    expect((await api.ok('connections.list')).total).toBe(4)
  })

  it('are found by integration, workspace and end user, in order of creation', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api, 'acme')
    const { id: otherId } = await makeWorkspace(api, 'other')
    await makeConnection(api, { externalId: 'a' })
    await makeConnection(api, { externalId: 'b', workspaceId })
    await makeConnection(api, { externalId: 'c', workspaceId, endUserId: 'u' })
    await makeConnection(api, { externalId: 'd', workspaceId, integrationName: 'github', endUserId: 'u' })
    await makeConnection(api, { externalId: 'e', workspaceId: otherId, endUserId: 'u' })
    const found = async (query: Record<string, string>) => {
      const { connections, total } = await api.ok('connections.list', { query })
      expect(total).toBe(connections.length)
      return connections.map(({ externalId }) => externalId).join('')
    }
    expect(await found({})).toBe('abcde')
    expect(await found({ integrationName: 'slack' })).toBe('abce')
    expect(await found({ workspaceId })).toBe('bcd')
    expect(await found({ endUserId: 'u' })).toBe('cde')
    expect(await found({ endUserId: 'u', workspaceId })).toBe('cd')
    expect(await found({ endUserId: 'u', workspaceId, integrationName: 'github' })).toBe('d')
    expect(await found({ endUserId: 'nobody' })).toBe('')
    expect(await found({ integrationName: 'nothing' })).toBe('')
    await api.refused('connections.list', 'NOT_FOUND', { query: { workspaceId: nobody } })
  })

  it('are found by id, whatever else the query says', async () => {
    const api = await open()
    const { id } = await makeConnection(api)
    const query = { id, integrationName: 'github', limit: 'x' } as { id: string }
    expect((await api.ok('connections.get', { query })).connection.id).toBe(id)
    for (const unknown of [nobody, 'conn_slack', '../x']) {
      const refusal = await api.refused('connections.get', 'CONNECTION_NOT_FOUND', { query: { id: unknown } })
      expect(refusal.status).toBe(404)
    }
  })

  it('are deleted once, and what pinned them keeps pointing at nothing', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { id } = await makeConnection(api, { workspaceId })
    await configure(api, workspaceId, { integrationName: 'slack', connectionId: id })
    expect(await api.ok('connections.delete', { params: { id } })).toEqual({ deleted: true, id })
    await api.refused('connections.delete', 'CONNECTION_NOT_FOUND', { params: { id } })
    await api.refused('connections.delete', 'NOT_FOUND', { params: { id: 'conn_slack' } })
    const { integrations } = await api.ok('workspaces.integrations.list', { params: { workspaceId } })
    expect(integrations[0]).toMatchObject({
      ...{
        connectionId: id,
        connectionStatus: null,
        connectionDisplayName: null,
        connectionExternalId: null,
      },
    })
    const { details } = await api.refused('actions.execute', 'CONNECTION_REQUIRED', {
      body: { integrationName: 'slack', actionName: 'list_users', workspaceId },
    })
    expect(details).toMatchObject({ reason: 'PINNED_CONNECTION_DELETED' })
    // The externalId is free again
    await makeConnection(api, { workspaceId })
  })
})
