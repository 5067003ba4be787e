import { describe, expect, it } from 'vitest'
import {
  denyState,
  describeWorld,
  explain,
  resolve,
  toErrorDetails,
  type Explanation,
  type ResolutionRequest,
  type WorldDescription,
} from '@weavz/sdk/resolver'

/** Acme has a personal slack for Ada, a shared one, a bot; Globex is somebody else. */
const acme: Required<WorldDescription> = {
  integrations: [{ name: 'slack' }, { name: 'github' }, { name: 'kv-store', auth: null }],
  workspaces: [{ id: 'ws-acme' }, { id: 'ws-globex' }],
  workspaceIntegrations: [
    {
      id: 'wi-user',
      workspaceId: 'ws-acme',
      integrationName: 'slack',
      alias: 'slack_user',
      connectionStrategy: 'per_user',
    },
    {
      id: 'wi-bot',
      workspaceId: 'ws-acme',
      integrationName: 'slack',
      alias: 'slack_bot',
      connectionId: 'c-shared',
    },
    {
      id: 'wi-kv',
      workspaceId: 'ws-acme',
      integrationName: 'kv-store',
      alias: 'tenant_state',
      settings: { persistence: { scope: 'external', externalId: 'tenant_acme' } },
    },
  ],
  endUsers: [
    { id: 'eu-ada', workspaceId: 'ws-acme', externalId: 'ada' },
    { id: 'eu-bob', workspaceId: 'ws-acme', externalId: 'bob' },
    { id: 'eu-eve', workspaceId: 'ws-globex', externalId: 'eve' },
  ],
  connections: [
    {
      id: 'c-ada',
      integrationName: 'slack',
      externalId: 'ada_slack',
      workspaceId: 'ws-acme',
      endUserId: 'ada',
    },
    { id: 'c-shared', integrationName: 'slack', externalId: 'conn_slack_prod', workspaceId: 'ws-acme' },
    {
      id: 'c-eve',
      integrationName: 'slack',
      externalId: 'eve_slack',
      workspaceId: 'ws-globex',
      endUserId: 'eve',
    },
  ],
}
const world = describeWorld(acme)
const call: ResolutionRequest = {
  kind: 'execute',
  workspaceId: 'ws-acme',
  integrationName: 'slack',
  actionName: 'send',
}
const asUser = { ...call, integrationAlias: 'slack_user' }

function change(more: Partial<WorldDescription>) {
  return describeWorld({ ...acme, ...more })
}

describe('the steps', () => {
  const statuses = ({ steps }: Explanation) =>
    Object.fromEntries(steps.map(({ rung, status }) => [rung, status]))

  it('go down the documented ladder in order, whatever the outcome', () => {
    const ladder = ['target', 'explicit', 'workspace-integration', 'end-user', 'not-needed', 'nothing']
    for (const request of [call, asUser, { ...call, workspaceId: 'nowhere' }]) {
      expect(explain(world, request).steps.map(({ rung }) => rung)).toEqual(ladder)
    }
  })

  it('stop at a named connection: nothing falls through', () => {
    expect(statuses(explain(world, { ...asUser, connectionExternalId: 'nothing' }))).toEqual({
      target: 'applied',
      explicit: 'failed',
      'workspace-integration': 'not-reached',
      'end-user': 'not-reached',
      'not-needed': 'not-reached',
      nothing: 'not-reached',
    })
  })

  it('show each rung of a refusal by strategy', () => {
    expect(statuses(explain(world, { ...asUser, endUserId: 'bob' }))).toEqual({
      target: 'applied',
      explicit: 'skipped',
      'workspace-integration': 'applied',
      'end-user': 'failed',
      'not-needed': 'skipped',
      nothing: 'failed',
    })
  })

  it('say that an alias beside an id was ignored, and what it named', () => {
    const named = (integrationAlias: string) =>
      explain(world, { ...call, workspaceIntegrationId: 'wi-bot', integrationAlias }).steps[0]?.facts
        .ignoredAliasNames
    expect(named('slack_bot')).toBe('the same workspace integration')
    expect(named('slack_user')).toBe('another workspace integration')
    expect(named('slack')).toBe('nothing')
  })

  it('say which own connections were shadowed by the most recent one', () => {
    const ada = { integrationName: 'slack', workspaceId: 'ws-acme', endUserId: 'ada' }
    const two = change({
      connections: [
        { ...ada, id: 'c-old', externalId: 'old', updatedAt: '2025-01-01T00:00:00Z' },
        { ...ada, id: 'c-new', externalId: 'new', updatedAt: '2025-01-01T00:00:00.500Z' },
        { ...ada, id: 'c-broken', externalId: 'broken', updatedAt: '2026-01-01T00:00:00Z', status: 'ERROR' },
        { id: 'c-shared', integrationName: 'slack', externalId: 'conn_slack_prod', workspaceId: 'ws-acme' },
      ],
    })
    const { steps, candidates } = explain(two, { ...asUser, endUserId: 'ada' })
    expect(steps.find(({ rung }) => rung === 'end-user')?.facts).toMatchObject({
      connectionId: 'c-new',
      shadowed: ['c-old'],
    })
    expect(
      candidates.map(({ connectionId, verdict, shadowedBy }) => [connectionId, verdict, shadowedBy]),
    ).toEqual([
      ['c-new', 'selected', null],
      ['c-old', 'shadowed', 'c-new'],
      ['c-broken', 'rejected', null],
      ['c-shared', 'rejected', null],
    ])
  })
})

