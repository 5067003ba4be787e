/**
 * How fast the resolver answers, and whether the size of the world matters.
 *
 * The ratio compares the same hundred calls into one workspace, once alone and once among a million connections, so
 * that it measures the look-ups. Calls that are spread over a hundred workspaces miss the processor's caches whatever
 * the algorithm; they are measured too, and must keep the promised rate.
 */
import {
  describeWorld,
  resolve,
  type ResolutionRequest,
  type World,
  type WorldDescription,
} from '@weavz/sdk/resolver'
import { race, spreadOf } from './lib/measure.js'
import { tableOf, type Benchmark } from './lib/report.js'

const perWorkspace = 1000

/** Strings as they come from the wire: built ones are kept in pieces by the engine, which would measure that. */
function fromTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Half of the connections are personal, half are shared. */
function worldOf(connections: number): World {
  const description: Required<WorldDescription> = {
    integrations: [{ name: 'slack' }],
    workspaces: [],
    workspaceIntegrations: [],
    endUsers: [],
    connections: [],
  }
  for (let w = 0; w < Math.ceil(connections / perWorkspace); w += 1) {
    const workspaceId = `workspace-${w}`
    description.workspaces.push({ id: workspaceId })
    const target = { workspaceId, integrationName: 'slack', connectionId: `connection-${w}-1` }
    description.workspaceIntegrations.push(
      { ...target, id: `fixed-${w}`, alias: 'fixed', connectionStrategy: 'fixed' },
      { ...target, id: `per-user-${w}`, alias: 'per_user', connectionStrategy: 'per_user' },
      { ...target, id: `fallback-${w}`, alias: 'fallback', connectionStrategy: 'per_user_with_fallback' },
    )
    for (let c = 0; c < Math.min(connections, perWorkspace); c += 1) {
      const place = { integrationName: 'slack', workspaceId }
      const connection = { ...place, id: `connection-${w}-${c}`, externalId: `external-${c}` }
      if (c % 2 === 0)
        description.endUsers.push({ id: `end-user-${w}-${c}`, workspaceId, externalId: `user-${c}` })
      description.connections.push(c % 2 === 0 ? { ...connection, endUserId: `user-${c}` } : connection)
    }
  }
  return describeWorld(fromTheWire(description))
}

/** A hundred different calls: every way to name a connection, for 25 end users and connections. */
function requestsInto(workspaceOf: (n: number) => number): ResolutionRequest[] {
  const requests = Array.from({ length: 25 }, (_, n): ResolutionRequest[] => {
    const workspaceId = `workspace-${workspaceOf(n)}`
    const call = {
      kind: 'execute',
      workspaceId,
      integrationName: 'slack',
      actionName: 'send_channel_message',
    } as const
    return [
      { ...call, integrationAlias: 'fixed' },
      { ...call, integrationAlias: 'per_user', endUserId: `user-${n * 2}` },
      { ...call, integrationAlias: 'fallback', endUserId: 'nobody' },
      { ...call, connectionExternalId: `external-${n * 2 + 1}` },
    ]
  })
  return fromTheWire(requests.flat())
}

const alone = 'among 100 connections'
const crowded = 'among 1,000,000 connections'
const spread = 'all over 1,000,000 connections'

export const run: Benchmark = async ({ quick }) => {
  const workspaces = quick ? 10 : 1000
  const many = worldOf(workspaces * perWorkspace)
  const cases = [
    { name: alone, world: worldOf(100), requests: requestsInto(() => 0) },
    { name: crowded, world: many, requests: requestsInto(() => workspaces / 2) },
    { name: spread, world: many, requests: requestsInto((n) => (n * 37) % workspaces) },
  ]
  for (const { name, world, requests } of cases) {
    for (const request of requests) {
      const { outcome } = resolve(world, request)
      if (outcome !== 'resolved') throw new Error(`${name}: ${JSON.stringify(request)} was ${outcome}`)
    }
  }

  const passes = cases.map(({ name, world, requests }) => ({
    name,
    run: () => {
      for (const request of requests) resolve(world, request)
    },
  }))
  const samples = await race(passes, {
    clock: 'processor',
    ...(quick ? { rounds: 3, batchMs: 2 } : { rounds: 60, batchMs: 50 }),
  })
  const table = tableOf({
    title: 'The resolver',
    about:
      'Time of a hundred calls of `resolve`: every way to name a connection, for 25 end users and connections.',
    reference: alone,
    ours: [crowded, spread],
    columns: [{ title: 'A hundred', unit: 'time', samples }],
    notes: {
      [crowded]: 'The same workspace of a thousand connections, among many.',
      [spread]: 'Calls into 25 workspaces, which miss the caches of the processor.',
    },
    goals: (compare) => [
      {
        text: 'A million connections beside a hundred',
        limit: 1.5,
        value: compare('A hundred', crowded, alone),
      },
      ...[...samples].map(([name, rounds]) => ({
        text: `Microseconds for one of the calls ${name}`,
        limit: 2,
        value: spreadOf(rounds.map(({ time }) => time)).median * 10,
      })),
    ],
  })
  return { tables: [table], leftOut: [] }
}
