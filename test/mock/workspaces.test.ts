import { expect, it } from 'vitest'
import { throughBothDoors } from './door.js'
import {
  configure,
  makeConnection,
  makeEndUser,
  makeWorkspace,
  nobody,
  session,
  startSession,
} from './world.js'

throughBothDoors('workspaces', (open) => {
  it('are created with an id, dates and what was sent', async () => {
    const api = await open({ clock: { now: () => Date.parse('2025-01-15T10:30:00.000Z') } })
    const { status, body } = await api.reply('workspaces.create', {
      body: { name: 'Acme Production', slug: 'acme-production' },
    })
    expect(status).toBe(201)
    expect(body.workspace).toMatchObject({
      name: 'Acme Production',
      slug: 'acme-production',
      createdAt: '2025-01-15T10:30:00.000Z',
      updatedAt: '2025-01-15T10:30:00.000Z',
    })
    const { workspace } = await api.ok('workspaces.get', { params: { id: body.workspace.id } })
    expect(workspace).toEqual(body.workspace)
  })

  it('have a slug that no other of the organization has', async () => {
    const api = await open()
    await makeWorkspace(api, 'acme')
    const { status } = await api.refused('workspaces.create', 'DUPLICATE', {
      body: { name: 'Other', slug: 'acme' },
    })
    expect(status).toBe(409)
    expect((await api.ok('workspaces.list')).total).toBe(1)
  })

  it.each(['acme', 'a', '0', 'acme-prod-2', 'a'.repeat(64)])('accept the slug %s', async (slug) => {
    const api = await open()
    expect((await makeWorkspace(api, slug)).slug).toBe(slug)
  })

  it.each(['', 'Acme', 'acme-', '-acme', 'ac--me', 'ac me', 'acme_prod', 'äcme', 'acme\n', 'a'.repeat(65)])(
    'refuse the slug %j',
    async (slug) => {
      const api = await open()
      const { paths } = await api.refused('workspaces.create', 'VALIDATION_ERROR', {
        body: { name: 'Acme', slug },
      })
      expect(paths).toEqual(['body.slug'])
    },
  )

  it.each(['Ä', '株式会社', '👩‍🚀 Labs', ' ', 'x'.repeat(255)])('accept the name %s', async (name) => {
    const api = await open()
    expect((await api.ok('workspaces.create', { body: { name, slug: 'a' } })).workspace.name).toBe(name)
  })

  it.each(['', 'x'.repeat(256)])('refuse a name that is empty or longer than 255', async (name) => {
    const api = await open()
    const { paths } = await api.refused('workspaces.create', 'VALIDATION_ERROR', {
      body: { name, slug: 'a' },
    })
    expect(paths).toEqual(['body.name'])
  })

  it('change only in the fields that a PATCH sends', async () => {
    const api = await open()
    const before = await makeWorkspace(api, 'acme')
    const params = { id: before.id }
    const named = await api.ok('workspaces.update', { params, body: { name: 'New' } })
    expect(named.workspace).toMatchObject({ name: 'New', slug: 'acme', createdAt: before.createdAt })
    const moved = await api.ok('workspaces.update', { params, body: { slug: 'new' } })
    expect(moved.workspace).toMatchObject({ name: 'New', slug: 'new' })
    // The old slug is free again
    await makeWorkspace(api, 'acme')
  })

  it('keep their slug when a PATCH sends the one they have, and refuse another’s', async () => {
    const api = await open()
    const { id } = await makeWorkspace(api, 'acme')
    await makeWorkspace(api, 'other')
    await api.ok('workspaces.update', { params: { id }, body: { slug: 'acme' } })
    await api.refused('workspaces.update', 'DUPLICATE', {
      params: { id },
      body: { slug: 'other', name: 'x' },
    })
    expect((await api.ok('workspaces.get', { params: { id } })).workspace).toMatchObject({ name: 'acme' })
  })

  it('refuse a PATCH without fields', async () => {
    const api = await open()
    const { id } = await makeWorkspace(api)
    expect(await api.refused('workspaces.update', 'NO_UPDATES', { params: { id }, body: {} })).toMatchObject({
      status: 400,
    })
    await api.refused('workspaces.update', 'NO_UPDATES', { params: { id } })
  })

  it.each(['workspaces.get', 'workspaces.update', 'workspaces.delete'] as const)(
    'answer 404 to %s of an id that names nothing',
    async (id) => {
      const api = await open()
      const body = id === 'workspaces.update' ? { name: 'x' } : undefined
      for (const unknown of [nobody, 'acme', '../x', nobody.toUpperCase().replace('4', 'F')]) {
        const { status } = await api.refused(id, 'NOT_FOUND', { params: { id: unknown }, body })
        expect(status).toBe(404)
      }
    },
  )

  it('take with them what belongs to them, and leave connections of the organization', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api, 'acme')
    const { id: otherId } = await makeWorkspace(api, 'other')
    const own = await makeConnection(api, { externalId: 'a', workspaceId })
    const users = await makeConnection(api, { externalId: 'b', workspaceId, endUserId: 'user_1' })
    const shared = await makeConnection(api, { externalId: 'c' })
    const lent = await makeConnection(api, { externalId: 'd', workspaceId, scope: 'ORGANIZATION' })
    const elsewhere = await makeConnection(api, { externalId: 'a', workspaceId: otherId })
    const endUser = await makeEndUser(api, workspaceId, 'user_2')
    await configure(api, workspaceId, { integrationName: 'slack', connectionId: own.id })
    const pending = await startSession(api, workspaceId)

    expect(await api.ok('workspaces.delete', { params: { id: workspaceId } })).toEqual({
      deleted: true,
      id: workspaceId,
    })

    await api.refused('workspaces.get', 'NOT_FOUND', { params: { id: workspaceId } })
    await api.refused('workspaces.delete', 'NOT_FOUND', { params: { id: workspaceId } })
    await api.refused('workspaces.integrations.list', 'NOT_FOUND', { params: { workspaceId } })
    await api.refused('endUsers.get', 'END_USER_NOT_FOUND', { params: { id: endUser.id } })
    for (const { id } of [own, users]) {
      await api.refused('connections.get', 'CONNECTION_NOT_FOUND', { query: { id } })
    }
    await api.refused('connect.poll', 'INVALID_TOKEN', { body: { token: pending.token } })
    const { connections } = await api.ok('connections.list')
    expect(connections.map(({ id }) => id)).toEqual([shared.id, lent.id, elsewhere.id])
    await api.refused('connect.createToken', 'NOT_FOUND', { body: session(workspaceId) })
    // A new one of the same slug begins empty
    const again = await makeWorkspace(api, 'acme')
    expect((await api.ok('endUsers.list', { query: { workspaceId: again.id } })).total).toBe(0)
  })
})
