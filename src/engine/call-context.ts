import type { ActionCall } from './action-registry.js'
import { showConnection } from './connections.js'
import { openCredentials } from './credentials.js'
import { showEndUser } from './end-users.js'
import type { Engine } from './engine.js'
import { copyJson } from './json.js'
import type { Denied, Resolution } from './resolver/index.js'
import type { WorkspaceIntegrationRow } from './rows.js'

/** The workspace integration that a call targets, if it targets one. */
export function targetOf(
  { state }: Engine,
  { workspaceIntegration }: Pick<Resolution, 'workspaceIntegration'>,
): WorkspaceIntegrationRow | null {
  return (workspaceIntegration && state.tables.workspaceIntegrations.get(workspaceIntegration.id)) ?? null
}

/** What a handler learns about who it runs for. Opens the credentials of the chosen connection. */
export async function callContext(
  engine: Engine,
  answer: Exclude<Resolution, Denied>,
  workspaceId: string | null,
  endUserId: string | undefined,
): Promise<Pick<ActionCall, 'connection' | 'credentials' | 'endUser' | 'workspaceIntegration'>> {
  const { state } = engine
  const connection = answer.connection && state.tables.connections.get(answer.connection.id)
  const target = targetOf(engine, answer)
  const endUser =
    workspaceId === null || endUserId === undefined ? undefined : state.endUser(workspaceId, endUserId)
  return {
    connection: connection ? showConnection(connection) : null,
    credentials: connection ? await openCredentials(engine, connection, 'execute') : null,
    endUser: endUser ? copyJson(showEndUser(engine, endUser)) : null,
    workspaceIntegration: target ? copyJson(target) : null,
  }
}
