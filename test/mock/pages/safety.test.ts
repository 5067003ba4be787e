import { expect, it } from 'vitest'
import type { CoopValue } from '../../../src/mock/pages/index.js'
import { throughBothDoors, type Open } from '../door.js'
import { configure, makeEndUser, makeWorkspace, poll, startSession } from '../world.js'
import { signInWorld } from '../sign-in/kit.js'
import { Visitor, type Shown } from './visitor.js'

async function begin(open: Open, integrationName = 'openai', options?: Parameters<Open>[0]) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  const { token, connectUrl } = await startSession(api, workspaceId, { integrationName })
  const visitor = new Visitor(api)
  return { api, workspaceId, token, visitor, page: await visitor.open(connectUrl) }
}

/** One page of each kind. */
async function everyPage(open: Open, options?: Parameters<Open>[0]): Promise<Record<string, Shown>> {
  const { api, workspaceId, visitor, page: connect } = await begin(open, 'slack', options)
  const consent = await visitor.press(connect, 'Continue to Slack')
  const end = await visitor.press(consent, 'Allow')
  const form = await visitor.open(
    (await startSession(api, workspaceId, { integrationName: 'openai' })).connectUrl,
  )
  await configure(api, workspaceId, { integrationName: 'github', connectionStrategy: 'per_user' })
  const { id } = await makeEndUser(api, workspaceId)
  const link = await api.ok('endUsers.createConnectToken', { params: { id }, body: {} })
  const { authorizationUrl, api: other } = await signInWorld(open, {}, options)
  const signInVisitor = new Visitor(other)
  const signIn = await signInVisitor.open(authorizationUrl())
  return {
    ...{ signIn, nobody: await signInVisitor.press(signIn, 'Sign in', { externalId: 'zed' }) },
    connect,
    consent,
    end,
    form,
    mistake: await visitor.press(form, 'Connect'),
    portal: await visitor.open(link.connectUrl),
    dead: await visitor.open(`${api.url}/connect?token=cst_x`),
    refused: await visitor.open(`${api.url}/api/v1/connect/oauth-callback`),
    stranger: await visitor.open(`${api.url}/_provider/authorize`),
  }
}

/** Names and source lists of a policy. */
function policyOf(page: Shown): Map<string, string[]> {
  const directives = (page.header('content-security-policy') ?? '').split('; ')
  return new Map(
    directives.map((directive) => directive.split(' ')).map(([name = '', ...rest]) => [name, rest]),
  )
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `'sha256-${Buffer.from(digest).toString('base64')}'`
}

throughBothDoors('every hosted page', (open) => {
  it('may load nothing, be framed by nobody, and be stored nowhere', async () => {
    for (const [name, page] of Object.entries(await everyPage(open))) {
      const policy = policyOf(page)
      expect(policy.get('default-src'), name).toEqual(["'none'"])
      expect(policy.get('frame-ancestors'), name).toEqual(["'none'"])
      expect(policy.get('base-uri'), name).toEqual(["'none'"])
      expect(policy.get('img-src'), name).toEqual(['data:'])
      expect(page.header('cache-control'), name).toBe('no-store')
      expect(page.header('referrer-policy'), name).toBe('same-origin')
      expect(page.header('x-content-type-options'), name).toBe('nosniff')
      expect(page.header('x-frame-options'), name).toBe('DENY')
      expect(page.header('content-type'), name).toBe('text/html; charset=utf-8')
      expect(page.header('access-control-allow-origin'), name).toBeNull()
      expect(page.source, name).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
    }
  })

  it('runs the scripts and uses the styles that its policy names by hash, and has no others', async () => {
    for (const [name, page] of Object.entries(await everyPage(open))) {
      const policy = policyOf(page)
      const scripts = page.all('script').map((element) => page.rawTextOf(element))
      expect(policy.get('script-src') ?? [], name).toEqual(await Promise.all(scripts.map(sha256)))
      const styles = page.all('style').map((element) => page.rawTextOf(element))
      expect(policy.get('style-src'), name).toEqual(await Promise.all(styles.map(sha256)))
      const inline = page.everything.flatMap((element) => element.attrs.map((attribute) => attribute.name))
      expect(
        inline.filter((attribute) => /^on|^style$/.test(attribute)),
        name,
      ).toEqual([])
    }
  })

  it('works without a script: what decides is a form', async () => {
    for (const [name, page] of Object.entries(await everyPage(open))) {
      const outside = page.buttons.filter((button) => page.attribute(button, 'type') === 'button')
      expect(outside, name).toEqual([])
    }
  })

  it('cuts no window off unless told to', async () => {
    for (const [name, page] of Object.entries(await everyPage(open))) {
      expect(page.header('cross-origin-opener-policy'), name).toBeNull()
    }
  })

  it('sends the opener policy that a test asks for, page by page', async () => {
    const coop = {
      connect: 'same-origin-allow-popups',
      provider: 'noopener-allow-popups',
      callback: 'same-origin',
      signIn: 'unsafe-none',
    } satisfies Record<string, CoopValue>
    const pages = await everyPage(open, { pages: { coop } })
    const sent = Object.entries(pages).map(([name, page]) => [
      name,
      page.header('cross-origin-opener-policy'),
    ])
    expect(Object.fromEntries(sent)).toMatchObject({
      connect: coop.connect,
      form: coop.connect,
      portal: coop.connect,
      dead: coop.connect,
      consent: coop.provider,
      stranger: coop.provider,
      end: coop.callback,
      signIn: coop.signIn,
      nobody: coop.signIn,
    })
  })
})

