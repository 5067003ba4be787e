import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../src/contract/connections.js'
import { encodeContext } from '../../../src/engine/vault/context.js'
import type { VaultContext } from '../../../src/engine/vault/index.js'
import { context, failureOf, shut, vaultOf } from './kit.js'

/** Few characters, so that moving one over a border gives another context of the same letters. */
const text = fc.string({ unit: fc.constantFrom('a', ':', '\0', 'é', '\uffff', '𝄞'), maxLength: 4 })
const id = fc.string({ unit: fc.constantFrom('a', '-', '\0'), maxLength: 4 })
const nullable = fc.option(text, { nil: null })
const anyContext: fc.Arbitrary<VaultContext> = fc.record({
  orgId: nullable,
  connectionId: nullable,
  integrationName: nullable,
  owner: fc.option(
    fc.oneof(
      fc.constant({ scope: 'ORGANIZATION' as const }),
      fc.record({ scope: fc.constant('WORKSPACE' as const), workspaceId: id }),
      fc.record({ scope: fc.constant('USER' as const), workspaceId: id, endUserId: text }),
    ),
    { nil: null },
  ),
  credentialType: nullable,
  field: nullable,
})
const hex = (place: VaultContext) => Buffer.from(encodeContext(place).context).toString('hex')
/** The fields in an order of their own, as JSON, which nobody doubts to be injective. */
const canonical = ({ orgId, connectionId, integrationName, owner, credentialType, field }: VaultContext) =>
  JSON.stringify([
    orgId,
    connectionId,
    integrationName,
    owner && [owner.scope, owner.workspaceId, owner.endUserId],
    credentialType,
    field,
  ])

