import { createHash } from 'node:crypto'

/** S256 of RFC 7636 by other means than the server's own. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
