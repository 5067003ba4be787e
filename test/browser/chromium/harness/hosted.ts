import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Page } from 'playwright-core'
import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { systemClock } from '../../../../src/engine/clock.js'
import { callbackPath } from '../../../../src/engine/oauth/authorization.js'
import { secureRandom } from '../../../../src/engine/random.js'
import { createConsentPages } from '../../../../src/mock/pages/consent.js'
import {
  authorizePath,
  createAuthorizationServer,
  createTokenRoute,
  issuerPath,
  tokenPath,
} from '../../../../src/mock/provider/index.js'
import { clickLast } from './chromium.js'
import { sleep, type Coop } from './server.js'

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

/** An offline Weavz whose pages behave in one way, and the provider that it sends users to. */
interface World {
  readonly client: WeavzClient
  readonly workspaceId: string
}

interface Port {
  readonly origin: string
  close(): Promise<void>
}

const policy = (coop: Coop = 'none') => (coop === 'none' ? undefined : coop)

async function listen(
  host: string,
  handle: (request: Request) => Response | Promise<Response>,
): Promise<Port> {
  const server = createServer(getRequestListener(handle) as RequestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const heading = (text: string) =>
  new Response(`<!doctype html><link rel="icon" href="data:,"><h1>${text}</h1>`, {
    headers: { 'content-type': 'text/html' },
  })

/**
 * The side that Weavz and the provider host, and a user in front of it: an offline Weavz and its authorization server,
 * with their real pages, on two origins of different sites. There is one pair for each way in which pages can behave.
 */
export class HostedSide {
  readonly #worlds = new Map<string, Promise<World>>()
  readonly #ports: Port[] = []
  readonly #polls = new Map<string, number>()
  readonly #clients = new Map<string, WeavzClient>()
  #sessions = 0

  private constructor(
    /** An origin that has no business with any session. */
    readonly strangerOrigin: string,
  ) {}

  static async start(): Promise<HostedSide> {
    const stranger = await listen('provider.localhost', () => heading('A stranger'))
    const side = new HostedSide(stranger.origin)
    side.#ports.push(stranger)
    return side
  }

  async createSession(behaviour: Behaviour = {}): Promise<{ token: string; connectUrl: string }> {
    const { hosted, provider, latencyMs, successRedirectUri } = behaviour
    const key = JSON.stringify([hosted, provider, latencyMs])
    const world = this.#worlds.get(key) ?? this.#createWorld(behaviour)
    this.#worlds.set(key, world)
    const { client, workspaceId } = await world
    const { token, connectUrl } = await client.connect.createToken({
      integrationName: 'slack',
      connectionName: 'My Slack',
      externalId: `slack_${++this.#sessions}`,
      workspaceId,
      ...(successRedirectUri !== undefined && { successRedirectUri }),
    })
    this.#clients.set(token, client)
    return { token, connectUrl }
  }

  async #createWorld({ hosted, provider, latencyMs = 0 }: Behaviour): Promise<World> {
    const [site, authority] = [new Hono(), new Hono()]
    const weavzAt = await listen('localhost', (request) => site.fetch(request))
    const providerAt = await listen('provider.localhost', (request) => authority.fetch(request))
    this.#ports.push(weavzAt, providerAt)

    const server = createAuthorizationServer({ clock: systemClock, random: secureRandom })
    const clientSecret = server.register({
      id: 'weavz',
      name: 'Slack',
      redirectUris: [weavzAt.origin + callbackPath],
      scopes: ['chat:write'],
    })
    authority.route('/', createTokenRoute(server)).route('/', createConsentPages(server, policy(provider)))

    const coop = policy(hosted)
    const weavz = createMockWeavz({
      random: secureRandom,
      ...(coop && { pages: { coop: { connect: coop, callback: coop } } }),
      oauthProviders: {
        slack: {
          issuer: providerAt.origin + issuerPath,
          authorizationEndpoint: providerAt.origin + authorizePath,
          // Called from here, where names below localhost need not resolve.
          tokenEndpoint: providerAt.origin.replace('provider.localhost', '127.0.0.1') + tokenPath,
          clientId: 'weavz',
          clientSecret,
          scopes: ['chat:write'],
        },
      },
    })
    // A page of the hosted origin that plays no part in any session, and can be framed.
    site.get('/other', () => heading('Another page'))
    site.all('*', async ({ req }) => {
      await this.#watch(req.raw.clone(), latencyMs)
      return weavz.fetch(req.raw)
    })
    const client = new WeavzClient({ apiKey: weavz.apiKey, baseUrl: weavzAt.origin })
    const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
    return { client, workspaceId: workspace.id }
  }

  async #watch(request: Request, latencyMs: number): Promise<void> {
    const { pathname } = new URL(request.url)
    const isPoll = pathname === '/api/v1/connect/session/poll' && request.method === 'POST'
    if (isPoll) {
      const { token } = (await request.json()) as { token: string }
      this.#polls.set(token, this.polls(token) + 1)
    }
    if (isPoll || pathname === '/connect') await sleep(latencyMs)
  }

  /** How often a session has been polled. */
  polls(token: string): number {
    return this.#polls.get(token) ?? 0
  }

  /** The connection that a session has made, by the client of its app's back end. */
  async connectionOf(token: string): Promise<string | null | undefined> {
    return (await this.#clients.get(token)!.connect.poll(token)).connectionId
  }

  /** Until the hosted page is shown. */
  async arrived(popup: Page): Promise<void> {
    await popup.waitForSelector('button[value=connect]')
  }

  /** From the hosted page to the provider's. */
  async leaveForProvider(popup: Page): Promise<void> {
    await popup.click('button[value=connect]', { noWaitAfter: true })
    await popup.waitForSelector('button[value=approve]')
  }

  /** On the provider's page. */
  allow(popup: Page): Promise<void> {
    return clickLast(popup.locator('button[value=approve]'))
  }

  deny(popup: Page): Promise<void> {
    return clickLast(popup.locator('button[value=deny]'))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#ports.map((port) => port.close()))
  }
}
