import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppPage, quick, startApp } from './harness/app.js'
import { launchChromium, skipBrowser } from './harness/chromium.js'
import { HostedSide } from './harness/hosted.js'
import { sleep, type Coop, type Site } from './harness/server.js'

const patient = { ...quick, abandonMs: 30_000 }
/** Polls once at the start and then only when a doorbell rings. */
const doorbellOnly = { ...patient, pollMs: 600_000 }

describe.skipIf(skipBrowser)('the connect helper in Chromium', { concurrent: true, timeout: 60_000 }, () => {
  let browser: Browser
  let blocking: Browser
  let app: Site
  let hosted: HostedSide

  beforeAll(async () => {
    ;[browser, blocking, app, hosted] = await Promise.all([
      launchChromium(),
      launchChromium({ blockPopups: true }),
      startApp(),
      HostedSide.start(),
    ])
  }, 120_000)

  afterAll(async () => {
    await Promise.all([browser?.close(), blocking?.close()])
    await Promise.all([app?.close(), hosted?.stop()])
  })

  async function withPage(
    test: (page: AppPage) => Promise<void>,
    options: { coop?: Coop; from?: Browser } = {},
  ): Promise<void> {
    const page = await AppPage.open(options.from ?? browser, app, options.coop)
    try {
      await test(page)
    } finally {
      await page.close()
    }
  }

  describe('when the window is blocked', () => {
    it('says so, and opens it from a new click', () =>
      withPage(
        async (page) => {
          await page.openUnasked(app, await hosted.createSession())
          expect(await page.settled()).toMatchObject({
            state: 'blocked',
            error: { code: 'CONNECT_POPUP_BLOCKED', certain: true, sessionMayStillComplete: false },
          })
          await page.page.evaluate(() => {
            window.onConnect = () => window.track(window.errors[0]!.resume())
          })
          const popup = await page.connect()
          await hosted.leaveForProvider(popup)
          await hosted.allow(popup)
          expect(await page.settled(1)).toMatchObject({ state: 'completed' })
        },
        { from: blocking },
      ))

    it('sends the whole page there if asked to, and goes on after the way back', () =>
      withPage(
        async (page) => {
          const session = await hosted.createSession({ successRedirectUri: `${app.origin}/` })
          await page.openUnasked(app, session, { onBlocked: 'redirect' })
          await hosted.leaveForProvider(page.page)
          await hosted.allow(page.page)
          await page.page.waitForURL(`${app.origin}/?status=success**`)
          const { searchParams } = new URL(page.page.url())
          const connectionId = await hosted.connectionOf(session.token)
          expect(searchParams.get('connectionId')).toBe(connectionId)
          // Anyone can write such an address, so that it is not believed.
          await page.page.goto(`${app.origin}/?status=success&connectionId=forged`)
          await page.resume()
          expect(await page.settled()).toMatchObject({ state: 'completed', result: { connectionId } })
        },
        { from: blocking },
      ))
  })

  it('resumes nothing where nothing is pending', () =>
    withPage(async (page) => {
      expect(await page.page.evaluate(() => window.weavz.resumeConnect())).toBeNull()
    }))

  it('redirects the whole page and follows the session afterwards', () =>
    withPage(async (page) => {
      const session = await hosted.createSession({ successRedirectUri: `${app.origin}/` })
      await page.page.evaluate(
        (session) => void window.weavz.redirectConnect(() => Promise.resolve(session)),
        session,
      )
      await hosted.leaveForProvider(page.page)
      await hosted.allow(page.page)
      await page.page.waitForURL(`${app.origin}/?status=success**`)
      await page.resume()
      expect(await page.settled()).toMatchObject({ state: 'completed' })
      expect(await page.page.evaluate(() => window.weavz.resumeConnect()), 'pending no more').toBeNull()
    }))

  it('keeps two attempts at once apart', () =>
    withPage(async (page) => {
      const first = await hosted.createSession()
      const second = await hosted.createSession()
      await page.arm(first)
      const popup = await page.connect()
      await page.arm(second, { timing: patient })
      const other = await page.connect()
      await hosted.arrived(popup)
      await sleep(quick.windowMs! * 3)
      await popup.close()
      expect((await page.settled(0)).error?.code).toBe('CONNECT_POPUP_CLOSED')
      expect((await page.read(1)).state).toBe('hosted')
      await hosted.leaveForProvider(other)
      await hosted.allow(other)
      const run = await page.settled(1)
      expect(run.result?.connectionId).toBe(await hosted.connectionOf(second.token))
    }))

  it('joins a second click on the same key', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession(), { key: 'slack', timing: patient }, 0)
      const popup = await page.connect()
      await page.page.click('button')
      await page.page.click('button')
      await hosted.leaveForProvider(popup)
      expect(page.context.pages()).toHaveLength(2)
      expect(await page.page.evaluate(() => window.attempts.length)).toBe(1)
      await hosted.allow(popup)
      expect(await page.settled()).toMatchObject({ state: 'completed' })
    }))

  it('replaces the running attempt of the same key if asked to', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession(), { key: 'slack' })
      const popup = await page.connect()
      await page.arm(await hosted.createSession(), { key: 'slack', concurrency: 'replace', timing: patient })
      const closed = popup.waitForEvent('close')
      const next = await page.connect()
      await closed
      expect((await page.settled(0)).error?.code).toBe('CONNECT_SUPERSEDED')
      await hosted.leaveForProvider(next)
      await hosted.allow(next)
      expect(await page.settled(1)).toMatchObject({ state: 'completed' })
    }))

  it('reopens the window in the next click when it was cut off and closed at the provider', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession({ provider: 'same-origin' }), { timing: patient })
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await popup.close()
      await page.page.waitForFunction(() => window.read(0).events.includes('close_suspected'))
      const again = await page.connect()
      await hosted.leaveForProvider(again)
      await hosted.allow(again)
      const run = await page.settled()
      expect(run.state).toBe('completed')
      expect(run.events).toContain('close_cleared')
      expect(await page.page.evaluate(() => window.attempts.length)).toBe(1)
    }))

  it('knows for certain that the blank window was closed while the token was being fetched', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession(), {}, 5000)
      const popup = await page.connect()
      await popup.close()
      expect((await page.settled()).error).toMatchObject({
        code: 'CONNECT_POPUP_CLOSED',
        certain: true,
        sessionMayStillComplete: false,
      })
    }))

  it('uses the window that a handler opened before it had to wait', () =>
    withPage(async (page) => {
      await page.page.evaluate(
        ([session, timing]) => {
          window.onConnect = () => {
            const popup = window.weavz.preopen()
            setTimeout(() => window.track(window.weavz.openConnect(session, { popup, timing })), 300)
          }
        },
        [await hosted.createSession(), patient] as const,
      )
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await hosted.allow(popup)
      expect(await page.settled()).toMatchObject({ state: 'completed' })
    }))

  it('completes on a slow network', () =>
    withPage(async (page) => {
      const session = await hosted.createSession({ latencyMs: 800 })
      await page.arm(session, { timing: patient }, 800)
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await hosted.allow(popup)
      expect(await page.settled()).toMatchObject({ state: 'completed' })
    }))

  it('survives a network that is away for a while', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession(), { timing: patient })
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await page.context.setOffline(true)
      await page.page.waitForFunction(
        () => window.read(0).events.filter((e) => e === 'poll_failed').length > 1,
      )
      await page.context.setOffline(false)
      await hosted.allow(popup)
      expect(await page.settled()).toMatchObject({ state: 'completed' })
    }))

  it("does not take the browser's error page for a hosted page that leaves the handle alone", () =>
    withPage(async (page) => {
      await page.context.setOffline(true)
      await page.arm(await hosted.createSession({ hosted: 'same-origin' }), { timing: patient })
      const popup = await page.connect()
      await page.page.waitForFunction(() => window.read(0).events.includes('poll_failed'))
      await sleep(quick.windowMs! * 3)
      await page.context.setOffline(false)
      await popup.reload()
      await hosted.arrived(popup)
      await page.page.waitForFunction(() => window.read(0).events.includes('close_suspected'))
      await sleep(quick.graceMs!)
      expect(await page.read()).toMatchObject({ state: 'hosted', window: 'unobservable' })
      await hosted.leaveForProvider(popup)
      await hosted.allow(popup)
      expect(await page.settled()).toMatchObject({ state: 'completed' })
    }))

  it('is never certain about a hosted page that cuts the handle off', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession({ hosted: 'same-origin' }))
      const popup = await page.connect()
      await hosted.arrived(popup)
      await popup.close()
      expect((await page.settled()).error).toMatchObject({ code: 'CONNECT_ABANDONED', certain: false })
    }))

  it('goes on when the page that opened the window is reloaded', () =>
    withPage(async (page) => {
      await page.arm(await hosted.createSession(), { timing: patient })
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await page.page.reload()
      await page.resume({ timing: patient })
      expect(await page.read()).toMatchObject({ window: 'unobservable' })
      await hosted.allow(popup)
      expect(await page.settled()).toMatchObject({ state: 'completed' })
    }))

  it('opens nothing when it was aborted before', () =>
    withPage(async (page) => {
      await page.page.evaluate(
        (session) => {
          const signal = AbortSignal.abort(new Error('no'))
          window.onConnect = () => window.track(window.weavz.openConnect(session, { signal }))
        },
        await hosted.createSession(),
      )
      await page.page.click('button')
      expect((await page.settled()).error?.code).toBe('CONNECT_ABORTED')
      expect(page.context.pages()).toHaveLength(1)
    }))

  it('closes the window when it is aborted, and can still pick up what the user finished', () =>
    withPage(async (page) => {
      const session = await hosted.createSession()
      await page.arm(session)
      const popup = await page.connect()
      await hosted.arrived(popup)
      const closed = popup.waitForEvent('close')
      await page.page.evaluate(() => window.attempts[0]!.cancel())
      await closed
      expect((await page.settled()).error).toMatchObject({
        code: 'CONNECT_ABORTED',
        certain: false,
        sessionMayStillComplete: true,
      })
      const elsewhere = await page.context.newPage()
      await elsewhere.goto(session.connectUrl)
      await hosted.leaveForProvider(elsewhere)
      await hosted.allow(elsewhere)
      await page.page.evaluate(() => window.track(window.errors[0]!.resume()))
      expect(await page.settled(1)).toMatchObject({ state: 'completed' })
    }))

  describe('doorbells', () => {
    it('takes the message of the hosted page as a reason to poll at once', () =>
      withPage(async (page) => {
        const session = await hosted.createSession()
        await page.arm(session, { timing: doorbellOnly })
        const popup = await page.connect()
        await hosted.leaveForProvider(popup)
        await hosted.allow(popup)
        expect(await page.settled()).toMatchObject({ state: 'completed' })
      }))

    it.for<[Coop, Coop]>([
      ['same-origin', 'none'],
      ['same-origin', 'noopener-allow-popups'],
      ['none', 'same-origin'],
      ['none', 'none'],
    ])("hears the app's own return page (app %s, provider %s)", ([coop, provider]) =>
      withPage(
        async (page) => {
          const session = await hosted.createSession({ provider, successRedirectUri: `${app.origin}/return` })
          await page.arm(session, { timing: doorbellOnly })
          const popup = await page.connect()
          await hosted.leaveForProvider(popup)
          const polls = hosted.polls(session.token)
          await hosted.allow(popup)
          expect(await page.settled()).toMatchObject({ state: 'completed' })
          expect(hosted.polls(session.token)).toBeGreaterThan(polls)
        },
        { coop },
      ),
    )

    it('ignores forged messages', () =>
      withPage(async (page) => {
        const session = await hosted.createSession()
        await page.arm(session, { timing: doorbellOnly })
        const popup = await page.connect()
        await hosted.arrived(popup)
        await sleep(quick.graceMs!)
        const polls = hosted.polls(session.token)
        const before = await page.read()

        const frame = async (url: string) => {
          const handle = await page.page.evaluateHandle((url) => {
            const frame = document.createElement('iframe')
            frame.src = url
            document.body.append(frame)
            return frame
          }, url)
          const content = (await handle.asElement()!.contentFrame())!
          await content.waitForSelector('h1')
          return content
        }
        const forge = (nonce?: string) => {
          const message = { type: 'weavz-connect-result', status: 'success', connectionId: 'forged', nonce }
          window.parent.postMessage(message, '*')
        }
        // Another origin; the right origin from another window; the same with a made-up nonce; the app's own channel
        // with a made-up nonce.
        await (await frame(hosted.strangerOrigin)).evaluate(forge, undefined)
        const otherWindow = await frame(`${new URL(session.connectUrl).origin}/other`)
        await otherWindow.evaluate(forge, undefined)
        await otherWindow.evaluate(forge, '0')
        const accomplice = await page.context.newPage()
        await accomplice.goto(app.origin)
        await accomplice.evaluate(() => {
          new BroadcastChannel('weavz-connect').postMessage({ nonce: '0', type: 'weavz-connect-result' })
        })
        await sleep(quick.graceMs! * 2)
        expect(hosted.polls(session.token)).toBe(polls)
        expect(await page.read()).toEqual(before)

        await hosted.leaveForProvider(popup)
        await hosted.allow(popup)
        expect((await page.settled()).result?.connectionId).not.toBe('forged')
      }))
  })

  it('names no token in errors and events', () =>
    withPage(async (page) => {
      const session = await hosted.createSession()
      await page.arm(session)
      const popup = await page.connect()
      await hosted.leaveForProvider(popup)
      await hosted.deny(popup)
      const run = await page.settled()
      expect(run.error?.code).toBe('CONNECT_FAILED')
      const everything = await page.page.evaluate(
        () => JSON.stringify(window.errors) + JSON.stringify(window.attempts),
      )
      expect(JSON.stringify(run) + everything).not.toContain(session.token)
    }))
})
