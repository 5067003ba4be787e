import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppPage, quick, startApp, type Run } from './harness/app.js'
import { launchChromium, skipBrowser } from './harness/chromium.js'
import { HostedSide } from './harness/hosted.js'
import { sleep, type Coop, type Site } from './harness/server.js'

const hostPolicies: Coop[] = ['none', 'same-origin-allow-popups', 'same-origin']
const providerPolicies: Coop[] = ['none', 'same-origin-allow-popups', 'same-origin', 'noopener-allow-popups']

const rows = hostPolicies.flatMap((host) => providerPolicies.map((provider) => ({ host, provider })))
/** Long enough for a user; the rows in which the user closes the window shorten it. */
const patient = { ...quick, abandonMs: 30_000 }

describe.skipIf(skipBrowser)('the header matrix in Chromium', { concurrent: true, timeout: 60_000 }, () => {
  let browser: Browser
  let app: Site
  let hosted: HostedSide

  beforeAll(async () => {
    ;[browser, app, hosted] = await Promise.all([launchChromium(), startApp(), HostedSide.start()])
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await Promise.all([app?.close(), hosted?.stop()])
  })

  describe.each(rows)('app $host, provider $provider', ({ host, provider }) => {
    const cutByApp = host === 'same-origin'
    const cutAtProvider = cutByApp || provider !== 'none'

    it('completes after the user has taken their time at the provider', async () => {
      const page = await AppPage.open(browser, app, host)
      const session = await hosted.createSession({ provider })
      await page.arm(session, { timing: patient })
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await sleep(2 * quick.graceMs!)
      const meanwhile = await page.read()
      expect(meanwhile).toMatchObject({
        state: 'connecting',
        window: cutAtProvider ? 'unobservable' : 'open',
      })
      await hosted.allow(popup)
      const run = await page.settled()
      expect(run).toMatchObject({
        state: 'completed',
        result: { integrationName: 'slack' },
      })
      expect(run.result?.connectionId).toBe(await hosted.connectionOf(session.token))
      await page.close()
    })

    it('fails with the reason when the user denies', async () => {
      const page = await AppPage.open(browser, app, host)
      await page.arm(await hosted.createSession({ provider }), { timing: patient })
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await hosted.deny(popup)
      expect((await page.settled()).error).toMatchObject({
        code: 'CONNECT_FAILED',
        reason: expect.stringContaining('denied access'),
        certain: true,
        sessionMayStillComplete: false,
      })
      await page.close()
    })

    it(`is ${cutByApp ? 'abandoned, uncertain,' : 'closed, for certain,'} when the user closes the hosted page`, async () => {
      const page = await AppPage.open(browser, app, host)
      await page.arm(await hosted.createSession({ provider }))
      const popup = await page.connect()
      await hosted.arrived(popup)
      await sleep(quick.windowMs! * 3)
      await popup.close()
      expectClosed(await page.settled(), !cutByApp)
      await page.close()
    })

    it("is abandoned, uncertain, when the user closes the provider's page", async () => {
      const page = await AppPage.open(browser, app, host)
      await page.arm(await hosted.createSession({ provider }))
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await popup.close()
      expectClosed(await page.settled(), false)
      await page.close()
    })
  })
})

function expectClosed(run: Run, certain: boolean): void {
  expect(run.error).toMatchObject({
    code: certain ? 'CONNECT_POPUP_CLOSED' : 'CONNECT_ABANDONED',
    certain,
    sessionMayStillComplete: true,
  })
  expect(run.events.includes('close_suspected')).toBe(!certain)
}
