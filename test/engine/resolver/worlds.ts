import fc from 'fast-check'
import type { PlainConnection, PlainRequest, PlainWorld } from './oracle.js'

/**
 * Small random worlds in which things collide on purpose: few names, so that external ids, owners and aliases meet
 * across integrations, workspaces and end users. No id is part of another, so that a leak can be found in any text.
 */

const workspaces = ['ws-acme-z', 'ws-globex-z']
const integrations = ['slack', 'github', 'datetime']
/** Most things are of one integration, so that they compete. */
const anyIntegration = fc.constantFrom('slack', 'slack', 'slack', ...integrations)
const externalIds = ['cx-01-z', 'cx-02-z', 'cx-03-z', 'cx-04-z']
const aliases = ['al-01-z', 'al-02-z', 'slack']
const methods = [null, null, 'oauth2', 'api_key']
const actions = ['send', 'read']

/** Some end users have the same external id in both workspaces. */
const people = workspaces.flatMap((workspaceId, place) =>
  ['ux-shared-z', `ux-only-${place}-z`].map((externalId, index) => ({
    id: `eu-${place}${index}-z`,
    workspaceId,
    externalId,
  })),
)

const connectionArbitrary = (index: number): fc.Arbitrary<PlainConnection> =>
  fc
    .record({
      integrationName: anyIntegration,
      externalId: fc.constantFrom(...externalIds),
      status: fc.constantFrom('ACTIVE' as const, 'ERROR' as const),
      authMethodKey: fc.constantFrom(...methods),
      updatedAt: fc.constantFrom(
        '2025-01-01T00:00:00.000Z',
        '2025-02-01T00:00:00.000Z',
        '2025-03-01T00:00:00.000Z',
      ),
      place: fc.oneof(
        fc.constant({ scope: 'ORGANIZATION' as const, workspaceId: null, endUserId: null }),
        fc
          .constantFrom(...workspaces)
          .map((workspaceId) => ({ scope: 'WORKSPACE' as const, workspaceId, endUserId: null })),
        fc.constantFrom(...people).map(({ workspaceId, externalId }) => ({
          scope: 'USER' as const,
          workspaceId,
          endUserId: externalId,
        })),
      ),
    })
    .map(({ place, ...rest }) => ({ id: `cn-${String(index).padStart(2, '0')}-z`, ...rest, ...place }))

const targetArbitrary = (index: number) =>
  fc.record({
    id: fc.constant(`wi-${String(index).padStart(2, '0')}-z`),
    workspaceId: fc.constantFrom(...workspaces),
    integrationName: anyIntegration,
    alias: fc.constantFrom(...aliases),
    connectionStrategy: fc.constantFrom(
      'fixed' as const,
      'per_user' as const,
      'per_user_with_fallback' as const,
    ),
    connectionId: fc.constantFrom(null, 'cn-00-z', 'cn-01-z', 'cn-02-z', 'cn-99-z', 'cx-01-z'),
    authMethodKey: fc.constantFrom(...methods),
    enabledActions: fc.constantFrom<(string[] | null)[]>(null, ['send'], []),
    settings: fc.constantFrom({}, { persistence: { scope: 'external', externalId: 'ns-01-z' } }),
  })

/** Keeps the first of those that the API would not let be together. */
function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map([...items].reverse().map((item) => [key(item), item])).values()]
}

export const worldArbitrary: fc.Arbitrary<PlainWorld> = fc
  .record({
    connections: fc.tuple(...Array.from({ length: 8 }, (_, index) => connectionArbitrary(index))),
    targets: fc.tuple(...Array.from({ length: 4 }, (_, index) => targetArbitrary(index))),
    howMany: fc.tuple(fc.nat(8), fc.nat(4)),
  })
  .map(({ connections, targets, howMany: [connectionCount, targetCount] }) => ({
    integrations: integrations.map((name) => ({
      name,
      auth: name === 'datetime' ? null : { type: ['OAUTH2'] },
    })),
    workspaces: workspaces.map((id) => ({ id })),
    endUsers: people,
    connections: distinct(
      connections.slice(0, connectionCount),
      ({ scope, workspaceId, integrationName, externalId }) =>
        [scope === 'ORGANIZATION' ? '' : workspaceId, integrationName, externalId].join('|'),
    ),
    workspaceIntegrations: distinct(
      targets.slice(0, targetCount),
      ({ workspaceId, alias }) => `${workspaceId}|${alias}`,
    ),
  }))

