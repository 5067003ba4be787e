import { expect, it } from 'vitest'
import { endpoints } from '../../src/contract/index.js'
import { refusalOf, stoppedClock, throughBothDoors } from './door.js'
import { makeConnection, makeEndUser, makeWorkspace, nobody, slack } from './world.js'

const json = { 'content-type': 'application/json' }
/** Every path parameter that is an id. */
const ids = { id: nobody, workspaceId: nobody, sessionId: nobody, toolId: nobody }

throughBothDoors('every call', (open) => {
  it.each(endpoints.filter(({ auth }) => auth === 'api-key').map(({ id }) => id))(
    '%s needs an API key, and a right one',
    async (id) => {
      const api = await open()
      for (const authorization of [
        '',
        'Bearer',
        'Bearer wvz_wrong',
        api.weavz.apiKey,
        `Basic ${api.weavz.apiKey}`,
      ]) {
        const params = { ...ids, integrationName: 'slack', alias: 'slack' }
        const { status } = await api.refused(id, 'UNAUTHORIZED', { headers: { authorization }, params })
        expect(status).toBe(401)
      }
    },
  )

  it.each(['Bearer wvz_wrong', 'nonsense', ''])(
    'counts a bad key as none where none is needed: %j',
    async (authorization) => {
      const api = await open()
      const headers = { authorization }
      await makeConnection(api)
      expect((await api.ok('integrations.list', { headers })).registered).toEqual([])
      expect(
        (await api.ok('integrations.listSummary', { headers, query: { summary: true } })).registered,
      ).toEqual([])
      await api.ok('integrations.get', { headers, query: { name: 'slack' } })
      await api.ok('health.check', { headers })
      await api.refused('connect.poll', 'INVALID_TOKEN', { headers, body: { token: 'cst_x' } })
    },
  )

  it('refuses a key that has expired, from that moment on, and one that was deleted', async () => {
    const clock = stoppedClock()
    const api = await open({ clock })
    const expiresAt = '2025-01-15T10:31:00.000Z'
    const { plainKey } = await api.ok('apiKeys.create', { body: { name: 'Short', expiresAt } })
    const { plainKey: other, apiKey } = await api.ok('apiKeys.create', { body: { name: 'Other' } })
    const using = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
    clock.advance(59_999)
    await api.ok('workspaces.list', using(plainKey))
    clock.advance(1)
    await api.refused('workspaces.list', 'UNAUTHORIZED', using(plainKey))
    await api.ok('workspaces.list', using(other))
    await api.ok('apiKeys.delete', { params: { id: apiKey.id } })
    await api.refused('workspaces.list', 'UNAUTHORIZED', using(other))
  })

  it('accepts the scheme of the key in any case', async () => {
    const api = await open()
    await api.ok('workspaces.list', { headers: { authorization: `bearer ${api.weavz.apiKey}` } })
  })

  it('tells of itself without a key', async () => {
    const api = await open()
    expect(await api.ok('health.check', { headers: { authorization: '' } })).toEqual({ status: 'healthy' })
  })

  it.each([
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/nothing'],
    ['GET', '/api/v1/workspaces/'],
    ['GET', '/v1/workspaces'],
    ['PUT', '/api/v1/workspaces'],
    ['PATCH', '/api/v1/connections'],
    ['GET', `/api/v1/connections/${nobody}`],
    ['DELETE', '/api/v1/workspaces'],
    ['POST', '/health'],
  ])('answers 404 to %s %s, with a key or without', async (method, path) => {
    const api = await open()
    for (const authorization of [`Bearer ${api.weavz.apiKey}`, '']) {
      const refusal = await refusalOf(await api.raw(method, path, { headers: { authorization } }))
      expect(refusal).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    }
  })

  it.each([
    ['/api/v1/workspaces/../x', 404],
    ['/api/v1/workspaces/..%2Fx', 404],
    ['/api/v1/workspaces/%2e%2e%2f%2e%2e', 404],
    ['/api/v1/workspaces/%zz', 404],
    ['/api/v1/workspaces/%E0%A4%A', 404],
    ['/api/v1/workspaces/%00', 404],
    ['/api/v1/end-users/user_123', 404],
    ['//api/v1/workspaces', 404],
  ])('answers 404 to GET %s', async (path) => {
    const api = await open()
    expect(await refusalOf(await api.raw('GET', path))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    await api.ok('workspaces.list')
  })

  it.each([
    ['an unfinished object', '{"name":'],
    ['an unquoted key', "{name: 'x'}"],
    ['a comma too many', '{"name":"a","slug":"a",}'],
    ['two values', '{}{}'],
    ['a number that is none', '{"name":NaN}'],
  ])('calls %s INVALID_JSON', async (_, body) => {
    const api = await open()
    const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body, headers: json }))
    expect(refusal).toMatchObject({ status: 400, code: 'INVALID_JSON' })
    expect((await api.ok('workspaces.list')).total).toBe(0)
  })

  it('calls a body that is not UTF-8 INVALID_JSON', async () => {
    const api = await open()
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body, headers: json }))
    expect(refusal).toMatchObject({ status: 400, code: 'INVALID_JSON' })
  })

  it.each(['[]', '"text"', '1', 'true', 'null'])('takes only objects as body, not %s', async (body) => {
    const api = await open()
    const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body, headers: json }))
    expect(refusal).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', paths: ['body'] })
  })

  it.each(['text/plain', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded', undefined])(
    'reads a JSON body whatever its content type: %s',
    async (type) => {
      const api = await open()
      const response = await api.raw('POST', '/api/v1/workspaces', {
        body: new TextEncoder().encode('{"name":"Ä","slug":"a"}'),
        ...(type && { headers: { 'content-type': type } }),
      })
      expect(response.status).toBe(201)
    },
  )

  it('counts an empty body as {}', async () => {
    const api = await open()
    const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces'))
    expect(refusal).toMatchObject({ code: 'VALIDATION_ERROR', paths: ['body.name', 'body.slug'] })
    const workspace = await makeWorkspace(api)
    const endUser = await makeEndUser(api, workspace.id)
    const path = `/api/v1/end-users/${endUser.id}/connect-token`
    expect((await api.raw('POST', path)).status).toBe(200)
    expect((await api.raw('POST', path, { body: ' \n' })).status).toBe(200)
  })

  it('names every wrong field by its dotted path', async () => {
    const api = await open()
    const refusal = await api.refused('workspaces.create', 'VALIDATION_ERROR', {
      body: { name: 5, slug: 'No', color: 'red', 'a.b': 1 },
    })
    expect(refusal.paths.sort()).toEqual(['body.a.b', 'body.color', 'body.name', 'body.slug'])
    expect(refusal.details).toMatchObject({
      issues: expect.arrayContaining([
        { path: 'body.name', message: 'Expected string, received number' },
        { path: 'body.color', message: 'Unknown field' },
      ]),
    })
  })

  it('ignores unknown query parameters', async () => {
    const api = await open()
    const response = await api.raw('GET', '/api/v1/workspaces?color=red&__proto__=1&constructor=x')
    expect(response.status).toBe(200)
  })

  it('writes timestamps in ISO 8601 with milliseconds, and ids as lower-case UUIDs', async () => {
    const api = await open()
    const { id, orgId, createdAt } = await makeWorkspace(api)
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    for (const uuid of [id, orgId]) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })
})

