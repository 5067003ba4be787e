import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WeavzClient } from '../../src/index.js'
import type { CreateConnection } from '../../src/contract/connections.js'
import type * as EngineModule from '../../src/engine/engine.js'
import { createMockWeavz, type Clock } from '../../src/mock/index.js'
import type * as StoreModule from '../../src/mock/provider/store.js'
import { signsIn } from './signs-in.js'
import { formsOf, Sweep } from './sweep.js'

/** What the mock keeps to itself: the state of its engine and of its provider. */
const inside = vi.hoisted(() => ({ engines: [] as EngineModule.Engine[], stores: [] as StoreModule.Store[] }))
vi.mock('../../src/engine/engine.js', async (original) => {
  const actual = await original<typeof EngineModule>()
  const createEngine: typeof actual.createEngine = (options) => {
    const engine = actual.createEngine(options)
    inside.engines.push(engine)
    return engine
  }
  return { ...actual, createEngine }
})
vi.mock('../../src/mock/provider/store.js', async (original) => {
  const actual = await original<typeof StoreModule>()
  const createStore: typeof actual.createStore = () => {
    const store = actual.createStore()
    inside.stores.push(store)
    return store
  }
  return { ...actual, createStore }
})

const hour = 3600_000
const sweep = new Sweep()
/** Secrets that reached an action handler: the one place where they belong. */
const delivered = new Set<string>()

let serial = 0
/** A secret that no other text contains, with characters that every notation writes differently. */
function canary(name: string): string {
  return sweep.secret(name, `canary-${++serial}-"\\/+ü&<>=%-${name}-${'x'.repeat(8)}`)
}

type Tables = Record<string, { values(): Iterable<unknown> } | Map<string, unknown>>
function rowsOf(tables: Tables) {
  return Object.entries(tables).map(([name, table]) => [name, [...table.values()]])
}

