import type { AnyEndpoint } from '../contract/endpoint.js'
import { findApiKey } from '../engine/api-keys.js'
import type { Engine } from '../engine/engine.js'
import { Refusal } from '../engine/refusal.js'
import type { ApiKeyRow } from '../engine/rows.js'

/** The calling key. An endpoint that needs none answers without, and there a bad key counts as none. */
export function authenticate(engine: Engine, request: Request, endpoint: AnyEndpoint): ApiKeyRow | undefined {
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const row = key === undefined ? undefined : findApiKey(engine, key)
  if (row) return engine.state.tables.apiKeys.put({ ...row, lastUsedAt: engine.now() })
  if (endpoint.auth === 'none') return undefined
  throw new Refusal('UNAUTHORIZED', key === undefined ? 'An API key is required' : 'The API key is not valid')
}
