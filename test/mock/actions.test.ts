import { expect, it } from 'vitest'
import { Secret } from '../../src/engine/vault/index.js'
import type { ActionCall } from '../../src/mock/index.js'
import { hush, throughBothDoors } from './door.js'
import { withSlack } from './with-actions.js'
import { begin, configure, credentials, makeConnection, makeEndUser } from './world.js'

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
