import { expect, it } from 'vitest'
import type { CreatePortalToken } from '../../../src/contract/end-users.js'
import { stoppedClock, throughBothDoors, type Open } from '../door.js'
import { configure, makeConnection, makeEndUser, makeWorkspace } from '../world.js'
import { Visitor, type Shown } from './visitor.js'

async function begin(open: Open, restriction: CreatePortalToken = {}, options?: Parameters<Open>[0]) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  const shared = await makeConnection(api, { workspaceId, externalId: 'shared' })
  const perUser = { connectionStrategy: 'per_user' } as const
  const openai = await configure(api, workspaceId, { integrationName: 'openai', sortOrder: 2, ...perUser })
  const bugs = await configure(api, workspaceId, {
    integrationName: 'github',
    alias: 'bugs',
    displayName: 'Bug tracker',
    sortOrder: 1,
    ...perUser,
  })
  await configure(api, workspaceId, { integrationName: 'slack', connectionId: shared.id })
  await configure(api, workspaceId, {
    integrationName: 'slack',
    alias: 'chat',
    sortOrder: 3,
    connectionStrategy: 'per_user_with_fallback',
    connectionId: shared.id,
  })
  await configure(api, workspaceId, { integrationName: 'kv-store', ...perUser })
  const ada = await makeEndUser(api, workspaceId, 'ada')
  const link = await api.ok('endUsers.createConnectToken', { params: { id: ada.id }, body: restriction })
  const visitor = new Visitor(api)
  return { api, workspaceId, openai, bugs, ada, link, visitor, page: await visitor.open(link.connectUrl) }
}

const connectOpenai = { type: 'SECRET_TEXT', secretText: 'sk', integrationName: 'openai' } as const

