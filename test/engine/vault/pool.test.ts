import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pooled } from '../../../src/engine/vault/pool.js'

describe('bytes of the pool', () => {
  it('are zero, as many as asked for, and nobody else can write to them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 }), (lengths) => {
        const given = lengths.map((length) => {
          const bytes = pooled(length)
          expect(bytes).toHaveLength(length)
          expect(bytes.every((byte) => byte === 0)).toBe(true)
          return bytes
        })
        given.forEach((bytes, i) => bytes.fill((i % 255) + 1))
        given.forEach((bytes, i) => expect(bytes.every((byte) => byte === (i % 255) + 1)).toBe(true))
      }),
    )
  })

  it('do not keep a large buffer alive for a small part of it', () => {
    expect(pooled(3000).buffer.byteLength).toBe(3000)
    for (const length of [0, 32, 2048]) expect(pooled(length).buffer.byteLength).toBeLessThanOrEqual(8192)
  })
})
