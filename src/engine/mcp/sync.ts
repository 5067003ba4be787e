import type { ListedWorkspaceIntegration } from '../../contract/workspace-integrations.js'
import type { Engine } from '../engine.js'
import type { McpServerRow, McpToolRow, WorkspaceIntegrationRow } from '../rows.js'
import { key } from '../table.js'

/**
 * Tools that follow the integrations of their workspace: one for each enabled action. A change is followed as a
 * difference, so that what was changed or removed by hand on one server stays so.
 */

/** The actions that a workspace integration enables; entries that the catalog does not know are none. */
export function enabledActions(
  { catalog }: Engine,
  row: Pick<ListedWorkspaceIntegration, 'integrationName' | 'enabledActions'>,
): string[] {
  const actions = Object.keys(catalog.get(row.integrationName)?.actions ?? {})
  const enabled = row.enabledActions && new Set(row.enabledActions)
  return enabled ? actions.filter((name) => enabled.has(name)) : actions
}

const serversOf = ({ state }: Engine, workspaceId: string) =>
  state.tables.mcpServers.where('workspace', workspaceId).values()

/** Whether another integration has the alias on that server: an alias belongs to one. */
export function aliasHolder(
  { state }: Engine,
  tool: Pick<McpToolRow, 'mcpServerId' | 'integrationAlias' | 'integrationName'>,
  id?: string,
): McpToolRow | undefined {
  const holders = state.tables.mcpTools.where('alias', key(tool.mcpServerId, tool.integrationAlias)).values()
  for (const row of holders) if (row.id !== id && row.integrationName !== tool.integrationName) return row
  return undefined
}

/** The tool that has that alias and action on that server. */
export function sameTool(
  { state }: Engine,
  tool: Pick<McpToolRow, 'mcpServerId' | 'integrationAlias' | 'actionName'>,
  id?: string,
): McpToolRow | undefined {
  const place = key(tool.mcpServerId, tool.integrationAlias, tool.actionName)
  for (const row of state.tables.mcpTools.where('action', place).values()) if (row.id !== id) return row
  return undefined
}

/** Adds or replaces a tool, unless one that was made by hand has its place: then that one stays. */
function put(engine: Engine, tool: McpToolRow): void {
  const { mcpTools } = engine.state.tables
  if (aliasHolder(engine, tool, tool.id) || sameTool(engine, tool, tool.id)) mcpTools.delete(tool.id)
  else mcpTools.put(tool)
}

function add(engine: Engine, server: McpServerRow, row: WorkspaceIntegrationRow, actions: readonly string[]) {
  for (const actionName of actions) {
    put(engine, {
      id: engine.ids.uuid(),
      mcpServerId: server.id,
      integrationName: row.integrationName,
      integrationAlias: row.alias,
      actionName,
      toolType: 'ACTION',
      connectionId: null,
      displayName: null,
      description: null,
      inputDefaults: null,
      partialIds: null,
      sortOrder: 0,
      sourceWorkspaceIntegrationId: row.id,
    })
  }
}

/** Fills a new server with the tools of its workspace. */
export function fillServer(engine: Engine, server: McpServerRow): void {
  const rows = engine.state.tables.workspaceIntegrations.where('workspace', server.workspaceId).values()
  for (const row of [...rows].sort((a, b) => a.sortOrder - b.sortOrder)) {
    add(engine, server, row, enabledActions(engine, row))
  }
}

/** Adds the tools of a new workspace integration to every server of its workspace. */
export function addTools(engine: Engine, row: WorkspaceIntegrationRow): void {
  const actions = enabledActions(engine, row)
  for (const server of serversOf(engine, row.workspaceId)) add(engine, server, row, actions)
}

/** Follows a changed alias and a changed list of actions. */
export function followChange(
  engine: Engine,
  before: WorkspaceIntegrationRow,
  after: WorkspaceIntegrationRow,
): void {
  const enabled = new Set(enabledActions(engine, after))
  const enabledBefore = new Set(enabledActions(engine, before))
  const { mcpTools } = engine.state.tables
  for (const tool of [...mcpTools.where('source', after.id).values()]) {
    if (!enabled.has(tool.actionName)) mcpTools.delete(tool.id)
    else if (before.alias !== after.alias && tool.integrationAlias === before.alias) {
      put(engine, { ...tool, integrationAlias: after.alias })
    }
  }
  const added = [...enabled].filter((name) => !enabledBefore.has(name))
  for (const server of serversOf(engine, after.workspaceId)) add(engine, server, after, added)
}

/** Removes the tools of a workspace integration that is gone. */
export function removeTools({ state }: Engine, workspaceIntegrationId: string): void {
  const { mcpTools } = state.tables
  for (const tool of [...mcpTools.where('source', workspaceIntegrationId).values()]) mcpTools.delete(tool.id)
}
