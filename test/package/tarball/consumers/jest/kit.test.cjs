// The test of an app that uses Jest as it comes: CommonJS, and globals of its own for every file.
const { expect, test } = require('@jest/globals')
const { ConnectionRequiredError, WeavzClient } = require('@weavz/sdk')
const { createMockWeavz } = require('@weavz/sdk/mock')
const { weavzMatchers } = require('@weavz/sdk/mock/matchers')
const { listen } = require('@weavz/sdk/mock/node')

expect.extend(weavzMatchers)

const place = { integrationName: 'slack', workspace: 'acme' }

function offline() {
  const weavz = createMockWeavz({
    seed: {
      workspaces: { acme: {} },
      connections: {
        acme_slack: place,
      },
      workspaceIntegrations: {
        slack: { ...place, connection: 'acme_slack' },
        personal: { ...place, alias: 'slack_user', connectionStrategy: 'per_user' },
      },
    },
  })
  weavz.onAction('slack', 'send_channel_message', ({ input }) => ({ channel: input.channel }))
  const post = (client, extra) =>
    client.actions.execute('slack', 'send_channel_message', {
      workspaceId: weavz.seeded.workspaces.acme,
      input: { channel: '#general', text: 'Hello' },
      ...extra,
    })
  return { weavz, post, client: new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch }) }
}

test('an action that has run is seen, and a near miss is shown', async () => {
  const { weavz, post, client } = offline()
  expect(weavz).not.toHaveExecuted('slack', 'send_channel_message')
  await post(client, { integrationAlias: 'slack' })
  expect(weavz).toHaveExecuted('slack', 'send_channel_message', { text: expect.stringMatching(/^H/) })
  expect(weavz).toHaveResolvedTo('acme_slack')
  const missed = () => expect(weavz).toHaveExecuted('slack', 'send_channel_message', { channel: '#random' })
  expect(missed).toThrow('#general')
  weavz.assertQuiet()
})

test('an error is of the class that the app imports', async () => {
  const { post, client } = offline()
  await expect(post(client, { integrationAlias: 'slack_user' })).rejects.toThrow(ConnectionRequiredError)
})

test('a port answers', async () => {
  const { weavz } = offline()
  const server = await listen(weavz)
  const client = new WeavzClient({ apiKey: weavz.apiKey, baseUrl: server.url })
  expect((await client.workspaces.list()).total).toBe(1)
  await server.close()
})
