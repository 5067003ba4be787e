// An offline Weavz on a port holds its process until it is closed, with connections of its clients still open
import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { listen } from '@weavz/sdk/mock/node'

const offline = createMockWeavz()
const server = await listen(offline)
const client = new WeavzClient({ apiKey: offline.apiKey, baseUrl: server.url })
await client.workspaces.list()
// Alone, a timer that holds nothing would never come to its turn
setTimeout(async () => {
  await server.close()
  console.log('closed')
}, 200).unref()
