import type { CreatePartial, ListPartials, UpdatePartial } from '../contract/partials.js'
import { getIntegration } from './auth-methods.js'
import type { Engine } from './engine.js'
import { Refusal, invalid, notFound } from './refusal.js'
import type { PartialRow, WorkspaceIntegrationRow } from './rows.js'
import { key } from './table.js'
import { getWorkspace } from './workspaces.js'

/** What a partial applies to: one alias of a workspace, integration-wide or for one action or trigger. */
export type PartialScope = Pick<PartialRow, 'workspaceId' | 'integrationAlias' | 'actionName' | 'triggerName'>

export const scopeKey = (scope: PartialScope): string =>
  key(scope.workspaceId, scope.integrationAlias, scope.actionName, scope.triggerName)

/** The partial, or 404 `PARTIAL_NOT_FOUND`. */
export function getPartial({ state }: Engine, id: string): PartialRow {
  const row = state.tables.partials.get(id)
  if (!row) throw new Refusal('PARTIAL_NOT_FOUND', 'Partial not found')
  return row
}

/** The workspace integration that a partial names, or the only one of that integration. */
function targetOf(engine: Engine, body: CreatePartial): WorkspaceIntegrationRow {
  const { state } = engine
  const { workspaceId, integrationName, workspaceIntegrationId, integrationAlias } = body
  if (workspaceIntegrationId != null || integrationAlias != null) {
    const target =
      workspaceIntegrationId != null
        ? state.workspaceIntegration(workspaceId, workspaceIntegrationId)
        : state.workspaceIntegrationByAlias(workspaceId, integrationAlias as string)
    if (!target) throw notFound('Workspace integration')
    if (target.integrationName !== integrationName) {
      const field = workspaceIntegrationId != null ? 'workspaceIntegrationId' : 'integrationAlias'
      throw invalid(`body.${field}`, `Is of integration "${target.integrationName}"`)
    }
    return target
  }
  const [only, ...others] = state.workspaceIntegrationsOf(workspaceId, integrationName)
  if (!only) throw notFound('Workspace integration')
  if (others.length > 0) {
    throw new Refusal(
      'AMBIGUOUS_INTEGRATION',
      `"${integrationName}" is configured several times: name one by workspaceIntegrationId or integrationAlias`,
    )
  }
  return only
}

function refuseUnknownEnforced(values: object, enforcedKeys: readonly string[]): void {
  const unknown = enforcedKeys.find((name) => !Object.hasOwn(values, name))
  if (unknown !== undefined) throw invalid('body.enforcedKeys', `"${unknown}" is no key of values`)
}

function refuseTakenName({ state }: Engine, scope: PartialScope, name: string, id?: string): void {
  for (const row of state.tables.partials.where('scope', scopeKey(scope)).values()) {
    if (row.name === name && row.id !== id) {
      throw new Refusal('DUPLICATE', `The scope has a partial "${name}"`)
    }
  }
}

/** A new partial; `id` is made up unless given. */
export function createPartial(engine: Engine, body: CreatePartial, id = engine.ids.uuid()): PartialRow {
  getWorkspace(engine, body.workspaceId)
  getIntegration(engine, body.integrationName)
  const target = targetOf(engine, body)
  const { values = {}, enforcedKeys = [] } = body
  refuseUnknownEnforced(values, enforcedKeys)
  const scope: PartialScope = {
    workspaceId: body.workspaceId,
    integrationAlias: target.alias,
    actionName: body.actionName ?? null,
    triggerName: body.triggerName ?? null,
  }
  refuseTakenName(engine, scope, body.name)
  const now = engine.now()
  return engine.state.tables.partials.put({
    id,
    orgId: engine.orgId,
    ...scope,
    integrationName: body.integrationName,
    workspaceIntegrationId: target.id,
    name: body.name,
    description: body.description ?? null,
    values,
    enforcedKeys,
    isDefault: body.isDefault ?? false,
    createdAt: now,
    updatedAt: now,
  })
}

export function listPartials(engine: Engine, query: ListPartials): PartialRow[] {
  getWorkspace(engine, query.workspaceId)
  const { workspaceId: _workspace, ...filters } = query
  const wanted = Object.entries(filters).filter(([, value]) => value !== undefined)
  const rows = engine.state.tables.partials.where('workspace', query.workspaceId).values()
  return Array.from(rows).filter((row) =>
    wanted.every(([field, value]) => row[field as keyof typeof filters] === value),
  )
}

export function updatePartial(engine: Engine, id: string, body: UpdatePartial): PartialRow {
  const row = getPartial(engine, id)
  const changed: PartialRow = {
    ...row,
    name: body.name ?? row.name,
    description: body.description === undefined ? row.description : body.description,
    values: body.values ?? row.values,
    enforcedKeys: body.enforcedKeys ?? row.enforcedKeys,
    isDefault: body.isDefault ?? row.isDefault,
    updatedAt: engine.now(),
  }
  refuseUnknownEnforced(changed.values, changed.enforcedKeys)
  refuseTakenName(engine, changed, changed.name, id)
  return engine.state.tables.partials.put(changed)
}

/** Sets or clears the default; setting takes it away from the other partials of the same scope. */
export function setDefaultPartial(engine: Engine, id: string, isDefault: boolean): PartialRow {
  const row = getPartial(engine, id)
  const { partials } = engine.state.tables
  const updatedAt = engine.now()
  const others = isDefault ? [...partials.where('scope', scopeKey(row)).values()] : []
  for (const other of others) if (other.isDefault) partials.put({ ...other, isDefault: false, updatedAt })
  return partials.put({ ...row, isDefault, updatedAt })
}

/** Partials belong to a workspace integration, and follow it when its alias changes. */
export function renamePartials({ state }: Engine, target: WorkspaceIntegrationRow): void {
  const { partials } = state.tables
  for (const row of [...partials.where('workspaceIntegration', target.id).values()]) {
    partials.put({ ...row, integrationAlias: target.alias })
  }
}

export function deletePartial(engine: Engine, id: string): void {
  getPartial(engine, id)
  engine.state.tables.partials.delete(id)
}
