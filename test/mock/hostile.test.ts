import { request } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AnyEndpoint } from '../../src/contract/endpoint.js'
import { endpoints } from '../../src/contract/index.js'
import { maxBodyBytes } from '../../src/mock/body.js'
import { createMockWeavz } from '../../src/mock/index.js'
import { listen } from '../../src/mock/node.js'
import { Api, refusalOf, throughBothDoors, type Open } from './door.js'
import {
  configure,
  credentials,
  makeConnection,
  makeEndUser,
  makeWorkspace,
  session,
  slack,
} from './world.js'

/** What a mock holds, as far as its lists tell. */
async function census(api: Api): Promise<unknown> {
  const { workspaces } = await api.ok('workspaces.list')
  const inside = workspaces.map(async ({ id }) => [
    await api.ok('workspaces.integrations.list', { params: { workspaceId: id } }),
    await api.ok('endUsers.list', { query: { workspaceId: id } }),
  ])
  return [workspaces, await api.ok('connections.list'), ...(await Promise.all(inside))]
}

async function begin(open: Open) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  return { api, workspaceId }
}

/** JSON text that nests so deep; not built by JSON.stringify, which could not. */
const nested = (depth: number, inner = '1') => '{"a":'.repeat(depth) + inner + '}'.repeat(depth)

throughBothDoors('a body larger than 2 MiB', (open) => {
  const large = JSON.stringify({ name: 'x'.repeat(3 * 1024 * 1024), slug: 'large' })

  it('is refused with 413, and leaves nothing behind', async () => {
    const { api } = await begin(open)
    const before = await census(api)
    for (let round = 0; round < 5; round++) {
      const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body: large }))
      expect(refusal).toMatchObject({ status: 413, code: 'VALIDATION_ERROR', paths: ['body'] })
    }
    expect(await census(api)).toEqual(before)
  })

  it('is refused so by every endpoint that takes one', async () => {
    const { api, workspaceId } = await begin(open)
    const before = await census(api)
    const taking = (endpoints as readonly AnyEndpoint[]).filter(({ body }) => body !== undefined)
    expect(taking.length).toBeGreaterThan(30)
    for (const { id, method, path, idPattern } of taking) {
      const form = idPattern === undefined ? workspaceId : `apr_${'0'.repeat(32)}`
      const response = await api.raw(method, path.replace(/\{\w+\}/g, form), { body: large })
      expect(await refusalOf(response), id).toMatchObject({ status: 413, code: 'VALIDATION_ERROR' })
    }
    expect(await census(api)).toEqual(before)
  })

  it('is refused with 413 when it comes in chunks without a declared length', async () => {
    const { api } = await begin(open)
    for (let round = 0; round < 5; round++) {
      const body = new Blob([large]).stream()
      const init = { body, duplex: 'half' } as RequestInit
      const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', init))
      expect(refusal).toMatchObject({ status: 413, code: 'VALIDATION_ERROR' })
    }
    await api.ok('workspaces.list')
  })

  it('is measured in bytes, and one of just 2 MiB is read', async () => {
    const { api, workspaceId } = await begin(open)
    const padded = (bytes: number) => {
      const body = JSON.stringify({ workspaceId, externalId: 'u' })
      return body + ' '.repeat(bytes - body.length)
    }
    expect((await api.raw('POST', '/api/v1/end-users', { body: padded(maxBodyBytes) })).status).toBe(201)
    expect((await api.raw('POST', '/api/v1/end-users', { body: padded(maxBodyBytes + 1) })).status).toBe(413)
    const wide = JSON.stringify({ name: 'ä'.repeat(maxBodyBytes / 2), slug: 'wide' })
    expect((await api.raw('POST', '/api/v1/workspaces', { body: wide })).status).toBe(413)
  })
})

