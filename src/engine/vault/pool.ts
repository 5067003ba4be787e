import type { Bytes } from '../bytes.js'

const slabLength = 8 * 1024
let slab: Bytes | undefined
let used = slabLength

/**
 * Fresh bytes, all zero, that share a buffer with others: to allocate a buffer takes longer than what the vault writes
 * into one, and WebCrypto makes one of each small array that has none. A buffer lives as long as any part of it: for the
 * 256 openers that a vault keeps that is 6 MiB at most.
 *
 * Not for keys and plaintexts: those have buffers of their own, which are wiped.
 */
export function pooled(length: number): Bytes {
  if (length > slabLength / 4) return new Uint8Array(length)
  if (slab === undefined || used + length > slabLength) {
    slab = new Uint8Array(slabLength)
    used = 0
  }
  const start = used
  used += length
  return slab.subarray(start, used)
}
