import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeSession, createConnectToken } from '../../../src/engine/connect.js'
import { deleteConnection } from '../../../src/engine/connections.js'
import { newTokens } from '../../../src/engine/oauth/tokens.js'
import { connectedWorld, hour, inError, minute, refusalOf, tokens, type Answer } from './kit.js'

const never = () => new Promise<Response>(() => undefined)
const fresh: Answer = () => tokens({ refresh_token: 'rt-2' })
const refuse =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    })

const terminal: [string, Answer][] = [
  ...['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_scope'].map(
    (error): [string, Answer] => [error, refuse(400, { error })],
  ),
  [
    'invalid_client with 401 and a challenge',
    refuse(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="x"' }),
  ],
  ['an error that OAuth does not know', refuse(400, { error: 'token_expired_for_good' })],
  ['an error with status 200', refuse(200, { error: 'bad_refresh_token' })],
]

const transient: [string, Answer][] = [
  ['network error', () => Promise.reject(new TypeError('fetch failed'))],
  ['no answer in time', never],
  [
    'a body that never ends',
    () => new Response(new ReadableStream({ pull: () => never().then(() => undefined) })),
  ],
  ['408', refuse(408, '')],
  ['429', refuse(429, { error: 'invalid_grant' })],
  ['500', refuse(500, 'oops')],
  ['503 that looks like OAuth', refuse(503, { error: 'invalid_grant' })],
  ['temporarily_unavailable', refuse(400, { error: 'temporarily_unavailable' })],
  ['a page instead of JSON', refuse(200, '<h1>Sign in</h1>', { 'content-type': 'text/html' })],
  ['a refusal that is a page', refuse(403, '<h1>Blocked</h1>', { 'content-type': 'text/html' })],
  ['JSON null', refuse(200, 'null')],
  ['no access token', refuse(200, { token_type: 'bearer' })],
  ['no token type', refuse(200, { access_token: 'x' })],
  ['a redirect', refuse(302, '', { location: 'https://elsewhere.test' })],
  ['204', () => new Response(null, { status: 204 })],
  [
    'a body of a megabyte',
    refuse(200, JSON.stringify({ access_token: 'x'.repeat(1 << 20), token_type: 'bearer' })),
  ],
]

describe('an access token', () => {
  it('is used as it is while it is far from expiring, and its provider hears nothing', async () => {
    const world = await connectedWorld(fresh)
    world.clock.advance(hour - 5 * minute - 1)
    await world.execute()
    expect(world.used).toEqual(['at-1'])
    expect(world.asked).toEqual([])
  })

  it('is refreshed before use in the last five minutes of its hour, with the app that issued it', async () => {
    const world = await connectedWorld(fresh)
    world.clock.advance(hour - 5 * minute)
    await world.execute()
    await world.execute()
    expect(world.used).toEqual(['at-2', 'at-2'])
    expect(world.asked).toHaveLength(1)
    const [{ form, authorization }] = world.asked as [(typeof world.asked)[0]]
    expect(form).toEqual({ grant_type: 'refresh_token', refresh_token: 'rt-1' })
    const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
    const sent = atob(authorization!.slice('Basic '.length)).split(':').map(decode)
    expect(sent).toEqual(['client:1', 'client secret + % & "quoted"'])
  })

  it('can be refreshed by a client that authenticates in the body', async () => {
    const options = { provider: { clientAuthentication: 'client_secret_post' } } as const
    const world = await connectedWorld(fresh, { expiresIn: 0 }, options)
    await world.execute()
    expect(world.asked).toMatchObject([{ form: { client_id: 'client:1' }, authorization: null }])
    expect(world.asked[0]?.form.client_secret).toContain('quoted')
  })

  it('is due within 5 minutes or a tenth of its lifetime before its end, the smaller', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 7 }),
        fc.integer({ min: 0, max: 2 ** 40 }),
        (seconds, now) => {
          const { refreshAt, expiresAt } = newTokens(now, seconds)
          expect(expiresAt).toBe(now + seconds * 1000)
          const skew = (expiresAt as number) - (refreshAt as number)
          expect(skew).toBeCloseTo(seconds < 3000 ? seconds * 100 : 300_000, 3)
        },
      ),
    )
  })

  it('without an end is never refreshed by the clock', async () => {
    const world = await connectedWorld(fresh, { expiresIn: undefined })
    world.clock.advance(1000 * 24 * hour)
    await world.execute()
    expect([world.used, world.asked]).toEqual([['at-1'], []])
  })
})