describe('a slow or broken upload', () => {
  it('that ends early leaves nothing behind, and the server goes on', async () => {
    const weavz = createMockWeavz()
    const server = await listen(weavz)
    onTestFinished(() => server.close())
    const api = new Api(weavz, server.url, (url, init) => fetch(url, init))
    await new Promise<void>((resolve) => {
      const headers = { authorization: `Bearer ${weavz.apiKey}`, 'content-length': '1000' }
      const upload = request(`${server.url}/api/v1/workspaces`, { method: 'POST', headers })
      upload.on('error', () => resolve())
      upload.on('close', () => resolve())
      upload.write('{"name":"A","slug":"a"}', () => upload.destroy())
    })
    expect((await api.ok('workspaces.list')).total).toBe(0)
  })
})

throughBothDoors('texts that are no Unicode', (open) => {
  // As a client may send them: a lone surrogate, escaped
  const lone = '"\\ud800"'

  it.each([
    ['POST', '/api/v1/workspaces', `{"name":${lone},"slug":"a"}`, 'body.name'],
    ['POST', '/api/v1/end-users', `{"workspaceId":"x","externalId":${lone}}`, 'body.externalId'],
    ['POST', '/api/v1/connect/session/poll', `{"token":${lone}}`, 'body.token'],
    ['POST', '/api/v1/actions/execute', `{"input":{"a":[{"b":${lone}}]}}`, 'body.input.a.0.b'],
    ['POST', '/api/v1/connections', `{"props":{${lone}:"x"}}`, 'body.props'],
    ['POST', '/api/v1/connections', `{"secretText":"sk\\udc00\\ud800"}`, 'body.secretText'],
  ])('%s %s %s is refused', async (method, path, body, wrong) => {
    const { api } = await begin(open)
    const refusal = await refusalOf(await api.raw(method, path, { body }))
    expect(refusal).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', paths: [wrong] })
  })

  it('but pairs of surrogates are fine', async () => {
    const { api, workspaceId } = await begin(open)
    const { endUser } = await api.ok('endUsers.create', { body: { workspaceId, externalId: '\ud83d\ude00' } })
    expect(endUser.externalId).toBe('😀')
    await makeConnection(api, { workspaceId, endUserId: '😀', externalId: '😀\u0000\n"\\' })
  })
})

throughBothDoors('the length of a text', (open) => {
  it.each([
    ['ASCII', 'a'],
    ['beyond ASCII', 'ß'],
    ['emoji, two UTF-16 units each', '😀'],
    ['letters of several code points, of which each counts', 'e\u0301'],
  ])('is counted in Unicode code points: %s', async (_, unit) => {
    const { api, workspaceId } = await begin(open)
    const most = unit.repeat(Math.floor(255 / [...unit].length))
    const body = (externalId: string) => ({ body: { workspaceId, externalId } })
    const { endUser } = await api.ok('endUsers.create', body(most))
    expect(endUser.externalId).toBe(most)
    const name = (text: string) => ({ params: { id: workspaceId }, body: { name: text } })
    await api.ok('workspaces.update', name(most))
    const { paths, error } = await api.refused('endUsers.create', 'VALIDATION_ERROR', body(most + unit))
    expect(paths).toEqual(['body.externalId'])
    expect(error).toContain('at most 255 characters')
    await api.refused('workspaces.update', 'VALIDATION_ERROR', name(most + unit))
  })
})

