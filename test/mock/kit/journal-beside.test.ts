import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '@weavz/sdk/mock'
import { hush, inProcess, throughBothDoors } from '../door.js'
import { gated } from '../gated.js'
import { addSlack, begin, connect, knock } from '../mcp/kit.js'
import { Visitor } from '../pages/visitor.js'
import { receiver } from '../receiver.js'
import { callbackUrl, withTriggers } from '../with-triggers.js'
import { makeWorkspace, slack, startSession } from '../world.js'

const names = (entries: readonly JournalEntry[]) =>
  entries.map(({ direction, endpoint, request: { method } }) => `${direction} ${method} ${endpoint}`)

throughBothDoors('the journal, beside the API', (open) => {
  it('has the hosted pages and the way through the provider, without the secrets in them', async () => {
    const api = await open()
    const { id } = await makeWorkspace(api)
    const { token, connectUrl } = await startSession(api, id)
    api.weavz.journal.clear()
    const visitor = new Visitor(api)
    const consent = await visitor.press(await visitor.open(connectUrl), 'Continue to Slack')
    const end = await visitor.press(consent, 'Allow')
    expect(end.status).toBe(200)
    const entries = api.weavz.journal.list()
    expect(names(entries)).toEqual([
      'incoming GET pages.connect',
      'incoming POST pages.connect',
      'incoming GET provider.authorize',
      'incoming POST provider.authorize',
      'incoming GET pages.callback',
      'outgoing POST provider.token',
    ])
    const [shown, posted, asked, decided, callback, exchanged] = entries
    expect(shown?.request.query).toEqual({ token: '[secret]' })
    expect(shown?.response?.body).toContain('<h1>Connect Slack</h1>')
    expect(shown?.response?.body).toContain('name="token" value="[secret]"')
    expect(posted?.request.body).toEqual({ token: '[secret]', intent: 'connect' })
    expect(posted?.response?.headers.location).toMatch(/state=\[secret\]/)
    expect(asked?.request.query).toMatchObject({ response_type: 'code', state: '[secret]' })
    expect(decided?.request.body).toEqual({ request: '[secret]', decision: 'approve' })
    expect(decided?.response?.headers.location).toMatch(/[?&]code=\[secret\]/)
    expect(callback?.request.query).toMatchObject({ code: '[secret]', state: '[secret]' })
    expect(callback?.openings.map(({ purpose }) => purpose)).toEqual(['refresh', 'refresh'])
    expect(exchanged).toMatchObject({
      cause: callback?.seq,
      request: {
        ...{ origin: 'https://provider.invalid', path: '/_provider/token' },
        headers: { authorization: '[secret]' },
        body: { grant_type: 'authorization_code', code: '[secret]', code_verifier: '[secret]' },
      },
      response: {
        status: 200,
        body: { access_token: '[secret]', refresh_token: '[secret]', token_type: 'Bearer', expires_in: 3600 },
      },
    })
    const text = JSON.stringify(api.weavz.journal)
    for (const url of visitor.trail) {
      const { searchParams } = new URL(url)
      for (const name of ['code', 'state', 'token']) {
        const value = searchParams.get(name)
        if (value) expect(text).not.toContain(value)
      }
    }
    expect(text).not.toContain(token)
  })

  it('has what a user types into a form only by the names of its fields', async () => {
    const api = await open()
    const { id } = await makeWorkspace(api)
    const { connectUrl } = await startSession(api, id, {
      ...{ integrationName: 'airtable', authMethodKey: 'custom_auth', externalId: 'a' },
    })
    const visitor = new Visitor(api)
    const form = await visitor.open(connectUrl)
    const fields = Object.fromEntries(form.fields.map(({ name }) => [name, `typed ${name} ${hush}`]))
    await visitor.press(form, 'Connect', fields)
    const entry = api.weavz.calls('pages.connect').at(-1)
    const body = entry?.request.body as Record<string, string>
    expect(new Set(Object.values(body))).toEqual(new Set(['[secret]', 'connect']))
    expect(Object.keys(body)).toEqual(expect.arrayContaining(Object.keys(fields)))
    expect(JSON.stringify(api.weavz.journal)).not.toContain(hush)
  })

  it('has the calls of MCP clients, with what was chosen, opened and executed for them', async () => {
    const { api, workspaceId, makeServer } = await begin(open)
    const { connection } = await addSlack(api, workspaceId)
    const { mcpEndpoint, bearerToken } = await makeServer({ authMode: 'bearer' })
    api.weavz.onAction('slack', 'send_channel_message', () => ({ ok: true }))
    const client = await connect(api, mcpEndpoint, bearerToken as string)
    const { tools } = await client.listTools()
    const name = tools.find(({ name }) => name.includes('send_channel_message'))!.name
    await client.callTool({ name, arguments: { channel: '#c', text: 'Hi' } })
    const entry = api.weavz.calls('mcp.endpoint').at(-1)
    expect(entry).toMatchObject({
      request: { headers: { authorization: '[secret]' }, body: { method: 'tools/call', params: { name } } },
      resolutions: [{ outcome: 'resolved', connectionId: connection.id }],
      executions: [
        {
          ...{ integrationName: 'slack', actionName: 'send_channel_message' },
          ...{ input: { channel: '#c', text: 'Hi' }, outcome: 'executed', code: null },
        },
      ],
      response: { status: 200, body: { result: { structuredContent: { ok: true } } } },
    })
    expect(entry?.openings.map(({ connectionId }) => connectionId)).toContain(connection.id)
    await knock(api, mcpEndpoint, 'mcp_wrong')
    expect(api.weavz.calls('mcp.endpoint').at(-1)).toMatchObject({
      response: { status: 401, body: { code: 'UNAUTHORIZED' } },
    })
    const text = JSON.stringify(api.weavz.journal)
    for (const secret of [bearerToken as string, hush]) expect(text).not.toContain(secret)
  })

  it('has each event of a trigger: how its connection was chosen, what was opened, every attempt', async () => {
    const { received, deliveryFetch } = receiver(500, new TypeError('fetch failed'))
    const { api, connection, enable } = await withTriggers(open, { deliveryFetch })
    const source = await enable({ callbackHeaders: { 'x-team': `team ${hush}` } })
    api.weavz.journal.clear()
    await api.weavz.emit(source.id, { text: 'Hi', password: hush })
    expect(received).toHaveLength(3)
    const [event, ...others] = api.weavz.journal.list()
    expect(others).toEqual([])
    expect(event).toMatchObject({
      ...{ direction: 'outgoing', cause: null, endpoint: 'webhooks.trigger' },
      request: {
        ...{ method: 'POST', origin: new URL(callbackUrl).origin, path: '/events', query: {} },
        headers: { 'x-team': '[secret]', 'content-type': 'application/json' },
        body: { triggerSourceId: source.id, data: { text: 'Hi', password: '[secret]' } },
      },
      resolutions: [{ outcome: 'resolved', connectionId: connection.id }],
      openings: [{ connectionId: null, field: `callbackHeaders.${source.id}`, purpose: 'execute' }],
      attempts: [
        { attempt: 1, status: 'retrying', httpStatus: 500, error: 'The receiver answered HTTP 500' },
        { attempt: 2, status: 'retrying', httpStatus: null, error: 'fetch failed' },
        { attempt: 3, status: 'success', httpStatus: 204, error: null },
      ],
      response: { status: 204 },
    })
    expect(JSON.stringify(api.weavz.journal)).not.toContain(hush)
  })

  it('has the event that could not be sent, and why', async () => {
    const { api, connection, enable } = await withTriggers(open)
    const source = await enable()
    await api.ok('connections.delete', { params: { id: connection.id } })
    await api.weavz.emit(source.id, {})
    expect(api.weavz.calls('webhooks.trigger')).toMatchObject([
      {
        resolutions: [{ outcome: 'denied' }],
        attempts: [{ attempt: 0, status: 'failed', httpStatus: null }],
        response: null,
      },
    ])
  })

  it('has what webhook approvers were told, and during which call', async () => {
    const { deliveryFetch } = receiver(503)
    const approvers = [{ type: 'webhook', webhookUrl: 'https://app.example.com/approvals' }] as const
    const { api, request, decide } = await gated(open, { approvers: [...approvers] }, { deliveryFetch })
    const id = await request()
    await decide('approve', id)
    await api.weavz.settled()
    const causes = api.weavz.journal.list().map(({ seq, endpoint }) => [seq, endpoint])
    const events = api.weavz.calls('webhooks.approval')
    expect(events.map(({ cause }) => new Map(causes as [number, string][]).get(cause ?? 0))).toEqual([
      'actions.execute',
      'approvals.approve',
    ])
    expect(events.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual([
      ['retrying', 'success'],
      ['success'],
    ])
    expect(events[0]?.request).toMatchObject({ body: { event: 'approval.requested', approval: { id } } })
  })
})

describe('the journal, beside the API', () => {
  it('says which exchange a token was refreshed for, and what struck it', async () => {
    const api = await inProcess()
    const { id } = await makeWorkspace(api)
    const account = { type: 'OAUTH2', accessToken: 'at', refreshToken: 'rt', expiresIn: 3600 }
    await api.ok('connections.create', { body: slack({ ...account, workspaceId: id }) })
    await api.weavz.clock.advance('2h')
    const effect = { type: 'status', status: 503 } as const
    api.weavz.faults.add({ match: { endpoint: 'provider.token' }, effect })
    await api.ok('actions.execute', {
      body: {
        ...{ workspaceId: id, integrationName: 'slack', connectionExternalId: 'conn_slack' },
        ...{ actionName: 'send_channel_message', input: { channel: '#c', text: 'Hi' } },
      },
    })
    const [executed] = api.weavz.calls('actions.execute')
    const [failed, refreshed, ...others] = api.weavz.calls('provider.token')
    expect(others).toEqual([])
    expect([failed?.cause, refreshed?.cause]).toEqual([executed?.seq, executed?.seq])
    expect(failed).toMatchObject({ faults: [{ type: 'status' }], response: { status: 503 } })
    expect(refreshed).toMatchObject({
      request: { body: { grant_type: 'refresh_token', refresh_token: '[secret]' } },
      response: { status: 200 },
    })
  })

  it('shows nothing of a provider that quotes what it was sent', async () => {
    const answers = [
      (form: string) => new Response(`<h1>${form}</h1>`, { status: 502 }),
      (form: string) =>
        Response.json({ error: form, [form]: form }, { status: 400, headers: { 'x-quoted': form } }),
    ]
    for (const answer of answers) {
      const api = await inProcess({
        oauthProviders: {
          slack: {
            authorizationEndpoint: 'https://slack.test/authorize',
            tokenEndpoint: 'https://slack.test/token?tenant=7',
            clientId: 'weavz',
            clientSecret: `client ${hush}`,
            scopes: [],
            clientAuthentication: 'client_secret_post',
          },
        },
        providerFetch: async (_, init) =>
          answer(
            String(init.body)
              .slice(0, 200)
              .replace(/[\r\n]/g, ''),
          ),
      })
      const { id } = await makeWorkspace(api)
      const account = { type: 'OAUTH2', accessToken: 'at', refreshToken: `rt-${hush}`, expiresIn: 1 }
      await api.ok('connections.create', { body: slack({ ...account, workspaceId: id }) })
      await api.weavz.clock.advance('2h')
      await api.refused('actions.execute', 'CONNECTION_REQUIRED', {
        body: {
          ...{ workspaceId: id, integrationName: 'slack', connectionExternalId: 'conn_slack' },
          ...{ actionName: 'send_channel_message', input: { channel: '#c', text: 'Hi' } },
        },
      })
      const [call] = api.weavz.calls('provider.token')
      expect(call?.request).toMatchObject({ origin: 'https://slack.test', query: { tenant: '7' } })
      expect(JSON.stringify(api.weavz.journal)).not.toContain('hush')
    }
  })

  it('cuts long pages, and keeps no body that is too long or of another kind', async () => {
    const { weavz } = await inProcess()
    const post = async (body: BodyInit, type: string) => {
      const headers = { 'content-type': type }
      await weavz.fetch('https://api.weavz.io/_provider/token', { method: 'POST', body, headers })
      return weavz.journal.list().at(-1)?.request.body
    }
    expect(await post('x'.repeat(5000), 'text/plain')).toBe(`${'x'.repeat(4000)}… [1000 more characters]`)
    expect(await post('x'.repeat(3 * 1024 * 1024), 'text/plain')).toBe(
      '[text/plain of more than 2097152 bytes]',
    )
    expect(await post(new Uint8Array([1, 2, 3]), 'image/png')).toBe('[image/png]')
    expect(await post('{"a":', 'application/json')).toBe('{"a":')
    expect(await post('{"apiKey":"k","n":1}', 'application/problem+json; charset=utf-8')).toEqual({
      ...{ apiKey: '[secret]', n: 1 },
    })
    expect(await post('', 'application/json')).toBeUndefined()
    const hostile = '<script<input value='.repeat(50_000)
    expect(await post(hostile, 'text/html')).toMatch(/^<script<input value=.*… \[996000 more characters\]$/)
  })

  it('counts what it had to drop', async () => {
    const { weavz } = await inProcess({ journalLimit: 3 })
    const knocks = async (count: number) => {
      for (let at = 0; at < count; at++) await weavz.fetch('https://api.weavz.io/connect')
    }
    await knocks(3)
    expect(weavz.journal.dropped).toBe(0)
    await knocks(20)
    expect([weavz.journal.count, weavz.journal.dropped]).toEqual([23, 20])
    weavz.journal.clear()
    expect([weavz.journal.dropped, weavz.journal.list()]).toEqual([20, []])
    await knocks(4)
    expect(weavz.journal.dropped).toBe(21)
    expect(weavz.journal.list().map(({ seq }) => seq)).toEqual([25, 26, 27])
  })
})
