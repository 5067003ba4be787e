import { decodedLength, decodeInto, encodedLength, encodeInto } from './base64url.js'
import { pooled } from './pool.js'

/** A sealed value, taken apart: `wv1.<kid>.<salt>.<commitment>.<ciphertext || tag>`. */
export interface Envelope {
  readonly kid: string
  readonly salt: Uint8Array<ArrayBuffer>
  readonly commitment: Uint8Array<ArrayBuffer>
  /** Ciphertext and tag, as WebCrypto has them. */
  readonly sealed: Uint8Array<ArrayBuffer>
}

export const version = 'wv1'
/** Of the commitment, too. */
export const saltLength = 32
export const tagLength = 16
/** What can be sealed: 64 KiB of UTF-8. Credentials are smaller; the cap bounds what a forged envelope costs. */
export const maxPlaintext = 64 * 1024

const kidPattern = /^[a-z0-9_-]{1,40}$/
const maxKid = 40
const kidStart = version.length + 1
const fixed = encodedLength(saltLength)
const maxEnvelope = version.length + maxKid + 2 * fixed + encodedLength(maxPlaintext + tagLength) + 4

const dot = '.'.charCodeAt(0)
const utf8 = new TextEncoder()
const ascii = new TextDecoder()

export function isKid(kid: unknown): kid is string {
  return typeof kid === 'string' && kidPattern.test(kid)
}

export function formatEnvelope({ kid, salt, commitment, sealed }: Envelope): string {
  const head = `${version}.${kid}.`
  const length = head.length + 2 * (fixed + 1) + encodedLength(sealed.length)
  const text = scratchOf(length)
  let at = utf8.encodeInto(head, text).written
  at = encodeInto(text, at, salt)
  text[at++] = dot
  at = encodeInto(text, at, commitment)
  text[at++] = dot
  encodeInto(text, at, sealed)
  return ascii.decode(text.subarray(0, length))
}

/** The parts of an envelope; undefined for anything that is not exactly one. */
export function parseEnvelope(text: unknown): Envelope | undefined {
  // The size comes first, so that a huge text is neither split nor decoded
  if (typeof text !== 'string' || text.length > maxEnvelope) return undefined
  if (!text.startsWith(`${version}.`)) return undefined
  const kidEnd = text.indexOf('.', kidStart)
  const kid = text.slice(kidStart, kidEnd)
  const saltEnd = kidEnd + 1 + fixed
  const commitmentEnd = saltEnd + 1 + fixed
  if (kidEnd < 0 || !isKid(kid) || text[saltEnd] !== '.' || text[commitmentEnd] !== '.') return undefined
  // Where the parts are follows from their lengths; a dot elsewhere is no character of theirs
  const characters = scratchOf(text.length)
  // A character of several bytes is none of an envelope, and could leave those of another one at the end
  if (utf8.encodeInto(text, characters).written !== text.length) return undefined
  const sealedLength = decodedLength(text.length - commitmentEnd - 1)
  if (sealedLength < tagLength) return undefined
  const bytes = pooled(2 * saltLength + sealedLength)
  const canonical =
    decodeInto(bytes, 0, characters, kidEnd + 1, saltEnd) &&
    decodeInto(bytes, saltLength, characters, saltEnd + 1, commitmentEnd) &&
    decodeInto(bytes, 2 * saltLength, characters, commitmentEnd + 1, text.length)
  if (!canonical) return undefined
  const salt = bytes.subarray(0, saltLength)
  const commitment = bytes.subarray(saltLength, 2 * saltLength)
  const sealed = bytes.subarray(2 * saltLength)
  return { kid, salt, commitment, sealed }
}

/**
 * For one envelope at a time, within one synchronous step, and never for a plaintext. As long as the longest so far; it
 * still holds parts of earlier ones, so that only what was just written may be read.
 */
let scratch = new Uint8Array(2048)

function scratchOf(length: number): Uint8Array {
  if (length > scratch.length) scratch = new Uint8Array(length)
  return scratch
}
