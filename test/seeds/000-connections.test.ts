import { WeavzClient, type Connection } from '@weavz/sdk'
import { createMockWeavz, type MockWeavz } from '@weavz/sdk/mock'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeSlack, makeWorkspace } from './world.js'

let offline: MockWeavz
let client: WeavzClient
let workspaceId: string

beforeEach(async () => {
  offline = createMockWeavz({ apiKey: 'wvz_your_api_key' })
  client = new WeavzClient({ apiKey: 'wvz_your_api_key', fetch: offline.fetch })
  workspaceId = await makeWorkspace(client)
})

describe('Page 000 Connections answers as documented, TypeScript SDK', () => {
  it('OAuth2, steps 1 and 2: create a connect token, retrieve the session result', async () => {
    // Step 1: Create a connect token
    const { token, connectUrl } = await client.connect.createToken({
      integrationName: 'slack',
      connectionName: 'My Slack',
      externalId: 'my_slack',
      workspaceId,
    })
    expect(token).toMatch(/^cst_/)
    expect(new URL(connectUrl).searchParams.get('token')).toBe(token)

    await offline.user.approve(token)
    // Step 2: Retrieve the session result
    const session = await client.connect.wait(token)
    expect(session.status).toBe('COMPLETED')
    const { connection } = await client.connections.get(String(session.connectionId))
    expect(connection).toMatchObject({ externalId: 'my_slack', displayName: 'My Slack', status: 'ACTIVE' })
  })

  it('API key: create a SECRET_TEXT connection', async () => {
    const { connection } = await client.connections.create({
      type: 'SECRET_TEXT',
      integrationName: 'openai',
      externalId: 'my_openai',
      displayName: 'Production OpenAI',
      secretText: 'sk-your-openai-key',
    })
    expect(connection).toMatchObject({ type: 'SECRET_TEXT', externalId: 'my_openai', status: 'ACTIVE' })
  })

  it('Custom auth: create a CUSTOM_AUTH connection', async () => {
    const { connection } = await client.connections.create({
      type: 'CUSTOM_AUTH',
      integrationName: 'airtable',
      externalId: 'my_airtable',
      displayName: 'My Airtable',
      props: {
        token: 'pat_your_airtable_token',
      },
    })
    expect(connection).toMatchObject({ type: 'CUSTOM_AUTH', externalId: 'my_airtable', status: 'ACTIVE' })
  })

  it('External ids: create a connection, then resolve it', async () => {
    const { connection } = await client.connections.create({
      type: 'PLATFORM_OAUTH2',
      integrationName: 'slack',
      workspaceId,
      externalId: 'conn_customer_789_slack',
      displayName: 'Customer 789 Shared Slack',
      accessToken: 'xoxb-...',
    })
    const { connection: resolved } = await client.connections.resolve({
      integrationName: 'slack',
      workspaceId,
      externalId: 'conn_customer_789_slack',
    })
    expect(resolved).toEqual(connection)
  })

  it('Managing connections: list, and filter client-side', async () => {
    await makeSlack(client, workspaceId)
    await client.connections.create({
      type: 'SECRET_TEXT',
      integrationName: 'openai',
      externalId: 'my_openai',
      displayName: 'Production OpenAI',
      secretText: 'sk-your-openai-key',
    })
    const { connections, total } = await client.connections.list()
    expect(total).toBe(2)
    const slackConnections = connections.filter((c: any) => c.integrationName === 'slack')
    expect(slackConnections.map(({ externalId }) => externalId)).toEqual(['slack_bot'])
  })

  it('Managing connections: delete', async () => {
    const conn_abc123 = await makeSlack(client, workspaceId)
    await client.connections.delete(conn_abc123)
    expect((await client.connections.list()).total).toBe(0)
  })
})