throughBothDoors('with strict: false', (open) => {
  it('unknown fields pass at any depth, and are not kept', async () => {
    const api = await open({ strict: false })
    const body = { name: 'A', slug: 'a', color: 'red', 'x.y': 1, 'settings.z.a': null }
    const { workspace } = await api.ok('workspaces.create', { body })
    expect(workspace).not.toHaveProperty('color')
    const { integration } = await api.ok('workspaces.integrations.create', {
      params: { workspaceId: workspace.id },
      body: {
        integrationName: 'kv-store',
        settings: { persistence: { scope: 'workspace', color: 'red' } as { scope: 'workspace' } },
      },
    })
    expect(integration.settings).toEqual({ persistence: { scope: 'workspace' } })
  })

  it('nothing else is relaxed', async () => {
    const api = await open({ strict: false })
    const wrong = await api.refused('workspaces.create', 'VALIDATION_ERROR', {
      body: { name: '', slug: 5, color: 'red' },
    })
    expect(wrong.paths.sort()).toEqual(['body.name', 'body.slug'])
    const { id } = await makeWorkspace(api)
    await api.refused('workspaces.update', 'NO_UPDATES', { params: { id }, body: { color: 'red' } })
    await api.refused('workspaces.integrations.create', 'VALIDATION_ERROR', {
      params: { workspaceId: id },
      body: { integrationName: 'kv-store', settings: { persistence: { scope: 'external', color: 'red' } } },
    })
  })

  it('a credential field of another type is still a mistake', async () => {
    const api = await open({ strict: false })
    const { paths } = await api.refused('connections.create', 'VALIDATION_ERROR', {
      body: { ...slack(), secretText: 'x', color: 'red' },
    })
    expect(paths).toEqual(['body.secretText'])
  })
})

throughBothDoors('rate limits', (open) => {
  it('are off by default: a very large number', async () => {
    const api = await open()
    const { headers } = await api.send('workspaces.list')
    expect(Number(headers.get('x-ratelimit-limit'))).toBeGreaterThan(1_000_000)
  })

  it('refuse above the limit and tell when to come back', async () => {
    const clock = stoppedClock(1_000_000_000)
    const api = await open({ requestsPerMinute: 2, clock })
    const first = await api.send('workspaces.list')
    expect(first.headers.get('x-ratelimit-limit')).toBe('2')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    expect(first.headers.get('x-ratelimit-reset')).toBe('1000060')
    clock.advance(20_500)
    expect((await api.send('workspaces.list')).headers.get('x-ratelimit-remaining')).toBe('0')
    const { status, headers } = await api.refused('workspaces.create', 'RATE_LIMITED', {
      body: { name: 'A', slug: 'a' },
    })
    expect(status).toBe(429)
    expect(headers.get('retry-after')).toBe('40')
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
    clock.advance(40_000)
    expect((await api.ok('workspaces.list')).total).toBe(0)
  })

  it('come before the body is looked at, and count what has no key apart', async () => {
    const api = await open({ requestsPerMinute: 1, clock: stoppedClock() })
    await api.ok('workspaces.list')
    const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body: '{' }))
    expect(refusal.code).toBe('RATE_LIMITED')
    await api.ok('health.check', { headers: { authorization: '' } })
  })
})