/** Plays everything that touches a secret, and hands whatever comes out to the sweep. */
async function playEverything(): Promise<void> {
  let now = Date.UTC(2025, 0, 15)
  const clock: Clock = { now: () => now }
  let foreign: (form: URLSearchParams) => Response | Promise<Response> = () => tokens('exchange')
  const tokens = (when: string) =>
    Response.json({
      access_token: canary(`access token of the ${when}`),
      refresh_token: canary(`refresh token of the ${when}`),
      id_token: canary(`ID token of the ${when}`),
      token_type: 'bearer',
      expires_in: 3600,
      team: { secret: canary(`what else came with the ${when}`) },
    })

  const weavz = createMockWeavz({
    clock,
    oauthProviders: {
      notion: {
        authorizationEndpoint: 'https://notion.test/authorize',
        tokenEndpoint: 'https://notion.test/token',
        clientId: 'weavz',
        clientSecret: canary('client secret'),
        scopes: ['read'],
      },
    },
    providerFetch: async (_, init) => {
      const form = new URLSearchParams(String(init.body))
      const verifier = form.get('code_verifier')
      if (verifier !== null) sweep.secret('code verifier', verifier)
      return foreign(form)
    },
  })
  weavz.openings.subscribe((opening) => sweep.add('opening log', opening))
  const apiKey = sweep.secret('API key', weavz.apiKey)

  /** The mock's door, with a recorder in it. */
  const recorded: typeof weavz.fetch = async (input, init) => {
    const response = await weavz.fetch(input, init)
    const copy = response.clone()
    sweep.add('HTTP answer', `${copy.status} ${JSON.stringify([...copy.headers])}\n${await copy.text()}`)
    return response
  }
  const observe = (name: string) => (event: unknown) => sweep.add(name, event)
  const client = new WeavzClient({
    apiKey,
    fetch: recorded,
    maxRetries: 1,
    hooks: {
      onRequest: observe('hook onRequest'),
      onResponse: observe('hook onResponse'),
      onRetry: observe('hook onRetry'),
      onInvalidResponse: observe('hook onInvalidResponse'),
    },
  })
  const refused = async (call: PromiseLike<unknown>) => {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error, 'a call that must fail').toBeInstanceOf(Error)
    sweep.add('error', error)
  }

  const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
  const workspaceId = workspace.id

  // Accounts of every type, each with its own secrets
  const bodies: CreateConnection[] = [
    { type: 'SECRET_TEXT', integrationName: 'openai', secretText: canary('secret text') },
    {
      ...{ type: 'BASIC_AUTH', integrationName: 'clicksend' },
      ...{ username: canary('user name'), password: canary('password') },
    },
    {
      ...{ type: 'CUSTOM_AUTH', integrationName: 'airtable' },
      props: { token: canary('prop'), nested: { deep: canary('nested prop') } },
    },
    {
      ...{ type: 'OAUTH2', integrationName: 'slack', expiresIn: 3600 },
      ...{ accessToken: canary('access token'), refreshToken: canary('refresh token') },
      ...{ tokenType: canary('token type'), scope_oauth: canary('scopes'), data: { bot: canary('data') } },
    },
    {
      ...{ type: 'PLATFORM_OAUTH2', integrationName: 'github' },
      ...{ accessToken: canary('platform token') },
    },
  ].map((body) => ({ ...body, externalId: 'main', displayName: 'Main', workspaceId }) as CreateConnection)

  const actions: Record<string, string> = {}
  for (const body of bodies) {
    const { integrationName } = body
    const described = weavzAction(integrationName)
    actions[integrationName] = described
    const { connection } = await client.connections.create(body)
    await client.workspaces.integrations.create(workspaceId, { integrationName, connectionId: connection.id })
    await refused(client.connections.create(body))
    await refused(
      client.connections.create({ ...body, unknown: canary(`${body.type} unknown field`) } as never),
    )
    await refused(client.connections.create({ ...body, externalId: { oops: canary('wrong type') } } as never))
  }
  await refused(client.connections.create({ ...bodies[0]!, type: canary('as a type') } as never))
  await refused(
    client.connections.create({
      ...bodies[0]!,
      secretText: `${canary('too long')}${'x'.repeat(70_000)}`,
    } as never),
  )

  /** Runs an action that takes note of its secrets, and then succeeds or fails in a way that quotes them. */
  async function run(integrationName: string, selector: Record<string, string> = {}): Promise<void> {
    const actionName = actions[integrationName] as string
    const call = () =>
      client.actions.execute(integrationName, actionName, { workspaceId, input: {}, ...selector })
    const quoting = (fail: (secrets: string[]) => unknown) =>
      weavz.onAction(integrationName, actionName, (given) => {
        const secrets = revealed(given.credentials)
        for (const secret of secrets) delivered.add(secret)
        sweep.add('what a handler prints', given)
        return fail(secrets)
      })
    quoting(() => 'done')
    await call()
    quoting((secrets) => {
      throw new Error(`401 for ${secrets.join(' ')}`)
    })
    await refused(call())
    quoting((secrets) => {
      throw new Error('wrapped', { cause: new Error(Buffer.from(secrets.join(' ')).toString('base64')) })
    })
    await refused(call())
    quoting((secrets) => {
      throw `Basic ${btoa(encodeURIComponent(secrets.join(':')))} ${JSON.stringify({ password: secrets })}`
    })
    await refused(call())
  }
  for (const { integrationName } of bodies) await run(integrationName)

  // The built-in provider: sign in with known tokens, refresh, refuse
  const session = (integrationName: string, externalId: string) =>
    client.connect.createToken({
      workspaceId,
      integrationName,
      connectionName: 'Mine',
      externalId,
      endUserId: 'ava',
    })
  const signedIn = await session('slack', 'session')
  sweep.add('connect page', await (await recorded(signedIn.connectUrl)).text())
  await weavz.user.approve(signedIn.token, {
    accessToken: canary('issued access token'),
    refreshToken: canary('issued refresh token'),
  })
  await run('slack', { connectionExternalId: 'session' })
  const denied = await session('slack', 'denied')
  await weavz.user.deny(denied.token, canary('what the provider says'))
  await client.connect.poll(denied.token)
  now += hour
  await run('slack', { connectionExternalId: 'session' })
  await run('slack')
  weavz.provider.revoke()
  now += hour
  await refused(client.actions.execute('slack', actions.slack as string, { workspaceId, input: {} }))

  // A foreign provider, whose answers are all secret, in every way that it can fail
  actions.notion = weavzAction('notion')
  const { engines } = inside
  const engine = engines.at(-1) as EngineModule.Engine
  const { beginAuthorization, callbackPath } = await import('../../src/engine/oauth/authorization.js')
  const callback = `https://api.weavz.io${callbackPath}`
  async function connectNotion(externalId: string, fields: Record<string, string>): Promise<void> {
    const { token, sessionId } = await session('notion', externalId)
    const { authorizationUrl } = await beginAuthorization(engine, sessionId as string, callback)
    sweep.add('authorization URL', authorizationUrl)
    const state = new URL(authorizationUrl).searchParams.get('state') as string
    const back = new URL(callback)
    for (const [name, value] of Object.entries({ state, ...fields })) back.searchParams.set(name, value)
    await recorded(back.href)
    sweep.add('session', await client.connect.poll(token))
  }
  await connectNotion('first', { code: canary('code') })
  await run('notion', { connectionExternalId: 'first' })
  const failures: ((form: URLSearchParams) => Response | Promise<Response>)[] = [
    (form) => Promise.reject(new TypeError(`fetch failed: ${form}`)),
    (form) => new Response(`<h1>${form}</h1>`, { status: 502 }),
    (form) => new Response(`<p>${form}</p>`),
    (form) => Response.json({ error: 'invalid_grant', error_description: String(form) }, { status: 400 }),
    (form) =>
      Response.json(
        { error: String(form) },
        { status: 401, headers: { 'www-authenticate': `Basic realm="${form}"` } },
      ),
    () => Response.json({ access_token: canary('token without a type') }),
    () =>
      Response.json({ access_token: canary('token of a strange type'), token_type: canary('strange type') }),
  ]
  for (const [index, failure] of failures.entries()) {
    foreign = failure
    await connectNotion(`failure ${index}`, { code: canary(`code ${index}`) })
  }
  await connectNotion('refused', { error: canary('error'), error_description: canary('description') })
  await connectNotion('wrong issuer', { code: canary('stray code'), iss: canary('issuer') })
  const notion = { workspaceId, input: {}, connectionExternalId: 'first' }
  for (const failure of [failures[0], failures[1], failures[2], failures[5]]) {
    foreign = failure!
    now += hour
    await refused(client.actions.execute('notion', actions.notion, notion))
  }
  foreign = () => tokens('refresh')
  now += hour
  await run('notion', { connectionExternalId: 'first' })
  foreign = failures[3]!
  now += hour
  await refused(client.actions.execute('notion', actions.notion, notion))

  await signsIn({ client, weavz, fetch: recorded }, workspaceId, sweep)

  // Whatever else can be asked
  const { connections } = await client.connections.list()
  for (const { id } of connections) await client.connections.get(id)
  await client.workspaces.integrations.list(workspaceId)
  const { endUsers } = await client.endUsers.list({ workspaceId })
  await client.endUsers.get(endUsers[0]!.id)
  const link = await client.endUsers.createConnectToken(endUsers[0]!.id, {})
  await recorded(link.connectUrl)
  await client.integrations.list()
  sweep.add(
    'explanation',
    weavz.explain({ integrationName: 'slack', workspaceId, actionName: actions.slack as string }),
  )
  await refused(new WeavzClient({ apiKey: `${apiKey}x`, fetch: recorded }).connections.list())
  await client.connections.delete(connections[0]!.id)
  sweep.add('client', client)
  sweep.add('mock', weavz)
  sweep.add('journal', weavz.journal.list())
  sweep.add('snapshot', weavz.snapshot())
  sweep.add('openings', weavz.openings.list())

  // At rest: rows of the engine, rows of the provider, and what inspection finds around them
  sweep.secret('connect token', signedIn.token)
  sweep.secret('portal token', link.token)
  atRest = [engine, inside.stores]
}

