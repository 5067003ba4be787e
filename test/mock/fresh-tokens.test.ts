import { expect, it } from 'vitest'
import { hush, throughBothDoors, type Api, type Open } from './door.js'
import { connect } from './mcp/kit.js'
import { receiver } from './receiver.js'
import { withTriggers } from './with-triggers.js'

/** A workspace where Slack runs on tokens that have expired, and can be refreshed. */
async function expired(open: Open) {
  const tokens = { accessToken: `at ${hush}`, refreshToken: `rt ${hush}`, expiresIn: 3600 }
  const { deliveryFetch } = receiver()
  const world = await withTriggers(open, { deliveryFetch }, tokens)
  const { api, workspaceId, connection, enable } = world
  api.weavz.onOptions('slack', 'send_channel_message', 'channel', () => [])
  api.weavz.onProps('slack', 'send_channel_message', 'text', () => ({}))
  api.weavz.onExecuteCode(({ weavz }) => weavz.slack?.list_users?.())
  const server = async (mode: 'TOOLS' | 'CODE') =>
    api.ok('mcpServers.create', { body: { name: mode, workspaceId, mode, authMode: 'bearer' } })
  const [tools, code] = [await server('TOOLS'), await server('CODE')]
  const { id: triggerId } = await enable()
  await api.weavz.clock.advance('2h')
  const find = async () => (await api.ok('connections.get', { query: { id: connection.id } })).connection
  return { ...world, tools, code, triggerId, status: async () => (await find()).status }
}

type World = Awaited<ReturnType<typeof expired>>

async function outcomeOf(api: Api, ...[id, call]: Parameters<Api['send']>): Promise<string> {
  const response = await api.send(id, call)
  const { details } = (await response.json()) as { details?: { reason?: string } }
  return response.ok ? 'used' : String(details?.reason)
}

const property = ({ workspaceId }: World, propertyName: string) => ({
  params: { integrationName: 'slack' },
  body: { workspaceId, actionName: 'send_channel_message', propertyName },
})

/** Where nothing but the message says what it was. */
const reasonIn = (message?: string | null) =>
  message?.includes('has status ERROR') ? 'CONNECTION_IN_ERROR' : String(message)

/** Whatever uses a connection, and what came of it: `used`, or the reason of the refusal. */
const uses: Record<string, (world: World) => Promise<string>> = {
  'actions.execute': ({ api, workspaceId }) =>
    outcomeOf(api, 'actions.execute', {
      body: { integrationName: 'slack', actionName: 'list_users', workspaceId },
    }),
  'triggers.enable': ({ api, call }) => outcomeOf(api, 'triggers.enable', call()),
  'triggers.enable with headers to seal': ({ api, call }) =>
    outcomeOf(api, 'triggers.enable', call({ callbackHeaders: { 'x-secret': hush } })),
  'a firing trigger': async ({ api, triggerId }) => {
    const { delivered, error } = await api.weavz.emit(triggerId, {})
    return delivered ? 'used' : reasonIn(error)
  },
  'integrations.resolveOptions': (world) =>
    outcomeOf(world.api, 'integrations.resolveOptions', property(world, 'channel')),
  'integrations.resolveProperty': (world) =>
    outcomeOf(world.api, 'integrations.resolveProperty', property(world, 'text')),
  'an MCP tool': async ({ api, tools: { mcpEndpoint, bearerToken = '' } }) => {
    const client = await connect(api, mcpEndpoint, bearerToken)
    const { isError, structuredContent } = await client.callTool({ name: 'slack__list_users', arguments: {} })
    return isError ? (structuredContent as { details: { reason: string } }).details.reason : 'used'
  },
  'code mode': async ({ api, code: { server } }) => {
    const call = { params: { id: server.id }, body: { code: 'x' } }
    const { isError, structuredContent } = await api.ok('mcpServers.executeCode', call)
    const { error } = structuredContent as { error?: string }
    return isError ? reasonIn(error) : 'used'
  },
}

throughBothDoors('tokens that have expired', (open) => {
  it.each(Object.entries(uses))('are refreshed by %s', async (_, use) => {
    const world = await expired(open)
    expect(await use(world)).toBe('used')
    expect(await world.status()).toBe('ACTIVE')
  })

  it.each(Object.entries(uses))(
    'make %s fail while the provider is down, and no longer than that',
    async (_, use) => {
      const world = await expired(open)
      const down = { type: 'status', status: 503 } as const
      world.api.weavz.faults.add({ match: { endpoint: 'provider.token' }, effect: down, times: 3 })
      expect(await use(world)).toBe('CONNECTION_IN_ERROR')
      expect(await world.status()).toBe('ERROR')
      await world.api.weavz.clock.advance('1m')
      expect(await use(world)).toBe('used')
      expect(await world.status()).toBe('ACTIVE')
    },
  )

  it('are left alone by what only looks: resolving, explaining, auditing', async () => {
    const world = await expired(open)
    const { api, workspaceId, connection } = world
    const openings = api.weavz.openings.count
    const look = async () => {
      const resolve = { body: { integrationName: 'slack', workspaceId } }
      const resolved = await outcomeOf(api, 'connections.resolve', resolve)
      const { outcome } = api.weavz.explain({ workspaceId, integrationName: 'slack' })
      api.weavz.audit()
      return [resolved, outcome.outcome]
    }
    expect(await look()).toEqual(['used', 'resolved'])
    const down = { type: 'status', status: 503 } as const
    api.weavz.faults.add({ match: { endpoint: 'provider.token' }, effect: down, times: 3 })
    await uses['actions.execute']?.(world)
    await api.weavz.clock.advance('1m')
    const opened = api.weavz.openings.count
    expect(opened).toBeGreaterThan(openings)
    // A use would make it ACTIVE again; a look does not
    expect(await look()).toEqual(['CONNECTION_IN_ERROR', 'denied'])
    expect(await world.status()).toBe('ERROR')
    expect(api.weavz.openings.count).toBe(opened)
    expect(connection.status).toBe('ACTIVE')
  })
})