/** Any value that exists anywhere, or nowhere: wrong kinds of ids are as likely as right ones. */
const anyId = fc.constantFrom(
  ...externalIds,
  ...aliases,
  ...people.flatMap(({ id, externalId }) => [id, externalId]),
  'cn-00-z',
  'cn-01-z',
  'wi-00-z',
  'wi-01-z',
  'ns-01-z',
  'nowhere-z',
)

export const requestArbitrary: fc.Arbitrary<PlainRequest> = fc
  .record(
    {
      kind: fc.constantFrom('execute' as const, 'resolve' as const, 'trigger' as const, 'property' as const),
      workspaceId: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom<string | null>(...workspaces) },
        { weight: 1, arbitrary: fc.constantFrom(null, 'ws-none-z') },
      ),
      integrationName: fc.oneof(
        { weight: 12, arbitrary: anyIntegration },
        { weight: 1, arbitrary: fc.constantFrom('slak', 'al-01-z') },
      ),
      actionName: fc.constantFrom(...actions),
      connectionExternalId: fc.oneof(fc.constantFrom(...externalIds), anyId),
      workspaceIntegrationId: fc.oneof(fc.constantFrom('wi-00-z', 'wi-01-z'), anyId),
      integrationAlias: fc.oneof(fc.constantFrom(...aliases), anyId),
      endUserId: fc.oneof(fc.constantFrom(...people.map(({ externalId }) => externalId)), anyId),
      authMethodKey: fc.constantFrom('oauth2', 'api_key'),
    },
    { requiredKeys: ['kind', 'workspaceId', 'integrationName'] },
  )
  .chain((request) =>
    // Selectors are mostly absent in life, and a world of nothing but refusals would test little.
    fc
      .record({ named: fc.nat(2), targeted: fc.nat(2), method: fc.nat(3) })
      .map(({ named, targeted, method }) => {
        const { connectionExternalId, workspaceIntegrationId, integrationAlias, authMethodKey, ...rest } =
          request
        return {
          ...rest,
          ...(named === 0 && connectionExternalId !== undefined && { connectionExternalId }),
          ...(targeted === 0 && workspaceIntegrationId !== undefined && { workspaceIntegrationId }),
          ...(targeted < 2 && integrationAlias !== undefined && { integrationAlias }),
          ...(method === 0 && authMethodKey !== undefined && { authMethodKey }),
        }
      }),
  )

/** Every value that the end user of a request may not learn: not given in the request, not theirs, not shared. */
export function foreignValues(world: PlainWorld, request: PlainRequest): string[] {
  const { workspaceId, endUserId } = request
  const mine = (c: PlainConnection) =>
    c.scope === 'ORGANIZATION' ||
    (c.workspaceId === workspaceId && (c.scope === 'WORKSPACE' || c.endUserId === endUserId))
  const known = new Set<string | null | undefined>([
    ...Object.values(request),
    ...integrations,
    ...world.connections.filter(mine).flatMap(({ id, externalId }) => [id, externalId]),
    ...world.workspaceIntegrations
      .filter((target) => target.workspaceId === workspaceId)
      .flatMap(({ id, alias, connectionId }) => [
        id,
        alias,
        // What the workspace itself wrote down is its own, unless it turns out to be somebody's connection.
        world.connections.some((each) => each.id === connectionId) ? undefined : connectionId,
      ]),
    ...world.endUsers
      .filter((each) => each.workspaceId === workspaceId && each.externalId === endUserId)
      .map(({ id }) => id),
  ])
  const all = [
    ...world.workspaces.map(({ id }) => id),
    ...world.connections.flatMap(({ id, externalId }) => [id, externalId]),
    ...world.workspaceIntegrations.flatMap(({ id, alias }) => [id, alias]),
    ...world.endUsers.flatMap(({ id, externalId }) => [id, externalId]),
  ]
  return [...new Set(all)].filter((value) => !known.has(value))
}
