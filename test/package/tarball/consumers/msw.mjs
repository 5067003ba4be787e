import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { weavzHandlers } from '@weavz/sdk/msw'
import { setupServer } from 'msw/node'

const offline = createMockWeavz()
const server = setupServer(...weavzHandlers(offline))
server.listen()
const client = new WeavzClient({ apiKey: offline.apiKey })
const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
server.close()
console.log(workspace.slug)
