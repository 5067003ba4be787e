import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createConnection, deleteConnection } from '../../src/engine/connections.js'
import { createEndUser, deleteEndUser } from '../../src/engine/end-users.js'
import { createEngine, type Engine } from '../../src/engine/engine.js'
import { seededRandom } from '../../src/engine/random.js'
import { Refusal } from '../../src/engine/refusal.js'
import type { ConnectionRow } from '../../src/engine/rows.js'
import {
  createWorkspaceIntegration,
  updateWorkspaceIntegration,
} from '../../src/engine/workspace-integrations.js'
import { createWorkspace, deleteWorkspace } from '../../src/engine/workspaces.js'

const slugs = ['w0', 'w1']
const users = ['u0', 'u1']
const externalIds = ['c0', 'c1']
const names = ['slack', 'github']
const aliases = ['a0', 'a1']

const where = { slug: fc.constantFrom(...slugs) }
const step = fc.oneof(
  fc.record({
    does: fc.constant('connect' as const),
    slug: fc.constantFrom(...slugs, undefined),
    user: fc.constantFrom(...users, undefined),
    externalId: fc.constantFrom(...externalIds),
    name: fc.constantFrom(...names),
    organization: fc.boolean(),
  }),
  fc.record({ does: fc.constant('disconnect' as const), at: fc.nat(10) }),
  fc.record({
    does: fc.constant('configure' as const),
    ...where,
    alias: fc.constantFrom(...aliases),
    name: fc.constantFrom(...names),
  }),
  fc.record({
    does: fc.constant('rename' as const),
    ...where,
    from: fc.constantFrom(...aliases),
    to: fc.constantFrom(...aliases),
  }),
  fc.record({ does: fc.constant('join' as const), ...where, user: fc.constantFrom(...users) }),
  fc.record({ does: fc.constant('leave' as const), ...where, user: fc.constantFrom(...users) }),
  fc.record({ does: fc.constant('rebuild' as const), ...where }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const idOf = ({ state }: Engine, slug: string | undefined) =>
  slug === undefined ? undefined : state.tables.workspaces.find('slug', slug)?.id

async function take(engine: Engine, doing: Step): Promise<unknown> {
  const { state } = engine
  switch (doing.does) {
    case 'connect': {
      const workspaceId = idOf(engine, doing.slug)
      return createConnection(engine, {
        ...{ type: 'SECRET_TEXT', secretText: 's', displayName: 'C' },
        ...{ externalId: doing.externalId, integrationName: doing.name },
        ...(workspaceId && { workspaceId }),
        ...(workspaceId && doing.user && !doing.organization && { endUserId: doing.user }),
        ...(doing.organization && { scope: 'ORGANIZATION' }),
      })
    }
    case 'disconnect': {
      const row = [...state.tables.connections.values()][doing.at]
      return row && deleteConnection(engine, row.id)
    }
    case 'configure':
      return createWorkspaceIntegration(engine, idOf(engine, doing.slug) as string, {
        ...{ integrationName: doing.name, alias: doing.alias, connectionStrategy: 'per_user' },
      })
    case 'rename': {
      const workspaceId = idOf(engine, doing.slug) as string
      const row = state.workspaceIntegrationByAlias(workspaceId, doing.from)
      return row && updateWorkspaceIntegration(engine, workspaceId, row.id, { alias: doing.to })
    }
    case 'join':
      return createEndUser(engine, {
        workspaceId: idOf(engine, doing.slug) as string,
        externalId: doing.user,
      })
    case 'leave': {
      const row = state.endUser(idOf(engine, doing.slug) as string, doing.user)
      return row && deleteEndUser(engine, row.id)
    }
    case 'rebuild':
      deleteWorkspace(engine, idOf(engine, doing.slug) as string)
      return createWorkspace(engine, { name: doing.slug, slug: doing.slug })
  }
}

const sorted = <R extends { id: string }>(rows: Iterable<R>) =>
  [...rows].sort((a, b) => a.id.localeCompare(b.id))

/** Every question of the resolver, answered from the indexes and by walking the tables. */
function compare({ state }: Engine): void {
  const connections = [...state.tables.connections.values()]
  const integrations = [...state.tables.workspaceIntegrations.values()]
  const endUsers = [...state.tables.endUsers.values()]
  const spaceOf = (row: ConnectionRow) => (row.scope === 'ORGANIZATION' ? null : row.workspaceId)
  const workspaceIds = Array.from(state.tables.workspaces.values(), ({ id }) => id)
  for (const workspaceId of [...workspaceIds, 'nothing']) {
    expect(state.hasWorkspace(workspaceId)).toBe(workspaceIds.includes(workspaceId))
    for (const alias of aliases) {
      expect(state.workspaceIntegrationByAlias(workspaceId, alias)).toEqual(
        integrations.find((row) => row.workspaceId === workspaceId && row.alias === alias),
      )
    }
    for (const row of integrations) {
      expect(state.workspaceIntegration(workspaceId, row.id)).toBe(
        row.workspaceId === workspaceId ? row : undefined,
      )
    }
    for (const user of users) {
      expect(state.endUser(workspaceId, user)).toEqual(
        endUsers.find((row) => row.workspaceId === workspaceId && row.externalId === user),
      )
    }
    for (const name of names) {
      expect(sorted(state.workspaceIntegrationsOf(workspaceId, name))).toEqual(
        sorted(integrations.filter((row) => row.workspaceId === workspaceId && row.integrationName === name)),
      )
      for (const user of users) {
        const own = connections.filter(
          (row) =>
            row.scope === 'USER' &&
            row.workspaceId === workspaceId &&
            row.endUserId === user &&
            row.integrationName === name,
        )
        expect(sorted(state.ownConnections(workspaceId, user, name))).toEqual(sorted(own))
      }
    }
  }
  for (const name of names) {
    for (const space of [...workspaceIds, null]) {
      const inSpace = connections.filter((row) => spaceOf(row) === space)
      expect(sorted(state.connectionsOf(space, name))).toEqual(
        sorted(inSpace.filter((row) => row.integrationName === name)),
      )
      for (const externalId of externalIds) {
        const named = inSpace.filter((row) => row.externalId === externalId)
        expect(sorted(state.connectionsByExternalId(space, externalId))).toEqual(sorted(named))
        const matches = named.filter((row) => row.integrationName === name)
        // Unique per integration within a workspace, and at organization level
        expect(matches.length).toBeLessThanOrEqual(1)
        const found =
          space === null
            ? state.organizationConnection(name, externalId)
            : state.workspaceConnection(space, name, externalId)
        expect(found).toEqual(matches[0])
      }
    }
    for (const externalId of externalIds) {
      const anywhere = connections.filter(
        (row) =>
          row.scope !== 'ORGANIZATION' && row.integrationName === name && row.externalId === externalId,
      )
      const found = state.connectionInAnyWorkspace(name, externalId)
      expect(anywhere.length === 0 ? found === undefined : anywhere.includes(found as ConnectionRow)).toBe(
        true,
      )
    }
  }
  for (const row of connections) expect(state.connection(row.id)).toBe(row)
  for (const row of endUsers) expect(state.endUserById(row.id)).toBe(row)
  // Credentials live and die with their connection, and what is linked to a workspace or end user has one
  expect(Array.from(state.tables.credentials.values(), ({ id }) => id).sort()).toEqual(
    connections.map(({ id }) => id).sort(),
  )
  for (const row of [...integrations, ...endUsers]) expect(workspaceIds).toContain(row.workspaceId)
  for (const row of connections.filter(({ scope }) => scope === 'USER')) {
    expect(state.endUser(row.workspaceId as string, row.endUserId as string)).toBeDefined()
  }
}

describe('the state', () => {
  it('answers the resolver as a walk over all rows would, whatever was done to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const engine = createEngine({ random: seededRandom(1), clock: { now: () => 0 } })
        for (const slug of slugs) createWorkspace(engine, { name: slug, slug })
        for (const doing of steps) {
          try {
            await take(engine, doing)
          } catch (error) {
            // A clash is part of the game; anything else is a mistake
            if (!(error instanceof Refusal) || error.code !== 'DUPLICATE') throw error
          }
        }
        compare(engine)
      }),
      { numRuns: 100 },
    )
  })
})
