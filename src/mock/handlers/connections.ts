import * as connections from '../../engine/connections.js'
import { resolveConnection } from '../../engine/resolve-connection.js'
import type { HandlersOf } from '../handler.js'
import { deleted } from '../handler.js'

export const connectionsHandlers: HandlersOf<'connections'> = {
  'connections.list': (engine, { query, visible }) => {
    const { items, total } = connections.listConnections(engine, query, visible)
    return { status: 200, body: { connections: items, total } }
  },
  'connections.get': (engine, { query }) => ({
    status: 200,
    body: { connection: connections.showConnection(connections.getConnection(engine, query.id)) },
  }),
  'connections.create': async (engine, { body }) => ({
    status: 201,
    body: { connection: connections.showConnection(await connections.createConnection(engine, body)) },
  }),
  'connections.delete': (engine, { params }) => {
    connections.deleteConnection(engine, params.id)
    return deleted(params.id)
  },
  'connections.resolve': (engine, { body }) => ({
    status: 200,
    body: { connection: resolveConnection(engine, body) },
  }),
}
