import { afterEach, describe, expect, test, vi } from 'vitest'
import type { OpenOptions } from '../../src/browser/index.js'
import { WeavzClient } from '../../src/index.js'
import { json, rejection, script } from '../transport/support.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

const session = { token: 'cst_test', connectUrl: 'https://api.weavz.io/connect?token=cst_test' }

/** A page, as far as the helper looks at one. */
function stubPage(answer: object) {
  const calls: string[] = []
  const popup = {
    closed: false,
    location: { href: 'about:blank', replace: (url: string) => calls.push(`goes to ${url}`) },
    sessionStorage: { setItem: () => undefined },
    focus: () => undefined,
    close() {
      popup.closed = true
      calls.push('closed')
    },
  }
  const { fetch, sent } = script(json(answer))
  const page = {
    open(url: string) {
      calls.push(`opens ${url}`)
      return popup
    },
    addEventListener: () => undefined,
    location: { assign: () => undefined },
    sessionStorage: { getItem: () => null, setItem: () => undefined },
    ...{ screenX: 0, screenY: 0, outerWidth: 1000, outerHeight: 800 },
  }
  vi.stubGlobal('document', {})
  vi.stubGlobal('window', page)
  vi.stubGlobal('fetch', fetch)
  return { calls, sent }
}

const completed = { status: 'COMPLETED', connectionId: 'c', integrationName: 'slack', externalId: 'mine' }

describe('connect.popup', () => {
  test('opens the window before it returns, and gives the connection', async () => {
    const { calls, sent } = stubPage(completed)
    const connecting = new WeavzClient().connect.popup(session)
    expect(calls).toEqual(['opens about:blank'])
    expect(await connecting).toEqual({ connectionId: 'c', integrationName: 'slack', externalId: 'mine' })
    expect(calls).toEqual(['opens about:blank', `goes to ${session.connectUrl}`, 'closed'])
    expect(sent[0]?.url.href).toBe('https://api.weavz.io/api/v1/connect/session/poll')
  })

  test('sends no API key from the page', async () => {
    const { sent } = stubPage(completed)
    const weavz = new WeavzClient({ apiKey: 'wvz_not_for_pages', dangerouslyAllowBrowser: true })
    await weavz.connect.popup(session)
    expect(JSON.stringify(sent)).not.toContain('wvz_')
  })

  test('closes the window again when the session cannot be used', async () => {
    const { calls } = stubPage(completed)
    const connecting = new WeavzClient().connect.popup({ ...session, connectUrl: 'javascript:alert(1)' })
    await expect(connecting).rejects.toMatchObject({ code: 'CONNECT_INVALID_URL' })
    expect(calls).toEqual(['opens about:blank', 'closed'])
  })

  test('refuses an option that it does not take, and closes the window again', async () => {
    const { calls, sent } = stubPage(completed)
    const connecting = new WeavzClient().connect.popup(session, { timeout: 5 } as OpenOptions)
    const error = await rejection(connecting)
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^connect\.popup takes \{ .*timeoutMs.* \}, and no `timeout`$/),
    })
    expect(calls).toEqual(['opens about:blank', 'closed'])
    expect(sent).toEqual([])
  })

  test('takes every option of the helper', async () => {
    stubPage(completed)
    const { signal } = new AbortController()
    const connection = await new WeavzClient().connect.popup(session, {
      ...{
        baseUrl: 'https://api.weavz.io',
        signal,
        timeoutMs: 5000,
        timing: { pollMs: 10 },
        poll: undefined,
      },
      ...{ key: 'one', allowedOrigins: [], size: { width: 400, height: 400 } },
      ...{ concurrency: 'separate', onBlocked: 'error' },
    } as OpenOptions)
    expect(connection.connectionId).toBe('c')
  })

  test('rejects with the reason when the user refuses', async () => {
    stubPage({ ...completed, status: 'FAILED', connectionId: null, error: 'The user denied access' })
    await expect(new WeavzClient().connect.popup(session)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      reason: 'The user denied access',
    })
  })

  test('says that it needs a page where there is none', async () => {
    await expect(new WeavzClient().connect.popup(session)).rejects.toMatchObject({
      code: 'CONNECT_UNSUPPORTED_ENVIRONMENT',
    })
  })
})
