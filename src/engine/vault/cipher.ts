import type { Bytes } from '../bytes.js'
import type { EncodedContext } from './context.js'
import { version, type Envelope } from './envelope.js'
import { pooled } from './pool.js'

/**
 * The primitives, straight from WebCrypto, and how the vault puts them together. The test vectors run through the
 * same functions.
 */

const { subtle } = globalThis.crypto
const utf8 = new TextEncoder()

// As objects, because WebCrypto makes such ones of names at each call
const sha256 = { name: 'SHA-256' }
const aesGcm = { name: 'AES-GCM' }

const keyEnd = 32
const ivEnd = keyEnd + 12
const okmLength = ivEnd + 32

/** HKDF key of RFC 5869; not extractable. */
export function importBase(key: Bytes): Promise<CryptoKey> {
  return subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
}

/** HKDF-SHA-256 (RFC 5869), `length` bytes. */
export function hkdf(base: CryptoKey, salt: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
  return subtle.deriveBits({ name: 'HKDF', hash: sha256, salt, info }, base, length * 8)
}

/** AES-256-GCM (NIST SP 800-38D); the tag of 16 bytes, WebCrypto's default, is at the end. */
export async function encrypt(
  key: Bytes,
  iv: Bytes,
  additionalData: Bytes,
  plaintext: Bytes,
): Promise<ArrayBuffer> {
  const imported = await subtle.importKey('raw', key, aesGcm, false, ['encrypt'])
  return await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, imported, plaintext)
}

/** Rejects when the tag does not fit. */
export async function decrypt(
  key: Bytes,
  iv: Bytes,
  additionalData: Bytes,
  sealed: Bytes,
): Promise<ArrayBuffer> {
  return await decryptWith(await importForOpening(key), iv, additionalData, sealed)
}

function importForOpening(key: Bytes): Promise<CryptoKey> {
  return subtle.importKey('raw', key, aesGcm, false, ['decrypt'])
}

function decryptWith(key: CryptoKey, iv: Bytes, additionalData: Bytes, sealed: Bytes): Promise<ArrayBuffer> {
  return subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed)
}

/** One value's own key, IV and commitment, behind each other. */
function derive(base: CryptoKey, salt: Bytes, { info }: EncodedContext): Promise<ArrayBuffer> {
  return hkdf(base, salt, info, okmLength)
}

function additionalData(kid: string, salt: Bytes, commitment: Bytes, { context }: EncodedContext): Bytes {
  const head = version + kid
  const all = pooled(head.length + salt.length + commitment.length + context.length)
  utf8.encodeInto(head, all)
  all.set(salt, head.length)
  all.set(commitment, head.length + salt.length)
  all.set(context, head.length + salt.length + commitment.length)
  return all
}

/** Seals bytes; `salt` must be fresh. */
export async function sealBytes(
  kid: string,
  base: CryptoKey,
  salt: Bytes,
  context: EncodedContext,
  plaintext: Bytes,
): Promise<Envelope> {
  const okm = new Uint8Array(await derive(base, salt, context))
  // A copy, because the envelope outlives what is wiped
  const commitment = okm.slice(ivEnd)
  try {
    const aad = additionalData(kid, salt, commitment, context)
    const sealed = await encrypt(okm.subarray(0, keyEnd), okm.subarray(keyEnd, ivEnd), aad, plaintext)
    return { kid, salt, commitment, sealed: new Uint8Array(sealed) }
  } finally {
    okm.fill(0)
  }
}

/** What opens one envelope in its place, once the commitment has been found to fit. The key is not extractable. */
export interface Opener {
  readonly key: CryptoKey
  readonly iv: Bytes
  readonly additionalData: Bytes
}

/** The plaintext, with what opens the envelope again; undefined when its commitment or its tag does not fit. */
export async function openBytes(
  envelope: Envelope,
  base: CryptoKey,
  context: EncodedContext,
): Promise<{ opener: Opener; bytes: Bytes } | undefined> {
  const { kid, salt, commitment } = envelope
  const okm = new Uint8Array(await derive(base, salt, context))
  const iv = pooled(ivEnd - keyEnd)
  let opener: Opener
  try {
    // GCM alone would open under any key for which an attacker has prepared the ciphertext
    if (!equalBytes(okm.subarray(ivEnd), commitment)) return undefined
    iv.set(okm.subarray(keyEnd, ivEnd))
    opener = {
      key: await importForOpening(okm.subarray(0, keyEnd)),
      iv,
      additionalData: additionalData(kid, salt, commitment, context),
    }
  } finally {
    okm.fill(0)
  }
  const bytes = await openAgain(opener, envelope)
  return bytes && { opener, bytes }
}

/** The plaintext, or undefined when the tag does not fit. */
export function openAgain(
  { key, iv, additionalData }: Opener,
  { sealed }: Envelope,
): Promise<Bytes | undefined> {
  return decryptWith(key, iv, additionalData, sealed).then(bytesOf, () => undefined)
}

function bytesOf(buffer: ArrayBuffer): Bytes {
  return new Uint8Array(buffer)
}

/** Compares in a time that depends on the length alone. */
function equalBytes(a: Bytes, b: Bytes): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0)
  return difference === 0
}
