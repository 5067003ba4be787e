import type { Outcome } from './explanation.js'
import { resolve } from './ladder.js'
import { outcomeOf } from './outcome.js'
import type { RequestKind } from './request.js'
import { View } from './view.js'
import type { ConnectionStrategy, EndUserFacts, ListableWorld, WorkspaceIntegrationFacts } from './world.js'

/** What a call gets for one end user; `endUserId` null is a call without one. */
export interface AuditCell {
  readonly endUserId: string | null
  readonly outcome: Outcome
}

export interface AuditRow {
  readonly workspaceId: string
  readonly workspaceIntegrationId: string
  readonly alias: string
  readonly integrationName: string
  readonly connectionStrategy: ConnectionStrategy
  readonly cells: readonly AuditCell[]
}

/** Workspace integration × end user → outcome. */
export interface Audit {
  readonly type: 'audit'
  readonly version: 1
  readonly kind: RequestKind
  readonly rows: readonly AuditRow[]
}

export interface AuditOptions {
  /** Only this workspace. Default: all of them. */
  readonly workspaceId?: string | undefined
  /** The kind of call. Default `execute`, any action. */
  readonly kind?: Exclude<RequestKind, 'resolve'> | undefined
}

/**
 * What every end user of every workspace would get from each of its workspace integrations. Rows are ordered by
 * workspace and alias, cells by external id after the call without end user.
 *
 * @example
 * console.log(render(audit(describeWorld(description)), 'markdown'))
 */
export function audit(world: ListableWorld, options: AuditOptions = {}): Audit {
  const { workspaceId, kind = 'execute' } = options
  const targets = [...world.workspaceIntegrations()]
    .filter((each) => workspaceId === undefined || each.workspaceId === workspaceId)
    .sort((a, b) => compare(a.workspaceId, b.workspaceId) || compare(a.alias, b.alias))
  const endUsers = new Map<string, (string | null)[]>()
  for (const { workspaceId: id } of targets) {
    if (!endUsers.has(id)) endUsers.set(id, [null, ...externalIds(world.endUsersOf(id))])
  }
  const rows = targets.map((target) => rowOf(world, target, endUsers.get(target.workspaceId) ?? [], kind))
  return { type: 'audit', version: 1, kind, rows }
}

function rowOf(
  world: ListableWorld,
  target: WorkspaceIntegrationFacts,
  endUserIds: readonly (string | null)[],
  kind: RequestKind,
): AuditRow {
  const { id, workspaceId, alias, integrationName, connectionStrategy } = target
  const cells = endUserIds.map((endUserId) => {
    const request = { kind, workspaceId, integrationName, workspaceIntegrationId: id, endUserId }
    return { endUserId, outcome: outcomeOf(resolve(world, request), new View(world, request, 'developer')) }
  })
  return { workspaceId, workspaceIntegrationId: id, alias, integrationName, connectionStrategy, cells }
}

function externalIds(endUsers: Iterable<EndUserFacts>): string[] {
  return [...endUsers]
    .map(({ externalId }) => externalId)
    .filter((externalId) => externalId !== null)
    .sort(compare)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
