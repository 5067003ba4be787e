import { describe, expect, it } from 'vitest'
import { WeavzClient } from '../../../src/index.js'
import { createMockWeavz, type MockWeavzOptions } from '../../../src/mock/index.js'
import { handClock, hour, provider, tokens } from '../../engine/oauth/kit.js'

/** A workspace whose users connect Slack, and a Slack that knows a good token from a bad one. */
async function begin(options: MockWeavzOptions = {}) {
  const clock = handClock()
  const weavz = createMockWeavz({ clock, ...options })
  const client = new WeavzClient({ apiKey: weavz.apiKey, fetch: weavz.fetch, maxRetries: 0 })
  const { workspace } = await client.workspaces.create({ name: 'Acme', slug: 'acme' })
  const workspaceId = workspace.id
  await client.workspaces.integrations.create(workspaceId, {
    integrationName: 'slack',
    connectionStrategy: 'per_user',
  })
  const used: string[] = []
  weavz.onAction('slack', 'list_users', ({ credentials }) => {
    const token = credentials!.accessToken!.reveal()
    used.push(token)
    if (weavz.provider.accepts(token)) return { members: [] }
    throw Object.assign(new Error('invalid_auth'), { status: 401 })
  })
  return {
    ...{ clock, weavz, client, used, workspaceId },
    session: () =>
      client.connect.createToken({
        ...{ workspaceId, integrationName: 'slack', connectionName: 'Mine' },
        ...{ externalId: 'mine', endUserId: 'ava' },
      }),
    execute: () =>
      client.actions.execute('slack', 'list_users', { workspaceId, endUserId: 'ava', input: {} }),
  }
}

const inError = { code: 'CONNECTION_REQUIRED', details: { reason: 'CONNECTION_IN_ERROR' } }

describe('an offline user', () => {
  it('who approves goes to the provider and back; the token works there', async () => {
    const { weavz, client, session, execute, used } = await begin()
    const { token } = await session()
    await weavz.user.approve(token)
    expect(await client.connect.poll(token)).toMatchObject({ status: 'COMPLETED', error: null })
    expect(await execute()).toMatchObject({ success: true })
    expect(weavz.provider.accepts(used[0]!)).toBe(true)
    expect(weavz.provider.accepts(`${used[0]}x`)).toBe(false)
  })

  it('may choose what the provider issues first', async () => {
    const { weavz, session, execute, used, clock } = await begin()
    const { token } = await session()
    await weavz.user.approve(token, { accessToken: 'xoxb-1', refreshToken: 'xoxe-1', expiresIn: 60 })
    await execute()
    clock.advance(60_000)
    await execute()
    expect(used[0]).toBe('xoxb-1')
    expect(used[1]).not.toBe('xoxb-1')
  })

  it('who denies leaves a FAILED session; one who walks away leaves it CONNECTING', async () => {
    const { weavz, client, session } = await begin()
    const [denied, left] = [await session(), await session()]
    await weavz.user.deny(denied.token)
    await weavz.user.abandon(left.token)
    expect(await client.connect.poll(denied.token)).toMatchObject({
      ...{ status: 'FAILED', error: 'The user denied access', connectionId: null },
    })
    expect(await client.connect.poll(left.token)).toMatchObject({ status: 'CONNECTING' })
  })

  it('who takes access back puts the connection in ERROR, and heals it by connecting again', async () => {
    const { weavz, client, session, execute } = await begin()
    const first = await session()
    await weavz.user.approve(first.token)
    const { connectionId } = await client.connect.poll(first.token)
    weavz.provider.revoke()
    await expect(execute()).rejects.toMatchObject(inError)
    const shown = await client.connections.get(connectionId as string)
    expect(shown.connection.status).toBe('ERROR')
    const second = await session()
    await weavz.user.approve(second.token)
    expect(await client.connect.poll(second.token)).toMatchObject({ connectionId })
    expect(await execute()).toMatchObject({ success: true })
  })

  it('of a foreign provider cannot be played', async () => {
    const { weavz, session } = await begin({ oauthProviders: { slack: provider } })
    const { token } = await session()
    await expect(weavz.user.approve(token)).rejects.toThrow('a provider of its own')
  })
})

describe('tokens of the built-in provider', () => {
  it('are refreshed, however often they expire, and rotate', async () => {
    const { weavz, session, execute, used, clock } = await begin({ accessTokenLifetime: 600 })
    const { token } = await session()
    await weavz.user.approve(token)
    for (let i = 0; i < 5; i++) {
      await Promise.all(Array.from({ length: 20 }, execute))
      clock.advance(600_000)
    }
    expect(new Set(used).size).toBe(5)
    expect(used).toHaveLength(100)
  })

  it('that an app brought along are refreshed, too', async () => {
    const { client, execute, used, clock, workspaceId } = await begin()
    await client.connections.create({
      ...{ type: 'PLATFORM_OAUTH2', integrationName: 'slack', externalId: 'own', displayName: 'Own' },
      ...{ workspaceId, endUserId: 'ava', accessToken: 'at-1', refreshToken: 'rt-1', expiresIn: 3600 },
    })
    await execute()
    clock.advance(hour)
    await execute()
    expect(used[0]).toBe('at-1')
    expect(used[1]).not.toBe('at-1')
  })
})

describe('a foreign provider', () => {
  it('gets the refreshes of its integration, over the given fetch', async () => {
    const asked: string[] = []
    const { client, execute, clock, workspaceId, used } = await begin({
      oauthProviders: { slack: provider },
      providerFetch: async (url) => {
        asked.push(url)
        return tokens()
      },
    })
    await client.connections.create({
      ...{ type: 'OAUTH2', integrationName: 'slack', externalId: 'own', displayName: 'Own' },
      ...{ workspaceId, endUserId: 'ava', accessToken: 'at-1', refreshToken: 'rt-1', expiresIn: 3600 },
    })
    clock.advance(hour)
    await execute().catch(() => undefined)
    expect(used[0]).toBe('at-2')
    expect(new Set(asked)).toEqual(new Set([provider.tokenEndpoint]))
  })

  it('whose endpoints are not safe for a secret is refused at once', () => {
    const oauthProviders = { slack: { ...provider, tokenEndpoint: 'http://provider.test/token' } }
    expect(() => createMockWeavz({ oauthProviders })).toThrow(/tokenEndpoint.*https/)
  })
})
