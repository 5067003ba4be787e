import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startExample } from '../../../examples/connect-popup/start.js'
import { clickLast, launchChromium, skipBrowser } from './harness/chromium.js'
import { sleep } from './harness/server.js'

/** Screenshots of what the user sees: kept by CI, not by git. */
const artifacts = fileURLToPath(new URL('../../../artifacts/', import.meta.url))

describe.skipIf(skipBrowser)('examples/connect-popup in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser
  let example: Awaited<ReturnType<typeof startExample>>

  beforeAll(async () => {
    ;[browser, example] = await Promise.all([launchChromium(), startExample({ port: 0 })])
    await mkdir(artifacts, { recursive: true })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await example?.close()
  })

  async function openApp(colorScheme: 'light' | 'dark') {
    const context = await browser.newContext({ colorScheme })
    const complaints: string[] = []
    // A policy that is too strict for the page, or a script that fails, shows on the console.
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    context.on('weberror', (error) => complaints.push(String(error.error())))
    const page = await context.newPage()
    await page.goto(example.url)
    const shoot = (of: Page, name: string) =>
      of.screenshot({ path: `${artifacts}connect-popup-${name}-${colorScheme}.png`, fullPage: true })
    const connect = async (label: string) => {
      const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByLabel(label).click()])
      await popup.waitForSelector('h1')
      return popup
    }
    const says = (name: string, text: string) =>
      page.waitForFunction(
        ([name, text]) => document.querySelector(`[data-integration=${name}] .state`)?.textContent === text,
        [name, text] as const,
      )
    return { context, page, complaints, shoot, connect, says }
  }

  it.each(['light', 'dark'] as const)(
    'connects by OAuth and by form, and uses the account (%s)',
    async (scheme) => {
      const { context, page, complaints, shoot, connect, says } = await openApp(scheme)
      await shoot(page, '1-app')
      await page.click('#message')
      await page.waitForFunction(() => document.querySelector('#log')?.textContent === 'Connect Slack first')

      const popup = await connect('Connect Slack')
      await shoot(popup, '2-connect')
      await popup.getByRole('button', { name: 'Continue to Slack' }).click()
      await popup.getByRole('heading', { name: 'Allow access to Slack?' }).waitFor()
      await shoot(popup, '3-consent')
      const closed = popup.waitForEvent('close')
      await clickLast(popup.getByRole('button', { name: 'Allow' }))
      await says('slack', 'Connected: Slack')
      await closed
      await page.click('#message')
      await page.waitForFunction(() => document.querySelector('#log')?.textContent === 'Sent to #general')

      const form = await connect('Connect OpenAI')
      await shoot(form, '4-form')
      await form.getByLabel('API key or token').fill('sk-example')
      await clickLast(form.getByRole('button', { name: 'Connect' }))
      await says('openai', 'Connected: OpenAI')
      await shoot(page, '5-connected')
      // The first message was refused on purpose.
      expect(complaints.filter((text) => !text.includes('409'))).toEqual([])
      await context.close()
    },
  )

  it('says so when the user refuses, or closes the window', async () => {
    const { context, connect, says } = await openApp('light')
    const popup = await connect('Connect Slack')
    await clickLast(popup.getByRole('button', { name: 'Cancel' }))
    await says('slack', 'The user denied access')
    const other = await connect('Connect OpenAI')
    // Until the helper has seen for long enough that nothing cut the window off: then a closed one is closed.
    await sleep(1500)
    await other.close()
    await says('openai', 'Not connected.')
    await context.close()
  })

  it('works with the keyboard alone', async () => {
    const { context, page, says } = await openApp('light')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
    await popup.waitForSelector('h1')
    await popup.keyboard.press('Tab')
    await popup.keyboard.type('sk-typed')
    await popup.keyboard.press('Enter')
    await says('openai', 'Connected: OpenAI')
    await context.close()
  })

  it("believes Weavz and not the page: nobody's connection can be reported as done", async () => {
    const { context, page } = await openApp('light')
    const answer = await page.evaluate(async () => {
      const response = await fetch('/connected/slack?connectionId=forged', { method: 'POST' })
      return response.status
    })
    expect(answer).toBe(409)
    await context.close()
  })
})
