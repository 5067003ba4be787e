import { setupWorker } from 'msw/browser'
import { WeavzClient } from '../../src/index.js'
import { waitForConnect } from '../../src/browser/index.js'
import { createMockWeavz, type FaultEffect } from '../../src/mock/index.js'
import { weavzHandlers } from '../../src/msw/index.js'

/** What runs in the page: an app that builds its own client, and the offline Weavz that its developer put before it. */

const weavz = createMockWeavz()
weavz.onAction('slack', 'send_channel_message', ({ input }) => ({ heard: input['text'] }))
const worker = setupWorker(...weavzHandlers(weavz))

export async function start(): Promise<void> {
  await worker.start({ quiet: true, onUnhandledRequest: 'bypass' })
}

function createClient(baseUrl?: string): WeavzClient {
  return new WeavzClient({ apiKey: weavz.apiKey, baseUrl, dangerouslyAllowBrowser: true, maxRetries: 0 })
}

export async function execute(text: string): Promise<unknown> {
  const client = createClient()
  const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
  await client.connections.create({
    type: 'PLATFORM_OAUTH2',
    accessToken: 'xoxb-test',
    externalId: 'bot',
    displayName: 'Bot',
    integrationName: 'slack',
    workspaceId: workspace.id,
  })
  const { output } = await client.actions.execute('slack', 'send_channel_message', {
    workspaceId: workspace.id,
    connectionExternalId: 'bot',
    input: { channel: '#general', text },
  })
  return output
}

export async function connect() {
  const client = createClient()
  const { workspace } = await client.workspaces.create({ name: 'Umbrella', slug: 'umbrella' })
  const { token } = await client.connect.createToken({
    integrationName: 'slack',
    connectionName: 'Slack of Ava',
    externalId: 'ava',
    workspaceId: workspace.id,
  })
  const waiting = waitForConnect(token, { timing: { pollMs: 50 } })
  await weavz.user.approve(token)
  const result = await waiting
  const { connections } = await client.connections.list({ workspaceId: workspace.id })
  return { result, connections: connections.map(({ id }) => id) }
}

export async function mistype() {
  const response = await fetch('https://api.weavz.io/api/v1/connection', {
    headers: { authorization: `Bearer ${weavz.apiKey}` },
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

export async function throughProxy(): Promise<string[]> {
  const baseUrl = 'https://proxy.example.com/weavz'
  worker.use(...weavzHandlers(weavz, { baseUrl }))
  const client = createClient(baseUrl)
  const { workspace } = await client.workspaces.create({ name: 'Proxied', slug: 'behind-a-proxy' })
  const { workspaces } = await client.workspaces.list()
  return workspaces.filter(({ id }) => id === workspace.id).map(({ slug }) => slug)
}

export async function breakOff(): Promise<unknown> {
  const baseUrl = 'https://broken.example.com'
  worker.use(...weavzHandlers({ fetch: () => Promise.reject(new TypeError('reset')) }, { baseUrl }))
  return createClient(baseUrl)
    .workspaces.list()
    .catch(({ code }: { code: unknown }) => code)
}

/** What the page sees of one fault of the mock behind it: how its own fetch ends, and what its client makes of it. */
export async function strike(effect: FaultEffect) {
  const before = weavz.faults.list().length
  const add = () => weavz.faults.add({ match: { endpoint: 'workspaces.list' }, effect })
  const call = async () => {
    const headers = { authorization: `Bearer ${weavz.apiKey}` }
    const response = await fetch('https://api.weavz.io/api/v1/workspaces', {
      ...{ headers, signal: AbortSignal.timeout(1000) },
    })
    const { status } = response
    const body = await response.json().catch((error: Error) => error.name)
    return {
      status,
      retryAfter: response.headers.get('retry-after'),
      body: typeof body === 'string' ? body : 'JSON',
    }
  }
  add()
  const seen = await call().catch((error: Error) => error.name)
  add()
  const client = await createClient()
    .workspaces.list({}, { timeout: 1000 })
    .then(() => 'answered')
    .catch((error: { code: string }) => error.code)
  const struck = weavz.faults
    .list()
    .slice(before)
    .map((fault) => fault.struck)
  return { seen, client, struck }
}