describe('the context of a sealed value', () => {
  it('has bytes that no other context has', () => {
    fc.assert(
      fc.property(anyContext, anyContext, (a, b) => {
        expect(hex(a) === hex(b)).toBe(canonical(a) === canonical(b))
      }),
      { numRuns: 3000 },
    )
  })

  it('has bytes that no context has which shifts a character over a border', () => {
    const names = ['orgId', 'connectionId', 'integrationName', 'credentialType', 'field'] as const
    fc.assert(
      fc.property(anyContext, fc.constantFrom(...names), fc.constantFrom(...names), (a, from, to) => {
        const source = a[from]
        fc.pre(from !== to && !!source)
        const [first, ...rest] = source as string
        const b = { ...a, [from]: rest.join(''), [to]: (a[to] ?? '') + first }
        expect(hex(b)).not.toBe(hex(a))
      }),
    )
  })

  it('keeps a value shut when any one field of it is another', async () => {
    const vault = vaultOf()
    const envelope = await vault.seal('token', context)
    const others: Partial<VaultContext>[] = [
      ...(['orgId', 'connectionId', 'integrationName', 'credentialType', 'field'] as const).flatMap(
        (name) => [{ [name]: 'another' }, { [name]: '' }, { [name]: null }, { [name]: `${context[name]} ` }],
      ),
      { orgId: context.connectionId, connectionId: context.orgId },
      { owner: null },
      { owner: { scope: 'ORGANIZATION' } },
      { owner: { ...context.owner!, scope: 'WORKSPACE' } },
      { owner: { ...context.owner!, workspaceId: 'another' } },
      { owner: { ...context.owner!, endUserId: 'user' } },
      { owner: { ...context.owner!, endUserId: '' } },
    ]
    for (const other of others) {
      expect(await failureOf(vault.open(envelope, { ...context, ...other }, 'test'))).toEqual(shut)
    }
    expect((await vault.open(envelope, { ...context }, 'test')).reveal()).toBe('token')
  })

  it('tells null from an empty text', async () => {
    const vault = vaultOf()
    for (const [sealed, opened] of [
      [null, ''],
      ['', null],
    ]) {
      const envelope = await vault.seal('token', { ...context, field: sealed! })
      expect(await failureOf(vault.open(envelope, { ...context, field: opened! }, 'test'))).toEqual(shut)
    }
  })

  it('takes a connection of the API as its owner as it stands', async () => {
    const connection: Connection = {
      id: 'c1',
      displayName: 'Slack',
      integrationName: 'slack',
      externalId: 'acme_slack',
      type: 'OAUTH2',
      status: 'ACTIVE',
      scope: 'WORKSPACE',
      workspaceId: 'w1',
      createdAt: '2025-01-15T10:30:00.000Z',
      updatedAt: '2025-01-15T10:30:00.000Z',
    }
    const vault = vaultOf()
    const envelope = await vault.seal('token', { ...context, owner: connection })
    const owner = { scope: 'WORKSPACE', workspaceId: 'w1' }
    expect((await vault.open(envelope, { ...context, owner }, 'test')).reveal()).toBe('token')
  })

  it('takes a connection of any scope as its owner, and what does not count for the scope does not count', async () => {
    const vault = vaultOf()
    const row = { scope: 'ORGANIZATION' as const, workspaceId: 'w', endUserId: null, displayName: 'Slack' }
    const envelope = await vault.seal('token', { ...context, owner: row })
    const opened = await vault.open(envelope, { ...context, owner: { ...row, workspaceId: null } }, 'test')
    expect(opened.reveal()).toBe('token')
  })

  it.each([
    [
      'a field is missing',
      { ...context, field: undefined },
      'field must be a text or null, received nothing',
    ],
    ['a field is no text', { ...context, orgId: 7 }, 'orgId must be a text or null, received number'],
    ['a field has a lone surrogate', { ...context, field: '\udc00' }, 'field must be well-formed Unicode'],
    [
      'the owner has a lone surrogate',
      { ...context, owner: { scope: 'WORKSPACE', workspaceId: '\ud800' } },
      'owner must be well-formed Unicode',
    ],
    [
      'the owner is missing',
      { ...context, owner: undefined },
      'owner must be an object with a scope, or null, received nothing',
    ],
    ['the owner is a text', { ...context, owner: 'ORGANIZATION' }, 'owner must be an object with a scope'],
    ['the owner is an empty text', { ...context, owner: '' }, 'owner must be an object with a scope'],
    [
      'the scope is missing',
      { ...context, owner: {} },
      'owner.scope must be ORGANIZATION, WORKSPACE or USER',
    ],
    ['the scope is unknown', { ...context, owner: { scope: 'TEAM', workspaceId: 'w' } }, 'owner.scope'],
    ['the workspace is missing', { ...context, owner: { scope: 'WORKSPACE' } }, 'owner.workspaceId'],
    [
      'the workspace has a separator in it',
      { ...context, owner: { scope: 'USER', workspaceId: 'a:b', endUserId: 'c' } },
      'owner.workspaceId',
    ],
    [
      'the end user is missing',
      { ...context, owner: { scope: 'USER', workspaceId: 'w' } },
      'owner.endUserId',
    ],
    ['there is none', null, 'an object is needed, received null'],
    [
      'it is longer than HKDF takes',
      { ...context, field: 'x'.repeat(900) },
      '1009 bytes are the most, received',
    ],
    ['it is longer in UTF-8', { ...context, field: '€'.repeat(300) }, '1009 bytes are the most, received'],
  ])('is refused by name when %s', async (_, wrong, named) => {
    const vault = vaultOf()
    const envelope = await vault.seal('token', context)
    for (const attempt of [
      vault.seal('token', wrong as never),
      vault.open(envelope, wrong as never, 'test'),
    ]) {
      expect(await failureOf(attempt)).toMatchObject({
        code: 'VAULT_INVALID_CONTEXT',
        message: expect.stringMatching(new RegExp(`: ${named}`)),
      })
    }
  })

  it.each(['orgId', 'connectionId', 'integrationName', 'credentialType', 'field'])(
    'is refused by the name of what is not well-formed: %s',
    async (name) => {
      const malformed = { ...context, [name]: 'é\udc00' }
      expect(await failureOf(vaultOf().seal('token', malformed))).toMatchObject({
        code: 'VAULT_INVALID_CONTEXT',
        message: expect.stringMatching(new RegExp(`: ${name} must be well-formed Unicode`)),
      })
    },
  )
})
