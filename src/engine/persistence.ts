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

const keepsState = (name: string) => (statefulIntegrations as readonly string[]).includes(name)

/** Whose namespaces a call uses, and which of them; undefined if it uses none. */
function policyFor(integrationName: string, { settings }: Pick<WorkspaceIntegrationRow, 'settings'>) {
  if (keepsState(integrationName)) {
    const { scope = 'end_user', externalId = '' } = settings.persistence ?? {}
    return { owner: integrationName, scope, externalId }
  }
  // Code runs over the files of `storage`, where its settings say so
  const { storageMountScope = 'none', storageExternalId = '' } = settings.advancedCode ?? {}
  return storageMountScope === 'none'
    ? undefined
    : { owner: 'storage', scope: storageMountScope, externalId: storageExternalId }
}

/**
 * The namespace of a call: by the settings of the targeted workspace integration, `end_user` without one. It is never
 * action input. A scope of `end_user` needs an end user of the workspace. Undefined where nothing is kept.
 */
export function namespaceFor(
  engine: Engine,
  workspaceId: string,
  request: ResolutionRequest,
  target: WorkspaceIntegrationRow | null,
): Namespace | undefined {
  const { integrationName, endUserId } = request
  const policy = policyFor(integrationName, target ?? { settings: {} })
  if (!policy) return undefined
  const { owner, scope, externalId } = policy
  if (scope === 'workspace') return open(engine, workspaceId, key(owner, scope))
  if (scope === 'external') return open(engine, workspaceId, key(owner, scope, externalId))
  if (endUserId == null) throw refusalOf(engine, request, denyState('END_USER_REQUIRED', request, target))
  const endUser = engine.state.endUser(workspaceId, endUserId)
  if (!endUser) throw refusalOf(engine, request, denyState('END_USER_NOT_FOUND', request, target))
  return open(engine, workspaceId, key(owner, scope, endUser.id))
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
