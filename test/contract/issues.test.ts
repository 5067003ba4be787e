import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { CreateConnection } from '../../src/contract/connections.js'
import { CreateEndUser, CreatePortalToken } from '../../src/contract/end-users.js'
import { parse } from '../../src/contract/issues.js'
import { CreateWorkspaceIntegration } from '../../src/contract/workspace-integrations.js'
import { CreateWorkspace, ListWorkspaces } from '../../src/contract/workspaces.js'

type Schema = z.core.$ZodType

/** `path: message` of every issue. */
function issuesOf(schema: Schema, value: unknown, root = 'body'): string[] {
  const parsed = parse(schema, value, root)
  if (parsed.ok) throw new Error('It parsed')
  return parsed.issues.map(({ path, message }) => `${path}: ${message}`)
}

const user = { workspaceId: 'w', externalId: 'u' }

describe('an issue', () => {
  it.each<[string, Schema, unknown, string]>([
    [
      'what was expected and what came',
      CreateWorkspace,
      { name: 5, slug: 'a' },
      'body.name: Expected string, received number',
    ],
    [
      'a number apart from what is none',
      z.object({ limit: z.number() }),
      { limit: Number.NaN },
      'body.limit: Expected number, received NaN',
    ],
    [
      'an array apart from an object',
      CreateWorkspace,
      { name: [], slug: 'a' },
      'body.name: Expected string, received array',
    ],
    ['null', CreateWorkspace, { name: null, slug: 'a' }, 'body.name: Expected string, received null'],
    ['what is missing', CreateWorkspace, { slug: 'a' }, 'body.name: Required'],
    ['what is empty', CreateWorkspace, { name: '', slug: 'a' }, 'body.name: Must not be empty'],
    [
      'what is too long',
      CreateWorkspace,
      { name: 'x'.repeat(256), slug: 'a' },
      'body.name: Must have at most 255 characters',
    ],
    [
      'the pattern in words',
      CreateWorkspace,
      { name: 'a', slug: 'A' },
      'body.slug: Lower-case letters and digits, words joined by single hyphens',
    ],
    ['an unknown field', CreateWorkspace, { name: 'a', slug: 'a', color: 1 }, 'body.color: Unknown field'],
    [
      'a bad e-mail address',
      CreateEndUser,
      { ...user, email: 'ada' },
      'body.email: Expected an e-mail address',
    ],
    ['what is too small', CreatePortalToken, { expiresIn: 1 }, 'body.expiresIn: Must be at least 3600'],
    ['what is too big', CreatePortalToken, { expiresIn: 1e9 }, 'body.expiresIn: Must be at most 2592000'],
    [
      'what is no integer',
      CreatePortalToken,
      { expiresIn: 3600.5 },
      'body.expiresIn: Expected int, received number',
    ],
    [
      'the allowed values',
      CreateWorkspaceIntegration,
      { integrationName: 'x', connectionStrategy: 'any' },
      'body.connectionStrategy: Expected one of "fixed", "per_user", "per_user_with_fallback"',
    ],
    [
      'a dotted path',
      CreateWorkspaceIntegration,
      { integrationName: 'x', settings: { persistence: { scope: 'external' } } },
      'body.settings.persistence.externalId: Required when scope is external',
    ],
    [
      'an unknown field inside',
      CreateWorkspaceIntegration,
      { integrationName: 'x', settings: { persistence: { color: 1 } } },
      'body.settings.persistence.color: Unknown field',
    ],
    [
      'the place in a list',
      CreateWorkspaceIntegration,
      { integrationName: 'x', enabledActions: ['a', 5] },
      'body.enabledActions.1: Expected string, received number',
    ],
    [
      'an unknown member of a union',
      CreateConnection,
      { type: 'API_KEY' },
      'body.type: Expected one of "SECRET_TEXT", "BASIC_AUTH", "CUSTOM_AUTH", "OAUTH2", "PLATFORM_OAUTH2"',
    ],
    ['what is no object', CreateWorkspace, 'text', 'body: Expected object, received string'],
  ])('tells %s', (_, schema, value, expected) => {
    expect(issuesOf(schema, value)).toEqual([expected])
  })

  it('is told for every wrong field, and for every unknown key', () => {
    expect(issuesOf(CreateWorkspace, { color: 1, size: 2 }).sort()).toEqual([
      'body.color: Unknown field',
      'body.name: Required',
      'body.size: Unknown field',
      'body.slug: Required',
    ])
  })

  it('starts its path at the root that is given, or without one', () => {
    expect(issuesOf(ListWorkspaces, { limit: '0' }, 'query')).toEqual(['query.limit: Must be at least 1'])
    expect(issuesOf(CreateWorkspace, { slug: 'a' }, '')).toEqual(['name: Required'])
  })

  it('never holds the value, which may be a secret', () => {
    const secret = 'sk-very-secret'
    const wrong = [
      { type: 'SECRET_TEXT', secretText: [secret] },
      { type: secret },
      { type: 'OAUTH2', accessToken: { secret }, expiresIn: secret, scope_oauth: [secret] },
      { type: 'CUSTOM_AUTH', props: secret },
    ]
    for (const value of wrong)
      expect(JSON.stringify(parse(CreateConnection, value, 'body'))).not.toContain(secret)
  })

  it('comes without touching the messages of the process', () => {
    parse(CreateWorkspace, {})
    const { error } = z.safeParse(z.string(), 5)
    expect(error?.issues[0]?.message).not.toContain('Expected string, received')
  })
})

describe('a parse', () => {
  it('tells where the unknown fields are', () => {
    const value = { integrationName: 'x', 'a.b': 1, settings: { persistence: { color: 1 } } }
    const parsed = parse(CreateWorkspaceIntegration, value, 'body')
    expect(parsed).toMatchObject({ ok: false })
    const { unknown } = parsed as Extract<typeof parsed, { ok: false }>
    expect([...unknown].sort()).toEqual([['a.b'], ['settings', 'persistence', 'color']])
  })

  it('reads numbers and booleans of a query from their texts', () => {
    expect(parse(ListWorkspaces, { limit: '10', offset: '0', includeSuspended: 'false' })).toEqual({
      ok: true,
      value: { limit: 10, offset: 0, includeSuspended: false },
    })
  })

  it('leaves what it is given as it was', () => {
    const value = Object.freeze({ name: 'A', slug: 'a' })
    expect(parse(CreateWorkspace, value)).toEqual({ ok: true, value })
  })
})
