import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { SupportDesk } from './support.js'

/** The world that all tests begin with: made once, its credentials sealed once, and copied for each test. */
const seeded = createMockWeavz({
  seed: {
    now: '2026-03-02T09:00:00Z',
    workspaces: { acme: { name: 'Acme' } },
    endUsers: { ava: { workspace: 'acme' }, ben: { workspace: 'acme' } },
    connections: {
      team_slack: { workspace: 'acme', integrationName: 'slack' },
      ava_github: { endUser: 'ava', integrationName: 'github' },
    },
    workspaceIntegrations: {
      slack: { workspace: 'acme', integrationName: 'slack', connection: 'team_slack' },
      github: { workspace: 'acme', integrationName: 'github', connectionStrategy: 'per_user' },
    },
  },
})

/** An app and a Weavz of its own: tests may run at the same time. */
export async function createTestWorld() {
  await seeded.ready
  const weavz = seeded.fork()
  const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch })
  return { weavz, desk: new SupportDesk(client, weavz.seeded.workspaces.acme, 'acme/shop') }
}
