import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { visits, wireOfVisit } from './hosted.js'
import { checkWorld } from './invariants.js'
import { fuzz, Series, Tally } from './series.js'
import { fork, layGround, type Ground } from './world.js'

const tally = new Tally()
let ground: Ground
beforeAll(async () => {
  ground = await layGround()
  const { pool } = ground
  const { servers } = (await (
    await ground.weavz.fetch('http://weavz.test/api/v1/mcp/servers', {
      headers: { authorization: ground.keys.admin as string },
    })
  ).json()) as { servers: { id: string; mcpEndpoint: string }[] }
  for (const { id, mcpEndpoint } of servers) pool.put('', { mcpPath: `srv_${id}`, resource: mcpEndpoint })
})
afterAll(() => console.log(`${tally.requests} requests beside the API (${fuzz.how})`))

it.each(Object.entries(visits))(
  'whatever is sent to the %s is answered, without a defect, and leaves a world in which everything holds',
  async (surface, visit) => {
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 28, maxLength: 34, size: 'max' }), async (steps) => {
        const { weavz, keys, ...rest } = fork(ground)
        // The one key that a reset leaves
        const own = { ...keys, admin: `Bearer ${weavz.apiKey}` }
        const series = new Series({ ...rest, weavz, keys: own }, tally)
        const { pool } = series.ground
        await series.each(steps, (step) => series.visit(surface, wireOfVisit(step, pool)))
        weavz.faults.clear()
        await checkWorld(series.ground)
      }),
      fuzz.parameters({ numRuns: 20 }),
    )
    expect(tally.of(surface).succeeded).toBeGreaterThan(0)
    expect(tally.of(surface).refused).toBeGreaterThan(0)
  },
  300_000,
)