describe('Page 000 Connections answers as documented, TypeScript with fetch', () => {
  let fetch: MockWeavz['fetch']
  beforeEach(() => {
    fetch = offline.fetch
  })

  it('OAuth2, steps 1 and 2: create a connect token, retrieve the session result', async () => {
    // Step 1: Create a connect token
    const res = await fetch('https://api.weavz.io/api/v1/connect/token', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer wvz_your_api_key',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        integrationName: 'slack',
        connectionName: 'My Slack',
        externalId: 'my_slack',
        workspaceId,
      }),
    })
    const { token, connectUrl } = await res.json()
    expect(connectUrl).toBe(`https://api.weavz.io/connect?token=${token}`)
    await offline.user.approve(token)

    // Step 2: Retrieve the session result
    const polled = await fetch('https://api.weavz.io/api/v1/connect/session/poll', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ token }),
    })
    const session = await polled.json()
    expect(session).toMatchObject({ status: 'COMPLETED', connectionId: expect.any(String) })
  })

  it.each([
    {
      type: 'SECRET_TEXT',
      integrationName: 'openai',
      externalId: 'my_openai',
      displayName: 'Production OpenAI',
      secretText: 'sk-your-openai-key',
    },
    {
      type: 'CUSTOM_AUTH',
      integrationName: 'airtable',
      externalId: 'my_airtable',
      displayName: 'My Airtable',
      props: {
        token: 'pat_your_airtable_token',
      },
    },
  ])('Create a $type connection', async (body) => {
    const res = await fetch('https://api.weavz.io/api/v1/connections', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer wvz_your_api_key',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
    })
    const data = await res.json()
    const { type, integrationName, externalId, displayName } = body
    expect(data.connection).toMatchObject({ type, integrationName, externalId, displayName })
  })

  it('External ids: create a connection, then resolve it', async () => {
    const res = await fetch('https://api.weavz.io/api/v1/connections', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer wvz_your_api_key',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        type: 'PLATFORM_OAUTH2',
        integrationName: 'slack',
        workspaceId,
        externalId: 'conn_customer_789_slack',
        displayName: 'Customer 789 Shared Slack',
        accessToken: 'xoxb-...',
      }),
    })
    const data = await res.json()
    const resolved = await fetch('https://api.weavz.io/api/v1/connections/resolve', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer wvz_your_api_key',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        integrationName: 'slack',
        workspaceId,
        externalId: 'conn_customer_789_slack',
      }),
    })
    expect(data.connection.externalId).toBe('conn_customer_789_slack')
    expect(await resolved.json()).toEqual(data)
  })

  it('Managing connections: list, filter by integration, delete', async () => {
    const conn_abc123 = await makeSlack(client, workspaceId)
    const list = async (query = '') => {
      const res = await fetch(`https://api.weavz.io/api/v1/connections${query}`, {
        headers: {
          Authorization: 'Bearer wvz_your_api_key',
        },
      })
      return (await res.json()) as { connections: Connection[]; total: number }
    }
    expect((await list()).connections.map(({ id }) => id)).toEqual([conn_abc123])
    expect((await list('?integrationName=slack')).total).toBe(1)
    expect((await list('?integrationName=openai')).total).toBe(0)

    const res = await fetch(`https://api.weavz.io/api/v1/connections/${conn_abc123}`, {
      method: 'DELETE',
      headers: {
        Authorization: 'Bearer wvz_your_api_key',
      },
    })
    const data = await res.json()
    expect(data).toEqual({ deleted: true, id: conn_abc123 })
    expect((await list()).total).toBe(0)
  })
})

describe('Page 000 Connections answers as documented, JSON', () => {
  const credentials = { type: 'PLATFORM_OAUTH2', externalId: 'team_slack', accessToken: 'xoxb-...' } as const

  it('Connection scopes: organization', async () => {
    const { connection } = await client.connections.create({
      ...credentials,
      integrationName: 'slack',
      displayName: 'Team Slack',
      scope: 'ORGANIZATION',
    })
    expect(connection).toMatchObject({ scope: 'ORGANIZATION', workspaceId: null, displayName: 'Team Slack' })
  })

  it('Connection scopes: workspace', async () => {
    const { connection } = await client.connections.create({
      ...credentials,
      integrationName: 'slack',
      displayName: 'Production Slack',
      scope: 'WORKSPACE',
      workspaceId,
    })
    expect(connection).toMatchObject({ scope: 'WORKSPACE', workspaceId, displayName: 'Production Slack' })
  })
})
