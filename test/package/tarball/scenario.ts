/**
 * What works in every runtime, written once. It gets the entries of the package as arguments, since CommonJS loads them
 * with `require`, and uses nothing that is not in all runtimes.
 */
import type { ResolutionRequest } from '@weavz/sdk/resolver'
import type { VaultContext } from '@weavz/sdk/vault'
import { furnished, keyOf, runner, same, thrownBy, truthy, world, type Entries } from './scenario-kit.js'

const chapters: Record<string, (entries: Entries) => Promise<void>> = {
  'a list is iterated over all of its pages': async (entries) => {
    const { client } = world(entries)
    const slugs = ['acme', 'globex', 'initech', 'umbrella', 'wayne']
    for (const slug of slugs) await client.workspaces.create({ name: slug, slug })
    const seen: string[] = []
    for await (const workspace of client.workspaces.list({ limit: 2 })) seen.push(workspace.slug)
    same(seen, slugs)
    const { workspaces, total } = await client.workspaces.list({ limit: 2 })
    same([workspaces.length, total], [2, 5])
  },

  'an action runs on the connection of the end user, with credentials from the vault': async (entries) => {
    const { offline, client, workspaceId } = await furnished(entries)
    offline.onAction('slack', 'send_channel_message', ({ input, credentials }) => ({
      channel: input['channel'],
      rightAccount: credentials?.['accessToken']?.reveal() === 'token-of-ava',
      shown: String(credentials?.['accessToken']),
    }))
    const { output } = await client.actions.execute('slack', 'send_channel_message', {
      workspaceId,
      endUserId: 'ava',
      input: { channel: '#general', text: 'Grüße, 世界' },
    })
    const { channel, rightAccount, shown } = Object(output)
    same([channel, rightAccount], ['#general', true])
    truthy(!String(shown).includes('token-of-ava'), 'a secret prints itself')
    truthy(!offline.snapshot().includes('token-of-ava'), 'a secret is stored in plain text')
    same(
      offline.openings.list().map(({ field, purpose }) => [field, purpose]),
      [['accessToken', 'execute']],
    )
  },

  'a refusal has its class, code, status, reason and hint': async (entries) => {
    const { sdk } = entries
    const { client, workspaceId, endUserUuid } = await furnished(entries)
    const error = await thrownBy(
      client.actions.execute('slack', 'send_channel_message', { workspaceId, endUserId: endUserUuid }),
    )
    truthy(error instanceof sdk.ConnectionRequiredError, 'not a ConnectionRequiredError')
    truthy(error instanceof sdk.WeavzError && error instanceof Error, 'not of the family')
    truthy(sdk.isWeavzError(error, 'CONNECTION_REQUIRED'), 'not known by its code')
    same([error.name, error.status, error.reason], ['ConnectionRequiredError', 400, 'END_USER_NOT_FOUND'])
    truthy(error.hint?.includes('ava'), 'the hint does not name the right id')

    const conflict = await thrownBy(client.workspaces.create({ name: 'Acme', slug: 'acme' }))
    truthy(conflict instanceof sdk.ConflictError && conflict.code === 'DUPLICATE', 'not a ConflictError')
  },

  'an answer comes with its response and request id': async (entries) => {
    const { client } = world(entries)
    const { data, response, requestId } = await client.integrations.get('slack').withResponse()
    same([data.integration.name, response.status], ['slack', 200])
    truthy(requestId, 'no request id')
    same(requestId, response.headers.get('x-request-id'))
  },

  "an answer of the offline Weavz passes for the platform's, and its headers do": async (entries) => {
    const { offline } = world(entries)
    const headers = { authorization: `Bearer ${offline.apiKey}` }
    const response = await offline.fetch('https://api.weavz.io/api/v1/workspaces', { headers })
    truthy(response instanceof Response, 'no Response')
    truthy(response.headers instanceof Headers, 'no Headers')
    same([...new Headers(response.headers)], [...response.headers])
    const copy = new Response(await response.clone().text(), { headers: response.headers })
    const { total } = await copy.json()
    same([copy.headers.get('Content-Type'), total], ['application/json', 0])
    response.headers.set('X-Mine', 'a')
    same([response.headers.get('x-mine'), response.headers.has('content-type')], ['a', true])
    const { url } = new Request('https://api.weavz.io/', { headers: response.headers })
    same([url, (await response.json()).total], ['https://api.weavz.io/', 0])
  },

  'a call is repeated after 503, and not repeated after the caller gave up': async (entries) => {
    const { sdk } = entries
    const { offline } = world(entries)
    let attempts = 0
    const client = new sdk.WeavzClient({
      ...keyOf(offline),
      fetch: (url, init) => {
        attempts++
        if (attempts > 1) return offline.fetch(url, init)
        return Promise.resolve(new Response('busy', { status: 503, headers: { 'retry-after': '0' } }))
      },
    })
    const { total } = await client.workspaces.list()
    same([attempts, total], [2, 0])

    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const hanging = new sdk.WeavzClient({
      ...keyOf(offline),
      fetch: (_, init) => {
        queueMicrotask(() => controller.abort(reason))
        return new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        })
      },
    })
    const error = await thrownBy(hanging.workspaces.list({}, { signal: controller.signal }))
    truthy(error instanceof sdk.WeavzAbortError, `not a WeavzAbortError: ${error}`)
    truthy(error.cause === reason, 'the reason is lost')
  },

  'a network that is gone is a WeavzNetworkError without the key': async (entries) => {
    const { sdk } = entries
    const { offline } = world(entries)
    const client = new sdk.WeavzClient({
      ...keyOf(offline),
      maxRetries: 0,
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    })
    // Without a body and with one
    const { workspaces } = client
    for (const call of [() => workspaces.list(), () => workspaces.create({ name: 'A', slug: 'a' })]) {
      const error = await thrownBy(call())
      truthy(
        error instanceof sdk.WeavzNetworkError && error.code === 'NETWORK_ERROR',
        `not a network error: ${error}`,
      )
      truthy(
        !`${error} ${error.stack} ${JSON.stringify(error)}`.includes(offline.apiKey),
        'the error has the key',
      )
    }
  },

  'a connect session is followed by the client and by the browser entry': async (entries) => {
    const { browser } = entries
    const { offline, client, workspaceId } = await furnished(entries)
    const { token } = await client.connect.createToken({
      integrationName: 'slack',
      connectionName: 'Ben',
      externalId: 'ben_slack',
      workspaceId,
      endUserId: 'ben',
    })
    await offline.user.approve(token)
    const session = await client.connect.wait(token)
    const result = await browser.waitForConnect(token, { poll: (polled) => client.connect.poll(polled) })
    same(
      [session.status, result.externalId, result.connectionId],
      ['COMPLETED', 'ben_slack', session.connectionId],
    )
    const refused = await thrownBy(browser.waitForConnect('wvz_not_a_session'))
    truthy(refused instanceof browser.WeavzConnectError, 'not a WeavzConnectError')
  },

  'a value is sealed, and opens in its own context alone': async ({ vault }) => {
    const keys = new vault.KeyRing().add('k1', crypto.getRandomValues(new Uint8Array(32)))
    const safe = vault.createVault({ keys })
    const context: VaultContext = {
      orgId: 'org',
      connectionId: 'c1',
      integrationName: 'slack',
      owner: { scope: 'ORGANIZATION' },
      credentialType: 'SECRET_TEXT',
      field: 'secretText',
    }
    const sealed = await safe.seal('xoxb-secret', context)
    same((await safe.open(sealed, context, 'execute')).reveal(), 'xoxb-secret')
    truthy(sealed.startsWith('wv1.k1.') && !sealed.includes('xoxb'), 'not an envelope')
    const error = await thrownBy(safe.open(sealed, { ...context, connectionId: 'c2' }, 'execute'))
    truthy(
      error instanceof vault.VaultError && error.code === 'VAULT_OPEN_FAILED',
      `opened elsewhere: ${error}`,
    )
  },

  'a resolution is explained, and its fix holds': async ({ resolver }) => {
    const { applyFix, describeWorld, explain, render, resolve } = resolver
    const facts = describeWorld({
      integrations: [{ name: 'slack' }],
      workspaces: [{ id: 'acme' }],
      workspaceIntegrations: [
        { id: 'wi', workspaceId: 'acme', integrationName: 'slack', connectionStrategy: 'per_user' },
      ],
      endUsers: [{ id: 'eu', workspaceId: 'acme', externalId: 'ava' }],
      connections: [
        {
          id: 'c',
          integrationName: 'slack',
          externalId: 'x',
          workspaceId: 'acme',
          scope: 'USER',
          endUserId: 'ava',
        },
      ],
    })
    const request: ResolutionRequest = {
      kind: 'execute',
      workspaceId: 'acme',
      integrationName: 'slack',
      endUserId: 'eu',
    }
    const explanation = explain(facts, request)
    truthy(render(explanation, 'text').includes('END_USER_NOT_FOUND'), 'the reason is not shown')
    const fix = explanation.fixes[0]
    truthy(fix, 'no fix')
    const fixed = applyFix({ world: facts, request }, fix)
    same(resolve(fixed.world, fixed.request).outcome, 'resolved')
  },

  'a matcher tells what has run': async (entries) => {
    const { toHaveExecuted } = entries.matchers.weavzMatchers
    const { offline, client, workspaceId } = await furnished(entries)
    const input = { text: 'weavz', encoding: 'hex' }
    const { output } = await client.actions.execute('hash-encode', 'encode', { workspaceId, input })
    same(output, { encoded: '776561767a' })
    const encoded = toHaveExecuted.call(runner, offline, 'hash-encode', 'encode')
    const hashed = toHaveExecuted.call(runner, offline, 'hash-encode', 'hash')
    same([encoded.pass, hashed.pass], [true, false])
    truthy(hashed.message().includes('encode'), 'the message does not name what came nearest')
  },

  'the same seed gives the same ids': async ({ mock }) => {
    const seed = { now: '2025-01-15T10:30:00.000Z', workspaces: { acme: {} } }
    const [one, two] = [mock.createMockWeavz({ seed }), mock.createMockWeavz({ seed })]
    same(one.seeded, two.seeded)
    same(one.snapshot(), two.snapshot())
  },
}

