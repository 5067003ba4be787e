// An offline Weavz that is dropped in the middle of things: a pending session and approval
import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'

const offline = createMockWeavz()
const client = new WeavzClient({ apiKey: offline.apiKey, fetch: offline.fetch })
const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
const workspaceId = workspace.id
await client.connect.createToken({
  integrationName: 'slack',
  connectionName: 'Ava',
  externalId: 'ava',
  workspaceId,
})
await client.approvalPolicies.create({ name: 'Ask', workspaceId })
const { status } = await client.actions.execute('hash-encode', 'encode', {
  workspaceId,
  input: { text: 'weavz', encoding: 'hex' },
})
offline.fork()
console.log(status)