throughBothDoors('nesting', (open) => {
  it('is stored and read back as deep as 190 levels', async () => {
    const { api, workspaceId } = await begin(open)
    const body = `{"workspaceId":"${workspaceId}","externalId":"u","metadata":${nested(190)}}`
    const created = await api.raw('POST', '/api/v1/end-users', { body })
    expect(created.status).toBe(201)
    expect(await created.text()).toContain(nested(190))
  })

  it.each([
    ['objects', nested(100_000)],
    ['lists', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['just too many objects', nested(201)],
  ])('of %s beyond that is refused wherever it is, and nothing is kept', async (_, deep) => {
    const { api, workspaceId } = await begin(open)
    const before = await census(api)
    for (const [path, body] of [
      ['/api/v1/end-users', `{"workspaceId":"${workspaceId}","externalId":"u","metadata":${deep}}`],
      [
        '/api/v1/actions/execute',
        `{"workspaceId":"${workspaceId}","integrationName":"kv-store","actionName":"put","input":{"key":"k","value":${deep}}}`,
      ],
      ['/api/v1/workspaces', `{"name":"A","slug":"a","extra":${deep}}`],
    ] as const) {
      const refusal = await refusalOf(await api.raw('POST', path, { body }))
      expect(refusal).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', paths: ['body'] })
    }
    expect(await census(api)).toEqual(before)
  })
})

throughBothDoors('keys of Object.prototype', (open) => {
  it('are unknown fields like any other', async () => {
    const { api } = await begin(open)
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const body = `{"name":"A","slug":"a","${name}":{"slug":"b"}}`
      const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body }))
      expect(refusal).toMatchObject({ status: 400, paths: [`body.${name}`] })
    }
  })

  it('pollute nothing, whatever they hold', async () => {
    const { api, workspaceId } = await begin(open)
    const evil = '{"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":null}'
    for (const [path, body] of [
      ['/api/v1/end-users', `{"workspaceId":"${workspaceId}","externalId":"__proto__","metadata":${evil}}`],
      [
        '/api/v1/connections',
        `{"type":"CUSTOM_AUTH","externalId":"__proto__","displayName":"x","integrationName":"airtable","props":${evil}}`,
      ],
      [
        '/api/v1/actions/execute',
        `{"workspaceId":"${workspaceId}","integrationName":"kv-store","actionName":"put","endUserId":"__proto__","input":{"key":"__proto__","value":${evil}}}`,
      ],
    ] as const) {
      const response = await api.raw('POST', path, { body })
      expect(response.status, await response.clone().text()).toBeLessThan(300)
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it.each([
    ['POST', '/api/v1/end-users', '{"metadata":{"__proto__":{"polluted":1}}}', 'body.metadata.__proto__'],
    ['POST', '/api/v1/connections', '{"props":{"__proto__":"x"}}', 'body.props.__proto__'],
    ['POST', '/api/v1/partials', '{"values":{"__proto__":{"polluted":1}}}', 'body.values.__proto__'],
    ['POST', '/api/v1/actions/execute', '{"input":{"__proto__":1}}', 'body.input.__proto__'],
    ['POST', '/api/v1/actions/execute', '{"input":{"a":[{"__proto__":1}]}}', 'body.input.a.0.__proto__'],
    [
      'POST',
      '/api/v1/triggers/enable',
      '{"callbackHeaders":{"__proto__":"x"}}',
      'body.callbackHeaders.__proto__',
    ],
  ])(
    'are refused, and not dropped in silence, where one is __proto__: %s %s %s',
    async (method, path, body, at) => {
      const { api, workspaceId } = await begin(open)
      const filled = body.replace('{', `{"workspaceId":"${workspaceId}",`)
      const refusal = await refusalOf(await api.raw(method, path, { body: filled }))
      expect(refusal).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', paths: [at] })
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    },
  )
})

throughBothDoors('whatever is sent', (open) => {
  /** Values that look like what the API takes, and those that do not. */
  const field = fc.oneof(
    { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    fc.constantFrom(
      'slack',
      'kv-store',
      'user_123',
      'SECRET_TEXT',
      'USER',
      'fixed',
      'custom',
      'send_channel_message',
    ),
    fc.string({ unit: 'binary' }),
  )

  it('to any endpoint, is answered with the envelope and never with a defect', async () => {
    const { api, workspaceId } = await begin(open)
    await makeEndUser(api, workspaceId)
    const { id } = await makeConnection(api, { workspaceId })
    await configure(api, workspaceId, { integrationName: 'slack', connectionId: id })
    const names = [
      ...['name', 'slug', 'workspaceId', 'externalId', 'endUserId', 'integrationName', 'actionName', 'input'],
      ...[
        'type',
        'displayName',
        'secretText',
        'props',
        'scope',
        'settings',
        'alias',
        'connectionId',
        'token',
      ],
      ...[
        'metadata',
        'email',
        'connectionStrategy',
        'partialIds',
        'propertyName',
        'limit',
        'id',
        '__proto__',
      ],
    ]
    // Deletes are left out: the world would soon be empty
    const callable = endpoints.filter(({ method }) => method !== 'DELETE')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...callable),
        fc.dictionary(fc.constantFrom(...names), field),
        fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'binary' })),
        fc.constantFrom(workspaceId, id, 'slack', '../x', '\u0000', '%'),
        async (endpoint, body, query, param) => {
          const path = endpoint.path.replace(/\{\w+\}/g, encodeURIComponent(param))
          const response = await api.raw(endpoint.method, `${path}?${new URLSearchParams(query)}`, {
            ...(endpoint.method !== 'GET' && { body: JSON.stringify({ workspaceId, ...body }) }),
          })
          if (response.ok) await response.json()
          else await refusalOf(response)
        },
      ),
      { numRuns: 300 },
    )
    await census(api)
  })

  const good = (workspaceId: string) => ({
    '/api/v1/workspaces': { name: 'A', slug: 'a' },
    '/api/v1/end-users': {
      workspaceId,
      externalId: 'u',
      displayName: 'U',
      email: 'u@example.com',
      metadata: {},
    },
    '/api/v1/connections': slack({ ...credentials.OAUTH2, workspaceId, endUserId: 'u', scope: 'USER' }),
    '/api/v1/connections/resolve': { integrationName: 'slack', workspaceId, externalId: 'x', endUserId: 'u' },
    '/api/v1/connect/token': session(workspaceId, {
      endUserId: 'u',
      successRedirectUri: 'https://app.example',
    }),
    '/api/v1/connect/session/poll': { token: 'cst_x' },
    '/api/v1/actions/execute': {
      ...{ integrationName: 'kv-store', actionName: 'get', workspaceId, input: { key: 'k' }, endUserId: 'u' },
      ...{ connectionExternalId: 'x', integrationAlias: 'x', idempotencyKey: 'x', partialIds: [] },
    },
    [`/api/v1/workspaces/${workspaceId}/integrations`]: {
      ...{
        integrationName: 'kv-store',
        alias: 'a',
        connectionStrategy: 'per_user',
        enabledActions: [],
        sortOrder: 1,
      },
      settings: {},
    },
  })

  it('of a wrong type in any field of a good body is refused for that field', async () => {
    const { api, workspaceId } = await begin(open)
    const before = await census(api)
    const wrong = [5, true, [], {}, 'x', null]
    for (const [path, body] of Object.entries(good(workspaceId))) {
      for (const [name, right] of Object.entries(body)) {
        const kind = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value)
        for (const value of wrong.filter((value) => value !== null && kind(value) !== kind(right))) {
          const response = await api.raw('POST', path, { body: JSON.stringify({ ...body, [name]: value }) })
          const { code, paths } = await refusalOf(response)
          expect(code, `${path} ${name}`).toBe('VALIDATION_ERROR')
          expect(paths, `${path} ${name}`).toContain(`body.${name}`)
        }
      }
    }
    expect(await census(api)).toEqual(before)
  })
})

