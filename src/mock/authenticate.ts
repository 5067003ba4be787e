import { findApiKey } from '../engine/api-keys.js'
import type { Engine } from '../engine/engine.js'
import type { ApiKeyRow } from '../engine/rows.js'

/** How exact `lastUsedAt` is. Noted at every call, it would turn each that only reads into one that writes. */
const precisionMs = 1000

/** The calling key; undefined if the request has none, or one that is malformed, wrong, deleted or expired. */
export function authenticate(engine: Engine, request: Request): ApiKeyRow | undefined {
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const row = key === undefined ? undefined : findApiKey(engine, key)
  if (!row) return undefined
  const age = engine.clock.now() - Date.parse(row.lastUsedAt ?? '')
  return age >= 0 && age < precisionMs
    ? row
    : engine.state.tables.apiKeys.put({ ...row, lastUsedAt: engine.now() })
}
