import type { JsonObject } from '../contract/schema.js'
import type { Engine } from './engine.js'
import { scopeKey } from './partials.js'
import { Refusal } from './refusal.js'
import type { PartialRow, WorkspaceIntegrationRow } from './rows.js'

/** The call that partials are merged into. */
export interface MergeTarget {
  /** Null for property endpoints that reach the organization level alone. */
  readonly workspaceId: string | null
  readonly integrationName: string
  /** The targeted workspace integration; without one no partials apply by themselves. */
  readonly target: WorkspaceIntegrationRow | null
  readonly actionName: string | null
  readonly triggerName: string | null
}

/** The input of a call once partials are merged in, and what of it no caller could override. */
export interface MergedInput {
  readonly input: JsonObject
  readonly partialIds: readonly string[]
  readonly enforcedKeys: readonly string[]
}

/** The partials of one scope of the targeted alias, in creation order. */
function ofScope({ state }: Engine, call: MergeTarget, operation: boolean): Iterable<PartialRow> {
  // Most worlds have none at all
  if (!call.target || state.tables.partials.size === 0) return []
  const scope = {
    workspaceId: call.target.workspaceId,
    integrationAlias: call.target.alias,
    actionName: operation ? call.actionName : null,
    triggerName: operation ? call.triggerName : null,
  }
  return state.tables.partials.where('scope', scopeKey(scope)).values()
}

function defaults(engine: Engine, call: MergeTarget): PartialRow[] {
  return [...ofScope(engine, call, false), ...ofScope(engine, call, true)].filter((row) => row.isDefault)
}

/** Whether a partial belongs to that call: to its alias, and to its action or trigger or to all of them. */
export function partialFits(row: PartialRow, call: MergeTarget): boolean {
  return (
    row.workspaceId === call.workspaceId &&
    row.integrationAlias === call.target?.alias &&
    row.integrationName === call.integrationName &&
    (row.actionName === null || row.actionName === call.actionName) &&
    (row.triggerName === null || row.triggerName === call.triggerName)
  )
}

/** The partial that an id or a name means: a name is that of the action first, then of the whole integration. */
export function findPartial(engine: Engine, call: MergeTarget, idOrName: string): PartialRow {
  const byId = engine.state.tables.partials.get(idOrName)
  if (byId?.workspaceId === call.workspaceId) {
    if (partialFits(byId, call)) return byId
    throw new Refusal(
      'PARTIAL_MISMATCH',
      `Partial "${byId.name}" belongs to another alias, action or trigger`,
    )
  }
  for (const operation of [true, false]) {
    for (const row of ofScope(engine, call, operation)) if (row.name === idOrName) return row
  }
  for (const row of engine.state.tables.partials.where('workspace', call.workspaceId ?? '').values()) {
    if (row.name === idOrName) {
      throw new Refusal(
        'PARTIAL_MISMATCH',
        `Partial "${row.name}" belongs to another alias, action or trigger`,
      )
    }
  }
  throw new Refusal('PARTIAL_NOT_FOUND', `The workspace has no partial "${idOrName}"`)
}

const isEnforced = (row: PartialRow) => (name: string) => row.enforcedKeys.includes(name)

/**
 * Merges key by key, a later layer replacing the whole value: input defaults, what partials suggest, the caller's
 * input, what partials enforce.
 *
 * @param partialIds Ids or names; undefined lets the default partials of the target apply, `[]` none.
 */
export function mergeInput(
  engine: Engine,
  call: MergeTarget,
  input: JsonObject,
  partialIds: readonly string[] | undefined,
  inputDefaults?: JsonObject | null,
): MergedInput {
  const rows =
    partialIds === undefined
      ? defaults(engine, call)
      : partialIds.map((item) => findPartial(engine, call, item))
  if (rows.length === 0) {
    // A copy, too: code may change an object that it has handed over
    const merged = inputDefaults ? { ...inputDefaults, ...input } : { ...input }
    return { input: merged, partialIds: [], enforcedKeys: [] }
  }
  // Without prototype, so that a key `__proto__` is a key like any other.
  const suggested = Object.create(null) as JsonObject
  const enforced = Object.create(null) as JsonObject
  for (const row of rows) {
    const enforces = isEnforced(row)
    for (const [name, value] of Object.entries(row.values))
      (enforces(name) ? enforced : suggested)[name] = value
  }
  return {
    input: { ...inputDefaults, ...suggested, ...input, ...enforced },
    partialIds: rows.map((row) => row.id),
    enforcedKeys: Object.keys(enforced),
  }
}