throughBothDoors('the portal', (open) => {
  it('lists what end users connect for themselves, in the order of the workspace', async () => {
    const { page } = await begin(open)
    expect(page.heading).toBe('Your accounts')
    expect(page.texts('h2')).toEqual(['Bug tracker', 'OpenAI', 'Slack'])
    expect(page.text).toContain('Slack Not connected: a shared account is used')
    expect(page.buttons.map((button) => page.attribute(button, 'aria-describedby'))).toEqual(
      page.all('h2').map((heading) => page.attribute(heading, 'id')),
    )
  })

  it('shows only what its link is restricted to', async () => {
    const byName = await begin(open, { integrationName: 'openai' })
    expect(byName.page.texts('h2')).toEqual(['OpenAI'])
    const { api, ada, bugs, visitor } = byName
    const link = await api.ok('endUsers.createConnectToken', {
      params: { id: ada.id },
      body: { workspaceIntegrationId: bugs.id },
    })
    expect((await visitor.open(link.connectUrl)).texts('h2')).toEqual(['Bug tracker'])
  })

  it('connects nothing that its link does not show', async () => {
    const { api, bugs, link, visitor, workspaceId } = await begin(open, { integrationName: 'openai' })
    const form = new URLSearchParams({ token: link.token, account: bugs.id })
    const refused = await visitor.post(`${api.url}/connect/portal`, form)
    expect(refused.status).toBe(404)
    expect(refused.alert).toBe('Workspace integration not found')
    expect((await api.ok('connections.list', { query: { workspaceId, endUserId: 'ada' } })).total).toBe(0)
  })

  it('connects an account that belongs to its end user, and comes back', async () => {
    const { api, workspaceId, page, visitor } = await begin(open, { integrationName: 'openai' })
    const form = await visitor.press(page, 'Connect')
    expect(form.heading).toBe('Connect OpenAI')
    const end = await visitor.press(form, 'Connect', { secretText: 'sk' })
    const [back] = end.all('a')
    const portal = await visitor.open(new URL(end.attribute(back, 'href') ?? '', end.url).href)
    expect(portal.text).toContain('OpenAI Connected: OpenAI')
    const { connections } = await api.ok('connections.list', { query: { workspaceId, endUserId: 'ada' } })
    expect(connections).toMatchObject([{ integrationName: 'openai', scope: 'USER', endUserId: 'ada' }])
    const { connection } = await api.ok('connections.resolve', {
      body: { workspaceId, integrationName: 'openai', endUserId: 'ada' },
    })
    expect(connection.id).toBe(connections[0]?.id)
  })

  it('goes over the provider for OAuth, and comes back all the same', async () => {
    const { page, visitor } = await begin(open, { integrationName: 'github' })
    const connect = await visitor.press(page, 'Connect')
    const consent = await visitor.press(connect, 'Continue to GitHub')
    const end = await visitor.press(consent, 'Allow')
    const [back] = end.all('a')
    const portal = await visitor.open(new URL(end.attribute(back, 'href') ?? '', end.url).href)
    expect(portal.text).toContain('Bug tracker Connected: Bug tracker')
  })

  it('reconnects the connection that is there: its id, name and externalId stay', async () => {
    const { api, workspaceId, link, visitor } = await begin(open, { integrationName: 'openai' })
    const { connection } = await api.ok('connections.create', {
      body: {
        ...connectOpenai,
        workspaceId,
        endUserId: 'ada',
        externalId: 'ada_openai',
        displayName: "Ada's",
      },
    })
    const page = await visitor.open(link.connectUrl)
    expect(page.text).toContain("Connected: Ada's")
    const form = await visitor.press(page, 'Reconnect')
    await visitor.press(form, 'Connect', { secretText: 'sk-2' })
    const { connections } = await api.ok('connections.list', { query: { workspaceId, endUserId: 'ada' } })
    expect(connections).toMatchObject([
      { id: connection.id, externalId: 'ada_openai', displayName: "Ada's", status: 'ACTIVE' },
    ])
  })

  it('says which account needs attention, and mends it', async () => {
    const clock = stoppedClock()
    const { api, workspaceId, link, page, visitor } = await begin(
      open,
      { integrationName: 'github' },
      { clock },
    )
    const connect = async (from: Shown, label: string) => {
      const form = await visitor.press(from, label)
      await visitor.press(await visitor.press(form, 'Continue to GitHub'), 'Allow')
      const query = { workspaceId, endUserId: 'ada' }
      return (await api.ok('connections.list', { query })).connections
    }
    const [before] = await connect(page, 'Connect')
    api.weavz.provider.revoke()
    clock.advance(2 * 3_600_000)
    const input = { repository: 'acme/site', title: 'Crash' }
    await api.refused('actions.execute', 'CONNECTION_REQUIRED', {
      body: {
        ...{ workspaceId, integrationName: 'github', actionName: 'create_issue', input },
        endUserId: 'ada',
      },
    })
    const broken = await visitor.open(link.connectUrl)
    expect(broken.text).toContain('Needs attention: reconnect Bug tracker')
    const [after] = await connect(broken, 'Reconnect')
    expect(after).toMatchObject({ id: before?.id, status: 'ACTIVE' })
  })

  it("neither shows nor touches another end user's connection", async () => {
    const { api, workspaceId, page, visitor } = await begin(open, { integrationName: 'openai' })
    const { connection } = await api.ok('connections.create', {
      body: { ...connectOpenai, workspaceId, endUserId: 'eve', externalId: 'eve', displayName: "Eve's" },
    })
    expect(page.text).not.toContain('Eve')
    const form = await visitor.press(page, 'Connect')
    await visitor.press(form, 'Connect', { secretText: 'sk' })
    expect((await api.ok('connections.get', { query: { id: connection.id } })).connection).toEqual(connection)
    expect(
      (await api.ok('connections.list', { query: { workspaceId, integrationName: 'openai' } })).total,
    ).toBe(2)
  })

  it('keeps its token from everything but itself', async () => {
    const { link, page, visitor } = await begin(open, { integrationName: 'openai' })
    const cookie = page.response.headers.getSetCookie()
    expect(cookie).toHaveLength(1)
    expect(cookie[0]).toMatch(/; Path=\/connect\/portal; Max-Age=604\d{3}; HttpOnly; SameSite=Lax$/)
    const form = await visitor.press(page, 'Connect')
    const end = await visitor.press(form, 'Connect', { secretText: 'sk' })
    for (const { source, url } of [form, end]) expect(source + url).not.toContain(link.token)
  })

  it('does not open by its id in another browser', async () => {
    const { api, page } = await begin(open)
    const [, id] = /weavz-portal-([^=]+)=/.exec(page.header('set-cookie') ?? '') ?? []
    expect(id).toBeDefined()
    expect((await new Visitor(api).open(`${api.url}/connect/portal?id=${id}`)).status).toBe(404)
  })

  it('closes when its link expires or its end user is deleted', async () => {
    const clock = stoppedClock()
    const { api, ada, link, page, visitor } = await begin(open, { expiresIn: 3600 }, { clock })
    clock.advance(3_599_000)
    expect((await visitor.open(link.connectUrl)).status).toBe(200)
    clock.advance(1000)
    const late = await visitor.open(link.connectUrl)
    expect(late.status).toBe(404)
    expect((await visitor.press(page, 'Connect')).status).toBe(404)

    const other = await api.ok('endUsers.createConnectToken', { params: { id: ada.id }, body: {} })
    await api.ok('endUsers.delete', { params: { id: ada.id } })
    expect((await visitor.open(other.connectUrl)).source).toBe(late.source)
  })

  it('says so when there is no OAuth app to connect with', async () => {
    const { page, visitor } = await begin(
      open,
      { integrationName: 'github' },
      { managedOAuthApps: ['slack'] },
    )
    const refused = await visitor.press(page, 'Connect')
    expect(refused.status).toBe(400)
    expect(refused.alert).toBe('There is no OAuth app for "github"')
    expect(refused.heading).toBe('Your accounts')
  })

  it('says so when there is nothing to connect', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const ada = await makeEndUser(api, workspaceId, 'ada')
    const link = await api.ok('endUsers.createConnectToken', { params: { id: ada.id }, body: {} })
    expect((await new Visitor(api).open(link.connectUrl)).text).toContain('There is nothing to connect here.')
  })
})