describe('candidates', () => {
  it('are bounded, best first, and the rest is counted', () => {
    const { candidates, moreCandidates } = explain(
      world,
      { ...call, integrationAlias: 'slack_bot' },
      { candidates: 1 },
    )
    expect(candidates.map(({ connectionId }) => connectionId)).toEqual(['c-shared'])
    expect(moreCandidates).toBe(1)
  })

  it('name as nearest the one that was meant, before one that merely works', () => {
    const { nearest } = explain(world, { ...call, connectionExternalId: 'eve_slack' })
    expect(nearest?.connectionId).toBe('c-eve')
    expect(nearest?.predicates.filter(({ holds }) => !holds)).toEqual([
      {
        name: 'visible',
        expected: 'ORGANIZATION or in workspace ws-acme',
        actual: 'in workspace ws-globex',
        holds: false,
      },
    ])
  })

  it('have no nearest when the decision was over before it looked at any', () => {
    expect(explain(world, call).nearest).toBeNull()
  })
})

describe('the eight mistaken identifiers', () => {
  const pinned = change({
    workspaceIntegrations: [
      { id: 'wi-bot', workspaceId: 'ws-acme', integrationName: 'slack', connectionId: 'conn_slack_prod' },
    ],
  })
  const mistakes = [
    ['endUser.id as endUserId', { ...asUser, endUserId: 'eu-ada' }, 'endUserId', 'endUser.id', 'c-ada'],
    [
      'endUser.externalId as connectionExternalId',
      { ...asUser, connectionExternalId: 'ada' },
      'connectionExternalId',
      'endUser.externalId',
      'c-ada',
    ],
    [
      'connection.id as connectionExternalId',
      { ...call, connectionExternalId: 'c-shared' },
      'connectionExternalId',
      'connection.id',
      'c-shared',
    ],
    [
      'connection.externalId as endUserId',
      { ...asUser, endUserId: 'conn_slack_prod' },
      'endUserId',
      'connection.externalId',
      'c-shared',
    ],
    [
      'connection.externalId as connectionId of a workspace integration',
      call,
      'connectionId',
      'connection.externalId',
      'c-shared',
      pinned,
    ],
    [
      'an alias as workspaceIntegrationId',
      { ...call, workspaceIntegrationId: 'slack_bot' },
      'workspaceIntegrationId',
      'integrationAlias',
      'c-shared',
    ],
    [
      'a workspaceIntegrationId as alias',
      { ...call, integrationAlias: 'wi-bot' },
      'integrationAlias',
      'workspaceIntegrationId',
      'c-shared',
    ],
    [
      'a persistence namespace key as connectionExternalId',
      { ...call, integrationName: 'kv-store', connectionExternalId: 'tenant_acme' },
      'connectionExternalId',
      'settings.persistence.externalId',
      null,
    ],
  ] as const

  it.each(mistakes)('%s', (_, request, field, is, reached, where = world) => {
    const { confusions, fixes, hint } = explain(where, request)
    expect(confusions).toHaveLength(1)
    expect(confusions[0]).toMatchObject({ field, is })
    expect(hint).toBe(confusions[0]?.text)
    // The correction is not only named: it was tried, comes first and reaches what was meant.
    expect(fixes[0]?.changes[0]).toEqual(confusions[0]?.correction)
    expect(fixes[0]?.reaches).toMatchObject({ connectionId: reached })
  })

  it('are told in words where the field is called like what it takes', () => {
    expect(explain(world, { ...call, integrationAlias: 'wi-bot' }).hint).toBe(
      'integrationAlias takes the alias of a workspace integration, but "wi-bot" is workspaceIntegrationId, ' +
        'the UUID of a workspace integration: pass workspaceIntegrationId: "wi-bot"',
    )
  })

  it('are named to the caller of the API, with the right value', () => {
    const request = { ...asUser, endUserId: 'eu-ada' }
    const answer = resolve(world, request)
    if (answer.outcome !== 'denied') throw new Error('should be denied')
    expect(toErrorDetails(world, request, answer)?.hint).toBe(
      'endUserId takes endUser.externalId, but "eu-ada" is endUser.id, the Weavz UUID of an end user: pass endUserId: "ada"',
    )
  })

  it('also include an alias in place of the integration name, corrected to both', () => {
    const { fixes } = explain(world, { ...call, integrationName: 'slack_bot' })
    expect(fixes[0]?.text).toBe('Pass integrationName: "slack" and pass integrationAlias: "slack_bot"')
  })

  it('are not suspected in a value of the right kind that is also something else', () => {
    const twin = change({
      endUsers: [...acme.endUsers, { id: 'eu-twin', workspaceId: 'ws-acme', externalId: 'slack_bot' }],
    })
    expect(explain(twin, { ...asUser, endUserId: 'slack_bot' }).confusions).toEqual([])
  })

  it('of another workspace are not given away to a caller who may only know this one', () => {
    const request = { ...asUser, endUserId: 'eu-eve' }
    const answer = resolve(world, request)
    if (answer.outcome !== 'denied') throw new Error('should be denied')
    expect(JSON.stringify(toErrorDetails(world, request, answer))).not.toContain('"eve"')
    expect(explain(world, request).confusions[0]?.text).toContain('"eve"')
  })
})

