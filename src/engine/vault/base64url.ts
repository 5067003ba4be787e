/**
 * Canonical unpadded base64url (RFC 4648 §5) over ASCII bytes. `atob` accepts white space, padding and stray trailing
 * bits, so that several texts decode to the same bytes: an envelope must have exactly one form.
 */

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const sextets = new Int8Array(256).fill(-1)
alphabet.forEach((character, sextet) => (sextets[character] = sextet))

/** How many characters `length` bytes take. */
export function encodedLength(length: number): number {
  return Math.ceil((length * 4) / 3)
}

/** Writes the text of `bytes` into `target` as ASCII, from `at` on; answers where it ends. */
export function encodeInto(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const length = bytes.length
  for (let i = 0; i < length; i += 3) {
    const left = length - i
    const triple =
      ((bytes[i] as number) << 16) |
      ((left > 1 ? (bytes[i + 1] as number) : 0) << 8) |
      (left > 2 ? (bytes[i + 2] as number) : 0)
    target[at++] = alphabet[triple >> 18] as number
    target[at++] = alphabet[(triple >> 12) & 63] as number
    if (left > 1) target[at++] = alphabet[(triple >> 6) & 63] as number
    if (left > 2) target[at++] = alphabet[triple & 63] as number
  }
  return at
}

/** The bytes of a canonical text, or undefined if it is none. */
export function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let pending = 0
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const sextet = code < 256 ? (sextets[code] as number) : -1
    if (sextet < 0) return undefined
    bits = ((bits << 6) | sextet) & 0xfff
    pending += 6
    if (pending >= 8) {
      pending -= 8
      bytes[at++] = bits >> pending
    }
  }
  // A lone sextet encodes nothing, and left-over bits that are not zero would be a second spelling
  if (pending === 6 || (bits & ((1 << pending) - 1)) !== 0) return undefined
  return bytes
}
