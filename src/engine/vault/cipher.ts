import { version, type Envelope } from './envelope.js'

/**
 * The primitives, straight from WebCrypto, and how the vault puts them together. The test vectors run through the
 * same functions.
 */

type Bytes = Uint8Array<ArrayBuffer>

const { subtle } = globalThis.crypto
const utf8 = new TextEncoder()
const label = utf8.encode('weavz.vault.v1\0')

const keyEnd = 32
const ivEnd = keyEnd + 12
const okmLength = ivEnd + 32

/** HKDF key of RFC 5869; not extractable. */
export function importBase(key: Bytes): Promise<CryptoKey> {
  return subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
}

/** HKDF-SHA-256 (RFC 5869), `length` bytes. */
export function hkdf(base: CryptoKey, salt: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
  return subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, base, length * 8)
}

/** AES-256-GCM (NIST SP 800-38D); the tag of 16 bytes, WebCrypto's default, is at the end. */
export async function encrypt(
  key: Bytes,
  iv: Bytes,
  additionalData: Bytes,
  plaintext: Bytes,
): Promise<ArrayBuffer> {
  const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, imported, plaintext)
}

/** Rejects when the tag does not fit. */
export async function decrypt(
  key: Bytes,
  iv: Bytes,
  additionalData: Bytes,
  sealed: Bytes,
): Promise<ArrayBuffer> {
  const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  return await subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, imported, sealed)
}

/** One value's own key, IV and commitment, behind each other. */
function derive(base: CryptoKey, salt: Bytes, context: Bytes): Promise<ArrayBuffer> {
  return hkdf(base, salt, concat(label, context), okmLength)
}

function additionalData(kid: string, salt: Bytes, commitment: Bytes, context: Bytes): Bytes {
  return concat(utf8.encode(version + kid), salt, commitment, context)
}

/** Seals bytes; `salt` must be fresh. */
export async function sealBytes(
  kid: string,
  base: CryptoKey,
  salt: Bytes,
  context: Bytes,
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

/** The bytes of an envelope, or undefined when the commitment or the tag does not fit. */
export async function openBytes(
  envelope: Envelope,
  base: CryptoKey,
  context: Bytes,
): Promise<Bytes | undefined> {
  const { kid, salt, commitment, sealed } = envelope
  const okm = new Uint8Array(await derive(base, salt, context))
  try {
    // GCM alone would open under any key for which an attacker has prepared the ciphertext
    if (!equal(okm.subarray(ivEnd), commitment)) return undefined
    const aad = additionalData(kid, salt, commitment, context)
    return new Uint8Array(await decrypt(okm.subarray(0, keyEnd), okm.subarray(keyEnd, ivEnd), aad, sealed))
  } catch {
    return undefined
  } finally {
    okm.fill(0)
  }
}

/** Compares in a time that depends on the length alone. */
function equal(a: Bytes, b: Bytes): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0)
  return difference === 0
}

function concat(...parts: Bytes[]): Bytes {
  let size = 0
  for (const part of parts) size += part.length
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
