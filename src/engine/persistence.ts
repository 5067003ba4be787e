import { statefulIntegrations } from '../contract/workspace-integrations.js'
import type { Engine } from './engine.js'
import { refusalOf } from './refuse.js'
import { denyState, type ResolutionRequest } from './resolver/index.js'
import type { WorkspaceIntegrationRow } from './rows.js'
import { key } from './table.js'

/** What one namespace remembers: JSON values by key, in the order in which the keys came. */
export interface Namespace extends Iterable<[string, unknown]> {
  readonly size: number
  has(key: string): boolean
  get(key: string): unknown
  set(key: string, value: unknown): unknown
  delete(key: string): boolean
  clear(): void
}

export function keepsState(integrationName: string): boolean {
  return (statefulIntegrations as readonly string[]).includes(integrationName)
}

/**
 * The namespace of a call: by `settings.persistence` of the targeted workspace integration, `end_user` without one.
 * It is never action input. A scope of `end_user` needs an end user of the workspace.
 */
export function namespaceFor(
  engine: Engine,
  workspaceId: string,
  request: ResolutionRequest,
  target: WorkspaceIntegrationRow | null,
): Namespace {
  const { scope = 'end_user', externalId = '' } = target?.settings.persistence ?? {}
  const { integrationName, endUserId } = request
  if (scope === 'workspace') return open(engine, workspaceId, key(integrationName, scope))
  if (scope === 'external') return open(engine, workspaceId, key(integrationName, scope, externalId))
  if (endUserId == null) throw refusalOf(engine, request, denyState('END_USER_REQUIRED', request, target))
  const endUser = engine.state.endUser(workspaceId, endUserId)
  if (!endUser) throw refusalOf(engine, request, denyState('END_USER_NOT_FOUND', request, target))
  return open(engine, workspaceId, key(integrationName, scope, endUser.id))
}

function open({ state }: Engine, workspaceId: string, namespace: string): Namespace {
  const { persisted } = state.tables
  const rows = () => persisted.where('namespace', key(workspaceId, namespace))
  const idOf = (name: string) => key(workspaceId, namespace, name)
  return {
    get size() {
      return rows().size
    },
    has: (name) => persisted.has(idOf(name)),
    get: (name) => persisted.get(idOf(name))?.value,
    set: (name, value) => persisted.put({ id: idOf(name), workspaceId, namespace, key: name, value }),
    delete: (name) => persisted.delete(idOf(name)) !== undefined,
    clear() {
      for (const { id } of [...rows().values()]) persisted.delete(id)
    },
    *[Symbol.iterator]() {
      for (const row of rows().values()) yield [row.key, row.value]
    },
  }
}
