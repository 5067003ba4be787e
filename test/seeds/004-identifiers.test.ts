import { describe, expect, it, vi } from 'vitest'
import { configureSlack, makeSlack, makeWorkspace, openOffline } from './world.js'

/** A workspace with Ava, who has connected her own Slack, and a handler that plays Slack. */
async function open() {
  const { offline, client } = openOffline('wvz_your_api_key')
  const workspaceId = await makeWorkspace(client)
  const slack = vi.fn((_call) => ({ ok: true }))
  offline.onAction('slack', 'send_channel_message', slack)
  const createAva = () =>
    client.request<{ endUser: { id: string } }>('/api/v1/end-users', {
      body: {
        workspaceId,
        externalId: 'user_123',
        displayName: 'Ava Chen',
      },
    })
  return { client, workspaceId, slack, createAva }
}

describe('Page 004 Identifier model answers as documented, JSON', () => {
  it('End user ids: create the end user with your user id', async () => {
    const { createAva, workspaceId } = await open()
    const { data, response } = await createAva().withResponse()
    expect(response.status).toBe(201)
    expect(data.endUser).toMatchObject({ workspaceId, externalId: 'user_123', displayName: 'Ava Chen' })
    expect(data.endUser.id).toMatch(/^[0-9a-f]{8}-/)
  })

  it('End user ids: endUser.id in the path of connect-token', async () => {
    const { client, createAva } = await open()
    const { endUser } = await createAva()
    // POST /api/v1/end-users/8f70d9f8-2f44-46b7-a67d-8a1a8f4f9e32/connect-token
    const answer = await client.request(`/api/v1/end-users/${endUser.id}/connect-token`, { method: 'POST' })
    expect(answer).toEqual({
      token: expect.stringMatching(/^eut_/),
      connectUrl: expect.stringContaining('/connect/portal?token=eut_'),
      expiresAt: expect.any(String),
    })
  })

  it('End user ids: an external id in that path finds nothing', async () => {
    const { client, createAva } = await open()
    await createAva()
    const call = client.request('/api/v1/end-users/user_123/connect-token', { method: 'POST' })
    await expect(call).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })

  it("End user ids: the end user's externalId as endUserId of an execution", async () => {
    const { client, workspaceId, slack, createAva } = await open()
    await createAva()
    await client.connections.create({
      type: 'PLATFORM_OAUTH2',
      integrationName: 'slack',
      workspaceId,
      endUserId: 'user_123',
      externalId: 'ava_slack',
      displayName: "Ava's Slack",
      accessToken: 'xoxp-...',
    })
    await client.workspaces.integrations.create(workspaceId, {
      integrationName: 'slack',
      alias: 'slack_user',
      connectionStrategy: 'per_user',
    })
    const answer = await client.request('/api/v1/actions/execute', {
      body: {
        integrationName: 'slack',
        actionName: 'send_channel_message',
        workspaceId,
        integrationAlias: 'slack_user',
        endUserId: 'user_123',
        input: {
          channel: 'C0123456789',
          text: "Hello from Ava's Slack account",
        },
      },
    })
    expect(answer).toMatchObject({ success: true, output: { ok: true } })
    expect(slack.mock.lastCall?.[0]).toMatchObject({
      connection: { externalId: 'ava_slack', endUserId: 'user_123' },
      endUser: { externalId: 'user_123' },
    })
  })

  it('Connection ids: connection.id pins a fixed connection', async () => {
    const { client, workspaceId } = await open()
    const connectionId = await makeSlack(client, workspaceId)
    const answer = await client.request(`/api/v1/workspaces/${workspaceId}/integrations`, {
      body: {
        integrationName: 'slack',
        alias: 'slack_bot',
        connectionStrategy: 'fixed',
        connectionId,
      },
    })
    expect(answer).toMatchObject({
      integration: { alias: 'slack_bot', connectionStrategy: 'fixed', connectionId },
    })
  })

  it('Connection ids: connectionExternalId selects one connection directly', async () => {
    const { client, workspaceId, slack } = await open()
    await configureSlack(client, workspaceId)
    const connectionId = await makeSlack(client, workspaceId, 'conn_slack_prod')
    const answer = await client.request('/api/v1/actions/execute', {
      body: {
        integrationName: 'slack',
        actionName: 'send_channel_message',
        workspaceId,
        connectionExternalId: 'conn_slack_prod',
        input: {
          channel: 'C0123456789',
          text: 'Hello from the production Slack connection',
        },
      },
    })
    expect(answer).toMatchObject({ success: true })
    expect(slack.mock.lastCall?.[0]).toMatchObject({ connection: { id: connectionId } })
  })

  it('Persistence namespace keys: settings.persistence.externalId', async () => {
    const { client, workspaceId } = await open()
    const body = {
      integrationName: 'kv-store',
      alias: 'tenant_state',
      settings: {
        persistence: {
          scope: 'external',
          externalId: 'tenant_acme',
        },
      },
    }
    const answer = await client.request(`/api/v1/workspaces/${workspaceId}/integrations`, { body })
    expect(answer).toMatchObject({ integration: body })

    const state = { workspaceId, integrationAlias: 'tenant_state' }
    await client.actions.execute('kv-store', 'put', { ...state, input: { key: 'plan', value: 'gold' } })
    const { output } = await client.actions.execute('kv-store', 'get', { ...state, input: { key: 'plan' } })
    expect(output).toEqual({ key: 'plan', value: 'gold', found: true })
  })
})
