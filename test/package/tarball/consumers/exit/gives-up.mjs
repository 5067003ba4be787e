// Calls that never get an answer: one is timed out, one is given up while it runs, one between two attempts
import { WeavzClient } from '@weavz/sdk'

const [baseUrl] = process.argv.slice(2)
const client = new WeavzClient({ baseUrl: `${baseUrl}/silent`, apiKey: 'wvz_any' })
const late = await client.workspaces.list({}, { timeout: 50, maxRetries: 0 }).catch((error) => error)

const controller = new AbortController()
const call = client.workspaces.list({}, { signal: controller.signal }).catch((error) => error)
setTimeout(() => controller.abort(), 50)

const between = new AbortController()
const busy = new WeavzClient({
  baseUrl: `${baseUrl}/busy`,
  apiKey: 'wvz_any',
  hooks: { onRetry: () => between.abort() },
})
const waiting = await busy.workspaces.list({}, { signal: between.signal }).catch((error) => error)

console.log(late.name, (await call).name, waiting.name)
