import { afterAll, describe, expect, it } from 'vitest'
import type { AnyEndpoint } from '../../../src/contract/endpoint.js'
import { endpoints, type EndpointId } from '../../../src/contract/index.js'
import { createMockWeavz, type MockWeavzOptions } from '../../../src/mock/index.js'
import { Api, stoppedClock } from '../door.js'
import { configure, makeConnection, makeWorkspace, nobody, slack } from '../world.js'
import { Checker, recorded, type Exchange } from './checker.js'
import { calls, furnish } from './scenario.js'

const url = 'http://weavz.test'
const document = await (await createMockWeavz().fetch(`${url}/_weavz/openapi.json`)).json()
const checker = new Checker(document)
afterAll(() => checker.close())

const table: readonly AnyEndpoint[] = endpoints
const ids = Object.keys(calls) as EndpointId[]

/** A mock whose exchanges are kept. */
function open(options?: MockWeavzOptions) {
  const weavz = createMockWeavz({ clock: stoppedClock(), ...options })
  const { fetch, exchanges } = recorded(weavz.fetch)
  return { api: new Api(weavz, url, fetch), exchanges }
}

async function violationsOf(exchanges: readonly Exchange[]): Promise<string[]> {
  return (await Promise.all(exchanges.map((exchange) => checker.violations(exchange)))).flat()
}

/** Path parameters that name nothing. */
function paramsOf({ path }: AnyEndpoint, value: string) {
  return Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, value]))
}

describe('What the mock answers is what its OpenAPI document says', () => {
  it('on a run through every endpoint', async () => {
    const { api, exchanges } = open()
    const world = await furnish(api)
    for (const id of ids) await calls[id](world)
    expect(await violationsOf(exchanges)).toEqual([])
    for (const { method, path, responses } of table) {
      for (const status of Object.keys(responses)) {
        expect([...checker.seen]).toContain(`${method} ${path} ${status}`)
      }
    }
  })

  it('for calls that are wrong in every usual way, of every endpoint', async () => {
    const { api, exchanges } = open()
    const { plainKey } = await api.ok('apiKeys.create', {
      body: { name: 'Nowhere', permissions: { scope: 'workspace', workspaceIds: [nobody] } },
    })
    const { id: workspaceId } = await makeWorkspace(api)
    const limited = { authorization: `Bearer ${plainKey}` }
    for (const endpoint of table) {
      const id = endpoint.id as EndpointId
      const body = endpoint.body && {}
      const params = paramsOf(endpoint, nobody)
      await api.send(id, { params, body, headers: { authorization: '' } })
      await api.send(id, { params, body })
      await api.send(id, { params: paramsOf(endpoint, 'no-uuid'), body })
      await api.send(id, { params: paramsOf(endpoint, workspaceId), body, headers: limited })
      const nonsense = endpoint.body && { nonsense: true }
      await api.send(id, { params, body: nonsense, query: { limit: 0, workspaceId: nobody } })
      await api.raw(endpoint.method, endpoint.path.replace(/\{\w+\}/g, workspaceId), {
        ...(endpoint.method !== 'GET' && { body: '{' }),
      })
    }
    expect(await violationsOf(exchanges)).toEqual([])
    const codes = new Set(exchanges.map(({ body }) => (body as { code?: string }).code))
    expect([...codes]).toEqual(
      expect.arrayContaining([
        ...['INVALID_JSON', 'VALIDATION_ERROR', 'NO_UPDATES', 'UNAUTHORIZED', 'SCOPE_DENIED', 'NOT_FOUND'],
        ...['CONNECTION_NOT_FOUND', 'END_USER_NOT_FOUND', 'PARTIAL_NOT_FOUND', 'APPROVAL_POLICY_NOT_FOUND'],
      ]),
    )
  })

  it('for refusals that take a story: of the resolver, duplicates, gates, limits', async () => {
    const { api, exchanges } = open({ requestsPerMinute: 40 })
    const { workspaceId } = await furnish(api)
    const execute = (body: object) =>
      api.send('actions.execute', {
        body: { integrationName: 'slack', actionName: 'list_users', workspaceId, input: {}, ...body },
      })
    await api.send('workspaces.create', { body: { name: 'Again', slug: 'acme' } })
    await api.send('connections.create', { body: slack({ workspaceId }) })
    await api.send('workspaces.integrations.create', {
      params: { workspaceId },
      body: { integrationName: 'slack', alias: 'own', connectionStrategy: 'per_user' },
    })
    await execute({ connectionExternalId: 'nobody' })
    await execute({ integrationName: 'github', actionName: 'create_issue' })
    await execute({ integrationName: 'nothing' })
    await execute({ actionName: 'nothing' })
    await execute({ partialIds: ['nothing'] })
    await execute({ integrationAlias: 'nothing' })
    await execute({ actionName: 'send_channel_message', input: { text: 5 } })
    api.weavz.onAction('slack', 'list_users', () => {
      throw new Error('The third party is down')
    })
    await execute({})
    await api.send('connections.resolve', { body: { integrationName: 'github', workspaceId } })
    await configure(api, workspaceId, {
      ...{ integrationName: 'slack', alias: 'second', enabledActions: [] },
      connectionId: (await makeConnection(api)).id,
    })
    await execute({})
    await execute({ integrationAlias: 'second' })
    await api.send('connect.poll', { body: {} })
    await api.send('connect.poll', { body: { token: 'cst_nothing' } })
    for (let count = exchanges.length; count <= 40; count++) await api.send('workspaces.list')
    expect(await violationsOf(exchanges)).toEqual([])
    const codes = new Set(exchanges.map(({ body }) => (body as { code?: string }).code))
    expect([...codes]).toEqual(
      expect.arrayContaining([
        ...['DUPLICATE', 'MCP_BEARER_BLOCKS_PER_USER', 'CONNECTION_REQUIRED', 'CONNECTION_NOT_FOUND'],
        ...['INTEGRATION_NOT_FOUND', 'ACTION_NOT_FOUND', 'PARTIAL_NOT_FOUND', 'NOT_FOUND'],
        ...['VALIDATION_ERROR', 'ACTION_FAILED', 'AMBIGUOUS_INTEGRATION', 'ACTION_NOT_ALLOWED'],
        ...['MISSING_TOKEN', 'INVALID_TOKEN', 'RATE_LIMITED'],
      ]),
    )
  })
})

