import type { Page } from 'playwright-core'
import { bodyOf, serve, sleep, type Coop } from './server.js'

/** How the pages of one session behave. */
export interface Behaviour {
  /** Header of the hosted pages. */
  readonly hosted?: Coop
  /** Header of the provider's page. */
  readonly provider?: Coop
  /** Milliseconds before each answer to a poll, and before the hosted page. */
  readonly latencyMs?: number
  /** Where the hosted side sends the user instead of posting the message. */
  readonly successRedirectUri?: string
}

/**
 * The side that Weavz and the provider host, and a user in front of it. Tests know nothing else of it, so that any
 * implementation can stand here.
 */
export interface HostedSide {
  /** Where sessions are polled. */
  readonly baseUrl: string
  createSession(behaviour?: Behaviour): { token: string; connectUrl: string }
  /** How often a session has been polled. */
  polls(token: string): number
  /** From the hosted page to the provider's. */
  leaveForProvider(popup: Page): Promise<void>
  /** On the provider's page. */
  allow(popup: Page): Promise<void>
  deny(popup: Page): Promise<void>
  /** Any page of the hosted origin that plays no part in a session. */
  readonly otherPage: string
  /** An origin that has no business with the session. */
  readonly strangerOrigin: string
  stop(): Promise<void>
}

interface Session {
  status: 'PENDING' | 'CONNECTING' | 'COMPLETED' | 'FAILED'
  connectionId: string | null
  error: string | null
  polls: number
  readonly behaviour: Behaviour
}

/** A small stand-in for both: one page each, and the poll endpoint. */
export async function startHostedSide(): Promise<HostedSide> {
  const sessions = new Map<string, Session>()
  let count = 0

  const provider = await serve('provider.localhost', (_request, url, reply) => {
    const state = url.searchParams.get('state') ?? ''
    const back = (answer: string) => `${hosted.origin}/callback?state=${state}&${answer}`
    reply.html(
      `<h1>Provider</h1><a id="allow" href="${back('code=c')}">Allow</a> <a id="deny" href="${back('error=access_denied')}">Deny</a>`,
      sessions.get(state)?.behaviour.provider,
    )
  })

  const hosted = await serve('localhost', async (request, url, reply) => {
    if (url.pathname === '/api/v1/connect/session/poll') {
      const { token } = JSON.parse(await bodyOf(request)) as { token: string }
      const session = sessions.get(token)
      if (!session) return reply.json(401, { error: 'Unknown token', code: 'INVALID_TOKEN' })
      session.polls++
      await sleep(session.behaviour.latencyMs ?? 0)
      const { status, connectionId, error } = session
      return reply.json(200, {
        status,
        connectionId,
        error,
        integrationName: 'slack',
        externalId: 'my_slack',
      })
    }
    if (url.pathname === '/other') return reply.html('<h1>Another page</h1>')
    const token = url.searchParams.get('token') ?? url.searchParams.get('state') ?? ''
    const session = sessions.get(token)
    if (!session) return reply.html('<h1>No such session</h1>')
    const { behaviour } = session
    if (url.pathname === '/connect') {
      await sleep(behaviour.latencyMs ?? 0)
      return reply.html(
        `<h1>Connect</h1><a id="continue" href="/leave?token=${token}">Continue</a>`,
        behaviour.hosted,
      )
    }
    if (url.pathname === '/leave') {
      session.status = 'CONNECTING'
      return reply.redirect(`${provider.origin}/authorize?state=${token}`)
    }
    const error = url.searchParams.get('error')
    session.status = error ? 'FAILED' : 'COMPLETED'
    session.error = error
    session.connectionId = error ? null : `connection-of-${token.slice(-1)}`
    if (!error && behaviour.successRedirectUri) {
      return reply.redirect(`${behaviour.successRedirectUri}?status=success&connectionId=forged`)
    }
    const message = { type: 'weavz-connect-result', status: error ? 'error' : 'success' }
    reply.html(
      `<h1>Done</h1><script>window.opener?.postMessage(${JSON.stringify(message)}, '*')</script>`,
      behaviour.hosted,
    )
  })

  const click = async (page: Page, selector: string) => {
    await page.click(selector, { noWaitAfter: true })
  }

  return {
    baseUrl: hosted.origin,
    otherPage: `${hosted.origin}/other`,
    strangerOrigin: provider.origin,
    createSession(behaviour = {}) {
      const token = `cst_${'0'.repeat(24)}${++count}`
      sessions.set(token, { status: 'PENDING', connectionId: null, error: null, polls: 0, behaviour })
      return { token, connectUrl: `${hosted.origin}/connect?token=${token}` }
    },
    polls: (token) => sessions.get(token)?.polls ?? 0,
    async leaveForProvider(popup) {
      await click(popup, '#continue')
      await popup.waitForSelector('#allow')
    },
    allow: (popup) => click(popup, '#allow'),
    deny: (popup) => click(popup, '#deny'),
    async stop() {
      await Promise.all([hosted.close(), provider.close()])
    },
  }
}
