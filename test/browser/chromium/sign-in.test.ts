import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { listen, type ListeningWeavz } from '@weavz/sdk/mock/node'
import { Keeper, comeBack, tryToConnect } from '../../mock/sign-in/official-client.js'
import { launchChromium, skipBrowser } from './harness/chromium.js'
import { serve, type Site } from './harness/server.js'

describe.skipIf(skipBrowser)('The page where end users sign in, in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser
  /** Where the client waits for its user to come back. */
  let client: Site
  let server: ListeningWeavz
  let mcpEndpoint: string

  beforeAll(async () => {
    const mock = createMockWeavz()
    server = await listen(mock)
    browser = await launchChromium()
    client = await serve('127.0.0.1', (_request, url, reply) =>
      reply.html(`<h1>${url.searchParams.has('code') ? 'Signed in' : 'Not signed in'}</h1>`),
    )
    const weavz = new WeavzClient({ apiKey: mock.apiKey, baseUrl: server.url })
    const { workspace } = await weavz.workspaces.create({ name: 'Acme', slug: 'acme' })
    const workspaceId = workspace.id
    await weavz.endUsers.create({ workspaceId, externalId: 'ada' })
    await weavz.workspaces.integrations.create(workspaceId, { integrationName: 'datetime' })
    const created = await weavz.mcpServers.create({ name: 'Assistant', workspaceId })
    mcpEndpoint = created.mcpEndpoint
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([client?.close(), server?.close()])
  })

  /** The official client sends its user to the page; what stops the page says so on the console. */
  async function atThePage(
    test: (page: Page, keeper: Keeper) => Promise<void>,
    options: { javaScriptEnabled?: boolean } = {},
  ): Promise<void> {
    const keeper = new Keeper(`${client.origin}/callback`)
    const asked = await tryToConnect(mcpEndpoint, keeper)
    const context = await browser.newContext(options)
    const complaints: string[] = []
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    try {
      const page = await context.newPage()
      await page.goto(String(asked))
      await test(page, keeper)
      // Chromium reports the 403 of a refused sign-in like a failed load; all else is a page that its policy stops
      expect(complaints.filter((text) => !text.includes('status of 403'))).toEqual([])
    } finally {
      await context.close()
    }
  }

  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])('takes a user id by keyboard, and leads to a client that works: %s', (_, javaScriptEnabled) =>
    atThePage(
      async (page, keeper) => {
        await page.keyboard.press('Tab')
        await page.keyboard.type('ada')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Signed in', exact: true }).waitFor()
        const connected = await comeBack(mcpEndpoint, keeper, new URL(page.url()))
        const { tools } = await connected.listTools()
        expect(tools.map(({ name }) => name)).toContain('datetime__parse_date')
      },
      { javaScriptEnabled },
    ),
  )

  it('asks again whoever may not sign in, and lets them go back', () =>
    atThePage(async (page) => {
      await page.getByLabel('Your user id').fill('zed')
      await page.getByRole('button', { name: 'Sign in' }).click()
      const alert = page.getByRole('alert')
      await alert.waitFor()
      expect(await alert.textContent()).toContain('Only end users of the workspace')
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('heading', { name: 'Not signed in' }).waitFor()
      expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
    }))

  it('posts nothing while the field is empty', () =>
    atThePage(async (page) => {
      const before = page.url()
      await page.getByRole('button', { name: 'Sign in' }).click()
      const field = page.getByLabel('Your user id')
      expect(await field.evaluate((input: HTMLInputElement) => input.validity.valueMissing)).toBe(true)
      expect(page.url()).toBe(before)
    }))
})