describe('An exchange is found to differ from the document', () => {
  async function workspaceCreated(): Promise<Exchange> {
    const { api, exchanges } = open()
    await makeWorkspace(api)
    return exchanges[0] as Exchange
  }

  it('not, as the mock gives it', async () => {
    expect(await violationsOf([await workspaceCreated()])).toEqual([])
  })

  it.each<[string, (exchange: Exchange) => Partial<Exchange>, RegExp]>([
    ['in its path', () => ({ url: new URL('/api/v1/workspace', url) }), /no such operation/],
    ['in its status', () => ({ status: 418 }), /no such status, 418/],
    ['in its body', () => ({ body: { workspace: { id: 5 } } }), /body is not as described/],
    ['in the code of an error', () => ({ status: 409, body: { error: 'x', code: 'NO_OAUTH_APP' } }), /code/],
    [
      'in the details of an error',
      () => ({ status: 400, body: { error: 'x', code: 'VALIDATION_ERROR' } }),
      /body/,
    ],
    [
      'in its content type',
      () => ({ headers: new Headers({ 'content-type': 'text/html' }) }),
      /content type/,
    ],
    ['in a header that is missing', () => ({ headers: new Headers() }), /X-RateLimit-Limit is missing/],
    [
      'in a request that was let through',
      () => ({ requestBody: { name: 'A', slug: 'A b' } }),
      /request is not/,
    ],
    ['in a request without a body', () => ({ requestBody: undefined }), /request body is missing/],
  ])('%s', async (_, change, problem) => {
    const exchange = await workspaceCreated()
    expect((await violationsOf([{ ...exchange, ...change(exchange) }])).join('\n')).toMatch(problem)
  })
})
