import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, skipBrowser } from '../browser/chromium/harness/chromium.js'
import { serve, type Site } from '../browser/chromium/harness/server.js'
import type { FaultEffect } from '../../src/mock/index.js'
import type * as PageCode from './worker-page.js'

declare global {
  interface Window {
    code: typeof PageCode
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('worker-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'code',
    platform: 'browser',
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

async function startApp(): Promise<Site> {
  const worker = createRequire(import.meta.url).resolve('msw/mockServiceWorker.js')
  const [script, serviceWorker] = await Promise.all([bundle(), readFile(worker, 'utf8')])
  // localhost and loopback addresses are secure contexts: elsewhere a page gets no service worker
  return serve('127.0.0.1', (_request, url, reply) => {
    if (url.pathname === '/mockServiceWorker.js') return reply.script(serviceWorker)
    if (url.pathname === '/page.js') return reply.script(script)
    reply.html('<script src="/page.js"></script>')
  })
}

describe.skipIf(skipBrowser)('weavzHandlers in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser
  let app: Site
  let page: Page
  const offered: string[] = []

  beforeAll(async () => {
    ;[browser, app] = await Promise.all([launchChromium(), startApp()])
    page = await browser.newPage()
    page.on('pageerror', (error) => offered.push(`error: ${error.message}`))
    // What the service worker lets through would leave the machine
    await page.context().route(
      (url) => url.origin !== app.origin,
      (route) => {
        offered.push(route.request().url())
        return route.abort()
      },
    )
    await page.goto(app.origin)
    await page.evaluate(() => window.code.start())
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await app?.close()
    expect(offered).toEqual([])
  })

  it('answer a client that is built in the page', async () => {
    const answer = await page.evaluate(() => window.code.execute('Hello'))
    expect(answer).toEqual({ heard: 'Hello' })
  })

  it('let the connect helper see a session complete', async () => {
    const { result, connections } = await page.evaluate(() => window.code.connect())
    expect(result).toMatchObject({ integrationName: 'slack' })
    expect(connections).toEqual([result.connectionId])
  })

  it('answer a path that does not exist with the nearest endpoint', async () => {
    expect(await page.evaluate(() => window.code.mistype())).toEqual({
      status: 404,
      body: { error: 'Route not found; did you mean GET /api/v1/connections?', code: 'NOT_FOUND' },
    })
  })

  it('answer below a base URL with a path', async () => {
    expect(await page.evaluate(() => window.code.throughProxy())).toEqual(['behind-a-proxy'])
  })

  it('make a network error of a connection that breaks off', async () => {
    expect(await page.evaluate(() => window.code.breakOff())).toBe('NETWORK_ERROR')
  })

  const answer = { status: 200, retryAfter: null, body: 'JSON' }
  it.each<[FaultEffect, unknown, string]>([
    [{ type: 'status', status: 503 }, { ...answer, status: 503 }, 'INTEGRATION_UNAVAILABLE'],
    [{ type: 'rate-limit', retryAfter: 7 }, { ...answer, status: 429, retryAfter: '7' }, 'RATE_LIMITED'],
    [{ type: 'latency', ms: 5, clock: 'real' }, answer, 'answered'],
    [{ type: 'reset' }, 'TypeError', 'NETWORK_ERROR'],
    [{ type: 'no-answer' }, 'TimeoutError', 'TIMEOUT'],
    [{ type: 'malformed-json' }, { ...answer, body: 'SyntaxError' }, 'INVALID_RESPONSE'],
    [{ type: 'truncate' }, { ...answer, body: 'TypeError' }, 'NETWORK_ERROR'],
    [{ type: 'slow-body', ms: 1 }, answer, 'answered'],
  ])('let a page see faults: %j', async (effect, seen, client) => {
    expect(await page.evaluate((each) => window.code.strike(each), effect)).toEqual({
      ...{ seen, client, struck: [1, 1] },
    })
  })
})