describe('a refresh', () => {
  it('is one request for a hundred calls at expiry, and all of them get its token', async () => {
    const world = await connectedWorld(fresh)
    world.clock.advance(hour)
    const results = await Promise.all(Array.from({ length: 100 }, world.execute))
    expect(results.every(({ success }) => success)).toBe(true)
    expect(world.asked).toHaveLength(1)
    expect(world.used).toEqual(Array(100).fill('at-2'))
  })

  it('is one request for a hundred calls that the third party answers 401', async () => {
    const world = await connectedWorld(fresh)
    const seen: string[] = []
    world.slack(({ credentials }) => {
      const token = credentials!.accessToken!.reveal()
      seen.push(token)
      if (token === 'at-1') throw Object.assign(new Error('invalid_auth'), { status: 401 })
    })
    await Promise.all(Array.from({ length: 100 }, world.execute))
    expect(world.asked).toHaveLength(1)
    expect(seen.filter((token) => token === 'at-2')).toHaveLength(100)
  })

  it('opens the refresh token and the client secret only; the call opens the rest afterwards', async () => {
    const world = await connectedWorld(fresh)
    world.clock.advance(hour)
    await world.execute()
    const opened = world.opened()
    expect(opened.slice(0, 2)).toEqual(['refresh refreshToken', 'refresh clientSecret.slack'])
    expect(opened.slice(2).sort()).toEqual(['execute accessToken', 'execute data', 'execute tokenType'])
  })

  it('is stored before it is used', async () => {
    const world = await connectedWorld(fresh)
    const before = world.engine.state.tables.credentials.get(world.id)!.fields
    let during: Record<string, string> = {}
    world.slack(() => void (during = { ...world.engine.state.tables.credentials.get(world.id)!.fields }))
    world.clock.advance(hour)
    await world.execute()
    expect(during.accessToken).not.toBe(before.accessToken)
    expect(during.refreshToken).not.toBe(before.refreshToken)
    expect(during.data).toBe(before.data)
    expect(world.engine.state.tables.credentials.get(world.id)!.fields).toEqual(during)
  })

  it('keeps the refresh token if it brings no new one, and uses the new one if it does', async () => {
    const world = await connectedWorld(() =>
      tokens(world.asked.length === 2 ? { refresh_token: 'rt-2' } : {}),
    )
    for (let i = 0; i < 3; i++) {
      world.clock.advance(hour)
      await world.execute()
    }
    expect(world.asked.map(({ form }) => form.refresh_token)).toEqual(['rt-1', 'rt-1', 'rt-2'])
  })

  it('takes over granted scopes and what else the provider said, but no ID token', async () => {
    const world = await connectedWorld(() => tokens({ scope: 'read', team: 'T2', id_token: 'a.b.c' }))
    world.clock.advance(hour)
    let seen: unknown
    world.slack(({ credentials }) => {
      const { tokenType, scope_oauth, data } = credentials!
      seen = [tokenType, scope_oauth, data].map((secret) => secret?.reveal())
    })
    await world.execute()
    expect(seen).toEqual(['Bearer', 'read', '{"team":"T2"}'])
  })

  it('is not made for a call that is refused anyway', async () => {
    const world = await connectedWorld(fresh)
    world.clock.advance(hour)
    const { executeAction } = await import('../../../src/engine/actions.js')
    const call = {
      workspaceId: world.workspaceId,
      integrationName: 'slack',
      actionName: 'send_channel_message',
    }
    expect(await refusalOf(executeAction(world.engine, call))).toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(world.asked).toEqual([])
  })
})

