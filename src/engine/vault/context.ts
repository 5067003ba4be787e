import { received, VaultError } from './errors.js'

/** Whose connection a value belongs to. A connection of the API fits as it stands. */
export interface VaultOwner {
  /** Open, because that of a connection is; what is none of the three is refused. */
  readonly scope: 'ORGANIZATION' | 'WORKSPACE' | 'USER' | (string & {})
  /** Counts for the scopes WORKSPACE and USER. */
  readonly workspaceId?: string | null
  /** Counts for the scope USER. */
  readonly endUserId?: string | null
}

/**
 * Where a sealed value lives. It opens only with the same context, so that a value that was moved to another
 * connection, field or tenant stays shut. Null says that there is none, and differs from an empty text.
 */
export interface VaultContext {
  readonly orgId: string | null
  readonly connectionId: string | null
  readonly integrationName: string | null
  readonly owner: VaultOwner | null
  /** `SECRET_TEXT`, `OAUTH2`, … */
  readonly credentialType: string | null
  /** `secretText`, `accessToken`, `props.token`, … */
  readonly field: string | null
}

const utf8 = new TextEncoder()
const absent = 0xffffffff
const label = utf8.encode('weavz.vault.v1\0')

/** A context as HKDF takes it, with the label of the format in front; and as it is authenticated, without. */
export interface EncodedContext {
  readonly info: Uint8Array<ArrayBuffer>
  readonly context: Uint8Array<ArrayBuffer>
}

function invalid(detail: string): VaultError {
  return new VaultError('VAULT_INVALID_CONTEXT', detail)
}

/** Lone surrogates all encode to U+FFFD, so that two texts would give the same bytes. */
export function isWellFormed(text: string): boolean {
  // The first look is free for text of one byte a character, which has no such code units
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text)
}

function ownerText(owner: VaultOwner): string {
  if (Object(owner) !== owner)
    throw invalid(`owner must be an object with a scope, or null, ${received(owner)}`)
  const { scope, workspaceId, endUserId } = owner
  if (scope === 'ORGANIZATION') return scope
  if (scope !== 'WORKSPACE' && scope !== 'USER') {
    throw invalid('owner.scope must be ORGANIZATION, WORKSPACE or USER')
  }
  // The separator must not occur in a workspace id: `a:b` + `c` and `a` + `b:c` would be one owner
  if (typeof workspaceId !== 'string' || workspaceId.includes(':')) {
    throw invalid(`owner.workspaceId must be a text without a colon for the scope ${scope}`)
  }
  if (scope === 'WORKSPACE') return `${scope}:${workspaceId}`
  if (typeof endUserId !== 'string') throw invalid('owner.endUserId must be a text for the scope USER')
  return `${scope}:${workspaceId}:${endUserId}`
}

/**
 * The bytes of a context: its six fields in fixed order, each as its length (32 bits, big endian; 0xffffffff for null)
 * and its UTF-8. No two contexts have the same bytes.
 *
 * @throws VaultError `VAULT_INVALID_CONTEXT`
 */
export function encodeContext(context: VaultContext): EncodedContext {
  if (typeof context !== 'object' || context === null)
    throw invalid(`an object is needed, ${received(context)}`)
  const { orgId, connectionId, integrationName, owner, credentialType, field } = context
  const texts = [
    checked('orgId', orgId),
    checked('connectionId', connectionId),
    checked('integrationName', integrationName),
    checked('owner', owner === null ? null : ownerText(owner)),
    checked('credentialType', credentialType),
    checked('field', field),
  ]
  let most = label.length
  for (const text of texts) most += 4 + 3 * (text?.length ?? 0)
  const bytes = new Uint8Array(most)
  bytes.set(label)
  let at = label.length
  for (const text of texts) {
    const start = at + 4
    const end = text === null ? start : write(bytes, start, text)
    const length = text === null ? absent : end - start
    for (let shift = 24; shift >= 0; shift -= 8) bytes[at++] = length >>> shift
    at = end
  }
  return { info: bytes.subarray(0, at), context: bytes.subarray(label.length, at) }
}

function checked(name: string, text: string | null): string | null {
  if (text === null) return text
  if (typeof text !== 'string') throw invalid(`${name} must be a text or null, ${received(text)}`)
  if (!isWellFormed(text)) throw invalid(`${name} must be well-formed Unicode`)
  return text
}

/** Writes the UTF-8 of `text` and answers where it ends. Ids are ASCII, which takes no call of TextEncoder. */
function write(bytes: Uint8Array, start: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) return start + utf8.encodeInto(text, bytes.subarray(start)).written
    bytes[start + i] = code
  }
  return start + text.length
}
