import { expect, it } from 'vitest'
import { Secret } from '../../src/engine/vault/index.js'
import type { ActionCall } from '../../src/mock/index.js'
import { hush, throughBothDoors, type Api, type Open } from './door.js'
import { configure, credentials, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

async function begin(open: Open) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  return { api, workspaceId }
}

/** A workspace where Slack runs on one connection. */
async function withSlack(open: Open) {
  const { api, workspaceId } = await begin(open)
  const connection = await makeConnection(api, { workspaceId })
  const integration = await configure(api, workspaceId, {
    integrationName: 'slack',
    connectionId: connection.id,
  })
  const call = (fields: Record<string, unknown> = {}) => ({
    body: {
      ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
      input: { channel: 'C1', text: 'Hi' } as Record<string, unknown>,
      ...fields,
    },
  })
  return { api, workspaceId, connection, integration, call }
}

function kv(workspaceId: string, actionName: string, input: Record<string, unknown>, fields: object = {}) {
  return { body: { integrationName: 'kv-store', actionName, workspaceId, input, ...fields } }
}

async function outputOf(api: Api, call: ReturnType<typeof kv>): Promise<any> {
  return (await api.ok('actions.execute', call)).output
}

throughBothDoors('actions/execute', (open) => {
  it('answers the echo of a third party that nobody plays', async () => {
    const { api, call } = await withSlack(open)
    const { status, body } = await api.reply('actions.execute', call())
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      output: {
        ...{ mock: true, integrationName: 'slack', actionName: 'send_channel_message' },
        input: { channel: 'C1', text: 'Hi' },
      },
      duration: expect.any(Number),
    })
    expect(api.weavz.openings.count).toBe(0)
  })

  it('gives a handler the input, the account, its opened credentials, and who it runs for', async () => {
    const { api, workspaceId, connection, integration, call } = await withSlack(open)
    const { id } = await makeEndUser(api, workspaceId)
    const calls: ActionCall[] = []
    api.weavz.onAction('slack', 'send_channel_message', (received) => {
      calls.push(received)
      return { ok: true, channel: received.input.channel }
    })
    const { output } = await api.ok(
      'actions.execute',
      call({ endUserId: 'user_123', integrationAlias: 'slack' }),
    )
    expect(output).toEqual({ ok: true, channel: 'C1' })
    expect(calls).toHaveLength(1)
    const [received] = calls as [ActionCall]
    expect(received).toMatchObject({
      ...{ integrationName: 'slack', actionName: 'send_channel_message', workspaceId },
      ...{ input: { channel: 'C1', text: 'Hi' }, connection, endUser: { id, externalId: 'user_123' } },
      ...{
        workspaceIntegration: { id: integration.id, alias: 'slack' },
        credentials: { type: 'PLATFORM_OAUTH2' },
      },
    })
    expect(received.credentials?.accessToken).toBeInstanceOf(Secret)
    expect(received.credentials?.accessToken?.reveal()).toBe(credentials.PLATFORM_OAUTH2.accessToken)
    expect(api.weavz.openings.list()).toMatchObject([{ connectionId: connection.id, field: 'accessToken' }])
  })

  it('opens every field but the refresh token', async () => {
    const { api, workspaceId } = await begin(open)
    const { id: connectionId } = await makeConnection(api, { workspaceId, ...credentials.OAUTH2 })
    await configure(api, workspaceId, { integrationName: 'slack', connectionId })
    const seen: (string | undefined)[] = []
    api.weavz.onAction('slack', 'list_users', ({ credentials: opened }) => {
      expect(opened).not.toHaveProperty('refreshToken')
      seen.push(opened?.accessToken?.reveal(), opened?.tokenType?.reveal(), opened?.scope_oauth?.reveal())
      seen.push(opened?.data?.reveal())
    })
    const { output } = await api.ok('actions.execute', {
      body: { integrationName: 'slack', actionName: 'list_users', workspaceId },
    })
    expect(output).toBeNull()
    const { accessToken, tokenType, scope_oauth, data } = credentials.OAUTH2
    expect(seen).toEqual([accessToken, tokenType, scope_oauth, JSON.stringify(data)])
  })

  it('gives the fields of CUSTOM_AUTH one by one', async () => {
    const { api, workspaceId } = await begin(open)
    const airtable = { integrationName: 'airtable', workspaceId }
    const { id } = await makeConnection(api, {
      ...airtable,
      accessToken: undefined,
      ...credentials.CUSTOM_AUTH,
    })
    await configure(api, workspaceId, { integrationName: 'airtable', connectionId: id })
    let revealed: unknown
    api.weavz.onAction('airtable', 'find_base', ({ credentials: opened }) => {
      revealed = [opened?.props?.token?.reveal(), opened?.props?.port?.reveal()]
    })
    await api.ok('actions.execute', { body: { ...airtable, actionName: 'find_base', input: { name: 'x' } } })
    expect(revealed).toEqual([`pat-${hush}`, '5432'])
  })

  it('gives nulls where there is no account, no end user and no workspace integration', async () => {
    const { api, workspaceId } = await begin(open)
    let received: ActionCall | undefined
    api.weavz.onAction('http', 'send_request', (call) => void (received = call))
    await api.ok('actions.execute', {
      body: {
        ...{ integrationName: 'http', actionName: 'send_request', workspaceId, endUserId: 'unknown' },
        input: { method: 'GET', url: 'https://example.com', headers: {}, queryParams: {}, authType: 'NONE' },
      },
    })
    expect(received).toMatchObject({
      ...{ connection: null, credentials: null, endUser: null, workspaceIntegration: null },
    })
  })

  it('cannot be changed by a handler that changes what it got', async () => {
    const { api, workspaceId, connection, call } = await withSlack(open)
    const { id } = await makeEndUser(api, workspaceId, 'u')
    await api.ok('endUsers.update', { params: { id }, body: { metadata: { plan: 'pro' } } })
    api.weavz.onAction('slack', 'send_channel_message', (received) => {
      const { endUser, workspaceIntegration, input } = received
      ;(endUser?.metadata as Record<string, unknown>).plan = 'hacked'
      Object.assign(workspaceIntegration?.settings as object, { hacked: true })
      Object.assign(received.connection as object, { status: 'ERROR' })
      input.text = 'hacked'
    })
    await api.ok('actions.execute', call({ endUserId: 'u' }))
    expect((await api.ok('endUsers.get', { params: { id } })).endUser.metadata).toEqual({ plan: 'pro' })
    expect((await api.ok('connections.get', { query: { id: connection.id } })).connection.status).toBe(
      'ACTIVE',
    )
    const { integrations } = await api.ok('workspaces.integrations.list', { params: { workspaceId } })
    expect(integrations[0]?.settings).toEqual({})
  })

  it('answers ACTION_FAILED with the message of a handler that throws, without the credential', async () => {
    const { api, call } = await withSlack(open)
    api.weavz.onAction('slack', 'send_channel_message', async ({ credentials: opened }) => {
      throw new Error(`channel_not_found for ${opened?.accessToken?.reveal()}`)
    })
    const { status, error } = await api.refused('actions.execute', 'ACTION_FAILED', call())
    expect({ status, error }).toEqual({ status: 400, error: 'channel_not_found for [secret]' })
  })

  const selfReferring: Record<string, unknown> = {}
  selfReferring.self = selfReferring
  it.each([
    ['a text', 'boom', 'boom'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['an object without prototype', Object.create(null), 'Failed without a message'],
    ['an error without message', new Error(''), 'Failed without a message'],
    ['an error whose message is no text', Object.assign(new Error('x'), { message: 5 }), '5'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
  ])('survives a handler that throws %s', async (_, thrown, expected) => {
    const { api, call } = await withSlack(open)
    api.weavz.onAction('slack', 'send_channel_message', () => {
      throw thrown
    })
    expect((await api.refused('actions.execute', 'ACTION_FAILED', call())).error).toBe(expected)
  })

  it.each([
    ['nothing', undefined, null],
    ['a function', () => 1, null],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['what is no number', { a: Number.NaN, b: Infinity }, { a: null, b: null }],
    ['a map', new Map([[1, 2]]), {}],
    ['false', false, false],
  ])('answers as JSON a handler that returns %s', async (_, returned, expected) => {
    const { api, call } = await withSlack(open)
    api.weavz.onAction('slack', 'send_channel_message', () => returned)
    expect((await api.ok('actions.execute', call())).output).toEqual(expected)
  })

  it.each([
    ['a bigint', 1n],
    ['itself', selfReferring],
  ])('answers ACTION_FAILED to a handler that returns %s, which is no JSON', async (_, returned) => {
    const { api, call } = await withSlack(open)
    api.weavz.onAction('slack', 'send_channel_message', () => returned)
    await api.refused('actions.execute', 'ACTION_FAILED', call())
  })

  it('shows an opened credential that is returned as it is only as a placeholder', async () => {
    const { api, call } = await withSlack(open)
    api.weavz.onAction('slack', 'send_channel_message', ({ credentials: opened }) => ({ opened }))
    const { output } = await api.ok('actions.execute', call())
    expect(output).toEqual({ opened: { type: 'PLATFORM_OAUTH2', accessToken: '[secret]' } })
  })
})

