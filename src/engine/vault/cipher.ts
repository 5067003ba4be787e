import { tagLength, version, type Envelope } from './envelope.js'

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
export async function hkdf(base: CryptoKey, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  return new Uint8Array(
    await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, base, length * 8),
  )
}

/** AES-256-GCM (NIST SP 800-38D) with a tag of 16 bytes at the end. */
export async function encrypt(key: Bytes, iv: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
  const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return new Uint8Array(await subtle.encrypt(gcm(iv, aad), imported, plaintext))
}

/** Rejects when the tag does not fit. */
export async function decrypt(key: Bytes, iv: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes> {
  const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  return new Uint8Array(await subtle.decrypt(gcm(iv, aad), imported, sealed))
}

function gcm(iv: Bytes, additionalData: Bytes) {
  return { name: 'AES-GCM', iv, additionalData, tagLength: tagLength * 8 }
}

/** One value's own key, IV and commitment. */
async function derive(base: CryptoKey, salt: Bytes, context: Bytes) {
  const okm = await hkdf(base, salt, concat(label, context), okmLength)
  return {
    key: okm.subarray(0, keyEnd),
    iv: okm.subarray(keyEnd, ivEnd),
    commitment: okm.subarray(ivEnd),
    wipe: () => okm.fill(0),
  }
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
  const derived = await derive(base, salt, context)
  // The envelope outlives the derived key, which is wiped
  const commitment = derived.commitment.slice()
  try {
    const aad = additionalData(kid, salt, commitment, context)
    return { kid, salt, commitment, sealed: await encrypt(derived.key, derived.iv, aad, plaintext) }
  } finally {
    derived.wipe()
  }
}

/** The bytes of an envelope, or undefined when the commitment or the tag does not fit. */
export async function openBytes(
  envelope: Envelope,
  base: CryptoKey,
  context: Bytes,
): Promise<Bytes | undefined> {
  const { kid, salt, commitment, sealed } = envelope
  const derived = await derive(base, salt, context)
  try {
    // GCM alone would open under any key for which an attacker has prepared the ciphertext
    if (!equal(derived.commitment, commitment)) return undefined
    return await decrypt(derived.key, derived.iv, additionalData(kid, salt, commitment, context), sealed)
  } catch {
    return undefined
  } finally {
    derived.wipe()
  }
}

/** Compares in a time that depends on the length alone. */
function equal(a: Bytes, b: Bytes): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0)
  return difference === 0
}

function concat(...parts: Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
