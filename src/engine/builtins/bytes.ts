import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

// Bytes that are no UTF-8 are an error, not replacement characters that nobody asked for.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of UTF-8 bytes. @throws TypeError if they are none. */
export const fromUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes)

export const toUtf8 = utf8ToBytes

/** Base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** @throws DOMException if the text is no base64. */
export const fromBase64 = (encoded: string): Uint8Array =>
  Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))

export const fromHex = hexToBytes

/** Runs a conversion, whatever it throws becoming that one sentence. */
export function convert<T>(failure: string, run: () => T): T {
  try {
    return run()
  } catch {
    throw new Error(failure)
  }
}
