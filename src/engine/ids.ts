import type { RandomSource } from './random.js'

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a text has the form of an id of the API: a lower-case UUID. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexOf[byte]
  return text
}

// 64 characters, so that six bits of a byte choose one without bias. `_` and `-` are left out of the API's tokens;
// the two doubled letters cost a token of 32 characters less than one bit.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab'

export interface IdSource {
  /** A UUID of version 4 (RFC 9562). */
  uuid(): string
  /** `prefix` and 32 letters or digits. */
  token(prefix: TokenPrefix): string
}

export type TokenPrefix = 'wvz_' | 'cst_' | 'eut_' | 'mcp_' | 'mcpo_'

export function createIds(random: RandomSource): IdSource {
  return {
    uuid() {
      const bytes = random.bytes(16)
      bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
      const text = hex(bytes)
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
    },
    token(prefix) {
      let text: string = prefix
      for (const byte of random.bytes(32)) text += alphabet[byte & 63]
      return text
    },
  }
}
