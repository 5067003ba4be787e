import type { Connection, ResolveConnection } from '../contract/connections.js'
import { getConnection, showConnection } from './connections.js'
import type { Engine } from './engine.js'
import { Refusal } from './refusal.js'
import { resolveOrRefuse } from './refuse.js'
import { resolutionRequest } from './resolver/request.js'

/** The connection that a call would use. */
export function resolveConnection(engine: Engine, body: ResolveConnection): Connection {
  const { externalId: connectionExternalId, ...rest } = body
  const request = resolutionRequest('resolve', { ...rest, connectionExternalId })
  const { connection } = resolveOrRefuse(engine, request)
  if (!connection) throw new Refusal('CONNECTION_NOT_FOUND', `"${body.integrationName}" needs no account`)
  return showConnection(getConnection(engine, connection.id))
}
