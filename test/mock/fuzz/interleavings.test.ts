import fc, { type Arbitrary, type Scheduler } from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { WeavzApiError, WeavzClient } from '../../../src/index.js'
import { checkWorld } from './invariants.js'
import { fuzz } from './series.js'
import { fork, layGround, type Ground } from './world.js'

let ground: Ground
let there: Readonly<Record<'workspace' | 'endUser' | 'connection' | 'integration', readonly string[]>>
beforeAll(async () => {
  ground = await layGround()
  const { tables } = JSON.parse(ground.weavz.snapshot()) as { tables: Record<string, { id: string }[]> }
  const idsOf = (table: string) => (tables[table] ?? []).map(({ id }) => id)
  there = {
    workspace: idsOf('workspaces'),
    endUser: idsOf('endUsers'),
    connection: idsOf('connections'),
    integration: idsOf('workspaceIntegrations'),
  }
})

/** A client between whose calls and answers anything else may happen. */
function clientAmong(scheduler: Scheduler, { weavz, keys }: Ground): WeavzClient {
  return new WeavzClient({
    apiKey: (keys.admin as string).replace('Bearer ', ''),
    maxRetries: 0,
    fetch: async (input, init) => {
      await scheduler.schedule(Promise.resolve(), 'request')
      const response = await weavz.fetch(input, init)
      await scheduler.schedule(Promise.resolve(), 'answer')
      return response
    },
  })
}

type Deed = (client: WeavzClient) => PromiseLike<unknown>
const few = fc.constantFrom('one', 'two')
const nth = fc.nat(20)
const pick = (ids: readonly string[], at: number) => ids[at % ids.length] as string

/** Changes that want the same names, and deletions of what they need. */
const deeds: Arbitrary<Deed> = fc.oneof<Arbitrary<Deed>[]>(
  few.map((slug) => (client) => client.workspaces.create({ name: slug, slug })),
  fc.tuple(few, nth).map(
    ([slug, at]) =>
      (client) =>
        client.workspaces.update(pick(there.workspace, at), { slug }),
  ),
  fc.tuple(few, nth).map(
    ([externalId, at]) =>
      (client) =>
        client.endUsers.create({ workspaceId: pick(there.workspace, at), externalId }),
  ),
  fc.tuple(few, few, nth, fc.boolean()).map(([externalId, endUserId, at, owned]) => (client) => {
    const account = {
      integrationName: 'openai',
      displayName: 'AI',
      type: 'SECRET_TEXT',
      secretText: 'sk',
    } as const
    const workspaceId = pick(there.workspace, at)
    return client.connections.create({ ...account, workspaceId, externalId, ...(owned && { endUserId }) })
  }),
  fc.tuple(few, nth).map(
    ([alias, at]) =>
      (client) =>
        client.workspaces.integrations.create(pick(there.workspace, at), {
          integrationName: 'kv-store',
          alias,
        }),
  ),
  fc.tuple(few, nth, nth).map(
    ([alias, at, which]) =>
      (client) =>
        client.workspaces.integrations.update(pick(there.workspace, at), pick(there.integration, which), {
          alias,
        }),
  ),
  fc.tuple(few, nth).map(
    ([name, at]) =>
      (client) =>
        client.partials.create({ workspaceId: pick(there.workspace, at), integrationName: 'kv-store', name }),
  ),
  fc.tuple(few, nth).map(
    ([name, at]) =>
      (client) =>
        client.mcpServers.create({ workspaceId: pick(there.workspace, at), name, authMode: 'bearer' }),
  ),
  nth.map((at) => (client) => client.workspaces.delete(pick(there.workspace, at))),
  nth.map((at) => (client) => client.endUsers.delete(pick(there.endUser, at))),
  nth.map((at) => (client) => client.connections.delete(pick(there.connection, at))),
)

it('whatever the order in which calls arrive and are answered, names stay unique and deletions are complete', async () => {
  let refused = 0
  let done = 0
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(deeds, { minLength: 5, maxLength: 15, size: 'max' }),
      async (scheduler, all) => {
        const own = fork(ground)
        const client = clientAmong(scheduler, own)
        const outcomes = Promise.allSettled(all.map((deed) => deed(client)))
        for (const outcome of await scheduler.waitFor(outcomes)) {
          if (outcome.status === 'fulfilled') {
            done++
            continue
          }
          refused++
          expect(outcome.reason).toBeInstanceOf(WeavzApiError)
          expect((outcome.reason as WeavzApiError).status).toBeLessThan(500)
        }
        await checkWorld(own)
      },
    ),
    fuzz.parameters({ numRuns: 150 }),
  )
  expect(Math.min(refused, done)).toBeGreaterThan(100)
}, 120_000)
