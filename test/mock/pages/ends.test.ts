import { expect, it } from 'vitest'
import type { CreateConnectToken } from '../../../src/contract/connect.js'
import { stoppedClock, throughBothDoors, type Open } from '../door.js'
import { makeWorkspace, poll, startSession } from '../world.js'
import { Visitor } from './visitor.js'

async function begin(open: Open, fields: Partial<CreateConnectToken> = {}, options?: Parameters<Open>[0]) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  const { token, connectUrl } = await startSession(api, workspaceId, fields)
  const visitor = new Visitor(api)
  const page = await visitor.open(connectUrl)
  return { api, workspaceId, token, connectUrl, visitor, page }
}

/** From the connect page over the consent page to the end. */
async function goThrough(open: Open, answer: 'Allow' | 'Deny', fields?: Partial<CreateConnectToken>) {
  const started = await begin(open, fields)
  const consent = await started.visitor.press(started.page, 'Continue to Slack')
  const status = (await poll(started.api, started.token)).status
  const end = await started.visitor.press(consent, answer)
  return { ...started, consent, statusAtProvider: status, end }
}

throughBothDoors('an OAuth session', (open) => {
  it('goes over the consent page of the provider and comes back COMPLETED', async () => {
    const { api, token, consent, statusAtProvider, end } = await goThrough(open, 'Allow')
    expect(consent.heading).toBe('Allow access to Slack?')
    expect(consent.texts('li')).toEqual(['slack.read', 'slack.write'])
    expect(statusAtProvider).toBe('CONNECTING')
    expect(end.heading).toBe('Slack is connected')
    expect(await poll(api, token)).toMatchObject({ status: 'COMPLETED', error: null })
  })

  it('comes back FAILED when the user says no there', async () => {
    const { api, token, end } = await goThrough(open, 'Deny')
    expect(end.heading).toBe('Slack was not connected')
    const { status, error } = await poll(api, token)
    expect(status).toBe('FAILED')
    expect(error).toContain('denied access')
    expect(end.alert).toBe(error)
  })

  it('goes from PENDING to FAILED when the user says no on the connect page', async () => {
    const { api, token, visitor, page } = await begin(open)
    expect((await poll(api, token)).status).toBe('PENDING')
    await visitor.press(page, 'Cancel')
    expect((await poll(api, token)).status).toBe('FAILED')
  })

  it('shows the same end again when the user reloads the callback, without a second exchange', async () => {
    const { api, visitor, workspaceId, end } = await goThrough(open, 'Allow')
    const before = (await api.ok('connections.list', { query: { workspaceId } })).connections
    const again = await visitor.open(end.url)
    expect(again.heading).toBe('Slack is connected')
    expect((await api.ok('connections.list', { query: { workspaceId } })).connections).toEqual(before)
  })

  it('takes two clicks on "Allow" as one', async () => {
    const { api, token, visitor, page } = await begin(open)
    const consent = await visitor.press(page, 'Continue to Slack')
    const ends = await Promise.all([visitor.press(consent, 'Allow'), visitor.press(consent, 'Allow')])
    expect(ends.map(({ heading }) => heading)).toEqual(['Slack is connected', 'Slack is connected'])
    expect((await poll(api, token)).status).toBe('COMPLETED')
  })

  it('keeps to the first decision', async () => {
    const { api, token, visitor, page } = await begin(open)
    const consent = await visitor.press(page, 'Continue to Slack')
    await visitor.press(consent, 'Deny')
    await visitor.press(consent, 'Allow')
    expect((await poll(api, token)).status).toBe('FAILED')
  })

  it('can be taken up again with the Back button; the last way to the provider counts', async () => {
    const { api, token, visitor, page } = await begin(open)
    const first = await visitor.press(page, 'Continue to Slack')
    const second = await visitor.press(page, 'Continue to Slack')
    const stale = await visitor.press(first, 'Allow')
    expect(stale.alert).toContain('No authorization is waiting')
    expect((await poll(api, token)).status).toBe('CONNECTING')
    await visitor.press(second, 'Allow')
    expect((await poll(api, token)).status).toBe('COMPLETED')
  })

  it('completes nothing after its token has expired', async () => {
    const clock = stoppedClock()
    const { api, workspaceId, visitor, page } = await begin(open, {}, { clock })
    const consent = await visitor.press(page, 'Continue to Slack')
    clock.advance(4 * 3_600_000)
    const end = await visitor.press(consent, 'Allow')
    expect(end.status).toBeGreaterThanOrEqual(400)
    expect((await api.ok('connections.list', { query: { workspaceId } })).total).toBe(0)
  })

  it.each([
    ['nothing', ''],
    ['an unknown state', '?state=x&code=y'],
    ['a state twice', '?state=x&state=y&code=z'],
    ['only a code', '?code=z'],
  ])('is not disturbed by a callback with %s', async (_, query) => {
    const { api, token, visitor, page } = await begin(open)
    await visitor.press(page, 'Continue to Slack')
    const stray = await visitor.open(`${api.url}/api/v1/connect/oauth-callback${query}`)
    expect(stray.status).toBe(400)
    expect((await poll(api, token)).status).toBe('CONNECTING')
  })

  it('tells the user, and redirects nobody, when the provider does not know who asks', async () => {
    const { api, visitor } = await begin(open)
    const redirect = 'https://evil.example/'
    const page = await visitor.open(
      `${api.url}/_provider/authorize?client_id=unknown&redirect_uri=${redirect}`,
    )
    expect(page.status).toBe(400)
    expect(page.heading).toBe('This request is not valid')
    expect(visitor.trail.some((url) => url.startsWith(redirect))).toBe(false)
  })
})

