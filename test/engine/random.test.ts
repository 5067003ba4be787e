import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIds, isUuid } from '../../src/engine/ids.js'
import { secureRandom, seededRandom } from '../../src/engine/random.js'

describe('seeded random', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        fc.array(fc.integer({ min: 0, max: 40 })),
        (seed, other, lengths) => {
          const bytes = (from: number) => {
            const random = seededRandom(from)
            return lengths.map((length) => [...random.bytes(length)])
          }
          expect(bytes(seed)).toEqual(bytes(seed))
          expect(bytes(seed).map(({ length }) => length)).toEqual(lengths)
          const many = (from: number) => seededRandom(from).bytes(32).join()
          expect(many(seed) === many(other)).toBe(seed === other)
        },
      ),
    )
  })

  it('uses every byte about as often, from the first on', () => {
    const counts = new Array<number>(256).fill(0)
    for (let seed = 0; seed < 1000; seed++) {
      for (const byte of seededRandom(seed).bytes(64)) counts[byte]! += 1
    }
    // 64 000 bytes: 250 of each are expected, with a deviation of about 16
    expect(Math.min(...counts)).toBeGreaterThan(160)
    expect(Math.max(...counts)).toBeLessThan(340)
  })
})

describe.each([
  ['seeded', () => seededRandom(7)],
  ['secure', () => secureRandom],
])('ids of %s random', (_, source) => {
  it('are UUIDs of version 4 and do not repeat', () => {
    const ids = createIds(source())
    const made = Array.from({ length: 2000 }, () => ids.uuid())
    for (const id of made) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(isUuid(id)).toBe(true)
    }
    expect(new Set(made).size).toBe(made.length)
  })

  it.each(['wvz_', 'cst_', 'eut_'] as const)('are tokens of 32 letters and digits behind %s', (prefix) => {
    const ids = createIds(source())
    const made = Array.from({ length: 2000 }, () => ids.token(prefix))
    for (const token of made) {
      expect(token.slice(0, 4)).toBe(prefix)
      expect(token.slice(4)).toMatch(/^[A-Za-z0-9]{32}$/)
    }
    expect(new Set(made).size).toBe(made.length)
  })
})

describe('isUuid', () => {
  it.each([
    '',
    'x',
    '00000000-0000-4000-8000-00000000000',
    '00000000-0000-4000-8000-0000000000000',
    '00000000-0000-4000-8000-00000000000G',
    '00000000-0000-4000-8000-00000000000A',
    '{00000000-0000-4000-8000-000000000000}',
    '00000000000040008000000000000000',
    '00000000-0000-4000-8000-000000000000\n',
  ])('does not take %j for one', (text) => {
    expect(isUuid(text)).toBe(false)
  })
})