throughBothDoors('the checks of actions/execute', (open) => {
  it('come in the documented order: body, workspace, integration, action, selection', async () => {
    const { api, workspaceId, integration } = await withSlack(open)
    const wrong: Record<string, unknown> = {
      ...{ workspaceId: nobody, integrationName: 'slak', actionName: 'send', color: 'red' },
      ...{ integrationAlias: 'nothing', input: { text: 5 }, partialIds: ['nothing'] },
    }
    const refused = (code: Parameters<typeof api.refused>[1]) =>
      api.refused('actions.execute', code, { body: wrong })
    await refused('VALIDATION_ERROR')
    delete wrong.color
    await refused('NOT_FOUND')
    wrong.workspaceId = workspaceId
    await refused('INTEGRATION_NOT_FOUND')
    wrong.integrationName = 'slack'
    await refused('ACTION_NOT_FOUND')
    wrong.actionName = 'send_channel_message'
    expect((await refused('NOT_FOUND')).details).toMatchObject({ reason: 'ALIAS_NOT_FOUND' })
    const params = { workspaceId, id: integration.id }
    await api.ok('workspaces.integrations.update', { params, body: { enabledActions: ['list_users'] } })
    wrong.integrationAlias = 'slack'
    wrong.connectionExternalId = 'nothing'
    const notAllowed = await refused('ACTION_NOT_ALLOWED')
    expect(notAllowed).toMatchObject({ status: 403, details: { reason: 'ACTION_NOT_ALLOWED' } })
    await api.ok('workspaces.integrations.update', { params, body: { enabledActions: null } })
    expect((await refused('CONNECTION_REQUIRED')).details).toMatchObject({ reason: 'EXPLICIT_NOT_FOUND' })
    delete wrong.connectionExternalId
    expect((await refused('PARTIAL_NOT_FOUND')).status).toBe(404)
    wrong.partialIds = []
    const { paths } = await refused('VALIDATION_ERROR')
    expect(paths.sort()).toEqual(['body.input.channel', 'body.input.text'])
    wrong.input = { channel: 'C1', text: 'Hi' }
    await api.ok('actions.execute', { body: wrong as never })
  })

  it.each([
    [{}, ['channel', 'text']],
    [{ channel: 'C1' }, ['text']],
    [{ channel: 'C1', text: null }, ['text']],
    [{ channel: 5, text: ['x'] }, ['channel', 'text']],
    [{ channel: 'C1', text: 'x', unfurl_links: 'yes' }, ['unfurl_links']],
    [{ channel: 'C1', text: 'x', __proto__: null, constructor: 1, unknown: {} }, []],
    [{ channel: 'C1', text: 'x', blocks: [{ type: 'section' }] }, []],
  ])('hold the input against the catalog: %j', async (input, wrong) => {
    const { api, call } = await withSlack(open)
    if (wrong.length === 0) return void (await api.ok('actions.execute', call({ input })))
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call({ input }))
    expect(paths.sort()).toEqual(wrong.map((name) => `body.input.${name}`))
  })

  it.each([
    [{ integrationName: '' }, 'integrationName'],
    [{ actionName: undefined }, 'actionName'],
    [{ workspaceId: undefined }, 'workspaceId'],
    [{ input: [] }, 'input'],
    [{ input: null }, 'input'],
    [{ endUserId: '' }, 'endUserId'],
    [{ partialIds: 'x' }, 'partialIds'],
    [{ partialIds: [''] }, 'partialIds.0'],
    [{ connectionId: nobody }, 'connectionId'],
  ])('refuse %j', async (fields, field) => {
    const { api, call } = await withSlack(open)
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call(fields))
    expect(paths).toEqual([`body.${field}`])
  })

  it('know prototype names as no actions', async () => {
    const { api, call } = await withSlack(open)
    for (const actionName of ['constructor', '__proto__', 'toString']) {
      await api.refused('actions.execute', 'ACTION_NOT_FOUND', call({ actionName }))
    }
  })

  it('allow nothing where enabledActions is empty, also for built-ins', async () => {
    const { api, workspaceId } = await begin(open)
    await configure(api, workspaceId, { integrationName: 'kv-store', enabledActions: [] })
    await api.refused(
      'actions.execute',
      'ACTION_NOT_ALLOWED',
      kv(workspaceId, 'list', {}, { actionName: 'get' }),
    )
  })

  it('tell of a selected integration of another name in both shapes of details', async () => {
    const { api, workspaceId, call } = await withSlack(open)
    const { id } = await configure(api, workspaceId, { integrationName: 'kv-store' })
    for (const selector of [{ workspaceIntegrationId: id }, { integrationAlias: 'kv-store' }]) {
      const { details, paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', call(selector))
      expect(details).toMatchObject({ reason: 'SELECTOR_MISMATCH', steps: expect.any(Array) })
      expect(paths).toEqual([`body.${Object.keys(selector)[0]}`])
    }
  })

  it('run an action that fails after them all, and leave no trace of one that does not', async () => {
    const { api, workspaceId, call } = await withSlack(open)
    let runs = 0
    api.weavz.onAction('slack', 'send_channel_message', () => runs++)
    await api.refused('actions.execute', 'VALIDATION_ERROR', call({ input: {} }))
    await api.refused('actions.execute', 'CONNECTION_REQUIRED', call({ connectionExternalId: 'nothing' }))
    expect(runs).toBe(0)
    // No end user comes into being on the way
    await api.ok('actions.execute', call({ endUserId: 'ghost' }))
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(0)
  })
})

