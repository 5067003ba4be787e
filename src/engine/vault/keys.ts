import type { Bytes } from '../bytes.js'
import { decode } from './base64url.js'
import { VaultError } from './errors.js'

export const keyLength = 32

/**
 * Where a key comes from: its 32 bytes, or a function that fetches them, from a KMS for example. The function is
 * called when the key is first needed, and again if that failed.
 */
export type KeySource = Uint8Array | (() => Uint8Array | Promise<Uint8Array>)

/**
 * The key in a text such as an environment variable: 64 hexadecimal digits, or 32 bytes in base64url or base64.
 * `openssl rand -base64 32` prints one.
 *
 * @throws VaultError `VAULT_INVALID_KEY` when the text is missing or anything else, a passphrase above all
 * @example keys.add('2025-01', keyFromText(process.env.WEAVZ_VAULT_KEY))
 */
export function keyFromText(text: string | undefined): Bytes {
  if (!text) throw new VaultError('VAULT_INVALID_KEY', 'the text is empty or not set')
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
    : /^[\w+/-]{43}=?$/.test(text)
      ? decode(text.replace('=', '').replaceAll('+', '-').replaceAll('/', '_'))
      : undefined
  if (!bytes)
    throw new VaultError(
      'VAULT_INVALID_KEY',
      'the text is neither 64 hexadecimal digits nor 32 bytes in base64url',
    )
  return checkedKey(bytes)
}

/**
 * A copy of the bytes, if they can be a key. Refused are other lengths than 32, one pattern repeated (all zeros too)
 * and printable text: 32 random bytes are printable once in 10^13 times, a passphrase always.
 *
 * @throws VaultError `VAULT_INVALID_KEY`
 */
export function checkedKey(bytes: Uint8Array): Bytes {
  if (!(bytes instanceof Uint8Array) || bytes.length !== keyLength) {
    throw new VaultError('VAULT_INVALID_KEY', `exactly ${keyLength} bytes are needed`)
  }
  for (let period = 1; period < keyLength; period *= 2) {
    if (bytes.every((byte, i) => byte === bytes[i % period])) {
      throw new VaultError('VAULT_INVALID_KEY', 'the bytes repeat')
    }
  }
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    throw new VaultError('VAULT_INVALID_KEY', 'the bytes are printable text, such as a passphrase')
  }
  return new Uint8Array(bytes)
}
