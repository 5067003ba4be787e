import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnyEndpoint } from '../../../src/contract/endpoint.js'
import { endpoints } from '../../../src/contract/index.js'
import { checkWorld } from './invariants.js'
import { callsOf } from './request.js'
import { fuzz, Series, Tally } from './series.js'
import { fork, layGround, type Ground } from './world.js'

/** Answers without a rule of its own that could refuse a call. */
const neverRefuses = ['health.check', 'integrations.list', 'integrations.listSummary']

describe('whatever is sent to the API', () => {
  const tally = new Tally()
  let ground: Ground
  beforeAll(async () => {
    ground = await layGround()
  })
  afterAll(() => console.log(`${tally.requests} calls of the API, right and nearly right (${fuzz.how})`))

  const anyCall = fc.oneof(...endpoints.map(callsOf))

  it.each(endpoints.map((endpoint: AnyEndpoint) => [endpoint.id, endpoint] as const))(
    '%s answers as the contract says, and leaves a world in which everything holds',
    async (id, endpoint) => {
      const call = fc.oneof({ weight: 2, arbitrary: callsOf(endpoint) }, { weight: 1, arbitrary: anyCall })
      const calls = fc.array(call, { minLength: 50, maxLength: 54, size: 'max' })
      await fc.assert(
        fc.asyncProperty(calls, async (calls) => {
          const series = new Series(fork(ground), tally)
          await series.each(calls, (call) => series.call(call))
          await checkWorld(series.ground)
        }),
        fuzz.parameters({ numRuns: 6 }),
      )
      // What is always refused has not been tried
      expect(tally.of(id).succeeded, 'successes').toBeGreaterThan(0)
      if (!neverRefuses.includes(id)) expect(tally.of(id).refused, 'refusals').toBeGreaterThan(0)
    },
    300_000,
  )
})