describe('fixes', () => {
  const texts = (request: ResolutionRequest, options = {}, where = world) =>
    explain(where, request, options).fixes.map(({ text }) => text)

  it('offer what is configured for an ambiguous or misspelt target', () => {
    expect(texts(call)[0]).toBe('Pass integrationAlias: "slack_bot"')
    expect(texts({ ...call, integrationAlias: 'slak_bot' })[0]).toBe('Pass integrationAlias: "slack_bot"')
    // Not the bot, which comes first in the alphabet: the message would go out in another name
    expect(texts({ ...asUser, integrationAlias: 'slack_users', endUserId: 'ada' })[0]).toBe(
      'Pass integrationAlias: "slack_user"',
    )
  })

  it('offer the connection that was misspelt', () => {
    expect(texts({ ...call, connectionExternalId: 'conn_slack_pord' })[0]).toBe(
      'Pass connectionExternalId: "conn_slack_prod"',
    )
  })

  it('go through a second refusal when the first remedy only leads there', () => {
    const bare = change({ workspaceIntegrations: [] })
    expect(texts({ ...call, endUserId: 'bob' }, {}, bare)).toContain(
      'Configure slack in the workspace with strategy per_user, and connect a slack account of end user "bob"',
    )
  })

  it('never act for somebody else to get around a refusal', () => {
    for (const text of texts(
      { ...asUser, endUserId: 'bob', connectionExternalId: 'ada_slack' },
      { fixes: 20 },
    )) {
      expect(text).not.toContain('ada')
    }
  })

  it('are for an end user only what end users can do', () => {
    expect(texts({ ...asUser, endUserId: 'bob' }, { audience: 'end-user' })).toEqual([
      'Connect a slack account of end user "bob"',
    ])
    expect(texts(call, { audience: 'end-user' })).toEqual([])
  })

  it('authorise a broken connection again', () => {
    const broken = change({
      connections: acme.connections.map((each) => ({ ...each, status: 'ERROR' as const })),
    })
    expect(texts({ ...asUser, endUserId: 'ada' }, { audience: 'end-user' }, broken)).toEqual([
      'Have connection "c-ada" authorised again',
    ])
  })

  it('are not offered where the resolver has nothing to give', () => {
    expect(texts({ ...call, workspaceId: 'nowhere' })).toEqual([])
    expect(texts({ kind: 'resolve', workspaceId: 'ws-acme', integrationName: 'kv-store' })).toEqual([])
  })
})

