import { build } from 'esbuild'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WeavzClient, type CreateConnectToken } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { listen, type ListeningWeavz } from '@weavz/sdk/mock/node'
import { clickLast, launchChromium, skipBrowser } from './harness/chromium.js'
import { serve, sleep, type Site } from './harness/server.js'

declare global {
  interface Window {
    heard: { origin: string; data: unknown }[]
  }
}

/** The client in chunks, as a bundler makes them: the popup helper is one of its own. */
async function bundleClient(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../../src/index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    splitting: true,
    outdir: '/out',
    logLevel: 'silent',
  })
  return new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]))
}

/** Listens as an app would that knows nothing of the helper. */
const listener = `window.heard = []; addEventListener('message', ({ origin, data }) => heard.push({ origin, data }))`

describe.skipIf(skipBrowser)('the hosted pages in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser
  let app: Site
  let attacker: Site
  let server: ListeningWeavz
  let weavz: WeavzClient
  let workspaceId: string
  let sessions = 0

  beforeAll(async () => {
    const mock = createMockWeavz()
    const [started, chunks] = await Promise.all([listen(mock), bundleClient()])
    server = started
    browser = await launchChromium()
    app = await serve('127.0.0.1', (_request, url, reply) => {
      const chunk = chunks.get(url.pathname)
      if (chunk !== undefined) return reply.script(chunk)
      const silent = url.pathname === '/silent' ? '<meta name="referrer" content="no-referrer">' : ''
      return reply.html(`${silent}<h1>App</h1><script>${listener}</script>`)
    })
    attacker = await serve('provider.localhost', (_request, _url, reply) =>
      reply.html(`<h1>Free stuff</h1><script>${listener}</script>`),
    )
    weavz = new WeavzClient({ apiKey: mock.apiKey, baseUrl: server.url.replace('127.0.0.1', 'localhost') })
    workspaceId = (await weavz.workspaces.create({ name: 'Acme', slug: 'acme' })).workspace.id
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([app?.close(), attacker?.close(), server?.close()])
  })

  const createSession = (fields: Partial<CreateConnectToken> = {}) =>
    weavz.connect.createToken({
      integrationName: 'slack',
      connectionName: 'My Slack',
      externalId: `account_${++sessions}`,
      workspaceId,
      ...fields,
    })

  async function withContext(
    test: (context: BrowserContext) => Promise<void>,
    options: { javaScriptEnabled?: boolean } = {},
  ): Promise<void> {
    const context = await browser.newContext(options)
    const complaints: string[] = []
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    try {
      await test(context)
      // A page that its own policy stops says so on the console.
      expect(complaints).toEqual([])
    } finally {
      await context.close()
    }
  }

  /** Opens the window as the documentation of the API does. */
  async function openFrom(page: Page, url: string): Promise<Page> {
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate((url) => void window.open(url, 'weavz-connect', 'width=500,height=600,popup=yes'), url),
    ])
    return popup
  }

  async function goThrough(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Continue to Slack' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Slack is connected' }).waitFor()
  }

  const heardBy = (page: Page) => page.evaluate(() => window.heard)

  it('post one message to the app that opened them, and none when the end is shown again', () =>
    withContext(async (context) => {
      const page = await context.newPage()
      await page.goto(app.origin)
      const { token, connectUrl } = await createSession()
      const popup = await openFrom(page, connectUrl)
      await goThrough(popup)
      await page.waitForFunction(() => window.heard.length > 0)
      const { connectionId, externalId } = await weavz.connect.poll(token)
      const message = {
        origin: new URL(connectUrl).origin,
        data: {
          type: 'weavz-connect-result',
          status: 'success',
          connectionId,
          integrationName: 'slack',
          externalId,
        },
      }
      await popup.reload()
      await popup.goto(connectUrl)
      await sleep(300)
      expect(await heardBy(page)).toEqual([message])
    }))

  it('tell no other site, even if that one opened the window in which the app runs', () =>
    withContext(async (context) => {
      const evil = await context.newPage()
      await evil.goto(attacker.origin)
      const popup = await openFrom(evil, app.origin)
      await popup.waitForSelector('h1')
      const { token, connectUrl } = await createSession()
      await popup.evaluate((url) => location.assign(url), connectUrl)
      await goThrough(popup)
      expect(await popup.evaluate(() => window.opener !== null), 'the opener is within reach').toBe(true)
      await sleep(300)
      expect(await heardBy(evil)).toEqual([])
      expect((await weavz.connect.poll(token)).status).toBe('COMPLETED')
    }))

  it('post nothing rather than to anybody when they do not know who opened them', () =>
    withContext(async (context) => {
      const page = await context.newPage()
      await page.goto(`${app.origin}/silent`)
      const popup = await openFrom(page, (await createSession()).connectUrl)
      await goThrough(popup)
      await sleep(300)
      expect(await heardBy(page)).toEqual([])
    }))

  it('offer to close a window that an app has opened, and only such a window', () =>
    withContext(async (context) => {
      const page = await context.newPage()
      await page.goto(app.origin)
      const popup = await openFrom(page, (await createSession()).connectUrl)
      await goThrough(popup)
      const closed = popup.waitForEvent('close')
      await clickLast(popup.getByRole('button', { name: 'Close this window' }))
      await closed
      await page.goto((await createSession()).connectUrl)
      await goThrough(page)
      expect(await page.getByRole('button').count()).toBe(0)
    }))

  it.each([
    ['a form that is sent', { integrationName: 'openai' }, 'success'],
    ['a form that is cancelled', { integrationName: 'openai' }, 'error'],
    ['the consent page', {}, 'success'],
    ['the consent page, refused', {}, 'error'],
  ] as const)('send the user back to the app from %s', (_, fields, status) =>
    withContext(async (context) => {
      const page = await context.newPage()
      const { connectUrl } = await createSession({
        ...fields,
        successRedirectUri: `${app.origin}/done`,
        errorRedirectUri: `${app.origin}/sorry`,
      })
      await page.goto(connectUrl)
      if ('integrationName' in fields) {
        await page.getByLabel('API key or token').fill('sk')
        await page.getByRole('button', { name: status === 'success' ? 'Connect' : 'Cancel' }).click()
      } else {
        await page.getByRole('button', { name: 'Continue to Slack' }).click()
        await page.getByRole('button', { name: status === 'success' ? 'Allow' : 'Deny' }).click()
      }
      await page.waitForURL(`${app.origin}/${status === 'success' ? 'done' : 'sorry'}?status=${status}&**`)
      expect(await page.evaluate(() => document.referrer), 'no address with a token in it travels on').toBe(
        '',
      )
    }),
  )

  it('work without JavaScript: OAuth, and a round trip from the portal', () =>
    withContext(
      async (context) => {
        const page = await context.newPage()
        await page.goto((await createSession()).connectUrl)
        await goThrough(page)

        await weavz.workspaces.integrations.create(workspaceId, {
          integrationName: 'clicksend',
          connectionStrategy: 'per_user',
        })
        const { endUser } = await weavz.endUsers.create({ workspaceId, externalId: 'ada' })
        await page.goto((await weavz.endUsers.createConnectToken(endUser.id)).connectUrl)
        await page.getByRole('button', { name: 'Connect' }).click()
        await page.getByLabel('User name').fill('ada')
        await page.getByLabel('Password').fill('secret')
        await page.getByRole('button', { name: 'Connect' }).click()
        await page.getByRole('link', { name: 'Back to your accounts' }).click()
        await page.getByText('Connected: ClickSend').waitFor()
        expect(await page.getByRole('button', { name: 'Reconnect' }).count()).toBe(1)
      },
      { javaScriptEnabled: false },
    ))

  it('serve the popup of the full client, whose helper arrives after the window has opened', () =>
    withContext(async (context) => {
      const page = await context.newPage()
      await page.goto(app.origin)
      const { token, connectUrl } = await createSession()
      const loaded: string[] = []
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
      await page.addScriptTag({
        type: 'module',
        content: `import { WeavzClient } from '/index.js'
          const weavz = new WeavzClient()
          const button = document.createElement('button')
          button.textContent = 'Connect'
          button.onclick = () => {
            const session = ${JSON.stringify({ token, connectUrl })}
            weavz.connect.popup(session).then((data) => heard.push({ origin, data }))
          }
          document.body.append(button)`,
      })
      await page.getByRole('button', { name: 'Connect' }).waitFor()
      const before = loaded.length
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('button', { name: 'Connect' }).click(),
      ])
      // Not to its end: the window is closed as soon as the session is.
      await popup.getByRole('button', { name: 'Continue to Slack' }).click()
      await clickLast(popup.getByRole('button', { name: 'Allow' }))
      // What the helper answers; the page's own message, which comes first, has a type
      await page.waitForFunction(() =>
        window.heard.some(({ data }) => 'connectionId' in Object(data) && !('type' in Object(data))),
      )
      const { connectionId, externalId } = await weavz.connect.poll(token)
      const result = { connectionId, externalId, integrationName: 'slack' }
      expect((await heardBy(page)).map(({ data }) => data)).toContainEqual(result)
      expect(loaded.slice(before).filter((path) => path.startsWith('/popup-late-'))).toHaveLength(1)
    }))
})
