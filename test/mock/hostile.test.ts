import fc from 'fast-check'
import { expect, it } from 'vitest'
import { endpoints } from '../../src/contract/index.js'
import { census } from './census.js'
import { refusalOf, throughBothDoors } from './door.js'
import { begin, configure, credentials, makeConnection, makeEndUser, session, slack } from './world.js'

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

  it('is refused where a credential has a name that no value can be bound to', async () => {
    const { api } = await begin(open)
    const body = {
      type: 'CUSTOM_AUTH',
      externalId: 'a',
      displayName: 'A',
      integrationName: 'airtable',
      props: { ['x'.repeat(1000)]: 'y' },
    }
    const refusal = await refusalOf(
      await api.raw('POST', '/api/v1/connections', { body: JSON.stringify(body) }),
    )
    expect(refusal).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', paths: ['body.props'] })
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
