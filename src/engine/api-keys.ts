import type { ApiKeyInfo, ApiKeyPermissions, CreateApiKey } from '../contract/api-keys.js'
import { timestamp } from './clock.js'
import type { Engine } from './engine.js'
import { hashToken } from './hash.js'
import { refuseBeyondQuota } from './quotas.js'
import { Refusal, notFound } from './refusal.js'
import type { ApiKeyRow } from './rows.js'
import type { State } from './state.js'

/** How many characters of a key its prefix shows: `wvz_ab12`. */
const prefixLength = 8

/** A key that is to be added; only its hash is stored. */
export interface NewApiKey {
  /** Made up unless given. */
  readonly id?: string
  readonly name: string
  readonly plainKey: string
  readonly permissions?: ApiKeyPermissions | null | undefined
  /** ISO 8601. */
  readonly expiresAt?: string | null | undefined
}

export function addApiKey(engine: Engine, key: NewApiKey): ApiKeyRow {
  const { id = engine.ids.uuid(), name, plainKey, permissions, expiresAt } = key
  return engine.state.tables.apiKeys.put({
    id,
    orgId: engine.orgId,
    name,
    keyPrefix: plainKey.slice(0, prefixLength),
    permissions: permissions ?? null,
    keyHash: hashToken(plainKey),
    lastUsedAt: null,
    expiresAt: expiresAt == null ? null : timestamp(Date.parse(expiresAt)),
    createdAt: engine.now(),
  })
}

/** Of the keys of a world that have asked: most ask again, and to hash one takes longer than to resolve a connection. */
const hashes = new WeakMap<State, Map<string, string>>()
const mostHashes = 100

/** The key, if it exists and has not expired. */
export function findApiKey({ state, clock }: Engine, plainKey: string): ApiKeyRow | undefined {
  let known = hashes.get(state)
  if (!known) hashes.set(state, (known = new Map<string, string>()))
  const hash = known.get(plainKey) ?? hashToken(plainKey)
  const row = state.tables.apiKeys.find('keyHash', hash)
  if (row && !known.has(plainKey)) {
    if (known.size === mostHashes) known.clear()
    known.set(plainKey, hash)
  }
  return row && (row.expiresAt === null || clock.now() < Date.parse(row.expiresAt)) ? row : undefined
}

/** The key as the API shows it. */
export function showApiKey({ keyHash: _hash, ...shown }: ApiKeyRow): ApiKeyInfo {
  return shown
}

/** A new key, and the key itself, which is shown this once. */
export function createApiKey(engine: Engine, body: CreateApiKey): { row: ApiKeyRow; plainKey: string } {
  refuseBeyondQuota(engine, 'apiKeys')
  const plainKey = engine.ids.token('wvz_')
  return { row: addApiKey(engine, { ...body, plainKey }), plainKey }
}

/** Deletes a key, but not the one that asks for it: a caller that locks itself out cannot undo it. */
export function deleteApiKey({ state }: Engine, id: string, caller: string | undefined): void {
  if (!state.tables.apiKeys.get(id)) throw notFound('API key')
  if (id === caller) throw new Refusal('FORBIDDEN', 'An API key cannot delete itself')
  state.tables.apiKeys.delete(id)
}
