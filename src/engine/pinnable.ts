import { getConnection } from './connections.js'
import type { Engine } from './engine.js'
import { invalid } from './refusal.js'
import type { ConnectionRow, WorkspaceIntegrationRow } from './rows.js'

/** The connection to pin: it must exist, be of that integration and be visible from the workspace. */
export function pinnable(
  engine: Engine,
  { workspaceId, integrationName }: Pick<WorkspaceIntegrationRow, 'workspaceId' | 'integrationName'>,
  id: string,
): ConnectionRow {
  const connection = getConnection(engine, id)
  if (connection.integrationName !== integrationName) {
    throw invalid('body.connectionId', `Is a connection of "${connection.integrationName}"`)
  }
  if (connection.scope !== 'ORGANIZATION' && connection.workspaceId !== workspaceId) {
    throw invalid('body.connectionId', 'Belongs to another workspace')
  }
  return connection
}
