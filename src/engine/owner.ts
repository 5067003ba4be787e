import type { ConnectionScope } from '../contract/connections.js'
import type { Engine } from './engine.js'
import { invalid } from './refusal.js'
import type { ConnectionRow } from './rows.js'

/** Who will own a connection: the scope that is given or implied, and its ids. */
export interface Owner {
  readonly scope: ConnectionScope
  readonly workspaceId: string | null
  readonly endUserId: string | null
}

/** The owner that a request implies: the narrowest scope that its ids allow, unless it names one. */
export function ownerOf(body: {
  scope?: ConnectionScope | undefined
  workspaceId?: string | undefined
  endUserId?: string | undefined
}): Owner {
  const { workspaceId = null, endUserId = null } = body
  const scope =
    body.scope ?? (endUserId !== null ? 'USER' : workspaceId !== null ? 'WORKSPACE' : 'ORGANIZATION')
  if (endUserId !== null && scope !== 'USER') {
    throw invalid('body.scope', 'A connection with endUserId is linked to that end user: its scope is USER')
  }
  if (scope !== 'ORGANIZATION' && workspaceId === null) {
    throw invalid('body.workspaceId', `Required for scope ${scope}`)
  }
  if (scope === 'USER' && endUserId === null) throw invalid('body.endUserId', 'Required for scope USER')
  return { scope, workspaceId, endUserId }
}

/** Whether a connection belongs to the same owner: externalIds are shared by owners, and re-authorising is not. */
export function sameOwner(row: ConnectionRow, owner: Owner): boolean {
  if (row.scope !== owner.scope) return false
  return (
    owner.scope === 'ORGANIZATION' ||
    (row.workspaceId === owner.workspaceId && row.endUserId === owner.endUserId)
  )
}

/** The connection that already has that externalId where `owner` would store one. */
export function holderOf({ state }: Engine, owner: Owner, integrationName: string, externalId: string) {
  return owner.scope === 'ORGANIZATION' || owner.workspaceId === null
    ? state.organizationConnection(integrationName, externalId)
    : state.workspaceConnection(owner.workspaceId, integrationName, externalId)
}
