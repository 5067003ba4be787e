import { createMockWeavz } from '@weavz/sdk/mock'
import { listen } from '@weavz/sdk/mock/node'
import { entries } from './entries.mjs'
import { callOverPort, tell } from './scenario.mjs'

const done = await tell(entries)

const offline = createMockWeavz()
const server = await listen(offline)
await callOverPort(entries, { url: server.url, apiKey: offline.apiKey, slug: 'port' })
await server.close()

console.log(JSON.stringify(done))
