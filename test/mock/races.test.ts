import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import { begin, configure, credentials, makeConnection, session, slack } from './world.js'

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