/** What `tell` returns when everything held. */
export const told = Object.keys(chapters)

/**
 * Runs every chapter. What a consumer prints is this list: a program that ends early has not told the whole story.
 */
export async function tell(entries: Entries): Promise<string[]> {
  const done: string[] = []
  for (const [name, chapter] of Object.entries(chapters)) {
    try {
      await chapter(entries)
    } catch (cause) {
      throw new Error(`${name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : cause}`, {
        cause,
      })
    }
    done.push(name)
  }
  return done
}

/** The part that a port adds: the runtime's own fetch, and real headers. */
export async function callOverPort(
  { sdk }: Pick<Entries, 'sdk'>,
  { url, apiKey, slug }: { url: string; apiKey: string; slug: string },
): Promise<void> {
  const client = new sdk.WeavzClient({ baseUrl: url, apiKey, dangerouslyAllowBrowser: true })
  const { data, response, requestId } = await client.workspaces.create({ name: 'Über', slug }).withResponse()
  same([data.workspace.name, response.status, typeof requestId], ['Über', 201, 'string'])
  const seen: string[] = []
  for await (const workspace of client.workspaces.list({ limit: 1 })) seen.push(workspace.slug)
  truthy(seen.includes(slug), 'what was created is not listed')
  const error = await thrownBy(client.workspaces.create({ name: 'Again', slug }))
  truthy(error instanceof sdk.ConflictError && error.code === 'DUPLICATE', `not a ConflictError: ${error}`)
}
