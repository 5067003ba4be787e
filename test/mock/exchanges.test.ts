import { expect, it } from 'vitest'
import { endpoints } from '../../src/contract/index.js'
import { systemClock } from '../../src/engine/clock.js'
import { seededRandom } from '../../src/engine/random.js'
import { KeyRing } from '../../src/engine/vault/index.js'
import { createBeside } from '../../src/mock/beside.js'
import { exchangeIds, surfaces } from '../../src/mock/exchanges.js'
import { createRateLimiter } from '../../src/mock/rate-limit.js'
import { createWorld } from '../../src/mock/world.js'

const random = seededRandom(1)
const keys = new KeyRing().add('mock', random.bytes(32))
const world = createWorld({ clock: systemClock, random, keys, routing: {}, options: {} })
const surfacePaths = Object.values(surfaces).flatMap(({ paths }): readonly string[] => paths)

it('every path that is served has a name for the journal and for faults', () => {
  const { engine } = world
  const beside = createBeside(
    engine,
    () => engine,
    { ...world, countAddress: createRateLimiter(engine.clock, new Map()) },
    {},
  )
  expect(new Set(beside.routes.map(({ path }) => path))).toEqual(new Set(surfacePaths))
  const endpointPaths = endpoints.map(({ path }) => path.replace(/\{(\w+)\}/g, ':$1'))
  expect(new Set(world.app.routes.map(({ path }) => path))).toEqual(
    new Set([...endpointPaths, ...surfacePaths]),
  )
  expect(new Set(exchangeIds).size).toBe(exchangeIds.length)
})
