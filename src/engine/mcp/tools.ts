import type { CreateMcpTool, UpdateMcpTool } from '../../contract/mcp-tools.js'
import { getIntegration } from '../auth-methods.js'
import type { Engine } from '../engine.js'
import { findPartial } from '../merge.js'
import { pinnable } from '../pinnable.js'
import { Refusal, notFound } from '../refusal.js'
import type { McpServerRow, McpToolRow, WorkspaceIntegrationRow } from '../rows.js'
import { getServer } from './servers.js'
import { aliasHolder, sameTool } from './sync.js'

/** The tools of a server, by `sortOrder`, then as they were added. */
export function toolsOf({ state }: Engine, serverId: string): McpToolRow[] {
  const rows = [...state.tables.mcpTools.where('server', serverId).values()]
  return rows.sort((a, b) => a.sortOrder - b.sortOrder)
}

/**
 * The workspace integration that calls of a tool target: the one that it follows; for a tool that was made by hand the
 * one of its alias, or else the only one of its integration.
 */
export function toolTarget(
  { state }: Engine,
  workspaceId: string,
  tool: Pick<McpToolRow, 'sourceWorkspaceIntegrationId' | 'integrationAlias' | 'integrationName'>,
): WorkspaceIntegrationRow | null {
  const { sourceWorkspaceIntegrationId: source, integrationAlias, integrationName } = tool
  if (source !== null) return state.workspaceIntegration(workspaceId, source) ?? null
  const named = state.workspaceIntegrationByAlias(workspaceId, integrationAlias)
  if (named?.integrationName === integrationName) return named
  const [only, ...others] = state.workspaceIntegrationsOf(workspaceId, integrationName)
  return only && others.length === 0 ? only : null
}

/** The ids of the partials that a tool names, each of which must fit it. */
function partialIdsOf(
  engine: Engine,
  { workspaceId }: McpServerRow,
  tool: McpToolRow,
  given: readonly string[],
): string[] {
  const { integrationName, actionName } = tool
  const target = toolTarget(engine, workspaceId, tool)
  const call = { workspaceId, integrationName, target, actionName, triggerName: null }
  return given.map((idOrName) => findPartial(engine, call, idOrName).id)
}

/** On one server an alias belongs to one integration, and has one tool an action. */
function refuseTakenPlace(engine: Engine, tool: McpToolRow): void {
  const { integrationAlias, actionName } = tool
  const holder = aliasHolder(engine, tool, tool.id)
  if (holder) {
    throw new Refusal(
      'ALIAS_CONFLICT',
      `On this server the alias "${integrationAlias}" belongs to "${holder.integrationName}"`,
    )
  }
  if (sameTool(engine, tool, tool.id)) {
    throw new Refusal(
      'DUPLICATE',
      `The server has a tool "${actionName}" under the alias "${integrationAlias}"`,
    )
  }
}

/** Adds a tool by hand; it stays whatever becomes of the workspace's integrations. */
export function createTool(engine: Engine, serverId: string, body: CreateMcpTool, id?: string): McpToolRow {
  const server = getServer(engine, serverId)
  getIntegration(engine, body.integrationName)
  const tool: McpToolRow = {
    id: id ?? engine.ids.uuid(),
    mcpServerId: serverId,
    integrationName: body.integrationName,
    integrationAlias: body.integrationAlias ?? body.integrationName,
    actionName: body.actionName,
    toolType: body.toolType ?? 'ACTION',
    connectionId: body.connectionId ?? null,
    displayName: body.displayName ?? null,
    description: body.description ?? null,
    inputDefaults: body.inputDefaults ?? null,
    partialIds: null,
    sortOrder: body.sortOrder ?? 0,
    sourceWorkspaceIntegrationId: null,
  }
  refuseTakenPlace(engine, tool)
  refuseUnfit(engine, server, tool)
  const partialIds = body.partialIds ? partialIdsOf(engine, server, tool, body.partialIds) : null
  return engine.state.tables.mcpTools.put({ ...tool, partialIds })
}

function refuseUnfit(engine: Engine, { workspaceId }: McpServerRow, tool: McpToolRow): void {
  const { connectionId, integrationName } = tool
  if (connectionId !== null) pinnable(engine, { workspaceId, integrationName }, connectionId)
}

function find(engine: Engine, serverId: string, id: string): McpToolRow {
  getServer(engine, serverId)
  const row = engine.state.tables.mcpTools.get(id)
  if (row?.mcpServerId !== serverId) throw notFound('MCP tool')
  return row
}

export function updateTool(engine: Engine, serverId: string, id: string, body: UpdateMcpTool): McpToolRow {
  const server = getServer(engine, serverId)
  const row = find(engine, serverId, id)
  const tool: McpToolRow = {
    ...row,
    displayName: body.displayName ?? row.displayName,
    description: body.description === undefined ? row.description : body.description,
    inputDefaults: body.inputDefaults ?? row.inputDefaults,
    connectionId: body.connectionId === undefined ? row.connectionId : body.connectionId,
    sortOrder: body.sortOrder ?? row.sortOrder,
    integrationAlias: body.integrationAlias ?? row.integrationAlias,
  }
  refuseTakenPlace(engine, tool)
  // What dangles since it was set may stay; only what is sent must fit
  if (body.connectionId != null) refuseUnfit(engine, server, tool)
  const given = body.partialIds ?? (body.integrationAlias === undefined ? undefined : row.partialIds)
  const partialIds = given ? partialIdsOf(engine, server, tool, given) : row.partialIds
  return engine.state.tables.mcpTools.put({ ...tool, partialIds })
}

export function deleteTool(engine: Engine, serverId: string, id: string): void {
  find(engine, serverId, id)
  engine.state.tables.mcpTools.delete(id)
}
