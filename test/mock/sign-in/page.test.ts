import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import type { CreateMcpServer } from '../../../src/contract/mcp-servers.js'
import { stoppedClock, throughBothDoors, type Open } from '../door.js'
import { knock } from '../mcp/kit.js'
import { Visitor } from '../pages/visitor.js'
import { makeEndUser } from '../world.js'
import { callback, register, signInWorld } from './kit.js'

/** A person in front of the page, who was sent there by a client. */
async function atThePage(open: Open, fields?: Partial<CreateMcpServer>, options?: Parameters<Open>[0]) {
  const world = await signInWorld(open, fields, options)
  const { api, workspaceId, authorizationUrl } = world
  for (const name of ['ada', 'bob']) await makeEndUser(api, workspaceId, name)
  const visitor = new Visitor(api)
  const page = await visitor.open(authorizationUrl())
  const signIn = (externalId: string) => visitor.press(page, 'Sign in', { externalId })
  const endUsers = async () => {
    const listed = await api.ok('endUsers.list', { query: { workspaceId } })
    return listed.endUsers.map(({ externalId }) => externalId)
  }
  return { ...world, visitor, page, signIn, endUsers }
}

const answerOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

throughBothDoors('The page where end users sign in', (open) => {
  it('says who wants what, asks who is there, and where it leads', async () => {
    const { page } = await atThePage(open)
    expect(page.status).toBe(200)
    expect(page.heading).toBe('Sign in to Support')
    expect(page.text).toContain('Cursor wants to use the tools of Support for you.')
    expect(page.fields).toEqual([{ name: 'externalId', label: 'Your user id', type: 'text' }])
    const options = page.all('option').map((option) => page.attribute(option, 'value'))
    expect(options).toEqual(['ada', 'bob'])
    expect(page.texts('dd')).toEqual(['client.test'])
  })

  it('sends whoever signs in back with a code, the state and the issuer (RFC 9207)', async () => {
    const { api, signIn, redeem, mcpEndpoint } = await atThePage(open)
    const end = await signIn('ada')
    expect(end.url.startsWith(`${callback}?`)).toBe(true)
    const { code = '', ...rest } = answerOf(end.url)
    expect(rest).toEqual({ state: 'xyz', iss: `${api.url}/oauth` })
    const { status, body } = await redeem(code)
    expect(status).toBe(200)
    expect(await knock(api, mcpEndpoint, body.access_token)).toMatchObject({ status: 200 })
  })

  it('sends whoever cancels back with access_denied, whatever is filled in', async () => {
    const { visitor, page } = await atThePage(open)
    const end = await visitor.press(page, 'Cancel', { externalId: 'ada' })
    expect(answerOf(end.url)).toMatchObject({ error: 'access_denied', state: 'xyz' })
    expect(answerOf(end.url)).not.toHaveProperty('code')
  })

  it('takes two clicks as one, and keeps to the first decision', async () => {
    const { visitor, page, signIn, redeem } = await atThePage(open)
    const [first, second] = await Promise.all([signIn('ada'), signIn('ada')])
    expect(second.url).toBe(first.url)
    expect((await visitor.press(page, 'Cancel')).url).toBe(first.url)
    expect((await redeem(answerOf(first.url).code ?? '')).status).toBe(200)
  })

  it('of a restricted server lets in nobody whom the workspace does not know, and says so', async () => {
    const { visitor, page, signIn, endUsers } = await atThePage(open, { endUserAccess: 'restricted' })
    const refused = await signIn('zed')
    expect(refused.status).toBe(403)
    expect(refused.alert).toBe('Only end users of the workspace can sign in to this server.')
    expect(await endUsers()).toEqual(['ada', 'bob'])
    const end = await visitor.press(refused, 'Cancel')
    expect(answerOf(end.url)).toMatchObject({ error: 'access_denied' })
    expect((await visitor.press(page, 'Sign in', { externalId: 'ada' })).url).toBe(end.url)
  })

  it('lets somebody correct who they are', async () => {
    const { visitor, signIn } = await atThePage(open)
    const refused = await signIn('Ada')
    const end = await visitor.press(refused, 'Sign in', { externalId: 'ada' })
    expect(answerOf(end.url)).toHaveProperty('code')
  })

  it('of an open server makes an end user of whoever is new, and knows who is not', async () => {
    const { signIn, endUsers, page, tokensFor } = await atThePage(open, { endUserAccess: 'open' })
    expect(page.text).toContain('A new one becomes an end user of the workspace.')
    await signIn('zed')
    expect(await endUsers()).toEqual(['ada', 'bob', 'zed'])
    await tokensFor('zed')
    await tokensFor('ada')
    expect(await endUsers()).toEqual(['ada', 'bob', 'zed'])
  })

  it.each(['restricted', 'open'] as const)(
    'of a server bound to one end user lets in nobody else: %s',
    async (endUserAccess) => {
      const { api, workspaceId, patchServer, server, authorizationUrl, endUsers } = await atThePage(open, {
        endUserAccess,
      })
      await makeEndUser(api, workspaceId, 'carl')
      await patchServer(server.id, { endUserId: 'bob' })
      const visitor = new Visitor(api)
      const page = await visitor.open(authorizationUrl())
      const field = page.all('input').find((input) => page.attribute(input, 'name') === 'externalId')
      expect(page.attribute(field, 'value')).toBe('bob')
      for (const externalId of ['ada', 'zed']) {
        const { form, action } = page.press('Sign in')
        form.set('externalId', externalId)
        const refused = await visitor.post(action, form)
        expect(refused.status).toBe(403)
        expect(refused.alert).toContain('for one end user, who is somebody else')
      }
      expect(await endUsers()).toEqual(['ada', 'bob', 'carl'])
      expect(answerOf((await visitor.press(page, 'Sign in', { externalId: 'bob' })).url)).toHaveProperty(
        'code',
      )
    },
  )

  it.each([
    ['nothing', '', 'Must not be empty'],
    ['more than 255 characters', 'x'.repeat(256), 'Must have at most 255 characters'],
  ])('refuses %s as an id', async (_, externalId, problem) => {
    const { signIn, endUsers } = await atThePage(open, { endUserAccess: 'open' })
    const refused = await signIn(externalId)
    expect(refused.status).toBe(400)
    expect(refused.alert).toContain(problem)
    expect(await endUsers()).toEqual(['ada', 'bob'])
  })

  it('shows names as text, whatever they are', async () => {
    const world = await signInWorld(open, { name: '<b>Support</b>' })
    const { api, workspaceId, authorizationUrl } = world
    await makeEndUser(api, workspaceId, '"><script>alert(1)</script>')
    const metadata = { redirect_uris: [callback], client_name: '<img src=x onerror=alert(1)>' }
    const { client_id } = (await register(api, metadata)).body as { client_id: string }
    const page = await new Visitor(api).open(authorizationUrl({ client_id }))
    expect(page.heading).toBe('Sign in to <b>Support</b>')
    expect(page.all('img', 'b', 'script')).toEqual([])
    expect(page.text).toContain('<img src=x onerror=alert(1)> wants')
    const [option] = page.all('option')
    expect(page.attribute(option, 'value')).toBe('"><script>alert(1)</script>')
  })

  it('takes no form of another site, and none after ten minutes', async () => {
    const clock = stoppedClock()
    const { visitor, page, signIn } = await atThePage(open, {}, { clock })
    const { action, form } = page.press('Sign in')
    form.set('externalId', 'ada')
    expect((await visitor.post(action, form, 'https://evil.test')).status).toBe(403)
    clock.advance(600_000)
    const late = await signIn('ada')
    expect([late.status, late.heading]).toEqual([400, 'This request is not valid'])
  })

  it('leads nowhere once the server is deleted', async () => {
    const { api, server, signIn } = await atThePage(open)
    await api.ok('mcpServers.delete', { params: { id: server.id } })
    const end = await signIn('ada')
    expect([end.status, end.alert]).toEqual([400, 'The request is unknown, answered or too old.'])
  })

  it('leads to no token once the server takes OAuth no more', async () => {
    const { server, patchServer, signIn, redeem } = await atThePage(open)
    await patchServer(server.id, { authMode: 'bearer' })
    const { code = '' } = answerOf((await signIn('ada')).url)
    expect(code).not.toBe('')
    expect(await redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it.each([
    ['https://client.test/cb', ''],
    ['http://127.0.0.1:5000/cb', ''],
    ['cursor://anysphere.cursor-mcp/callback', ' cursor:'],
    ['http://[::1]:5000/cb', ' http:'],
  ])('may lead to %s by its policy', async (uri, added) => {
    const { api, authorizationUrl } = await signInWorld(open)
    const { client_id } = (await register(api, { redirect_uris: [uri] })).body as { client_id: string }
    const page = await new Visitor(api).open(authorizationUrl({ client_id, redirect_uri: uri }))
    const [, targets] = /form-action ([^;]*)/.exec(page.header('content-security-policy') ?? '') ?? []
    expect(targets).toBe(`'self' https: http://localhost:* http://*.localhost:* http://127.0.0.1:*${added}`)
  })
})

throughBothDoors('An authorization request for an MCP server', (open) => {
  it.each([
    ['no resource', { resource: null }, 'invalid_target'],
    ['another resource', { resource: 'https://other.test/mcp' }, 'invalid_target'],
    ['no URL as resource', { resource: 'srv_1' }, 'invalid_target'],
    ['the scope of another mode', { scope: 'mcp:code' }, 'invalid_scope'],
    ['the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no challenge', { code_challenge: null }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
  ])('is answered to the client with %s', async (_, changes, error) => {
    const { api, authorizationUrl } = await signInWorld(open)
    const { url } = await new Visitor(api).open(authorizationUrl(changes))
    expect(url.startsWith(`${callback}?`)).toBe(true)
    expect(answerOf(url)).toMatchObject({ error, state: 'xyz', iss: `${api.url}/oauth` })
  })

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['an address that is not registered', { redirect_uri: `${callback}/x` }],
    ['an address that differs by a port', { redirect_uri: 'https://client.test:8443/callback' }],
    ['no address', { redirect_uri: null }],
  ])('leads nowhere with %s', async (_, changes) => {
    const { api, authorizationUrl } = await signInWorld(open)
    const visitor = new Visitor(api)
    const page = await visitor.open(authorizationUrl(changes))
    expect([page.status, page.heading]).toEqual([400, 'This request is not valid'])
    expect(visitor.trail).toHaveLength(1)
    await expect(api.weavz.user.signIn(authorizationUrl(changes), 'ada')).rejects.toThrow('refused')
  })

  it.each([
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:54321/cb', true],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:54321/cb', true],
    ['http://[::1]:1/cb', 'http://[::1]:54321/cb', true],
    ['http://127.0.0.1:1/cb', 'http://[::1]:1/cb', false],
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:1/cb/x', false],
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:1@evil.test/cb', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1.evil.test/cb', false],
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:99999/cb', false],
    ['http://localhost:1/cb', 'http://localhost:1/cb', true],
    ['http://localhost:1/cb', 'http://localhost:2/cb', false],
    ['https://client.test/cb', 'https://client.test:444/cb', false],
  ])('of a client registered at %s may come back to %s: %s (RFC 8252)', async (registered, asked, good) => {
    const { api, authorizationUrl } = await signInWorld(open)
    const { client_id } = (await register(api, { redirect_uris: [registered] })).body as { client_id: string }
    const page = await new Visitor(api).open(authorizationUrl({ client_id, redirect_uri: asked }))
    expect(page.status).toBe(good ? 200 : 400)
  })

  it('names a server that takes OAuth, and no other', async () => {
    const { api, patchServer, server, authorizationUrl } = await signInWorld(open)
    await patchServer(server.id, { authMode: 'bearer' })
    const { url } = await new Visitor(api).open(authorizationUrl())
    expect(answerOf(url)).toMatchObject({ error: 'invalid_target' })
  })
})

