import { describe, expect, it } from 'vitest'
import { describeWorld, resolutionReasons, resolve, type Resolution } from '@weavz/sdk/resolver'
import { oracle, type PlainConnection, type PlainRequest, type PlainWorld } from './oracle.js'

/** The same notation as the oracle's. */
export function verdict(answer: Resolution): string {
  if (answer.outcome === 'denied') return `${answer.status} ${answer.code} ${answer.reason ?? '-'}`
  return `runs: ${answer.connection?.id ?? 'none'}`
}

const strategies = ['fixed', 'per_user', 'per_user_with_fallback'] as const
const endUserIds = { absent: undefined, known: 'ada', unknown: 'nobody', uuid: 'eu-ada' } as const
const owns = ['none', 'ACTIVE', 'ERROR', 'two'] as const
const pins = ['none', 'ACTIVE', 'ERROR', 'deleted', 'other workspace'] as const
const explicits = [
  'none',
  'matching',
  'other workspace',
  'other user',
  'other integration',
  'unknown',
] as const
const selections = ['id', 'alias', 'name unique', 'name ambiguous', 'none'] as const
const accounts = ['needed', 'not needed'] as const
const kinds = ['execute', 'resolve', 'trigger', 'property'] as const

interface Row {
  kind: (typeof kinds)[number]
  account: (typeof accounts)[number]
  strategy: (typeof strategies)[number]
  endUserId: keyof typeof endUserIds
  own: (typeof owns)[number]
  pinned: (typeof pins)[number]
  explicit: (typeof explicits)[number]
  selection: (typeof selections)[number]
}

function* rows(): Generator<Row> {
  for (const kind of kinds)
    for (const account of accounts)
      for (const strategy of strategies)
        for (const endUserId of Object.keys(endUserIds) as (keyof typeof endUserIds)[])
          for (const own of owns)
            for (const pinned of pins)
              for (const explicit of explicits)
                for (const selection of selections)
                  yield { kind, account, strategy, endUserId, own, pinned, explicit, selection }
}

const connection = (id: string, more: Partial<PlainConnection> = {}): PlainConnection => ({
  id,
  integrationName: 'slack',
  externalId: id,
  scope: 'WORKSPACE',
  status: 'ACTIVE',
  workspaceId: 'acme',
  endUserId: null,
  authMethodKey: null,
  updatedAt: '2025-01-01T00:00:00.000Z',
  ...more,
})

function worldOf(row: Row): PlainWorld {
  const personal = { scope: 'USER', endUserId: 'ada' } as const
  const configured = {
    workspaceId: 'acme',
    integrationName: 'slack',
    connectionStrategy: row.strategy,
    connectionId: row.pinned === 'none' ? null : row.pinned === 'other workspace' ? 'globex-pin' : 'pin',
    authMethodKey: null,
    enabledActions: null,
  }
  const connections = [
    connection('matching'),
    connection('of-bob', { scope: 'USER', endUserId: 'bob' }),
    connection('of-globex', { workspaceId: 'globex' }),
    connection('of-github', { integrationName: 'github' }),
    connection('globex-pin', { workspaceId: 'globex' }),
  ]
  if (row.pinned === 'ACTIVE' || row.pinned === 'ERROR')
    connections.push(connection('pin', { status: row.pinned }))
  if (row.own === 'ACTIVE' || row.own === 'ERROR')
    connections.push(connection('own', { ...personal, status: row.own }))
  if (row.own === 'two') {
    connections.push(
      connection('own-newer', { ...personal, updatedAt: '2025-02-01T00:00:00.000Z' }),
      connection('own-older', personal),
    )
  }
  const instance = (id: string) => ({ ...configured, id, alias: id })
  return {
    integrations: [
      { name: 'slack', auth: row.account === 'needed' ? { type: ['OAUTH2'] } : null },
      { name: 'github', auth: { type: ['OAUTH2'] } },
    ],
    workspaces: [{ id: 'acme' }, { id: 'globex' }],
    workspaceIntegrations:
      row.selection === 'none'
        ? []
        : row.selection === 'name unique'
          ? [instance('one')]
          : [instance('one'), instance('two')],
    endUsers: [
      { id: 'eu-ada', workspaceId: 'acme', externalId: 'ada' },
      { id: 'eu-bob', workspaceId: 'acme', externalId: 'bob' },
    ],
    connections,
  }
}

const named: Record<Row['explicit'], string | undefined> = {
  none: undefined,
  matching: 'matching',
  'other workspace': 'of-globex',
  'other user': 'of-bob',
  'other integration': 'of-github',
  unknown: 'no-such-connection',
}

