import type { Bytes } from '../bytes.js'
import { decode } from './base64url.js'
import { received, VaultError } from './errors.js'

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
  if (text === undefined || text === '') {
    throw new VaultError('VAULT_INVALID_KEY', 'the text is empty or not set')
  }
  if (typeof text !== 'string') {
    throw new VaultError('VAULT_INVALID_KEY', `a text is needed, ${received(text)}`)
  }
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
    : /^[\w+/-]{43}=?$/.test(text)
      ? decode(text.replace('=', '').replaceAll('+', '-').replaceAll('/', '_'))
      : undefined
  if (!bytes) {
    throw new VaultError(
      'VAULT_INVALID_KEY',
      text.trim() === text
        ? 'the text is neither 64 hexadecimal digits nor 32 bytes in base64url'
        : 'the text has white space around it: trim it',
    )
  }
  try {
    return checkedKey(bytes)
  } finally {
    bytes.fill(0)
  }
}

/** Test runners give their tests another realm than the platform's, and `instanceof` knows only its own. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'
}

/**
 * A copy of the bytes, if they can be a key. Refused are other lengths than 32, one pattern repeated (all zeros too)
 * and printable text: 32 random bytes are printable once in 10^13 times, a passphrase always.
 *
 * @throws VaultError `VAULT_INVALID_KEY`
 */
export function checkedKey(bytes: Uint8Array): Bytes {
  if (!isBytes(bytes) || bytes.length !== keyLength)
    throw new VaultError('VAULT_INVALID_KEY', notBytes(bytes))
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

function notBytes(source: unknown): string {
  if (typeof source === 'string') return 'a text is no key: keyFromText(text) reads one'
  if (source instanceof Promise) return 'a promise is no key: give the function that fetches the key'
  return `exactly ${keyLength} bytes are needed, ${isBytes(source) ? `received ${source.length}` : received(source)}`
}
