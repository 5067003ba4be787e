import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import {
  begin,
  configure,
  credentials,
  makeConnection,
  nobody,
  poll,
  session,
  startSession,
} from './world.js'

throughBothDoors('a connect token', (open) => {
  it('needs an integration, a workspace and a workspace integration that exist', async () => {
    const { api, workspaceId } = await begin(open)
    const refused = async (code: Parameters<typeof api.refused>[1], fields: Record<string, unknown>) =>
      api.refused('connect.createToken', code, { body: { ...session(workspaceId), ...fields } })
    expect((await refused('INTEGRATION_NOT_FOUND', { integrationName: 'slak' })).status).toBe(404)
    await refused('NOT_FOUND', { workspaceId: nobody })
    await refused('NOT_FOUND', { workspaceId: 'acme' })
    await refused('NOT_FOUND', { workspaceIntegrationId: nobody })
    await refused('VALIDATION_ERROR', { integrationName: 'kv-store' })
    const { id } = await configure(api, workspaceId, {
      integrationName: 'github',
      connectionStrategy: 'per_user',
    })
    const { paths } = await refused('VALIDATION_ERROR', { workspaceIntegrationId: id })
    expect(paths).toEqual(['body.workspaceIntegrationId'])
  })

  it.each([
    [{ scope: 'USER' }, 'endUserId'],
    [{ scope: 'WORKSPACE', endUserId: 'u' }, 'scope'],
    [{ connectionName: '' }, 'connectionName'],
    [{ externalId: 'x'.repeat(256) }, 'externalId'],
    [{ authMethodKey: 'api_key' }, 'authMethodKey'],
    [{ integrationName: 'airtable' }, 'authMethodKey'],
    [{ oauthAppMode: 'custom' }, 'oauthAppId'],
    [{ workspaceId: undefined }, 'workspaceId'],
    [{ color: 'red' }, 'color'],
    [{ successRedirectUri: 'javascript:alert(1)' }, 'successRedirectUri'],
    [{ successRedirectUri: 'data:text/html,x' }, 'successRedirectUri'],
    [{ errorRedirectUri: 'http://app.example/done' }, 'errorRedirectUri'],
    [{ errorRedirectUri: 'https://user:pass@app.example' }, 'errorRedirectUri'],
    [{ errorRedirectUri: 'http://127.0.0.1.evil.example' }, 'errorRedirectUri'],
    [{ errorRedirectUri: '/done' }, 'errorRedirectUri'],
    [{ errorRedirectUri: '' }, 'errorRedirectUri'],
  ])('is refused with %j', async (fields, field) => {
    const { api, workspaceId } = await begin(open)
    const body = { ...session(workspaceId), ...fields }
    const { paths } = await api.refused('connect.createToken', 'VALIDATION_ERROR', { body })
    expect(paths).toEqual([`body.${field}`])
  })

  it.each([
    'https://app.example/done?x=1#y',
    'http://localhost:3000',
    'http://127.0.0.1:3000/',
    'http://[::1]/',
  ])('may lead back to %s', async (uri) => {
    const { api, workspaceId } = await begin(open)
    await startSession(api, workspaceId, { successRedirectUri: uri, errorRedirectUri: uri })
  })

  it('inherits auth method and OAuth app of a workspace integration', async () => {
    const oauthApps = [
      { id: nobody, integrationName: 'airtable' },
      { id: nobody.replace('4', '5'), integrationName: 'github' },
    ]
    const { api, workspaceId } = await begin(open, { oauthApps })
    const target = await configure(api, workspaceId, {
      ...{ integrationName: 'airtable', connectionStrategy: 'per_user', authMethodKey: 'oauth2' },
      ...{ oauthAppMode: 'custom', oauthAppId: nobody },
    })
    const { token } = await startSession(api, workspaceId, {
      ...{ integrationName: 'airtable', workspaceIntegrationId: target.id },
    })
    expect(await poll(api, token)).toMatchObject({
      ...{ workspaceIntegrationId: target.id, authMethodKey: 'oauth2' },
      ...{ oauthAppMode: 'custom', oauthAppId: nobody },
    })
  })

  it('does not inherit an auth method that nobody can connect with', async () => {
    const { api, workspaceId } = await begin(open)
    // Slack has no option for API keys, but an app may hand one over
    const { id: connectionId } = await makeConnection(api, {
      ...{ workspaceId, externalId: 'key', accessToken: undefined, ...credentials.SECRET_TEXT },
    })
    const target = await configure(api, workspaceId, { integrationName: 'slack', connectionId })
    expect(target.authMethodKey).toBe('api_key')
    const { token } = await startSession(api, workspaceId, { workspaceIntegrationId: target.id })
    expect(await poll(api, token)).toMatchObject({ authMethodKey: 'oauth2' })
    await api.weavz.user.approve(token)
    expect(await poll(api, token)).toMatchObject({ status: 'COMPLETED' })
  })

  it('is played by a user who takes the token, and not the whole session', async () => {
    const { api, workspaceId } = await begin(open)
    const session = (await startSession(api, workspaceId)) as unknown as string
    await expect(api.weavz.user.approve(session)).rejects.toThrow('Expected the token of a connect session')
  })

  it('needs an OAuth app that exists, for OAuth', async () => {
    const oauthApps = [{ id: nobody, integrationName: 'github' }]
    const { api, workspaceId } = await begin(open, { managedOAuthApps: ['github'], oauthApps })
    const create = (fields: Record<string, unknown> = {}) => ({
      body: { ...session(workspaceId), ...fields },
    })
    expect((await api.refused('connect.createToken', 'NO_OAUTH_APP', create())).status).toBe(400)
    const custom = { oauthAppMode: 'custom', oauthAppId: nobody }
    const unknown = create({ ...custom, oauthAppId: nobody.replace('4', '5') })
    expect((await api.refused('connect.createToken', 'OAUTH_APP_NOT_FOUND', unknown)).status).toBe(404)
    await api.refused('connect.createToken', 'VALIDATION_ERROR', create(custom))
    await api.ok('connect.createToken', create({ ...custom, integrationName: 'github' }))
    await api.ok('connect.createToken', create({ integrationName: 'github' }))
    await api.ok('connect.createToken', create({ integrationName: 'openai' }))
    expect(await api.ok('integrations.oauthStatus')).toEqual({ configured: ['github'] })
  })
})
