import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WeavzClient, type CreateMcpServer } from '../../../src/index.js'
import { createMockWeavz, type MockWeavz } from '../../../src/mock/index.js'
import { listen, type ListeningWeavz } from '../../../src/mock/node.js'
import { Visitor } from '../pages/visitor.js'
import { Keeper, comeBack, tryToConnect } from './official-client.js'

const call = { name: 'slack__send_channel_message', arguments: { channel: 'C1', text: 'Hi' } }

/** Over a real port, with the global fetch of the client: nothing in between is ours but the server. */
describe('The official MCP client', () => {
  let weavz: MockWeavz
  let listening: ListeningWeavz
  let client: WeavzClient
  let workspaceId: string

  beforeEach(async () => {
    weavz = createMockWeavz()
    weavz.clock.freeze('2025-01-15T10:30:00.000Z')
    listening = await listen(weavz)
    client = new WeavzClient({ apiKey: weavz.apiKey, baseUrl: listening.url })
    workspaceId = (await client.workspaces.create({ name: 'Acme', slug: 'acme' })).workspace.id
    weavz.onAction('slack', 'send_channel_message', ({ endUser, credentials }) => ({
      by: endUser?.externalId,
      own: credentials?.accessToken?.reveal() === 'token of ada',
    }))
    await client.connections.create({
      ...{ type: 'OAUTH2', integrationName: 'slack', externalId: 'slack_ada', displayName: 'Slack of Ada' },
      ...{ workspaceId, endUserId: 'ada', accessToken: 'token of ada' },
    })
    await client.workspaces.integrations.create(workspaceId, {
      ...{ integrationName: 'slack', connectionStrategy: 'per_user' },
      enabledActions: ['send_channel_message'],
    })
  })
  afterEach(() => listening.close())

  const makeServer = async (fields: Partial<CreateMcpServer> = {}) =>
    (await client.mcpServers.create({ name: 'Assistant', workspaceId, ...fields })).server

  /** A person in front of the real page. */
  async function atThePage(url: URL, externalId: string): Promise<URL> {
    const visitor = new Visitor({ url: listening.url, fetch })
    const page = await visitor.open(url.href)
    return new URL((await visitor.press(page, 'Sign in', { externalId })).url)
  }

  it.each(['none', 'client_secret_basic', 'client_secret_post'] as const)(
    'registers, signs an end user in, and calls a tool on their account: %s',
    async (authMethod) => {
      const { mcpEndpoint } = await makeServer()
      const keeper = new Keeper('http://127.0.0.1:33418/callback', authMethod)
      const asked = await tryToConnect(mcpEndpoint, keeper)
      if (!(asked instanceof URL)) throw new Error('No sign-in was asked for')
      expect(asked.searchParams.get('resource')).toBe(mcpEndpoint)
      expect(asked.searchParams.get('scope')).toBe('mcp:tools')
      const back = await atThePage(asked, 'ada')
      expect(back.searchParams.get('state')).toBe('the state of the client')
      const connected = await comeBack(mcpEndpoint, keeper, back)
      expect((await connected.listTools()).tools.map(({ name }) => name)).toEqual([call.name])
      expect(await connected.callTool(call)).toMatchObject({ structuredContent: { by: 'ada', own: true } })
    },
  )

  it('refreshes by itself once the token has expired, and keeps the end user', async () => {
    const { mcpEndpoint } = await makeServer()
    const keeper = new Keeper('http://localhost:6274/callback')
    const back = await weavz.user.signIn((await tryToConnect(mcpEndpoint, keeper)) as URL, 'ada')
    const connected = await comeBack(mcpEndpoint, keeper, back)
    const before = keeper.kept?.access_token
    // The client asks for a stream as it connects: were the token gone by then, it would refresh that twice at once
    const streams = () =>
      weavz.journal
        .list()
        .filter(({ request, response }) => request.method === 'GET' && response?.status === 405)
    await vi.waitFor(() => expect(streams()).toHaveLength(1))
    await weavz.clock.advance('1h')
    expect(await connected.callTool(call)).toMatchObject({ structuredContent: { by: 'ada' } })
    const after = keeper.kept?.access_token
    expect(after).not.toBe(before)
    await weavz.clock.advance('59m')
    await connected.callTool(call)
    expect(keeper.kept?.access_token).toBe(after)
  })

  it('uses one registration for every server of this Weavz, and signs in at each', async () => {
    const [first, second] = [await makeServer(), await makeServer({ mode: 'CODE' })]
    const keeper = new Keeper('https://client.test/callback')
    await comeBack(
      first.mcpEndpoint,
      keeper,
      await weavz.user.signIn((await tryToConnect(first.mcpEndpoint, keeper)) as URL, 'ada'),
    )
    const registered = keeper.client
    keeper.kept = undefined
    const asked = (await tryToConnect(second.mcpEndpoint, keeper)) as URL
    expect(keeper.client).toEqual(registered)
    expect(asked.searchParams.get('scope')).toBe('mcp:code')
    const connected = await comeBack(second.mcpEndpoint, keeper, await weavz.user.signIn(asked, 'ada'))
    expect((await connected.listTools()).tools.map(({ name }) => name)).toContain('weavz_execute')
  })

  it('sends the user to sign in again when its grant was taken away', async () => {
    const { mcpEndpoint, id } = await makeServer({ endUserAccess: 'open' })
    const keeper = new Keeper('https://client.test/callback')
    const first = await weavz.user.signIn((await tryToConnect(mcpEndpoint, keeper)) as URL, 'zed')
    await comeBack(mcpEndpoint, keeper, first)
    const { endUsers } = await client.endUsers.list({ workspaceId })
    const zed = endUsers.find(({ externalId }) => externalId === 'zed')
    await client.endUsers.delete(zed?.id ?? '')
    expect(await tryToConnect(mcpEndpoint, keeper)).toBeInstanceOf(URL)
    await client.mcpServers.update(id, { mode: 'CODE' })
    const again = (await tryToConnect(mcpEndpoint, keeper)) as URL
    expect(again.searchParams.get('scope')).toBe('mcp:code')
  })

  it('is told access_denied when the end user may not sign in', async () => {
    const { mcpEndpoint } = await makeServer({ endUserAccess: 'restricted' })
    const asked = (await tryToConnect(mcpEndpoint, new Keeper('https://client.test/callback'))) as URL
    const back = await weavz.user.signIn(asked, 'zed')
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.has('code')).toBe(false)
  })

  it('finds no way to sign in to a server that takes bearer tokens alone', async () => {
    const { mcpEndpoint } = await makeServer({ authMode: 'bearer', endUserId: 'ada' })
    const keeper = new Keeper('https://client.test/callback')
    await expect(tryToConnect(mcpEndpoint, keeper)).rejects.toThrow()
    expect(keeper.sentTo).toBeUndefined()
    expect(keeper.client).toBeUndefined()
  })
})