throughBothDoors('the end of a session', (open) => {
  it('is one message with the documented fields and nothing else', async () => {
    const { api, token, end } = await goThrough(open, 'Allow', { externalId: 'ada_slack' })
    const { connectionId } = await poll(api, token)
    expect(end.message).toEqual({
      type: 'weavz-connect-result',
      status: 'success',
      connectionId,
      integrationName: 'slack',
      externalId: 'ada_slack',
    })
  })

  it('says in the message why there is no connection', async () => {
    const { api, token, end } = await goThrough(open, 'Deny')
    const { error } = await poll(api, token)
    expect(end.message).toEqual({
      type: 'weavz-connect-result',
      status: 'error',
      connectionId: null,
      integrationName: 'slack',
      externalId: 'conn_slack',
      error,
    })
  })

  it('holds no token', async () => {
    const { token, end } = await goThrough(open, 'Allow')
    expect(end.source).not.toContain(token)
    expect(end.source).not.toMatch(/cst_|eut_/)
  })

  const app = 'https://app.example.com'

  it('is the address that the app gave, with the result appended to its query', async () => {
    const successRedirectUri = `${app}/done?tab=2&status=kept#top`
    const { api, token, end } = await goThrough(open, 'Allow', { successRedirectUri })
    const { connectionId } = await poll(api, token)
    const url = new URL(end.url)
    expect(url.origin + url.pathname + url.hash).toBe(`${app}/done#top`)
    expect([...url.searchParams]).toEqual([
      ['tab', '2'],
      ['status', 'kept'],
      ['status', 'success'],
      ['connectionId', connectionId],
      ['externalId', 'conn_slack'],
      ['integrationName', 'slack'],
    ])
    expect(end.status).toBe(303)
  })

  it('is the error address of the app where there is no connection', async () => {
    const { api, token, end } = await goThrough(open, 'Deny', {
      successRedirectUri: `${app}/done`,
      errorRedirectUri: `${app}/sorry`,
    })
    const { error } = await poll(api, token)
    const url = new URL(end.url)
    expect(url.pathname).toBe('/sorry')
    expect([...url.searchParams]).toEqual([
      ['status', 'error'],
      ['error', error],
    ])
  })

  it('is a message to the origin of the other address where the app gave only one', async () => {
    const { end } = await goThrough(open, 'Deny', { successRedirectUri: `${app}/done` })
    expect(end.attribute(end.all('body')[0], 'data-origin')).toBe(app)
    expect(end.message).toMatchObject({ status: 'error' })
  })

  it('is a message to no origin that the page would have to guess', async () => {
    const { end } = await goThrough(open, 'Allow')
    expect(end.attribute(end.all('body')[0], 'data-origin')).toBe('')
    expect(end.source).not.toContain("'*'")
  })

  it('is what the connect link shows from then on', async () => {
    const { visitor, connectUrl, end } = await goThrough(open, 'Allow')
    const again = await visitor.open(connectUrl)
    expect(again.message).toEqual(end.message)
    const redirected = await goThrough(open, 'Allow', { successRedirectUri: `${app}/done` })
    expect((await redirected.visitor.open(redirected.connectUrl)).url).toBe(redirected.end.url)
  })
})

throughBothDoors('a form may lead', (open) => {
  const targetsOf = async (fields: Partial<CreateConnectToken>) => {
    const { page } = await begin(open, fields)
    return /form-action ([^;]*)/.exec(page.header('content-security-policy') ?? '')?.[1]
  }

  it("to the page's own origin and, by redirect, to the app: nowhere else", async () => {
    expect(await targetsOf({ integrationName: 'openai' })).toBe("'self'")
    const uris = {
      successRedirectUri: 'https://app.example.com/a?b#c',
      errorRedirectUri: 'http://localhost:3000/sorry',
    }
    expect(await targetsOf({ integrationName: 'openai', ...uris })).toBe(
      "'self' https://app.example.com http://localhost:3000",
    )
  })

  it('to the provider of an OAuth session, too', async () => {
    const provider = {
      authorizationEndpoint: 'https://provider.example.com/authorize',
      tokenEndpoint: 'https://provider.example.com/token',
      ...{ clientId: 'weavz', clientSecret: 'not used here', scopes: [] },
    }
    const { page } = await begin(open, {}, { oauthProviders: { slack: provider } })
    expect(page.header('content-security-policy')).toContain(
      "form-action 'self' https://provider.example.com;",
    )
  })
})