let atRest: [EngineModule.Engine, readonly StoreModule.Store[]]

function weavzAction(integrationName: string): string {
  const { catalog } = inside.engines.at(-1) as EngineModule.Engine
  const entry = catalog.get(integrationName)!
  // An action without inputs keeps the scenario about credentials
  catalog.register(integrationName, { ...entry, actions: { ...entry.actions, look: { input: {} } } })
  return 'look'
}

function revealed(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('reveal' in value && typeof value.reveal === 'function') return [String(value.reveal())]
  return Object.values(value).flatMap(revealed)
}

const written: unknown[][] = []
beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void written.push(args))
  }
  await playEverything()
  sweep.add('console', written)
}, 60_000)
afterAll(() => vi.restoreAllMocks())

describe('a secret', () => {
  it('is found by the sweep in every notation, so that finding none means something', () => {
    const secret = 'canary-0-"\\/+ü&<>=%-planted'
    for (const [notation, form] of formsOf(secret)) {
      const planted = new Sweep()
      planted.secret('planted', secret)
      planted.add('a place', `before ${form} after`)
      expect(planted.hits().join(), notation).toContain('planted in a place')
    }
    const planted = new Sweep()
    planted.secret('planted', secret)
    planted.add('an error', new Error('outer', { cause: { deep: [secret] } }))
    expect(planted.hits()).not.toEqual([])
  })

  it('reaches the action handler', () => {
    const texts = [...delivered].join('\n')
    for (const name of [
      ...['secret text', 'user name', 'password', 'prop', 'access token', 'scopes', 'platform token'],
      ...['issued access token', 'access token of the exchange', 'access token of the refresh'],
    ]) {
      expect(texts, name).toContain(`-${name}-`)
    }
    for (const name of ['refresh token', 'client secret', 'ID token of the exchange']) {
      expect(texts, name).not.toContain(`-${name}-`)
    }
  })

  it('shows nowhere else: no answer, page, hook, error, log, printed object', () => {
    expect(sweep.size).toBeGreaterThan(300)
    const byDesign = [
      // The answer that makes a token, and the page that it leads to
      /^(?:connect token|portal token) in (?:HTTP answer|connect page), as/,
      // `weavz.apiKey` is there to be given to a client
      /^API key in mock, as/,
      // Callers who put a secret into a field that is for none see what they sent, in hooks and in the journal
      /^(?:\w+ unknown field|wrong type|as a type) in (?:hook onRequest|mock|journal), as/,
    ]
    expect(sweep.hits().filter((hit) => !byDesign.some((pattern) => pattern.test(hit)))).toEqual([])
  })

  it('is not at rest in the engine or its authorization servers: neither credentials nor tokens of this API', () => {
    const [engine, stores] = atRest
    sweep.add('rows of the engine', rowsOf(engine.state.tables as unknown as Tables))
    sweep.add('the engine, inspected', engine)
    for (const store of stores) sweep.add('rows of a store', rowsOf(store as unknown as Tables))
    expect(stores.map(({ accessTokens }) => accessTokens.size > 0)).toEqual([true, true])
    const { credentials, oauthProviders } = engine.state.tables
    expect([credentials.size, oauthProviders.size]).toEqual([expect.any(Number), 2])
    expect(credentials.size).toBeGreaterThan(5)
    expect(sweep.hits().filter((hit) => /in (?:rows|the engine)/.test(hit))).toEqual([])
  })
})
