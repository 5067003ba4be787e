import type { ActionSucceeded, ApprovalRequired } from '../../contract/actions.js'
import type { JsonObject } from '../../contract/schema.js'
import { executeAction } from '../actions.js'
import type { Engine } from '../engine.js'
import { key } from '../table.js'
import type { McpCaller } from './callers.js'
import type { NamedTool } from './surface.js'
import { toolTarget } from './tools.js'

interface CallOptions {
  readonly source: 'mcp_tools' | 'mcp_code'
  /** Ties a repeat to its approval. Default: the same for the same tool and caller, because MCP clients just call again. */
  readonly idempotencyKey?: string
}

/** Runs the action of a tool as `actions/execute` does, for the end user of the token. */
export function callTool(
  engine: Engine,
  { server, requestedBy, endUserId, baseUrl }: McpCaller,
  { tool }: NamedTool,
  input: JsonObject,
  { source, idempotencyKey = key('mcp', server.id, requestedBy?.id ?? null, tool.id) }: CallOptions,
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
    source,
    requestedBy,
    baseUrl,
    mcp: server,
    toolConnectionId: tool.connectionId,
    inputDefaults: tool.inputDefaults,
  })
}
