/**
 * Canonical unpadded base64url (RFC 4648 §5). `atob` accepts white space, padding and stray trailing
 * bits, so that several texts decode to the same bytes: an envelope must have exactly one form.
 */

const utf8 = new TextEncoder()
const alphabet = utf8.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
/** What a character means, by its code; negative for what is none. */
const sextets = new Int8Array(256).fill(-1)
alphabet.forEach((character, value) => (sextets[character] = value))

/** How many characters `length` bytes take. */
export function encodedLength(length: number): number {
  return Math.ceil((length * 4) / 3)
}

/** How many bytes `length` characters are. */
export function decodedLength(length: number): number {
  return Math.floor((length * 3) / 4)
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

/** The bytes of a canonical text; undefined if it is none. */
export function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  const characters = utf8.encode(text)
  const bytes = new Uint8Array(decodedLength(characters.length))
  const canonical = decodeInto(bytes, 0, characters, 0, characters.length)
  // It may be the text of a key
  characters.fill(0)
  if (canonical) return bytes
  bytes.fill(0)
  return undefined
}

/**
 * Writes the bytes of the canonical text that `text`, in UTF-8, has from `start` to `end` into `target`, from `at` on.
 *
 * @returns Whether the text is canonical.
 */
export function decodeInto(
  target: Uint8Array,
  at: number,
  text: Uint8Array,
  start: number,
  end: number,
): boolean {
  const left = (end - start) % 4
  // A lone sextet encodes nothing
  if (left === 1) return false
  /** Everything together: one look at the end tells whether a wrong character, which is negative, was among it. */
  let all = 0
  const whole = end - left
  for (let i = start; i < whole; i += 4) {
    const first = sextetAt(text, i)
    const second = sextetAt(text, i + 1)
    const third = sextetAt(text, i + 2)
    const fourth = sextetAt(text, i + 3)
    all |= first | second | third | fourth
    target[at] = (first << 2) | (second >> 4)
    target[at + 1] = (second << 4) | (third >> 2)
    target[at + 2] = (third << 6) | fourth
    at += 3
  }
  if (left > 0) {
    const first = sextetAt(text, whole)
    const second = sextetAt(text, whole + 1)
    const third = left === 3 ? sextetAt(text, whole + 2) : 0
    all |= first | second | third
    target[at] = (first << 2) | (second >> 4)
    if (left === 3) target[at + 1] = (second << 4) | (third >> 2)
    // Bits that belong to no byte would be a second spelling if they were not zero
    if (left === 3 ? third & 3 : second & 15) return false
  }
  return all >= 0
}

function sextetAt(text: Uint8Array, i: number): number {
  return sextets[text[i] as number] as number
}

function byteAt(bytes: Uint8Array, i: number): number {
  return bytes[i] as number
}
