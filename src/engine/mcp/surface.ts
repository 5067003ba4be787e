import type { InputEntry, OperationEntry } from '../catalog/entry.js'
import type { Engine } from '../engine.js'
import { mergeInput, partialFits, type MergeTarget } from '../merge.js'
import type { McpServerRow, McpToolRow } from '../rows.js'
import { toolTarget, toolsOf } from './tools.js'

/** A tool and what it is called. */
export interface NamedTool {
  readonly tool: McpToolRow
  /** `google_sheets__read_sheet`. */
  readonly name: string
  /** The alias as a part of names: `google_sheets`. */
  readonly namespace: string
}

/** An action as those see it who call it. */
export interface DescribedAction {
  readonly title: string
  readonly description: string
  /** What a caller may give: without what partials enforce, and nothing required that partials or defaults give. */
  readonly input: Readonly<Record<string, InputEntry>>
}

/** A tool as those see it who call it. */
export interface DescribedTool extends NamedTool, DescribedAction {}

/** Where an action is called, and what is settled there. */
type Place = Pick<
  McpToolRow,
  'integrationName' | 'actionName' | 'integrationAlias' | 'sourceWorkspaceIntegrationId'
> &
  Partial<Pick<McpToolRow, 'displayName' | 'description' | 'partialIds' | 'inputDefaults'>>

/** What of the input is left to the caller. */
function openInput(
  engine: Engine,
  workspaceId: string,
  tool: Place,
  { input }: OperationEntry,
): Readonly<Record<string, InputEntry>> {
  const { integrationName, actionName } = tool
  const target = toolTarget(engine, workspaceId, tool)
  const call: MergeTarget = { workspaceId, integrationName, target, actionName, triggerName: null }
  // A partial that is gone, or fits no longer, is refused when the tool is called: until then the tool is shown
  const partialIds = tool.partialIds?.filter((id) => {
    const row = engine.state.tables.partials.get(id)
    return row !== undefined && partialFits(row, call)
  })
  const given = mergeInput(engine, call, {}, partialIds, tool.inputDefaults ?? {})
  const enforced = new Set(given.enforcedKeys)
  const open = Object.entries(input).filter(([name]) => !enforced.has(name))
  return Object.fromEntries(
    open.map(([name, entry]) => [
      name,
      Object.hasOwn(given.input, name) ? { ...entry, required: false } : entry,
    ]),
  )
}

/** An action as it is called in that place. */
export function describeAction(engine: Engine, workspaceId: string, tool: Place): DescribedAction {
  const { integrationName, actionName } = tool
  const integration = engine.catalog.get(integrationName)
  const known = (integration && engine.catalog.describe(integration).actions) ?? {}
  const shown = Object.hasOwn(known, actionName) ? known[actionName] : undefined
  const action = shown && integration?.actions[actionName]
  const title = tool.displayName ?? shown?.displayName ?? actionName
  return {
    title,
    description: tool.description ?? shown?.description ?? title,
    input: action ? openInput(engine, workspaceId, tool, action) : {},
  }
}

export function describeTool(engine: Engine, { workspaceId }: McpServerRow, named: NamedTool): DescribedTool {
  return { ...named, ...describeAction(engine, workspaceId, named.tool) }
}

/** The tools of a server by name. Where `a-b` and `a_b` come to the same name, the first keeps it. */
export function namedTools(engine: Engine, server: McpServerRow): ReadonlyMap<string, NamedTool> {
  const named = new Map<string, NamedTool>()
  for (const tool of toolsOf(engine, server.id)) {
    // Not every client takes a hyphen, and code could not write it
    const namespace = tool.integrationAlias.replaceAll('-', '_')
    const name = `${namespace}__${tool.actionName}`
    if (!named.has(name)) named.set(name, { tool, name, namespace })
  }
  return named
}
