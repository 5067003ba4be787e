// Calls over a port whose server keeps every connection open, pages, an error, and the answer that was asked for
import { WeavzClient } from '@weavz/sdk'

const [baseUrl] = process.argv.slice(2)
const client = new WeavzClient({ baseUrl, apiKey: 'wvz_any' })
await Promise.all(Array.from({ length: 5 }, () => client.workspaces.list()))
for await (const workspace of client.workspaces.list()) console.log(workspace.slug)
const { response } = await client.workspaces.list().withResponse()
console.log(response.status)
