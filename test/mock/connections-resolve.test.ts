import { expect, it } from 'vitest'
import type { KnownErrorCode } from '../../src/contract/errors.js'
import { throughBothDoors } from './door.js'
import { configure, makeConnection, makeEndUser, makeWorkspace, nobody } from './world.js'

throughBothDoors('connections/resolve', (open) => {
  it('answers the connection that the strategy picks', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const pinned = await makeConnection(api, { workspaceId })
    const own = await makeConnection(api, { workspaceId, endUserId: 'u', externalId: 'own' })
    await configure(api, workspaceId, {
      ...{ integrationName: 'slack', connectionStrategy: 'per_user_with_fallback', connectionId: pinned.id },
    })
    const resolve = async (fields: Record<string, string>) => {
      const body = { integrationName: 'slack', workspaceId, ...fields }
      return (await api.ok('connections.resolve', { body })).connection.id
    }
    expect(await resolve({})).toBe(pinned.id)
    expect(await resolve({ endUserId: 'u' })).toBe(own.id)
    expect(await resolve({ endUserId: 'unknown' })).toBe(pinned.id)
    expect(await resolve({ externalId: 'own' })).toBe(own.id)
    expect(api.weavz.openings.count).toBe(0)
    // It creates no end user
    expect((await api.ok('endUsers.list', { query: { workspaceId } })).total).toBe(1)
  })

  it('says CONNECTION_NOT_FOUND where execute says CONNECTION_REQUIRED', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { id: endUserId } = await makeEndUser(api, workspaceId)
    const ask = (fields: Record<string, unknown>) => ({
      body: { integrationName: 'slack', workspaceId, ...fields },
    })
    const refused = async (fields: Record<string, unknown>) => {
      const { status, details } = await api.refused(
        'connections.resolve',
        'CONNECTION_NOT_FOUND',
        ask(fields),
      )
      expect(status).toBe(404)
      return details
    }
    expect(await refused({})).toMatchObject({
      ...{ reason: 'NO_WORKSPACE_INTEGRATION', integrationName: 'slack', workspaceId, endUserId: null },
      steps: expect.any(Array),
    })
    await configure(api, workspaceId, { integrationName: 'slack', connectionStrategy: 'per_user' })
    expect(await refused({})).toMatchObject({ reason: 'END_USER_REQUIRED' })
    expect(await refused({ endUserId: 'user_123' })).toMatchObject({ reason: 'END_USER_NOT_CONNECTED' })
    // The UUID of an end user is not their external id, and the hint says which it is
    const details = (await refused({ endUserId })) as { reason: string; hint: string }
    expect(details.reason).toBe('END_USER_NOT_FOUND')
    expect(details.hint).toContain('user_123')
    expect(await refused({ externalId: 'nothing' })).toMatchObject({ reason: 'EXPLICIT_NOT_FOUND' })
    await refused({ integrationName: 'kv-store' })
  })

  it('keeps the other refusals as they are', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { id: otherId } = await makeWorkspace(api, 'other')
    await makeConnection(api, { workspaceId, endUserId: 'u' })
    const ask = (fields: Record<string, unknown>) => ({
      body: { integrationName: 'slack', workspaceId, ...fields },
    })
    await api.refused('connections.resolve', 'NOT_FOUND', ask({ workspaceId: nobody }))
    await api.refused('connections.resolve', 'INTEGRATION_NOT_FOUND', ask({ integrationName: 'slak' }))
    const forbidden = await api.refused(
      'connections.resolve',
      'FORBIDDEN',
      ask({ externalId: 'conn_slack', endUserId: 'someone' }),
    )
    expect(forbidden).toMatchObject({ status: 403, details: { reason: 'EXPLICIT_OTHER_END_USER' } })
    const foreign = await api.refused(
      'connections.resolve',
      'FORBIDDEN',
      ask({ externalId: 'conn_slack', workspaceId: otherId }),
    )
    expect(foreign.details).toMatchObject({ reason: 'EXPLICIT_OUT_OF_WORKSPACE' })
    for (const alias of ['bot', 'user']) {
      await configure(api, workspaceId, { integrationName: 'slack', alias, connectionStrategy: 'per_user' })
    }
    const { status } = await api.refused('connections.resolve', 'AMBIGUOUS_INTEGRATION', ask({}))
    expect(status).toBe(400)
  })

  it('hints in the names of its own request, which has an externalId and no selectors', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { id: endUserId } = await makeEndUser(api, workspaceId)
    const pinned = await makeConnection(api, { workspaceId, externalId: 'team_slack' })
    await makeConnection(api, { workspaceId, endUserId: 'user_123', externalId: 'own_slack' })
    const hintOf = async (fields: Record<string, unknown>, code: KnownErrorCode = 'CONNECTION_NOT_FOUND') => {
      const { details, error } = await api.refused('connections.resolve', code, {
        body: { integrationName: 'slack', workspaceId, ...fields },
      })
      const { hint, steps } = details as { hint?: string; steps: unknown }
      expect(steps).toBeDefined()
      expect(`${error} ${hint}`).not.toMatch(/connectionExternalId|integrationAlias:|workspaceIntegrationId/)
      return hint
    }
    const connection = { integrationName: 'slack', connectionId: pinned.id }
    await configure(api, workspaceId, { ...connection, alias: 'slack_bot' })
    expect(await hintOf({ externalId: 'nothing' })).toBe('Leave externalId out')
    expect(await hintOf({ externalId: pinned.id })).toBe(
      `externalId takes connection.externalId, but "${pinned.id}" is connection.id, the Weavz UUID of a connection: ` +
        'pass externalId: "team_slack"',
    )
    expect(await hintOf({ externalId: endUserId })).toContain('pass endUserId: "user_123"')
    expect(await hintOf({ endUserId: 'own_slack', externalId: 'nothing' })).toContain(
      'pass externalId: "own_slack"',
    )
    expect(await hintOf({ externalId: 'slack_bot' })).toBe(
      'externalId takes connection.externalId, but "slack_bot" is integrationAlias, ' +
        'the alias of a workspace integration: connections.resolve takes none',
    )
    await configure(api, workspaceId, { ...connection, alias: 'slack_alerts' })
    expect(await hintOf({}, 'AMBIGUOUS_INTEGRATION')).toBe(
      'slack is configured 2 times, and connections.resolve takes no alias: name the connection by externalId',
    )
    const { fixes } = api.weavz.explain({ kind: 'resolve', integrationName: 'slack', workspaceId })
    expect(fixes.map(({ text }) => text)).toEqual(['Pass externalId: "team_slack"'])
  })
})