throughBothDoors('races', (open) => {
  const hundred = Array.from({ length: 100 }, (_, at) => at)

  it.each(['/api/v1/workspaces', '/api/v1/end-users', '/api/v1/connections', 'integrations'])(
    'of a hundred creations of the same to %s have one winner',
    async (to) => {
      const { api, workspaceId } = await begin(open)
      const path = to === 'integrations' ? `/api/v1/workspaces/${workspaceId}/integrations` : to
      const bodies: Record<string, unknown> = {
        '/api/v1/workspaces': { name: 'A', slug: 'same' },
        '/api/v1/end-users': { workspaceId, externalId: 'same' },
        '/api/v1/connections': slack({ workspaceId, endUserId: 'same' }),
        integrations: { integrationName: 'kv-store' },
      }
      const body = JSON.stringify(bodies[to])
      const statuses = await Promise.all(
        hundred.map(async () => (await api.raw('POST', path, { body })).status),
      )
      expect(statuses.filter((status) => status === 201)).toHaveLength(1)
      expect(statuses.filter((status) => status === 409)).toHaveLength(99)
    },
  )

  it('create an end user once, however many of their connections come at once', async () => {
    const { api, workspaceId } = await begin(open)
    await Promise.all(
      hundred.map((at) => makeConnection(api, { workspaceId, endUserId: 'u', externalId: `c${at}` })),
    )
    const { endUsers } = await api.ok('endUsers.list', { query: { workspaceId } })
    expect(endUsers).toMatchObject([{ externalId: 'u', connectionCount: 100 }])
  })

  it('between a workspace’s end and what is created in it leave nothing behind', async () => {
    const { api, workspaceId } = await begin(open)
    const creations = hundred.map((at) =>
      api.send('connections.create', {
        body: slack({ workspaceId, externalId: `c${at}`, endUserId: `u${at}` }),
      }),
    )
    const [deletion, ...created] = await Promise.all([
      api.send('workspaces.delete', { params: { id: workspaceId } }),
      ...creations,
    ])
    expect(deletion.status).toBe(200)
    for (const { status } of created) expect([201, 404]).toContain(status)
    expect((await api.ok('connections.list')).total).toBe(0)
  })

  it('between sessions of one owner for one externalId end in one connection', async () => {
    const { api, workspaceId } = await begin(open)
    const discord = { integrationName: 'discord', endUserId: 'u' }
    const bodies = Array.from({ length: 10 }, () => session(workspaceId, discord))
    const tokens = await Promise.all(
      bodies.map(async (body) => (await api.ok('connect.createToken', { body })).token),
    )
    await Promise.all(tokens.map((token) => api.weavz.user.approve(token, { secretText: `sk-${token}` })))
    const { connections, total } = await api.ok('connections.list')
    expect(total).toBe(1)
    for (const token of tokens) {
      expect(await api.ok('connect.poll', { body: { token } })).toMatchObject({
        status: 'COMPLETED',
        connectionId: connections[0]?.id,
      })
    }
  })

  it('between a re-authorisation and a delete end in one of the two, whole', async () => {
    const { api, workspaceId } = await begin(open)
    for (let round = 0; round < 10; round++) {
      const discord = { integrationName: 'discord', externalId: 'bot' }
      const key = { ...credentials.SECRET_TEXT, accessToken: undefined }
      const { id } = await makeConnection(api, { workspaceId, ...discord, ...key })
      const { token } = await api.ok('connect.createToken', { body: session(workspaceId, discord) })
      await Promise.all([api.weavz.user.approve(token), api.send('connections.delete', { params: { id } })])
      const { status, connectionId } = await api.ok('connect.poll', { body: { token } })
      expect(status).toBe('COMPLETED')
      const { connections } = await api.ok('connections.list')
      expect(connections.every((connection) => connection.id === connectionId)).toBe(true)
      for (const left of connections) {
        await configure(api, workspaceId, {
          integrationName: 'discord',
          alias: `a${round}`,
          connectionId: left.id,
        })
        let opened: string | undefined
        api.weavz.onAction(
          'discord',
          'list_guild_members',
          (call) => void (opened = call.credentials?.secretText?.reveal()),
        )
        const body = {
          input: { guild_id: 'g' },
          integrationName: 'discord',
          actionName: 'list_guild_members',
          workspaceId,
          integrationAlias: `a${round}`,
        }
        await api.ok('actions.execute', { body })
        expect(opened).toBeTruthy()
        await api.ok('connections.delete', { params: { id: left.id } })
      }
    }
  })
})
