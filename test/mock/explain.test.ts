import { expect, it } from 'vitest'
import { isWeavzError, WeavzClient } from '../../src/index.js'
import { render } from '../../src/engine/resolver/index.js'
import { throughBothDoors, type Open } from './door.js'
import { configure, makeConnection, makeEndUser, makeWorkspace } from './world.js'

/** A workspace with a per_user Slack that one end user has connected. */
async function perUser(open: Open) {
  const api = await open()
  const { id: workspaceId } = await makeWorkspace(api)
  await configure(api, workspaceId, {
    integrationName: 'slack',
    alias: 'slack_user',
    connectionStrategy: 'per_user',
  })
  const endUser = await makeEndUser(api, workspaceId)
  const connection = await makeConnection(api, { workspaceId, endUserId: 'user_123' })
  const mistaken = { workspaceId, integrationName: 'slack', endUserId: endUser.id }
  return { api, workspaceId, endUser, connection, mistaken }
}

const ask = (path: string, body: unknown) => ['POST', path, { body: JSON.stringify(body) }] as const

throughBothDoors('explanations', (open) => {
  it('weavz.explain says why a call is refused, and what would mend it', async () => {
    const { api, mistaken } = await perUser(open)
    const explanation = api.weavz.explain(mistaken)
    expect(explanation.outcome).toMatchObject({ outcome: 'denied', reason: 'END_USER_NOT_FOUND' })
    expect(explanation.confusions[0]?.text).toContain('user_123')
    expect(explanation.fixes[0]?.text).toBe('Pass endUserId: "user_123"')
  })

  it('POST /_weavz/explain answers the same explanation', async () => {
    const { api, mistaken } = await perUser(open)
    const response = await api.raw(...ask('/_weavz/explain', mistaken))
    expect(response.status).toBe(200)
    const { explanation } = (await response.json()) as { explanation: unknown }
    expect(explanation).toEqual(JSON.parse(JSON.stringify(api.weavz.explain(mistaken))))
  })

  it('POST /_weavz/explain renders it in the format that is asked for', async () => {
    const { api, mistaken } = await perUser(open)
    const response = await api.raw(...ask('/_weavz/explain', { ...mistaken, format: 'mermaid' }))
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe(render(api.weavz.explain(mistaken), 'mermaid'))
  })

  it.each([
    ['no integrationName', { workspaceId: 'x' }],
    ['an unknown field', { integrationName: 'slack', conection: 'x' }],
    ['an unknown format', { integrationName: 'slack', format: 'pdf' }],
    ['no object', []],
  ])('POST /_weavz/explain with %s is 400 VALIDATION_ERROR', async (_, body) => {
    const api = await open()
    const response = await api.raw(...ask('/_weavz/explain', body))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('weavz.explain names workspaceId as missing where it was left out', async () => {
    const { api } = await perUser(open)
    const { outcome, missing } = api.weavz.explain({ integrationName: 'slack' })
    expect(outcome).toMatchObject({ outcome: 'denied', reason: 'NO_WORKSPACE_INTEGRATION' })
    expect(missing.map(({ field }) => field)).toEqual(['workspaceId'])
  })

  it('the hint says that a slug is no workspaceId', async () => {
    const { api, workspaceId } = await perUser(open)
    const weavz = new WeavzClient({ apiKey: api.weavz.apiKey, fetch: api.weavz.fetch })
    const hintOf = (id: string) =>
      weavz.actions
        .execute('slack', 'send_channel_message', { workspaceId: id, input: {} })
        .catch((error: unknown) => (isWeavzError(error, 'NOT_FOUND') ? error.hint : 'something else'))
    const advice = '`workspaceId` takes `workspace.id`, a UUID'
    expect(await hintOf('acme')).toContain(advice)
    await expect(weavz.partials.list({ workspaceId: 'acme' })).rejects.toThrow(advice)
    expect(await hintOf(workspaceId.replace(/./, (digit) => (digit === '0' ? '1' : '0')))).toBeUndefined()
  })

  it('opens no secret', async () => {
    const { api, mistaken } = await perUser(open)
    api.weavz.explain(mistaken)
    api.weavz.audit()
    expect(api.weavz.openings.count).toBe(0)
  })

  it('the hint reaches whoever catches the error of the client, also in its message', async () => {
    const { api, mistaken } = await perUser(open)
    const client = new WeavzClient({ apiKey: api.weavz.apiKey, baseUrl: api.url, fetch: api.fetch })
    const error = await client.actions
      .execute('slack', 'send_channel_message', { ...mistaken, input: { channel: 'C1', text: 'Hi' } })
      .catch((thrown: unknown) => thrown)
    if (!isWeavzError(error, 'CONNECTION_REQUIRED')) throw error
    expect(error.hint).toContain('user_123')
    expect(error.message).toContain(error.hint)
  })

  it('audit gives each end user and workspace integration its outcome', async () => {
    const { api, workspaceId, connection } = await perUser(open)
    await makeEndUser(api, workspaceId, 'user_456')
    const table = render(api.weavz.audit({ workspaceId }), 'text')
    expect(table).toContain('slack_user')
    expect(table).toContain('user_123')
    expect(table).toContain(connection.id)
    expect(table).toContain('END_USER_NOT_CONNECTED')
  })
})
