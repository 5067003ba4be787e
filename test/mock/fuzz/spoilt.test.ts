import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endpoints } from '../../../src/contract/index.js'
import { checkWorld } from './invariants.js'
import { callsOf, wireOf } from './request.js'
import { fuzz, Series, Tally } from './series.js'
import { spoilers } from './spoil.js'
import { fork, layGround, type Ground } from './world.js'

const tally = new Tally()
let ground: Ground
beforeAll(async () => {
  ground = await layGround()
})
afterAll(() => console.log(`${tally.requests} spoilt requests (${fuzz.how})`))

it('a request that is broken in its bytes, headers, path or method is refused in the envelope, and changes nothing', async () => {
  const request = fc.tuple(fc.oneof(...endpoints.map(callsOf)), spoilers)
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 28, maxLength: 34, size: 'max' }), async (requests) => {
      const series = new Series(fork(ground), tally)
      const { pool, keys } = series.ground
      await series.each(requests, ([call, spoil]) => series.spoilt(spoil(wireOf(call, pool, keys))))
      await checkWorld(series.ground)
    }),
    fuzz.parameters({ numRuns: 80 }),
  )
  expect(tally.of('spoilt').refused).toBeGreaterThan(tally.of('spoilt').succeeded)
}, 300_000)
