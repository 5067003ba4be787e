import type { Bytes } from '../bytes.js'
import { received, VaultError } from './errors.js'
import { pooled } from './pool.js'

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

/** In the order in which they are encoded. */
const names = ['orgId', 'connectionId', 'integrationName', 'owner', 'credentialType', 'field'] as const

const utf8 = new TextEncoder()
const absent = 0xffffffff
const label = 'weavz.vault.v1\0'
/** Node's HKDF takes 1024 bytes, the label included. */
const longest = 1024 - label.length
/** For the length of a field. */
const room = '\0\0\0\0'

/** The fields of a context, in the order in which they are encoded. Equal ones have the same bytes. */
export type ContextTexts = readonly (string | null)[]

/** A context as HKDF takes it, with the label of the format in front; and as it is authenticated, without. */
export interface EncodedContext {
  readonly info: Bytes
  readonly context: Bytes
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

/** @throws VaultError `VAULT_INVALID_CONTEXT` for what is neither a text nor null, and for owners that are none. */
export function contextTexts(context: VaultContext): ContextTexts {
  if (typeof context !== 'object' || context === null)
    throw invalid(`an object is needed, ${received(context)}`)
  const { orgId, connectionId, integrationName, owner, credentialType, field } = context
  return [
    checked('orgId', orgId),
    checked('connectionId', connectionId),
    checked('integrationName', integrationName),
    checked('owner', owner === null ? null : ownerText(owner)),
    checked('credentialType', credentialType),
    checked('field', field),
  ]
}

export function sameTexts(a: ContextTexts, b: ContextTexts): boolean {
  for (let at = 0; at < names.length; at++) if (a[at] !== b[at]) return false
  return true
}

/**
 * The bytes of a context: its six fields in fixed order, each as its length (32 bits, big endian; 0xffffffff for null)
 * and its UTF-8. No two contexts have the same bytes.
 *
 * @throws VaultError `VAULT_INVALID_CONTEXT` for what is too long or no Unicode.
 */
export function encodeTexts(texts: ContextTexts): EncodedContext {
  let whole = label
  for (const text of texts) whole += text === null ? room : room + text
  let info = pooled(whole.length)
  // Ids are ASCII: as many bytes as characters, all encoded at once, and well-formed
  const ascii = utf8.encodeInto(whole, info).read === whole.length
  if (!ascii) {
    const malformed = texts.findIndex((text) => text !== null && !isWellFormed(text))
    if (malformed >= 0) throw invalid(`${names[malformed]} must be well-formed Unicode`)
    info = utf8.encode(whole)
  }
  const length = info.length - label.length
  if (length > longest) throw invalid(`${longest} bytes are the most, received ${length}`)
  let at = label.length
  for (const text of texts) {
    const length = text === null ? 0 : ascii ? text.length : utf8.encode(text).length
    const prefix = text === null ? absent : length
    for (let shift = 24; shift >= 0; shift -= 8) info[at++] = prefix >>> shift
    at += length
  }
  return { info, context: info.subarray(label.length) }
}

/** @throws VaultError `VAULT_INVALID_CONTEXT` */
export const encodeContext = (context: VaultContext): EncodedContext => encodeTexts(contextTexts(context))

function checked(name: (typeof names)[number], text: string | null): string | null {
  if (text !== null && typeof text !== 'string') {
    throw invalid(`${name} must be a text or null, ${received(text)}`)
  }
  return text
}
