import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Locator } from 'playwright-core'

/** `WEAVZ_SKIP_BROWSER=1` skips the suites of this folder; vitest counts them as skipped. */
export const skipBrowser = process.env['WEAVZ_SKIP_BROWSER'] === '1'

const chosen = process.env['WEAVZ_CHROMIUM']
const executable = chosen ?? '/usr/bin/chromium'

function provide(): void {
  if (existsSync(executable)) return
  if (chosen === undefined) {
    // Two suites may get here at once, and one of them then waits for the other's lock.
    const apt =
      'apt-get update && apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 chromium'
    spawnSync('sh', ['-c', apt], { stdio: 'ignore' })
    if (existsSync(executable)) return
  }
  throw new Error(
    `No Chromium at ${executable}: install it (Debian: apt-get install chromium), name another one in WEAVZ_CHROMIUM, or skip these tests with WEAVZ_SKIP_BROWSER=1.`,
  )
}

/** Starts the browser of the system. `blockPopups` keeps Chromium's own pop-up blocker, which Playwright turns off. */
export async function launchChromium(options: { blockPopups?: boolean } = {}): Promise<Browser> {
  provide()
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    ...(options.blockPopups && { ignoreDefaultArgs: ['--disable-popup-blocking'] }),
  })
}

/**
 * The click after which a window closes, by itself or by the app that has opened it. It can be gone
 * before Playwright has seen the end of its own click, which it then reports as a page that "has been
 * closed"; that the click came through is for what follows to show.
 */
export async function clickLast(button: Locator): Promise<void> {
  await button.click({ noWaitAfter: true }).catch((error: Error) => {
    if (!error.message.includes('has been closed')) throw error
  })
}
