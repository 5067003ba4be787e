import type { Engine } from './engine.js'
import { hashToken } from './hash.js'
import type { ApiKeyRow } from './rows.js'

/** How many characters of a key its prefix shows: `wvz_ab12`. */
const prefixLength = 8

/** Adds a key of the organization; only its hash is stored. */
export function addApiKey(engine: Engine, name: string, plainKey: string): ApiKeyRow {
  return engine.state.tables.apiKeys.put({
    id: engine.ids.uuid(),
    orgId: engine.orgId,
    name,
    keyPrefix: plainKey.slice(0, prefixLength),
    keyHash: hashToken(plainKey),
    lastUsedAt: null,
    expiresAt: null,
    createdAt: engine.now(),
  })
}

/** The key, if it exists and has not expired. */
export function findApiKey({ state, clock }: Engine, plainKey: string): ApiKeyRow | undefined {
  const row = state.tables.apiKeys.find('keyHash', hashToken(plainKey))
  return row && (row.expiresAt === null || clock.now() < Date.parse(row.expiresAt)) ? row : undefined
}