function requestOf(row: Row): PlainRequest {
  const endUserId = endUserIds[row.endUserId]
  const connectionExternalId = named[row.explicit]
  return {
    kind: row.kind,
    workspaceId: 'acme',
    integrationName: 'slack',
    actionName: 'send_channel_message',
    ...(endUserId !== undefined && { endUserId }),
    ...(connectionExternalId !== undefined && { connectionExternalId }),
    ...(row.selection === 'id' && { workspaceIntegrationId: 'two' }),
    ...(row.selection === 'alias' && { integrationAlias: 'one' }),
  }
}

describe('the decision table', () => {
  it('agrees with the prose in every cell of the full cross product', () => {
    let cells = 0
    const seen = new Set<string>()
    for (const row of rows()) {
      const plain = worldOf(row)
      const request = requestOf(row)
      const expected = oracle(plain, request)
      const answer = resolve(describeWorld(plain), request)
      if (verdict(answer) !== expected)
        expect({ row, answer: verdict(answer) }).toEqual({ row, answer: expected })
      seen.add(expected.split(' ').at(-1) ?? '')
      cells += 1
    }
    expect(cells).toBe(4 * 2 * 3 * 4 * 4 * 5 * 6 * 5)
    // A table that never leaves one corner proves nothing: these all have to come up.
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'none',
        'pin',
        'own',
        'own-newer',
        'matching',
        'NO_WORKSPACE_INTEGRATION',
        'PINNED_CONNECTION_MISSING',
        'PINNED_CONNECTION_DELETED',
        'END_USER_REQUIRED',
        'END_USER_NOT_FOUND',
        'END_USER_NOT_CONNECTED',
        'FALLBACK_MISSING',
        'FALLBACK_DELETED',
        'CONNECTION_IN_ERROR',
        'EXPLICIT_NOT_FOUND',
        'EXPLICIT_OTHER_INTEGRATION',
        'EXPLICIT_OUT_OF_WORKSPACE',
        'EXPLICIT_OTHER_END_USER',
        'AMBIGUOUS_INTEGRATION',
      ]),
    )
  })
})

