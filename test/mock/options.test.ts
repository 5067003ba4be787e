import { expect, it } from 'vitest'
import { createMockWeavz, type MockWeavzOptions } from '../../src/mock/index.js'

it.each([
  ['seeds', 'seed'],
  ['requestPerMinute', 'requestsPerMinute'],
  ['accessTokenLifeTime', 'accessTokenLifetime'],
])('refuses an option that there is not, and names the nearest: %s', (name, meant) => {
  expect(() => createMockWeavz({ [name]: {} } as MockWeavzOptions)).toThrow(
    new TypeError(`createMockWeavz has no option "${name}". Did you mean "${meant}"?`),
  )
})