throughBothDoors('a hostile request', (open) => {
  it.each([
    ['', 'nothing'],
    ['?token=', 'an empty token'],
    ['?token=cst_00000000000000000000000000000000', 'an unknown token'],
    ['?token=%00', 'a null byte'],
    ['?token=%F0%9F%92%A9', 'an emoji'],
    ['?token=%ff%fe', 'broken UTF-8'],
    ['?token=__proto__', 'a name of JavaScript'],
    [`?token=${'x'.repeat(5000)}`, 'a long text'],
    ['?token="><script>alert(1)</script>', 'markup'],
    ['?token[]=a&token[]=b', 'brackets'],
    ['?id=__proto__', 'an id that is none'],
  ])('with %s (%s) gets the one page for dead links', async (query) => {
    const { api, visitor } = await begin(open)
    const plain = await visitor.open(`${api.url}/connect`)
    expect(plain.status).toBe(404)
    expect(plain.heading).toBe('This link does not work')
    for (const path of ['/connect', '/connect/portal']) {
      expect((await visitor.open(api.url + path + query)).source).toBe(plain.source)
      const posted = await visitor.post(api.url + path, new URLSearchParams(query))
      expect(posted.source).toBe(plain.source)
    }
  })

  it('cannot use one kind of token for the other', async () => {
    const { api, token, workspaceId, visitor } = await begin(open)
    const { id } = await makeEndUser(api, workspaceId)
    const link = await api.ok('endUsers.createConnectToken', { params: { id }, body: {} })
    expect((await visitor.open(`${api.url}/connect?token=${link.token}`)).status).toBe(404)
    expect((await visitor.open(`${api.url}/connect/portal?token=${token}`)).status).toBe(404)
    expect((await visitor.open(`${api.url}/connect?token=${api.weavz.apiKey}`)).status).toBe(404)
  })

  it.each(['https://evil.example', 'null', 'http://localhost:1'])(
    'from the origin %s posts no form',
    async (origin) => {
      const { api, token, visitor, page } = await begin(open)
      const { action, form } = page.press('Connect')
      form.append('secretText', 'sk-of-the-attacker')
      const refused = await visitor.post(action, form, origin)
      expect(refused.status).toBe(403)
      expect(refused.alert).toBe('This form was sent from another site.')
      expect((await poll(api, token)).status).toBe('PENDING')
    },
  )

  it('decides nothing by a link: only a form does', async () => {
    const { api, token, visitor, page } = await begin(open)
    const { action, form } = page.press('Cancel')
    await visitor.open(`${action}?${form}`)
    expect((await poll(api, token)).status).toBe('PENDING')
  })

  it('cannot post more than a form may hold', async () => {
    const { api, token, visitor, page } = await begin(open)
    const { action, form } = page.press('Connect')
    form.append('secretText', 'x'.repeat(3 * 1024 * 1024))
    const refused = await visitor.post(action, form)
    expect(refused.status).toBe(413)
    expect((await poll(api, token)).status).toBe('PENDING')
  })
})

const markup = `"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}\${7*7}</title></style>`

/** The elements and attributes of a page: what markup in a text would change. */
const shapeOf = (page: Shown) =>
  page.everything.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)])

throughBothDoors('markup in a text of the app', (open) => {
  it('stays text: in the name of a connection', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const pages = async (connectionName: string) => {
      const externalId = `id-${connectionName.length}`
      const fields = { integrationName: 'openai', connectionName, externalId }
      const { connectUrl } = await startSession(api, workspaceId, fields)
      const visitor = new Visitor(api)
      const page = await visitor.open(connectUrl)
      return [page, await visitor.press(page, 'Connect', { secretText: 'sk' })]
    }
    const harmless = await pages('Plain')
    for (const [at, page] of (await pages(markup)).entries()) {
      expect(page.text).toContain(markup.replace(/\s+/g, ' '))
      expect(shapeOf(page)).toEqual(shapeOf(harmless[at] as Shown))
    }
  })

  it('stays text: in externalIds, which travel in the message', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { connectUrl } = await startSession(api, workspaceId, {
      integrationName: 'openai',
      externalId: markup,
    })
    const visitor = new Visitor(api)
    const end = await visitor.press(await visitor.open(connectUrl), 'Connect', { secretText: 'sk' })
    expect(end.message).toMatchObject({ externalId: markup })
    expect(end.all('img')).toEqual([])
    expect(end.all('script')).toHaveLength(1)
  })

  it('stays text: in labels of the workspace and names of end users, in the portal', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    await configure(api, workspaceId, {
      integrationName: 'openai',
      displayName: markup,
      connectionStrategy: 'per_user',
    })
    const { endUser } = await api.ok('endUsers.create', {
      body: { workspaceId, externalId: 'eve', displayName: markup },
    })
    const link = await api.ok('endUsers.createConnectToken', { params: { id: endUser.id }, body: {} })
    const page = await new Visitor(api).open(link.connectUrl)
    expect(page.texts('h2')).toEqual([markup])
    expect(page.all('img')).toHaveLength(1)
    expect(page.all('script')).toEqual([])
  })

  it('stays text, or is left out: in the error of a provider', async () => {
    const { api, token, visitor, page } = await begin(open, 'slack')
    const consent = await visitor.press(page, 'Continue to Slack')
    const state = new URL(visitor.trail.at(-1) ?? '').searchParams.get('state') ?? ''
    expect(consent.heading).toBe('Allow access to Slack?')
    const query = new URLSearchParams({ state, error: markup, error_description: markup })
    query.set('iss', `${api.url}/_provider`)
    const end = await visitor.open(`${api.url}/api/v1/connect/oauth-callback?${query}`)
    expect(end.heading).toBe('Slack was not connected')
    expect(end.all('img')).toEqual([])
    expect(end.source).not.toContain('onerror')
    expect((await poll(api, token)).error).not.toContain('<')
  })
})
