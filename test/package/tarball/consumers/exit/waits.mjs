// Waits that are over before what they wait for: a connect session in client and browser entry
import { WeavzClient } from '@weavz/sdk'
import { waitForConnect } from '@weavz/sdk/browser'
import { createMockWeavz } from '@weavz/sdk/mock'

const offline = createMockWeavz()
const client = new WeavzClient({ apiKey: offline.apiKey, fetch: offline.fetch })
const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
const { token } = await client.connect.createToken({
  integrationName: 'slack',
  connectionName: 'Ava',
  externalId: 'ava',
  workspaceId: workspace.id,
})
const signal = AbortSignal.timeout(50)
const poll = (polled) => client.connect.poll(polled)
const waits = [client.connect.wait(token, { signal }), waitForConnect(token, { signal, poll })]
console.log(...(await Promise.allSettled(waits)).map(({ reason }) => reason.name))