describe('rules beside the table', () => {
  const base = (): PlainWorld =>
    worldOf({
      kind: 'execute',
      account: 'needed',
      strategy: 'fixed',
      endUserId: 'absent',
      own: 'none',
      pinned: 'ACTIVE',
      explicit: 'none',
      selection: 'name unique',
    })
  const execute: PlainRequest = {
    kind: 'execute',
    workspaceId: 'acme',
    integrationName: 'slack',
    actionName: 'send',
  }
  const answer = (world: PlainWorld, request: PlainRequest) => {
    const given = verdict(resolve(describeWorld(world), request))
    expect(given).toBe(oracle(world, request))
    return given
  }
  const change = (more: Partial<PlainWorld['workspaceIntegrations'][number]>): PlainWorld => {
    const world = base()
    world.workspaceIntegrations = world.workspaceIntegrations.map((each) => ({ ...each, ...more }))
    return world
  }

  it('refuses an unknown workspace and an integration that the catalog lacks, without a reason', () => {
    expect(answer(base(), { ...execute, workspaceId: 'initech' })).toBe('404 NOT_FOUND -')
    expect(answer(base(), { ...execute, integrationName: 'slak' })).toBe('404 INTEGRATION_NOT_FOUND -')
  })

  it('refuses unknown ids and aliases, those of other workspaces included', () => {
    const world = base()
    world.workspaceIntegrations.push({
      ...world.workspaceIntegrations[0]!,
      id: 'theirs',
      alias: 'theirs',
      workspaceId: 'globex',
    })
    expect(answer(world, { ...execute, workspaceIntegrationId: 'theirs' })).toBe(
      '404 NOT_FOUND WORKSPACE_INTEGRATION_NOT_FOUND',
    )
    expect(answer(world, { ...execute, integrationAlias: 'theirs' })).toBe('404 NOT_FOUND ALIAS_NOT_FOUND')
  })

  it('refuses a target of another integration', () => {
    const request = { ...execute, integrationName: 'github' }
    expect(answer(base(), { ...request, workspaceIntegrationId: 'one' })).toBe(
      '400 VALIDATION_ERROR SELECTOR_MISMATCH',
    )
    expect(answer(base(), { ...request, integrationAlias: 'one' })).toBe(
      '400 VALIDATION_ERROR SELECTOR_MISMATCH',
    )
  })

  it('lets the id win over the alias, whatever the alias names', () => {
    expect(answer(base(), { ...execute, workspaceIntegrationId: 'one', integrationAlias: 'nothing' })).toBe(
      'runs: pin',
    )
  })

  it('is ambiguous even if one of several has the name of the integration as its alias', () => {
    const world = base()
    world.workspaceIntegrations.push({ ...world.workspaceIntegrations[0]!, id: 'two', alias: 'slack' })
    expect(answer(world, execute)).toBe('400 AMBIGUOUS_INTEGRATION AMBIGUOUS_INTEGRATION')
  })

  it('allows an action on execute only if enabledActions has it, on rung 1 too', () => {
    const refused = '403 ACTION_NOT_ALLOWED ACTION_NOT_ALLOWED'
    expect(answer(change({ enabledActions: ['read'] }), execute)).toBe(refused)
    expect(answer(change({ enabledActions: [] }), { ...execute, connectionExternalId: 'matching' })).toBe(
      refused,
    )
    expect(answer(change({ enabledActions: ['send'] }), execute)).toBe('runs: pin')
    for (const kind of ['resolve', 'trigger', 'property'] as const) {
      expect(answer(change({ enabledActions: [] }), { ...execute, kind })).toBe('runs: pin')
    }
  })

  it('asks several untargeted ones for the action: one that enables it is enough for a named connection', () => {
    const world = change({ enabledActions: ['read'] })
    world.workspaceIntegrations.push({ ...world.workspaceIntegrations[0]!, id: 'two', alias: 'two' })
    const request = { ...execute, connectionExternalId: 'matching' }
    expect(answer(world, request)).toBe('403 ACTION_NOT_ALLOWED ACTION_NOT_ALLOWED')
    world.workspaceIntegrations[1]!.enabledActions = ['send']
    expect(answer(world, request)).toBe('runs: matching')
    expect(resolve(describeWorld(world), request)).toMatchObject({
      via: 'explicit',
      workspaceIntegration: null,
    })
  })

  it('filters by the auth method of the workspace integration and of the request', () => {
    const world = change({ connectionStrategy: 'per_user', authMethodKey: 'oauth2' })
    const own = { scope: 'USER', endUserId: 'ada' } as const
    world.connections.push(
      connection('by-key', { ...own, authMethodKey: 'api_key', updatedAt: '2026-01-01T00:00:00.000Z' }),
      connection('by-oauth', { ...own, authMethodKey: 'oauth2' }),
    )
    const request = { ...execute, endUserId: 'ada' }
    const mismatch = '400 CONNECTION_REQUIRED AUTH_METHOD_MISMATCH'
    expect(answer(world, request)).toBe('runs: by-oauth')
    expect(answer(world, { ...request, authMethodKey: 'api_key' })).toBe(mismatch)
    world.workspaceIntegrations[0]!.connectionStrategy = 'per_user_with_fallback'
    expect(answer(world, { ...request, authMethodKey: 'api_key' })).toBe(mismatch)
    world.connections.find(({ id }) => id === 'pin')!.authMethodKey = 'oauth2'
    world.connections = world.connections.filter(({ id }) => id !== 'by-oauth')
    expect(answer(world, request)).toBe('runs: pin')
  })

  it('refuses a pinned or a named connection of another auth method', () => {
    const mismatch = '400 CONNECTION_REQUIRED AUTH_METHOD_MISMATCH'
    expect(answer(change({ authMethodKey: 'oauth2' }), execute)).toBe(mismatch)
    expect(answer(base(), { ...execute, authMethodKey: 'oauth2' })).toBe(mismatch)
    expect(answer(base(), { ...execute, connectionExternalId: 'matching', authMethodKey: 'oauth2' })).toBe(
      mismatch,
    )
    expect(
      answer(change({ authMethodKey: 'oauth2' }), { ...execute, connectionExternalId: 'matching' }),
    ).toBe('runs: matching')
  })

  it('prefers a workspace connection to an organization one of the same external id, even when it must refuse it', () => {
    const world = base()
    world.connections.push(
      connection('shared', { externalId: 'twin', scope: 'ORGANIZATION', workspaceId: null }),
      connection('ours', { externalId: 'twin' }),
    )
    const request = { ...execute, connectionExternalId: 'twin' }
    expect(answer(world, request)).toBe('runs: ours')
    world.connections.find(({ id }) => id === 'ours')!.status = 'ERROR'
    expect(answer(world, request)).toBe('400 CONNECTION_REQUIRED CONNECTION_IN_ERROR')
    world.connections = world.connections.filter(({ id }) => id !== 'ours')
    expect(answer(world, request)).toBe('runs: shared')
  })

  it('reaches only organization connections, by name, without a workspace', () => {
    const world = base()
    world.connections.push(connection('shared', { scope: 'ORGANIZATION', workspaceId: null }))
    const property: PlainRequest = { kind: 'property', workspaceId: null, integrationName: 'slack' }
    expect(answer(world, { ...property, connectionExternalId: 'shared' })).toBe('runs: shared')
    expect(answer(world, { ...property, connectionExternalId: 'matching' })).toBe(
      '403 FORBIDDEN EXPLICIT_OUT_OF_WORKSPACE',
    )
    expect(answer(world, property)).toBe('400 CONNECTION_REQUIRED NO_WORKSPACE_INTEGRATION')
    expect(answer(world, { ...property, integrationAlias: 'one' })).toBe('404 NOT_FOUND ALIAS_NOT_FOUND')
  })

  it('gives every documented reason somewhere', () => {
    expect(resolutionReasons).toHaveLength(19)
  })
})
