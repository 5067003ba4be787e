import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { hex } from './ids.js'

/**
 * SHA-256 of a token, in hex: what is stored of API keys, connect and portal tokens. Tokens carry about 190 random
 * bits, so a plain hash is enough; passwords would need a slow one.
 */
export function hashToken(token: string): string {
  return hex(sha256(utf8ToBytes(token)))
}
