import type { Integration } from '@weavz/sdk'
import { describe, expect, it, vi } from 'vitest'
import { configureSlack, makeWorkspace, openOffline } from './world.js'

/** A workspace that has Slack once: without an alias there is nothing to choose. */
async function open() {
  const { offline, client } = openOffline('wvz_your_key')
  const workspaceId = await makeWorkspace(client)
  await configureSlack(client, workspaceId, { alias: 'slack_bot' })
  const slack = vi.fn(({ input }) => ({ ok: true, ...input }))
  offline.onAction('slack', 'send_channel_message', slack)
  return { client, fetch: offline.fetch, workspaceId, slack }
}

const delivered = [
  { channel: 'C01ABCDEF', text: 'Hello!' },
  { channel: '#alerts', text: 'Alert!' },
]

describe('Page 003 Actions answers as documented, TypeScript SDK', () => {
  it('Execute: with and without an alias', async () => {
    const { client, workspaceId, slack } = await open()

    // Let workspace integration configuration resolve the connection
    await client.actions.execute('slack', 'send_channel_message', {
      input: { channel: 'C01ABCDEF', text: 'Hello!' },
      workspaceId,
    })

    // Target a specific alias when the same integration has multiple configurations
    await client.actions.execute('slack', 'send_channel_message', {
      input: { channel: '#alerts', text: 'Alert!' },
      workspaceId,
      integrationAlias: 'slack_bot',
    })

    expect(slack.mock.calls.map(([{ input }]) => input)).toEqual(delivered)
    expect(slack.mock.calls.map(([{ connection }]) => connection.externalId)).toEqual([
      'slack_bot',
      'slack_bot',
    ])
  })

  it('List all integrations, get a specific one', async () => {
    const { client } = await open()

    // List all integrations
    const { integrations } = await client.integrations.list()

    // Get a specific integration
    const { integration: slack } = await client.integrations.get('slack')
    expect(integrations).toContainEqual(slack)
    // Available actions with input schemas
    expect(slack.actions.send_channel_message?.props).toHaveProperty('channel')
  })
})

describe('Page 003 Actions answers as documented, TypeScript with fetch', () => {
  it('Execute: with and without an alias', async () => {
    const { fetch, workspaceId, slack } = await open()

    // Let workspace integration configuration resolve the connection
    await fetch('https://api.weavz.io/api/v1/actions/execute', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer wvz_your_key',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        integrationName: 'slack',
        actionName: 'send_channel_message',
        input: { channel: 'C01ABCDEF', text: 'Hello!' },
        workspaceId,
      }),
    })

    // Target a specific alias when the same integration has multiple configurations
    await fetch('https://api.weavz.io/api/v1/actions/execute', {
      method: 'POST',
      headers: {
        Authorization: 'Bearer wvz_your_key',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        integrationName: 'slack',
        actionName: 'send_channel_message',
        input: { channel: '#alerts', text: 'Alert!' },
        workspaceId,
        integrationAlias: 'slack_bot',
      }),
    })

    expect(slack.mock.calls.map(([{ input }]) => input)).toEqual(delivered)
  })

  it('List all integrations, get a specific one', async () => {
    const { fetch } = await open()

    // List all integrations
    const res = await fetch('https://api.weavz.io/api/v1/integrations', {
      headers: { Authorization: 'Bearer wvz_your_key' },
    })
    const { integrations } = (await res.json()) as { integrations: Integration[] }

    // Get details for a specific integration
    const slackRes = await fetch('https://api.weavz.io/api/v1/integrations?name=slack', {
      headers: { Authorization: 'Bearer wvz_your_key' },
    })
    const {
      integrations: [slack],
    } = (await slackRes.json()) as { integrations: Integration[] }
    expect(slack?.actions.send_channel_message?.props).toHaveProperty('channel')
    expect(integrations).toContainEqual(slack)
  })
})
