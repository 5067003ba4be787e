import { findApiKey } from '../engine/api-keys.js'
import type { Engine } from '../engine/engine.js'
import type { ApiKeyRow } from '../engine/rows.js'

/** The calling key; undefined if the request has none, or one that is malformed, wrong, deleted or expired. */
export function authenticate(engine: Engine, request: Request): ApiKeyRow | undefined {
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const row = key === undefined ? undefined : findApiKey(engine, key)
  return row && engine.state.tables.apiKeys.put({ ...row, lastUsedAt: engine.now() })
}
