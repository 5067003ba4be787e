/** The offline Weavz that is measured: one workspace, one connection, and somebody who plays Slack. */
import { createMockWeavz } from '@weavz/sdk/mock'
import { apiKey, ids } from './exchange.js'

export async function mockWorld() {
  const weavz = createMockWeavz({
    apiKey,
    seed: {
      workspaces: { acme: { id: ids.workspace } },
      connections: { acme_slack: { id: ids.connection, workspace: 'acme', integrationName: 'slack' } },
      workspaceIntegrations: {
        slack_bot: { workspace: 'acme', integrationName: 'slack', connection: 'acme_slack' },
      },
    },
  })
  // With a handler the credential is opened, as it is where the action really runs
  weavz.onAction('slack', 'send_channel_message', ({ input }) => ({
    ok: true,
    channel: 'C0123456789',
    ts: '1772357400.000100',
    message: { text: input['text'] },
  }))
  await weavz.ready
  return weavz
}
