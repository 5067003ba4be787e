import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Where the engine takes random bytes from: ids, tokens, salts. */
export interface RandomSource {
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** Unpredictable bytes of the platform. */
export const secureRandom: RandomSource = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}

/** The same bytes for the same seed, so that a test sees the same ids at every run. Not for real secrets. */
export function seededRandom(seed: number): RandomSource {
  const generator = xoroshiro128plus(seed)
  // A small seed fills the state with zeros, and the first words show it.
  for (let round = 0; round < 32; round++) generator.next()
  return {
    bytes(length) {
      const bytes = new Uint8Array(length)
      // Only the upper half of each 32-bit word: the lowest bits of xoroshiro128+ are its weak ones.
      for (let at = 0; at < length; at += 2) {
        const word = generator.next() >>> 16
        bytes[at] = word & 0xff
        if (at + 1 < length) bytes[at + 1] = word >>> 8
      }
      return bytes
    },
  }
}
