import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { CreateConnection } from '../../src/contract/connections.js'
import { createApiKey } from '../../src/engine/api-keys.js'
import { completeSession, createConnectToken } from '../../src/engine/connect.js'
import { createConnection } from '../../src/engine/connections.js'
import { createEndUser, createPortalToken, deleteEndUser } from '../../src/engine/end-users.js'
import { createEngine, type Engine } from '../../src/engine/engine.js'
import { seededRandom } from '../../src/engine/random.js'
import { createWorkspace } from '../../src/engine/workspaces.js'

/** Everything in the stores as one text. */
function dump({ state }: Engine): string {
  const tables = Object.entries(state.tables).map(([name, table]) => [name, [...table.values()]])
  return JSON.stringify(tables)
}

/** A secret as it is, and as it might be written down. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
}

const target = { displayName: 'C', integrationName: 'airtable' }
const credentials: Record<string, unknown>[] = [
  { type: 'SECRET_TEXT', secretText: 'canary-secret-text' },
  { type: 'BASIC_AUTH', username: 'canary-username', password: 'canary-password' },
  { type: 'CUSTOM_AUTH', props: { token: 'canary-token', nested: { deep: ['canary-nested'] } } },
  {
    ...{
      type: 'OAUTH2',
      accessToken: 'canary-access',
      refreshToken: 'canary-refresh',
      tokenType: 'canary-type',
    },
    ...{ scope_oauth: 'canary-scope', data: { team: 'canary-data' }, expiresIn: 60 },
  },
  { type: 'PLATFORM_OAUTH2', accessToken: 'canary-platform' },
]
const canaries = JSON.stringify(credentials).match(/canary-[a-z-]+/g) as string[]

describe('at rest', () => {
  it('no credential of any type is in the stores, in any notation', async () => {
    const engine = createEngine({ random: seededRandom(1) })
    for (const [at, fields] of credentials.entries()) {
      const { id } = await createConnection(engine, {
        ...target,
        externalId: `plain-${at}`,
        ...fields,
      } as CreateConnection)
      expect(engine.state.tables.credentials.get(id)?.fields).not.toEqual({})
    }
    const stored = dump(engine)
    // What is no secret is there, so that the search is known to work
    expect(stored).toContain('plain-4')
    expect(canaries).toHaveLength(11)
    for (const canary of canaries) {
      for (const form of formsOf(canary)) expect(stored.toLowerCase()).not.toContain(form.toLowerCase())
    }
    expect(inspect(engine, { depth: Infinity, showHidden: true, maxArrayLength: null })).not.toContain(
      'canary',
    )
  })

  it('every value is sealed on its own: the same secret twice gives two envelopes', async () => {
    const engine = createEngine({ random: seededRandom(1) })
    const envelopes: string[] = []
    for (const externalId of ['a', 'b']) {
      const body = { type: 'BASIC_AUTH', username: 'same-same', password: 'same-same' } as const
      const { id } = await createConnection(engine, {
        ...target,
        ...body,
        integrationName: 'clicksend',
        externalId,
      })
      envelopes.push(...Object.values(engine.state.tables.credentials.get(id)?.fields ?? {}))
    }
    expect(new Set(envelopes).size).toBe(4)
  })

  it('API keys, connect tokens and portal tokens are hashes', async () => {
    const engine = createEngine({ random: seededRandom(1) })
    const { id: workspaceId } = createWorkspace(engine, { name: 'A', slug: 'a' })
    const { id } = createEndUser(engine, { workspaceId, externalId: 'u' })
    const { plainKey } = createApiKey(engine, { name: 'Key' })
    const session = { integrationName: 'openai', connectionName: 'C', externalId: 'c', workspaceId }
    const { token, sessionId } = createConnectToken(engine, session, 'https://api.weavz.io')
    const portal = createPortalToken(engine, id, {}, 'https://api.weavz.io')
    await completeSession(engine, sessionId as string, { fields: { secretText: 'canary-typed' } })
    const stored = dump(engine)
    for (const secret of [plainKey, token, portal.token, 'canary-typed']) {
      // The part behind the prefix: a prefix alone may be shown
      for (const form of formsOf(secret.slice(8))) expect(stored).not.toContain(form)
    }
    expect(engine.state.tables.sessions.get(sessionId as string)?.status).toBe('COMPLETED')
  })

  it('deleting a connection deletes its sealed credentials', async () => {
    const engine = createEngine({ random: seededRandom(1) })
    const { id: workspaceId } = createWorkspace(engine, { name: 'A', slug: 'a' })
    const body = {
      type: 'SECRET_TEXT',
      secretText: 's',
      workspaceId,
      endUserId: 'u',
      externalId: 'c',
    } as const
    await createConnection(engine, { ...target, ...body, integrationName: 'openai' })
    expect(engine.state.tables.credentials.size).toBe(1)
    const [endUser] = engine.state.tables.endUsers.values()
    expect(deleteEndUser(engine, endUser!.id)).toBe(1)
    expect(engine.state.tables.credentials.size).toBe(0)
  })
})
