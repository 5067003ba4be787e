/**
 * Canonical unpadded base64url (RFC 4648 §5). `atob` accepts white space, padding and stray trailing
 * bits, so that several texts decode to the same bytes: an envelope must have exactly one form.
 */

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
/** By the low byte of a character; -1 for what is none. */
const sextets = new Int8Array(256).fill(-1)
alphabet.forEach((character, sextet) => (sextets[character] = sextet))
const zero = 'A'.charCodeAt(0)

/** How many characters `length` bytes take. */
export function encodedLength(length: number): number {
  return Math.ceil((length * 4) / 3)
}

/** Writes the text of `bytes` into `target` as ASCII, from `at` on; answers where it ends. */
export function encodeInto(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 3)
  for (let i = 0; i < whole; i += 3) {
    const triple = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2)
    target[at] = byteAt(alphabet, triple >> 18)
    target[at + 1] = byteAt(alphabet, (triple >> 12) & 63)
    target[at + 2] = byteAt(alphabet, (triple >> 6) & 63)
    target[at + 3] = byteAt(alphabet, triple & 63)
    at += 4
  }
  const left = bytes.length - whole
  if (left === 0) return at
  const last = (byteAt(bytes, whole) << 8) | (left === 2 ? byteAt(bytes, whole + 1) : 0)
  target[at++] = byteAt(alphabet, last >> 10)
  target[at++] = byteAt(alphabet, (last >> 4) & 63)
  if (left === 2) target[at++] = byteAt(alphabet, (last & 15) << 2)
  return at
}

/** The bytes of the canonical text that `text` has from `start` to `end`; undefined if it is none. */
export function decode(text: string, start = 0, end = text.length): Uint8Array<ArrayBuffer> | undefined {
  const left = (end - start) % 4
  // A lone sextet encodes nothing
  if (left === 1) return undefined
  const bytes = new Uint8Array(Math.floor(((end - start) * 3) / 4))
  /** All sextets together: one look at the end tells whether a wrong one, which is negative, was among them. */
  let all = 0
  /** All characters together: whether one had more than the low byte. */
  let codes = 0
  let at = 0
  const whole = end - left
  for (let i = start; i < whole; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    const quad = (sextetOf(a) << 18) | (sextetOf(b) << 12) | (sextetOf(c) << 6) | sextetOf(d)
    codes |= a | b | c | d
    all |= quad
    bytes[at] = quad >> 16
    bytes[at + 1] = quad >> 8
    bytes[at + 2] = quad
    at += 3
  }
  if (left > 0) {
    const a = text.charCodeAt(whole)
    const b = text.charCodeAt(whole + 1)
    const c = left === 3 ? text.charCodeAt(whole + 2) : zero
    const last = (sextetOf(a) << 12) | (sextetOf(b) << 6) | sextetOf(c)
    codes |= a | b | c
    all |= last
    bytes[at] = last >> 10
    if (left === 3) bytes[at + 1] = last >> 2
    // Bits that belong to no byte would be a second spelling if they were not zero
    if (last & (left === 3 ? 3 : 1023)) return undefined
  }
  return all < 0 || codes > 255 ? undefined : bytes
}

function sextetOf(code: number): number {
  return sextets[code & 255] as number
}

function byteAt(bytes: Uint8Array, i: number): number {
  return bytes[i] as number
}
