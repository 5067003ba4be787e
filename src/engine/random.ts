import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { Bytes } from './bytes.js'

/** Where the engine takes random bytes from: ids, tokens, salts. */
export interface RandomSource {
  bytes(length: number): Bytes
}

/** A call to the platform costs more than the bytes: ids and salts are cut from a stock of this size. */
const stockSize = 4096
let stock: Bytes | undefined
let used = stockSize

/** Unpredictable bytes of the platform. */
export const secureRandom: RandomSource = {
  bytes(length) {
    if (length > stockSize / 16) return crypto.getRandomValues(new Uint8Array(length))
    // Not before the first use: workers have no random bytes while they load
    stock ??= new Uint8Array(stockSize)
    if (used + length > stockSize) {
      crypto.getRandomValues(stock)
      used = 0
    }
    const bytes = stock.slice(used, used + length)
    // What was handed out stays nowhere else
    stock.fill(0, used, used + length)
    used += length
    return bytes
  },
}

/** A source whose next bytes are known from where it stands. */
export interface SeededRandom extends RandomSource {
  /** Where it stands: `seededRandom` of it goes on from there. JSON. */
  state(): readonly number[]
}

/**
 * The same bytes for the same seed, so that a test sees the same ids at every run. Not for real secrets.
 *
 * @param seed A number, or where another source stands.
 */
export function seededRandom(seed: number | readonly number[]): SeededRandom {
  const generator = typeof seed === 'number' ? xoroshiro128plus(seed) : xoroshiro128plusFromState(seed)
  // A small seed fills the state with zeros, and the first words show it.
  if (typeof seed === 'number') for (let round = 0; round < 32; round++) generator.next()
  return {
    state: () => generator.getState(),
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
