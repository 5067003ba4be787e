import type { ActionSucceeded, ApprovalRequired } from '../../contract/actions.js'
import type { JsonObject } from '../../contract/schema.js'
import { executeAction } from '../actions.js'
import type { Engine } from '../engine.js'
import { key } from '../table.js'
import type { McpCaller } from './callers.js'
import type { McpAction } from './surface.js'
import { toolTarget } from './tools.js'

/**
 * Runs the action of a tool as `actions/execute` does, for the end user of the token.
 *
 * @param idempotencyKey Ties a repeat to its approval. Default: the same for the same tool and token, because MCP
 * clients just call again.
 */
export function callTool(
  engine: Engine,
  { server, token, endUserId }: McpCaller,
  { tool }: McpAction,
  input: JsonObject,
  idempotencyKey = key('mcp', server.id, token?.id ?? null, tool.id),
): Promise<ActionSucceeded | ApprovalRequired> {
  const target = toolTarget(engine, server.workspaceId, tool)
  const body = {
    integrationName: tool.integrationName,
    actionName: tool.actionName,
    workspaceId: server.workspaceId,
    workspaceIntegrationId: target?.id,
    endUserId,
    input,
    partialIds: tool.partialIds ?? undefined,
    idempotencyKey,
  }
  return executeAction(engine, body, {
    mcp: server,
    toolConnectionId: tool.connectionId,
    inputDefaults: tool.inputDefaults,
  })
}