describe('missing context', () => {
  it('names endUserId under a per-user strategy, and an end user for whom it would work', () => {
    expect(explain(world, asUser).missing).toMatchObject([{ field: 'endUserId', example: 'ada' }])
  })

  it('names endUserId when the fallback was taken although somebody has an own connection', () => {
    const fallback = change({
      workspaceIntegrations: [
        {
          id: 'wi',
          workspaceId: 'ws-acme',
          integrationName: 'slack',
          connectionStrategy: 'per_user_with_fallback',
          connectionId: 'c-shared',
        },
      ],
    })
    expect(explain(fallback, call)).toMatchObject({
      outcome: { via: 'fallback', connectionId: 'c-shared' },
      missing: [{ field: 'endUserId', example: 'ada' }],
    })
  })

  it('names the workspace for a property endpoint that gave none', () => {
    const request: ResolutionRequest = {
      kind: 'property',
      workspaceId: null,
      integrationName: 'slack',
      connectionExternalId: 'eve_slack',
    }
    expect(explain(world, request).missing).toMatchObject([{ field: 'workspaceId', example: 'ws-globex' }])
  })
})

describe('the details of an error', () => {
  const details = (request: ResolutionRequest) => {
    const answer = resolve(world, request)
    if (answer.outcome !== 'denied') throw new Error('should be denied')
    return toErrorDetails(world, request, answer)
  }

  it('hold the documented fields, with what the request gave or null', () => {
    const given = details({ ...asUser, endUserId: 'bob' })
    expect(given).toMatchObject({
      reason: 'END_USER_NOT_CONNECTED',
      integrationName: 'slack',
      workspaceId: 'ws-acme',
      endUserId: 'bob',
    })
    expect(given?.steps).toHaveLength(6)
    expect(details(asUser)?.endUserId).toBeNull()
  })

  it('have both shapes for a VALIDATION_ERROR', () => {
    const request = { ...call, integrationName: 'github' }
    const message = 'Workspace integration "slack_bot" is not one of "github"'
    expect(details({ ...request, workspaceIntegrationId: 'wi-bot' })).toMatchObject({
      reason: 'SELECTOR_MISMATCH',
      issues: [{ path: 'body.workspaceIntegrationId', message }],
    })
    expect(details({ ...request, integrationAlias: 'slack_bot' })?.issues?.[0]?.path).toBe(
      'body.integrationAlias',
    )
  })

  it('of a state namespace hint at a mistaken identifier, and at nothing that only helps a connection', () => {
    const state = { ...call, integrationName: 'kv-store' }
    const refused = (request: ResolutionRequest, reason: 'END_USER_REQUIRED' | 'END_USER_NOT_FOUND') =>
      toErrorDetails(world, request, denyState(reason, request, null))
    const required = refused(state, 'END_USER_REQUIRED')
    expect(required).toMatchObject({ reason: 'END_USER_REQUIRED', issues: [{ path: 'body.endUserId' }] })
    expect(required?.hint).toBeUndefined()
    expect(refused({ ...state, endUserId: 'eu-ada' }, 'END_USER_NOT_FOUND')?.hint).toContain(
      'pass endUserId: "ada"',
    )
    expect(refused({ ...state, endUserId: 'tenant_acme' }, 'END_USER_NOT_FOUND')?.hint).toContain(
      'persistence',
    )
  })

  it('are absent where the API documents no reason', () => {
    expect(details({ ...call, workspaceId: 'nowhere' })).toBeUndefined()
  })
})
