import { WeavzClient, type CreateWorkspaceIntegration } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'

/** The placeholders that many samples share. */
export const workspacePlaceholder = '550e8400-e29b-41d4-a716-446655440000'
export const otherWorkspacePlaceholder = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'

let count = 0

/** A workspace of its own for each sample, so that many samples can share one server. */
export async function makeWorkspace(client: WeavzClient): Promise<string> {
  const slug = `sample-${++count}`
  const { workspace } = await client.workspaces.create({ name: slug, slug })
  return workspace.id
}

export async function makeSlack(client: WeavzClient, workspaceId: string, externalId = 'slack_bot') {
  const { connection } = await client.connections.create({
    type: 'PLATFORM_OAUTH2',
    integrationName: 'slack',
    workspaceId,
    externalId,
    displayName: 'Slack Bot',
    accessToken: 'xoxb-...',
  })
  return connection.id
}

/** Slack, configured with one connection for everybody. */
export async function configureSlack(
  client: WeavzClient,
  workspaceId: string,
  params: Partial<CreateWorkspaceIntegration> = {},
): Promise<string> {
  const { integration } = await client.workspaces.integrations.create(workspaceId, {
    integrationName: 'slack',
    connectionStrategy: 'fixed',
    connectionId: await makeSlack(client, workspaceId),
    displayName: 'Team Slack',
    ...params,
  })
  return integration.id
}

/** An offline Weavz that takes the key which a page uses. */
export function openOffline(apiKey: string) {
  const offline = createMockWeavz({ apiKey })
  return { offline, client: new WeavzClient({ apiKey, fetch: offline.fetch }) }
}