describe.each(terminal)('a provider that refuses a refresh for good (%s)', (_, answer) => {
  it.each([
    ['valid', hour - minute],
    ['expired', hour],
  ])('puts a connection with a %s access token in ERROR at once, and is not asked again', async (_, age) => {
    const world = await connectedWorld(answer)
    world.clock.advance(age)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect(world.status()).toBe('ERROR')
    expect([world.asked.length, world.waits]).toEqual([1, []])
    world.behaviour.answer = fresh
    world.clock.advance(24 * hour)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect([world.asked.length, world.used]).toEqual([1, []])
  })
})

describe.each(transient)('a provider that fails for a while (%s)', (_, answer) => {
  it('does not keep a valid access token from being used, and is asked again after 30 s', async () => {
    const world = await connectedWorld(answer)
    world.clock.advance(hour - minute)
    await world.execute()
    expect([world.asked.length, world.waits.length]).toEqual([3, 2])
    expect([world.used, world.status()]).toEqual([['at-1'], 'ACTIVE'])
    world.behaviour.answer = fresh
    world.clock.advance(29_999)
    await world.execute()
    expect([world.asked.length, world.used]).toEqual([3, ['at-1', 'at-1']])
    world.clock.advance(1)
    await world.execute()
    expect([world.asked.length, world.used.at(-1), world.status()]).toEqual([4, 'at-2', 'ACTIVE'])
  })

  it('puts a connection with an expired one in ERROR, until a refresh succeeds after 30 s', async () => {
    const world = await connectedWorld(answer)
    world.clock.advance(hour)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect([world.asked.length, world.status()]).toEqual([3, 'ERROR'])
    world.behaviour.answer = fresh
    world.clock.advance(29_999)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect(world.asked).toHaveLength(3)
    world.clock.advance(1)
    await world.execute()
    expect([world.used, world.status()]).toEqual([['at-2'], 'ACTIVE'])
  })
})

describe('a connection', () => {
  it('whose token expires during the cool-down is in ERROR without another request', async () => {
    const world = await connectedWorld(() => refuse(500, '')({} as never))
    world.clock.advance(hour - 10_000)
    await world.execute()
    world.clock.advance(10_000)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect([world.asked.length, world.status()]).toEqual([3, 'ERROR'])
  })

  it('recovers within one call if the provider fails once', async () => {
    const world = await connectedWorld((asked) =>
      world.asked.length === 1 ? refuse(503, '')(asked) : tokens(),
    )
    world.clock.advance(hour)
    await world.execute()
    expect([world.asked.length, world.waits, world.used]).toEqual([2, [200], ['at-2']])
  })

  it('without a refresh token is in ERROR once its token is due, and nothing is opened or asked', async () => {
    const world = await connectedWorld(fresh, { refreshToken: undefined })
    world.clock.advance(hour)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect([world.asked, world.opened(), world.status()]).toEqual([[], [], 'ERROR'])
  })

  it('keeps its id when it is authorised again, and works again', async () => {
    const world = await connectedWorld(refuse(400, { error: 'invalid_grant' }))
    world.clock.advance(hour)
    expect(await refusalOf(world.execute())).toEqual(inError)
    const { engine, workspaceId } = world
    const { sessionId } = createConnectToken(
      engine,
      { workspaceId, integrationName: 'slack', connectionName: 'Main', externalId: 'main' },
      'https://weavz.test',
    )
    await completeSession(engine, sessionId!, {
      fields: { accessToken: 'at-9', refreshToken: 'rt-9' },
      expiresIn: 3600,
    })
    await world.execute()
    expect([world.used, world.status()]).toEqual([['at-9'], 'ACTIVE'])
    expect(engine.state.tables.sessions.get(sessionId!)?.connectionId).toBe(world.id)
  })

  it('that is authorised again during a refresh keeps the new tokens', async () => {
    let answerNow = (_: Response) => {}
    const world = await connectedWorld(
      () => new Promise((resolve) => (answerNow = resolve)),
      {},
      { timeoutMs: 5000 },
    )
    world.clock.advance(hour)
    const call = world.execute()
    while (world.asked.length === 0) await new Promise(setImmediate)
    const { engine, workspaceId } = world
    const body = { workspaceId, integrationName: 'slack', connectionName: 'Main', externalId: 'main' }
    const { sessionId } = createConnectToken(engine, body, 'https://weavz.test')
    await completeSession(engine, sessionId!, { fields: { accessToken: 'at-9' }, expiresIn: 3600 })
    answerNow(refuse(400, { error: 'invalid_grant' })({} as never) as Response)
    await call
    expect([world.used, world.status()]).toEqual([['at-9'], 'ACTIVE'])
  })

  it('that is deleted during a refresh stays deleted', async () => {
    let answerNow = (_: Response) => {}
    const world = await connectedWorld(
      () => new Promise((resolve) => (answerNow = resolve)),
      {},
      { timeoutMs: 5000 },
    )
    world.clock.advance(hour)
    const call = refusalOf(world.execute())
    while (world.asked.length === 0) await new Promise(setImmediate)
    deleteConnection(world.engine, world.id)
    answerNow(tokens())
    expect(await call).toMatchObject({ code: 'CONNECTION_REQUIRED', reason: 'PINNED_CONNECTION_DELETED' })
    const { credentials, connections } = world.engine.state.tables
    expect([credentials.size, connections.size]).toEqual([0, 0])
  })
})