throughBothDoors('weavz.user at the page where end users sign in', (open) => {
  it('signs in, cancels, and goes back where it may not sign in', async () => {
    const { api, workspaceId, authorizationUrl, redeem } = await signInWorld(open)
    await makeEndUser(api, workspaceId, 'ada')
    const { user } = api.weavz
    const back = await user.signIn(authorizationUrl(), 'ada')
    expect((await redeem(back.searchParams.get('code') ?? '')).status).toBe(200)
    const cancelled = await user.cancelSignIn(new URL(authorizationUrl()))
    expect(answerOf(cancelled.href)).toMatchObject({ error: 'access_denied', state: 'xyz' })
    const refused = await user.signIn(authorizationUrl(), 'zed')
    expect(answerOf(refused.href)).toMatchObject({
      error: 'access_denied',
      error_description: 'Only end users of the workspace can sign in to this server',
    })
    const wrong = await user.signIn(authorizationUrl({ resource: null }), 'ada')
    expect(answerOf(wrong.href)).toMatchObject({ error: 'invalid_target' })
  })

  it('goes nowhere else', async () => {
    const { api } = await signInWorld(open)
    for (const path of ['/_provider/authorize', '/connect', '/oauth/token']) {
      await expect(api.weavz.user.signIn(api.url + path, 'ada')).rejects.toThrow(
        'not where end users sign in',
      )
    }
    const noUrl = await api.weavz.user.signIn('no URL, but ?code=of-somebody', 'ada').catch((error) => error)
    expect(noUrl).toMatchObject({ message: 'That is not where end users sign in' })
    expect(inspect(noUrl, { showHidden: true })).not.toContain('of-somebody')
  })
})
