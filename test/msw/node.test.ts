import { setupServer } from 'msw/node'
import { http, HttpResponse } from 'msw'
import https from 'node:https'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { NotFoundError, WeavzClient, WeavzNetworkError } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { weavzHandlers } from '../../src/msw/index.js'

const server = setupServer()

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => {
  server.resetHandlers()
  vi.unstubAllEnvs()
})
afterAll(() => server.close())

/** As an app under test has it somewhere deep inside: built from the environment, with the global fetch. */
async function announce(text: string): Promise<unknown> {
  const weavz = new WeavzClient({ maxRetries: 0 })
  const [workspace] = (await weavz.workspaces.list()).workspaces
  const { output } = await weavz.actions.execute('slack', 'send_channel_message', {
    workspaceId: workspace!.id,
    connectionExternalId: 'bot',
    input: { channel: '#general', text },
  })
  return output
}

/** An offline Weavz with one workspace and one connection, and the environment of the app. */
async function start({ baseUrl }: { baseUrl?: string } = {}) {
  const weavz = createMockWeavz()
  vi.stubEnv('WEAVZ_API_KEY', weavz.apiKey)
  if (baseUrl !== undefined) vi.stubEnv('WEAVZ_BASE_URL', baseUrl)
  server.use(...weavzHandlers(weavz, { ...(baseUrl !== undefined && { baseUrl }) }))
  const client = new WeavzClient({ maxRetries: 0 })
  const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
  await client.connections.create({
    type: 'PLATFORM_OAUTH2',
    accessToken: 'xoxb-test',
    externalId: 'bot',
    displayName: 'Bot',
    integrationName: 'slack',
    workspaceId: workspace.id,
  })
  return { weavz, client, workspace }
}

describe('weavzHandlers in Node', () => {
  it('answer code that builds its own client', async () => {
    const { weavz } = await start()
    weavz.onAction('slack', 'send_channel_message', ({ input, credentials }) => ({
      heard: input['text'],
      signedIn: credentials !== undefined,
    }))
    expect(await announce('Hello')).toEqual({ heard: 'Hello', signedIn: true })
  })

  it.each([
    'https://api.weavz.io',
    'https://api.weavz.io/',
    'https://weavz.example.com:8443',
    'http://127.0.0.1:4010',
    'http://[::1]:4010',
    'https://proxy.example.com/weavz',
    'https://proxy.example.com/a+b/(c)/weavz/',
    'https://WEAVZ.example.com',
  ])('answer below the base URL %s', async (baseUrl) => {
    await start({ baseUrl })
    expect(await announce('Hello')).toBeDefined()
  })

  it.each([
    ['https://api.weavz.io', 'https://api.weavz.io.example.com/api/v1/workspaces'],
    ['https://api.weavz.io', 'https://apixweavz.io/api/v1/workspaces'],
    ['https://api.weavz.io', 'http://api.weavz.io/api/v1/workspaces'],
    ['https://proxy.example.com/weavz', 'https://proxy.example.com/weavz2/api/v1/workspaces'],
    ['https://proxy.example.com/weavz', 'https://proxy.example.com/'],
  ])('below %s leave %s to others', async (baseUrl, elsewhere) => {
    server.use(
      ...weavzHandlers(createMockWeavz(), { baseUrl }),
      http.get(elsewhere, () => HttpResponse.text('somebody else')),
    )
    expect(await (await fetch(elsewhere)).text()).toBe('somebody else')
  })

  it('answer a path that does not exist with the nearest endpoint, not with an unhandled request', async () => {
    const { client } = await start()
    const error = await client.request('/api/v1/connection').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(NotFoundError)
    expect((error as Error).message).toContain('did you mean GET /api/v1/connections?')
  })

  it.each(['/api/v1/integrations/%zz/x', '/%', '/api/v1/workspaces?name=%zz', '//', '/*'])(
    'pass on a path that cannot be decoded: %s',
    async (path) => {
      const { weavz } = await start()
      const answers = await Promise.all([
        fetch(`https://api.weavz.io${path}`).then(plain),
        weavz.fetch(`https://api.weavz.io${path}`).then(plain),
      ])
      expect(answers[0]).toEqual(answers[1])
    },
  )

  it('answer clients of another make', async () => {
    const { weavz } = await start()
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: `Bearer ${weavz.apiKey}` }
      https
        .request('https://api.weavz.io/api/v1/workspaces', { headers }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          response.on('end', () => resolve(text))
        })
        .on('error', reject)
        .end()
    })
    expect(JSON.parse(body)).toMatchObject({ workspaces: [{ slug: 'acme' }] })
  })

  it('let a test take another world', async () => {
    await start()
    const other = createMockWeavz()
    server.use(...weavzHandlers(other))
    const client = new WeavzClient({ apiKey: other.apiKey, maxRetries: 0 })
    expect((await client.workspaces.list()).workspaces).toEqual([])
  })

  it('leave single endpoints to handlers of the test', async () => {
    const { client } = await start()
    server.use(
      http.get('https://api.weavz.io/api/v1/workspaces', () =>
        HttpResponse.json({ error: 'Down', code: 'INTERNAL_ERROR' }, { status: 503 }),
      ),
    )
    await expect(client.workspaces.list()).rejects.toMatchObject({ status: 503 })
    expect((await client.connections.list()).connections).toHaveLength(1)
  })

  it('make a network error of a connection that breaks off', async () => {
    server.use(...weavzHandlers({ fetch: () => Promise.reject(new TypeError('fetch failed')) }))
    const client = new WeavzClient({ apiKey: 'wvz_test', maxRetries: 0 })
    await expect(client.workspaces.list()).rejects.toBeInstanceOf(WeavzNetworkError)
  })

  it('make a network error of a body that breaks off', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"workspaces":'))
      },
      pull(controller) {
        controller.error(new TypeError('terminated'))
      },
    })
    const headers = { 'content-type': 'application/json' }
    server.use(...weavzHandlers({ fetch: async () => new Response(broken, { headers }) }))
    const client = new WeavzClient({ apiKey: 'wvz_test', maxRetries: 0 })
    await expect(client.workspaces.list()).rejects.toBeInstanceOf(WeavzNetworkError)
  })

  it('leave a caller who gives up alone', async () => {
    server.use(...weavzHandlers({ fetch: () => new Promise(() => undefined) }))
    const client = new WeavzClient({ apiKey: 'wvz_test', maxRetries: 0 })
    const signal = AbortSignal.timeout(20)
    await expect(client.workspaces.list({}, { signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('refuse a base URL that is none', () => {
    expect(() => weavzHandlers(createMockWeavz(), { baseUrl: 'api.weavz.io' })).toThrow(TypeError)
  })
})

async function plain(response: Response): Promise<unknown> {
  return { status: response.status, body: await response.json() }
}