describe('a third party that answers 401', () => {
  const unauthorized = () => {
    throw Object.assign(new Error('invalid_auth'), { status: 401 })
  }

  it('makes the token be refreshed and the action run once more, not twice', async () => {
    const world = await connectedWorld(fresh)
    let runs = 0
    world.slack(() => {
      runs++
      unauthorized()
    })
    expect(await refusalOf(world.execute())).toMatchObject({ code: 'ACTION_FAILED' })
    expect([runs, world.asked.length, world.status()]).toEqual([2, 1, 'ACTIVE'])
  })

  it('does not make a token be refreshed that another call has refreshed meanwhile', async () => {
    const world = await connectedWorld(fresh)
    let begun = () => {}
    const started = new Promise<void>((resolve) => (begun = resolve))
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => (goOn = resolve))
    const seen: string[] = []
    world.slack(async ({ credentials }) => {
      const token = credentials!.accessToken!.reveal()
      if (token === 'at-1' && seen.push(token) === 1) {
        begun()
        await gate
      }
      if (token === 'at-1') unauthorized()
    })
    const slow = world.execute()
    await started
    await world.execute()
    expect(world.asked).toHaveLength(1)
    goOn()
    await slow
    expect([world.asked.length, seen]).toEqual([1, ['at-1', 'at-1']])
  })

  it('puts the connection in ERROR if the refresh fails, because no valid access token is left', async () => {
    const world = await connectedWorld(refuse(503, ''))
    world.slack(unauthorized)
    expect(await refusalOf(world.execute())).toEqual(inError)
    expect(world.status()).toBe('ERROR')
    world.behaviour.answer = fresh
    world.slack(() => 'fine')
    world.clock.advance(30_000)
    expect(await world.execute()).toMatchObject({ success: true, output: 'fine' })
    expect(world.status()).toBe('ACTIVE')
  })

  it('does not make another error of the action count as one', async () => {
    const world = await connectedWorld(fresh)
    world.slack(() => {
      throw Object.assign(new Error('no such user'), { status: 404 })
    })
    expect(await refusalOf(world.execute())).toMatchObject({ code: 'ACTION_FAILED' })
    expect(world.asked).toEqual([])
  })
})
