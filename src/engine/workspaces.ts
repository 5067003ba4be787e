import type { CreateWorkspace, ListWorkspaces, UpdateWorkspace } from '../contract/workspaces.js'
import type { Engine } from './engine.js'
import { deleteConnection } from './connections.js'
import { deleteServer } from './mcp/servers.js'
import { refuseBeyondQuota } from './quotas.js'
import { Refusal, notFound } from './refusal.js'
import type { WorkspaceRow } from './rows.js'
import { filterRows, page, type Page, type Visibility } from './table.js'

/** All workspaces, or those that are visible. */
export function listWorkspaces(
  { state }: Engine,
  query: ListWorkspaces,
  visible?: Visibility,
): Page<WorkspaceRow> {
  const { workspaces } = state.tables
  return page(visible ? filterRows(workspaces, (row) => visible(row.id)) : workspaces, query)
}

/** The workspace, or 404 `NOT_FOUND`. */
export function getWorkspace({ state }: Engine, id: string): WorkspaceRow {
  const workspace = state.tables.workspaces.get(id)
  if (!workspace) throw notFound('Workspace')
  return workspace
}

function refuseTakenSlug({ state }: Engine, slug: string, id?: string): void {
  const holder = state.tables.workspaces.find('slug', slug)
  if (holder && holder.id !== id)
    throw new Refusal('DUPLICATE', `The slug "${slug}" is taken in the organization`)
}

/** A new workspace; `id` is made up unless given. */
export function createWorkspace(engine: Engine, body: CreateWorkspace, id = engine.ids.uuid()): WorkspaceRow {
  refuseTakenSlug(engine, body.slug)
  refuseBeyondQuota(engine, 'workspaces')
  const now = engine.now()
  return engine.state.tables.workspaces.put({
    id,
    orgId: engine.orgId,
    name: body.name,
    slug: body.slug,
    createdAt: now,
    updatedAt: now,
  })
}

export function updateWorkspace(engine: Engine, id: string, body: UpdateWorkspace): WorkspaceRow {
  const workspace = getWorkspace(engine, id)
  if (body.slug !== undefined) refuseTakenSlug(engine, body.slug, id)
  return engine.state.tables.workspaces.put({
    ...workspace,
    name: body.name ?? workspace.name,
    slug: body.slug ?? workspace.slug,
    updatedAt: engine.now(),
  })
}

/** Deletes what belongs to the workspace, too; connections of the organization stay. */
export function deleteWorkspace(engine: Engine, id: string): void {
  getWorkspace(engine, id)
  const { tables } = engine.state
  for (const row of [...tables.workspaceIntegrations.where('workspace', id).values()]) {
    tables.workspaceIntegrations.delete(row.id)
  }
  for (const row of [...tables.connections.where('workspace', id).values()]) {
    if (row.scope !== 'ORGANIZATION') deleteConnection(engine, row.id)
  }
  for (const row of [...tables.endUsers.where('workspace', id).values()]) {
    for (const token of [...tables.portalTokens.where('endUser', row.id).values()]) {
      tables.portalTokens.delete(token.id)
    }
    tables.endUsers.delete(row.id)
  }
  for (const row of [...tables.sessions.where('workspace', id).values()]) {
    tables.authorizations.delete(row.id)
    tables.sessions.delete(row.id)
  }
  for (const row of [...tables.partials.where('workspace', id).values()]) tables.partials.delete(row.id)
  for (const row of [...tables.triggerSources.where('workspace', id).values()]) {
    tables.triggerSources.delete(row.id)
  }
  // Without its workspace nobody who is limited to it could see or delete what is left
  for (const row of [...tables.approvalPolicies.where('home', id).values()]) {
    tables.approvalPolicies.delete(row.id)
  }
  for (const row of [...tables.approvals.where('workspace', id).values()]) tables.approvals.delete(row.id)
  for (const row of [...tables.mcpServers.where('workspace', id).values()]) deleteServer(engine, row.id)
  for (const row of [...tables.persisted.where('workspace', id).values()]) tables.persisted.delete(row.id)
  tables.workspaces.delete(id)
}