throughBothDoors('built-ins', (open) => {
  it.each([
    [
      'hash',
      { text: 'abc', algorithm: 'sha256', encoding: 'hex' },
      { hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ],
    [
      'hash',
      { text: 'abc', algorithm: 'sha1', encoding: 'base64' },
      { hash: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=' },
    ],
    ['encode', { text: 'Ä b', encoding: 'base64' }, { encoded: 'w4QgYg==' }],
    ['encode', { text: 'Ä b', encoding: 'url' }, { encoded: '%C3%84%20b' }],
    ['encode', { text: 'Ä b', encoding: 'hex' }, { encoded: 'c3842062' }],
    ['decode', { encoded: 'w4QgYg==', encoding: 'base64' }, { decoded: 'Ä b' }],
    ['decode', { encoded: '%C3%84%20b', encoding: 'url' }, { decoded: 'Ä b' }],
    ['decode', { encoded: 'c3842062', encoding: 'hex' }, { decoded: 'Ä b' }],
  ])('hash-encode %s of %j', async (actionName, input, output) => {
    const { api, workspaceId } = await begin(open)
    const body = { integrationName: 'hash-encode', actionName, workspaceId, input }
    expect((await api.ok('actions.execute', { body })).output).toEqual(output)
  })

  it.each([
    ['decode', { encoded: '%', encoding: 'url' }, 'ACTION_FAILED'],
    ['decode', { encoded: '*', encoding: 'base64' }, 'ACTION_FAILED'],
    ['decode', { encoded: 'abc', encoding: 'hex' }, 'ACTION_FAILED'],
    ['decode', { encoded: 'ff', encoding: 'hex' }, 'ACTION_FAILED'],
    ['generate_uuid', { count: 101 }, 'ACTION_FAILED'],
    ['generate_uuid', { count: 0 }, 'ACTION_FAILED'],
    ['hash', { text: 'a', algorithm: 'md5', encoding: 'hex' }, 'VALIDATION_ERROR'],
    ['encode', { text: 'a', encoding: 'constructor' }, 'VALIDATION_ERROR'],
  ] as const)('hash-encode refuses %s of %j with %s', async (actionName, input, code) => {
    const { api, workspaceId } = await begin(open)
    const body = { integrationName: 'hash-encode', actionName, workspaceId, input }
    await api.refused('actions.execute', code, { body })
  })

  it('hash-encode makes as many UUIDs as asked for, one by default', async () => {
    const { api, workspaceId } = await begin(open)
    const make = async (input: object) => {
      const body = {
        integrationName: 'hash-encode',
        actionName: 'generate_uuid',
        workspaceId,
        input: { ...input },
      }
      return ((await api.ok('actions.execute', { body })).output as { uuids: string[] }).uuids
    }
    expect(await make({})).toHaveLength(1)
    expect(new Set(await make({ count: 100 })).size).toBe(100)
  })

  it('kv-store keeps any JSON value, tells what is missing, and keeps lists', async () => {
    const { api, workspaceId } = await begin(open)
    await configure(api, workspaceId, {
      integrationName: 'kv-store',
      settings: { persistence: { scope: 'workspace' } },
    })
    const run = (actionName: string, input: Record<string, unknown>) =>
      outputOf(api, kv(workspaceId, actionName, input))
    for (const value of [null, false, 0, '', [1], { a: { b: null } }]) {
      expect(await run('put', { key: 'k', value })).toEqual({ key: 'k', stored: true })
      expect(await run('get', { key: 'k' })).toEqual({ key: 'k', value, found: true })
    }
    expect(await run('get', { key: '__proto__' })).toEqual({ key: '__proto__', value: null, found: false })
    expect(await run('delete', { key: 'k' })).toEqual({ key: 'k', deleted: true })
    expect(await run('delete', { key: 'k' })).toEqual({ key: 'k', deleted: false })
    expect(await run('add_to_list', { key: 'l', value: { a: 1, b: 2 } })).toEqual({
      key: 'l',
      list: [{ a: 1, b: 2 }],
    })
    await run('add_to_list', { key: 'l', value: 'x' })
    expect(await run('remove_from_list', { key: 'l', value: { b: 2, a: 1 } })).toEqual({
      key: 'l',
      list: ['x'],
    })
    await run('put', { key: 'k', value: 'no list' })
    await api.refused(
      'actions.execute',
      'ACTION_FAILED',
      kv(workspaceId, 'add_to_list', { key: 'k', value: 1 }),
    )
  })

  it('that need a sandbox or a network say that they are not run offline', async () => {
    const { api, workspaceId } = await begin(open)
    const body = { integrationName: 'code', actionName: 'run_code', workspaceId, input: { code: '1' } }
    const { error } = await api.refused('actions.execute', 'ACTION_FAILED', { body })
    expect(error).toContain('not executed offline')
    api.weavz.onAction('code', 'run_code', () => 1)
    expect((await api.ok('actions.execute', { body })).output).toBe(1)
  })
})

throughBothDoors('state', (open) => {
  it('of scope end_user is each end user’s own, and the default, also without a workspace integration', async () => {
    const { api, workspaceId } = await begin(open)
    for (const name of ['u', 'v']) await makeEndUser(api, workspaceId, name)
    await outputOf(api, kv(workspaceId, 'put', { key: 'k', value: 1 }, { endUserId: 'u' }))
    await configure(api, workspaceId, { integrationName: 'kv-store' })
    const get = (endUserId: string) => outputOf(api, kv(workspaceId, 'get', { key: 'k' }, { endUserId }))
    expect(await get('u')).toMatchObject({ value: 1 })
    expect(await get('v')).toMatchObject({ found: false })
  })

  it('of scope end_user needs an end user of the workspace, by external id', async () => {
    const { api, workspaceId } = await begin(open)
    const { id } = await makeEndUser(api, workspaceId)
    const absent = await api.refused(
      'actions.execute',
      'VALIDATION_ERROR',
      kv(workspaceId, 'get', { key: 'k' }),
    )
    expect(absent).toMatchObject({ status: 400, paths: ['body.endUserId'] })
    expect(absent.details).toMatchObject({ reason: 'END_USER_REQUIRED', workspaceId, endUserId: null })
    for (const endUserId of ['nobody', id]) {
      const call = kv(workspaceId, 'get', { key: 'k' }, { endUserId })
      const { details } = await api.refused('actions.execute', 'VALIDATION_ERROR', call)
      expect(details).toMatchObject({ reason: 'END_USER_NOT_FOUND', endUserId })
    }
  })

  it('of scope workspace is shared by everybody in it, across aliases, and by nobody else', async () => {
    const { api, workspaceId } = await begin(open)
    const { id: otherId } = await makeWorkspace(api, 'other')
    await makeEndUser(api, workspaceId, 'u')
    const settings = { persistence: { scope: 'workspace' } } as const
    await configure(api, workspaceId, { integrationName: 'kv-store', alias: 'a', settings })
    await configure(api, workspaceId, { integrationName: 'kv-store', alias: 'b', settings })
    await configure(api, otherId, { integrationName: 'kv-store', settings })
    await outputOf(api, kv(workspaceId, 'put', { key: 'k', value: 1 }, { integrationAlias: 'a' }))
    const call = kv(workspaceId, 'get', { key: 'k' }, { integrationAlias: 'b', endUserId: 'u' })
    expect(await outputOf(api, call)).toMatchObject({ value: 1 })
    expect(await outputOf(api, kv(otherId, 'get', { key: 'k' }))).toMatchObject({ found: false })
  })

  it('of scope external goes by its key, and apart from the other scopes', async () => {
    const { api, workspaceId } = await begin(open)
    for (const [alias, persistence] of Object.entries<{
      scope: 'external' | 'workspace'
      externalId?: string
    }>({
      ...{
        a: { scope: 'external', externalId: 'tenant_1' },
        b: { scope: 'external', externalId: 'tenant_1' },
      },
      ...{ c: { scope: 'external', externalId: 'tenant_2' }, d: { scope: 'workspace' } },
    })) {
      await configure(api, workspaceId, { integrationName: 'kv-store', alias, settings: { persistence } })
    }
    const at = (integrationAlias: string, actionName: string, input: Record<string, unknown>) =>
      outputOf(api, kv(workspaceId, actionName, input, { integrationAlias }))
    await at('a', 'put', { key: 'k', value: 1 })
    expect(await at('b', 'get', { key: 'k' })).toMatchObject({ value: 1 })
    expect(await at('c', 'get', { key: 'k' })).toMatchObject({ found: false })
    expect(await at('d', 'get', { key: 'k' })).toMatchObject({ found: false })
  })

  it('cannot be steered by input', async () => {
    const { api, workspaceId } = await begin(open)
    const persistence = { scope: 'workspace' }
    const call = kv(workspaceId, 'get', { key: 'k', persistence, settings: { persistence }, endUserId: 'u' })
    await api.refused('actions.execute', 'VALIDATION_ERROR', call)
    await api.refused(
      'actions.execute',
      'VALIDATION_ERROR',
      kv(workspaceId, 'get', { key: 'k' }, { settings: {} }),
    )
  })

  it('is not needed for what fails before it', async () => {
    const { api, workspaceId } = await begin(open)
    const { paths } = await api.refused('actions.execute', 'VALIDATION_ERROR', kv(workspaceId, 'get', {}))
    expect(paths).toEqual(['body.input.key'])
  })
})
