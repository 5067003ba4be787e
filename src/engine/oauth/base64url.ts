import { encodeInto, encodedLength } from '../vault/base64url.js'

/** Unpadded base64url (RFC 4648 §5): states, verifiers and challenges. */
export function base64url(bytes: Uint8Array): string {
  const text = new Uint8Array(encodedLength(bytes.length))
  encodeInto(text, 0, bytes)
  return new TextDecoder().decode(text)
}
