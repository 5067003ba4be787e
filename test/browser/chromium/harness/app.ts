import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type * as Weavz from '@weavz/sdk/browser'
import { serve, type Coop, type Site } from './server.js'

/** What a test sees of an attempt that runs in a page. */
export interface Run {
  readonly events: readonly string[]
  readonly state: string
  readonly window: string
  readonly result?: Weavz.ConnectResult
  readonly error?: {
    readonly code: string
    readonly certain: boolean
    readonly sessionMayStillComplete: boolean
    readonly reason: string | null
    readonly text: string
  }
}

declare global {
  interface Window {
    weavz: typeof Weavz
    attempts: Weavz.ConnectAttempt[]
    errors: Weavz.WeavzConnectError[]
    track(attempt: Weavz.ConnectAttempt | null): void
    read(index: number): Run
    onConnect(): void
  }
}

/** Runs in the app's page. */
function pageScript(): void {
  const outcomes: { events: string[]; result?: Weavz.ConnectResult; error?: Run['error'] }[] = []
  window.attempts = []
  window.errors = []
  window.track = (attempt) => {
    if (!attempt || window.attempts.includes(attempt)) return
    const outcome: (typeof outcomes)[number] = { events: [] }
    window.attempts.push(attempt)
    outcomes.push(outcome)
    attempt.on('state', ({ state }) => void outcome.events.push(state))
    for (const type of ['close_suspected', 'close_cleared', 'poll_failed'] as const) {
      attempt.on(type, () => void outcome.events.push(type))
    }
    attempt.result.then(
      (result) => void (outcome.result = result),
      (error: Weavz.WeavzConnectError) => {
        const { code, certain, sessionMayStillComplete, reason } = error
        window.errors.push(error)
        outcome.error = { code, certain, sessionMayStillComplete, reason, text: String(error.stack) }
      },
    )
  }
  window.read = (index) => {
    const { state, window: view } = window.attempts[index]!
    return { ...outcomes[index]!, state, window: view }
  }
  document.querySelector('button')!.onclick = () => window.onConnect()
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../../../../src/browser/index.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    globalName: 'weavz',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** The app: a page with one button, under any opener policy, and a page for the way back. */
export async function startApp(): Promise<Site> {
  const library = await bundle()
  // Vitest's transform may wrap functions in helpers that a page does not know.
  const script = `const __name = (f) => f;(${pageScript.toString()})()`
  return serve('127.0.0.1', (_request, url, reply) => {
    if (url.pathname === '/weavz.js') return reply.script(library)
    const coop = (url.searchParams.get('coop') ?? 'none') as Coop
    const run = url.pathname === '/return' ? 'weavz.resumeConnect()' : script
    // Opens without a click, which a browser's blocker refuses; the session is in the fragment.
    const auto =
      url.pathname === '/auto'
        ? ';track(weavz.openConnect(...JSON.parse(decodeURIComponent(location.hash.slice(1)))))'
        : ''
    reply.html(
      `<h1>App</h1><button>Connect</button><script src="/weavz.js"></script><script>${run}${auto}</script>`,
      coop,
    )
  })
}

/** Options of the helper that can cross into the page. */
export type PageOptions = Omit<Weavz.OpenOptions, 'signal' | 'poll' | 'popup'>

/**
 * Intervals short enough to wait for, in the proportions of the defaults. `windowMs` is the default itself: that a handle
 * is not being cut off is concluded from real time, and a busy machine needs all of it.
 */
export const quick: Partial<Weavz.ConnectTiming> = {
  pollMs: 100,
  requestMs: 2000,
  windowMs: 500,
  graceMs: 450,
  abandonMs: 1800,
}

/** The app in a browser, and what a user and a developer do with it. */
export class AppPage {
  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {}

  static async open(browser: Browser, app: Site, coop: Coop = 'none'): Promise<AppPage> {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${app.origin}/?coop=${coop}`)
    return new AppPage(page, context)
  }

  /** Makes the button open this session. `delayMs`: the app's back end takes that long to hand it out. */
  async arm(
    session: { token: string; connectUrl: string },
    options: PageOptions = {},
    delayMs?: number,
  ): Promise<void> {
    await this.page.evaluate(
      ([session, options, delayMs]) => {
        window.onConnect = () => {
          const later = () =>
            new Promise<typeof session>((resolve) => setTimeout(() => resolve(session), delayMs))
          window.track(window.weavz.openConnect(delayMs === undefined ? session : later, options))
        }
      },
      [session, { timing: quick, ...options }, delayMs] as const,
    )
  }

  /** Loads a page that opens the session at once, without a click. */
  async openUnasked(
    app: Site,
    session: { token: string; connectUrl: string },
    options: PageOptions = {},
  ): Promise<void> {
    const given = encodeURIComponent(JSON.stringify([session, { timing: quick, ...options }]))
    await this.page.goto(`${app.origin}/auto#${given}`, { waitUntil: 'commit' })
  }

  /** Goes on with a pending attempt, as a page does when it has loaded. */
  async resume(options: PageOptions = {}): Promise<void> {
    await this.page.evaluate((options) => window.track(window.weavz.resumeConnect(options)), {
      timing: quick,
      ...options,
    })
  }

  /** Clicks the button and returns the window that opens. */
  async connect(): Promise<Page> {
    const [popup] = await Promise.all([this.page.waitForEvent('popup'), this.page.click('button')])
    return popup
  }

  read(index = 0): Promise<Run> {
    return this.page.evaluate((index) => window.read(index), index)
  }

  /** Waits until the attempt has settled. */
  async settled(index = 0): Promise<Run> {
    await this.page.waitForFunction(
      (index) => {
        const run = window.read(index)
        return run.result !== undefined || run.error !== undefined
      },
      index,
      { polling: 50, timeout: 15_000 },
    )
    return this.read(index)
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
