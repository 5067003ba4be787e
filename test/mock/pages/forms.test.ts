import { expect, it } from 'vitest'
import type { CreateConnectToken } from '../../../src/contract/connect.js'
import { hush, stoppedClock, throughBothDoors, type Open } from '../door.js'
import { makeWorkspace, poll, startSession } from '../world.js'
import { Visitor } from './visitor.js'

async function begin(open: Open, fields: Partial<CreateConnectToken> = {}, options?: Parameters<Open>[0]) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  const { token, connectUrl } = await startSession(api, workspaceId, {
    integrationName: 'openai',
    ...fields,
  })
  const visitor = new Visitor(api)
  return { api, workspaceId, token, connectUrl, visitor, page: await visitor.open(connectUrl) }
}

throughBothDoors('forms for credentials', (open) => {
  it('ask for what the auth method takes, each field under its own label', async () => {
    const forms = {
      openai: [{ name: 'secretText', label: 'API key or token', type: 'password' }],
      clicksend: [
        { name: 'username', label: 'User name', type: 'text' },
        { name: 'password', label: 'Password', type: 'password' },
      ],
      'amazon-s3': [
        { name: 'props.accessKeyId', label: 'Access key ID', type: 'text' },
        { name: 'props.secretAccessKey', label: 'Secret access key', type: 'password' },
        { name: 'props.region', label: 'Region', type: 'text' },
        { name: 'props.bucket', label: 'Bucket', type: 'text' },
      ],
    }
    for (const [integrationName, fields] of Object.entries(forms)) {
      const { page } = await begin(open, { integrationName })
      expect(page.status).toBe(200)
      expect(page.fields).toEqual(fields)
    }
  })

  it('have one heading, a language, a title, and no control without a name', async () => {
    for (const integrationName of ['openai', 'clicksend', 'amazon-s3', 'jira-cloud', 'slack']) {
      const { page } = await begin(open, { integrationName })
      expect(page.texts('h1')).toHaveLength(1)
      expect(page.attribute(page.all('html')[0], 'lang')).toBe('en')
      expect(page.texts('title')[0]).toBe(page.heading)
      expect(page.fields.filter(({ label }) => !label)).toEqual([])
      expect(page.texts('button').filter((text) => text === '')).toEqual([])
      const ids = page.all('input').map((input) => page.attribute(input, 'id'))
      const given = ids.filter((id) => id !== undefined)
      expect(new Set(given).size).toBe(given.length)
      // The order of focus is the order of the page.
      expect(page.all('input', 'button').filter((each) => page.attribute(each, 'tabindex'))).toEqual([])
    }
  })

  it.each([
    ['openai', { secretText: hush }, { secretText: hush }],
    ['clicksend', { username: 'ada', password: hush }, { username: 'ada', password: hush }],
    [
      'amazon-s3',
      {
        'props.accessKeyId': 'AK',
        'props.secretAccessKey': hush,
        'props.region': 'eu',
        'props.bucket': 'b',
      },
      { props: { accessKeyId: 'AK', secretAccessKey: hush, region: 'eu', bucket: 'b' } },
    ],
    [
      'jira-cloud',
      { 'name.1': 'email', 'value.1': 'ada@example.com', 'name.3': 'apiToken', 'value.3': hush },
      { props: { email: 'ada@example.com', apiToken: hush } },
    ],
  ] as const)('hand %s exactly what the user typed, and show it nowhere', async (name, typed, expected) => {
    const { api, workspaceId, token, visitor, page } = await begin(open, { integrationName: name })
    const done = await visitor.press(page, 'Connect', typed)
    expect(done.source).not.toContain(hush)
    expect(done.heading).toMatch(/is connected$/)
    const { status, connectionId } = await poll(api, token)
    expect(status).toBe('COMPLETED')

    const [actionName = ''] = Object.keys((await integration(api, name)).actions)
    let seen: unknown
    api.weavz.onAction(name, actionName, ({ credentials }) => {
      const { type: _type, ...opened } = credentials ?? { type: 'none' }
      seen = reveal(opened)
      return {}
    })
    await api.ok('workspaces.integrations.create', {
      params: { workspaceId },
      body: { integrationName: name, connectionId: connectionId ?? '' },
    })
    const response = await api.send('actions.execute', {
      body: { workspaceId, integrationName: name, actionName, input: await inputOf(api, name, actionName) },
    })
    expect(response.status, await response.text()).toBe(200)
    expect(seen).toEqual(expected)
  })

  it('come back with the mistake named, and without what was typed', async () => {
    const { api, token, visitor, page } = await begin(open, { integrationName: 'clicksend' })
    const again = await visitor.press(page, 'Connect', { username: `ada-${hush}` })
    expect(again.status).toBe(422)
    expect(again.source).not.toContain(hush)
    expect(again.alert).toContain('Fill in “Password”.')
    const password = again.all('input').find((input) => again.attribute(input, 'name') === 'password')
    expect(again.attribute(password, 'aria-invalid')).toBe('true')
    const described = again.attribute(password, 'aria-describedby')
    const problem = again.all('p').find((element) => again.attribute(element, 'id') === described)
    expect(problem).toBeDefined()
    expect((await poll(api, token)).status).toBe('PENDING')
    await visitor.press(again, 'Connect', { username: 'ada', password: 'p' })
    expect((await poll(api, token)).status).toBe('COMPLETED')
  })

  it('name every mistake in fields that the user names', async () => {
    const { visitor, page } = await begin(open, { integrationName: 'jira-cloud' })
    const empty = await visitor.press(page, 'Connect')
    expect(empty.alert).toContain('Fill in at least one field.')
    const half = await visitor.press(page, 'Connect', { 'name.1': 'email', 'value.2': 'x' })
    expect(half.alert).toContain('Give field 1 a value.')
    expect(half.alert).toContain('Give field 2 a name.')
    const twice = await visitor.press(page, 'Connect', {
      ...{ 'name.1': 'a', 'value.1': '1' },
      ...{ 'name.2': 'a', 'value.2': '2' },
    })
    expect(twice.alert).toContain('The name of field 2 is taken.')
  })

  it('refuse a value that could not be sealed, and let the user correct it', async () => {
    const { api, token, visitor, page } = await begin(open)
    const long = await visitor.press(page, 'Connect', { secretText: 'é'.repeat(40_000) })
    expect(long.status).toBe(422)
    expect((await poll(api, token)).status).toBe('PENDING')
  })

  it('stay PENDING while they are open, and end at once when they are sent', async () => {
    const { api, token, visitor, page } = await begin(open)
    expect((await poll(api, token)).status).toBe('PENDING')
    await visitor.press(page, 'Connect', { secretText: 'sk' })
    expect(await poll(api, token)).toMatchObject({ status: 'COMPLETED', error: null })
  })

  it('fail the session when the user cancels, whatever is filled in', async () => {
    const { api, token, visitor, page } = await begin(open)
    const end = await visitor.press(page, 'Cancel', { secretText: hush })
    expect(end.heading).toBe('OpenAI was not connected')
    expect(end.alert).toBe('The user denied access')
    expect(await poll(api, token)).toMatchObject({
      status: 'FAILED',
      error: 'The user denied access',
      connectionId: null,
    })
  })

  it('make one connection of two clicks at once, and show both the same end', async () => {
    const { api, workspaceId, token, visitor, page } = await begin(open)
    const [first, second] = await Promise.all([
      visitor.press(page, 'Connect', { secretText: 'sk-one' }),
      visitor.press(page, 'Connect', { secretText: 'sk-two' }),
    ])
    const { connectionId } = await poll(api, token)
    const { connections, total } = await api.ok('connections.list', { query: { workspaceId } })
    expect(total).toBe(1)
    expect(connections[0]?.id).toBe(connectionId)
    for (const end of [first, second]) expect(end.message).toMatchObject({ status: 'success', connectionId })
  })

  it('change nothing once the session is over', async () => {
    const { api, token, visitor, page } = await begin(open)
    await visitor.press(page, 'Connect', { secretText: 'sk' })
    const late = await visitor.press(page, 'Cancel')
    expect(late.heading).toBe('OpenAI is connected')
    expect((await poll(api, token)).status).toBe('COMPLETED')
  })

  it('change nothing once the token has expired', async () => {
    const clock = stoppedClock()
    const { api, workspaceId, visitor, page } = await begin(open, {}, { clock })
    clock.advance(4 * 3_600_000)
    const late = await visitor.press(page, 'Connect', { secretText: 'sk' })
    expect(late.status).toBe(404)
    expect((await api.ok('connections.list', { query: { workspaceId } })).total).toBe(0)
  })

  it("fail on another owner's externalId and leave that connection alone", async () => {
    const { api, workspaceId, token, visitor, page } = await begin(open, { endUserId: 'eve' })
    const body = {
      type: 'SECRET_TEXT',
      secretText: 'sk',
      integrationName: 'openai',
      displayName: 'Theirs',
      externalId: 'conn_slack',
      workspaceId,
    } as const
    const { connection } = await api.ok('connections.create', { body })
    const end = await visitor.press(page, 'Connect', { secretText: 'sk-eve' })
    expect(end.alert).toContain('Another owner')
    expect((await poll(api, token)).status).toBe('FAILED')
    expect((await api.ok('connections.get', { query: { id: connection.id } })).connection).toEqual(connection)
  })
})

type Api = Awaited<ReturnType<Open>>

async function integration(api: Api, name: string) {
  return (await api.ok('integrations.get', { query: { name } })).integration
}

/** Any input that the catalog accepts. */
async function inputOf(api: Api, name: string, actionName: string) {
  const samples: Record<string, unknown> = {
    ...{ SHORT_TEXT: 'x', LONG_TEXT: 'x', NUMBER: 1, CHECKBOX: true, ARRAY: [], OBJECT: {} },
    ...{ JSON: {}, FILE: 'data:text/plain,x' },
  }
  const { props = {} } = (await integration(api, name)).actions[actionName] ?? {}
  const required = Object.entries(props).filter(([, prop]) => prop.required)
  return Object.fromEntries(
    required.map(([prop, { type, options }]) => [prop, options?.options[0]?.value ?? samples[type]]),
  )
}

function reveal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('reveal' in value && typeof value.reveal === 'function') return value.reveal()
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, reveal(each)]))
}
