import { nameInCall } from './call-fields.js'
import { newId } from './changes.js'
import type { Change } from './explanation.js'
import type { RequestKind, ResolutionRequest } from './request.js'

const quote = (value: unknown): string => JSON.stringify(value)

/** What to do about a call of that kind, as a sentence. */
export function describeChanges(changes: readonly Change[], kind: RequestKind): string {
  const text = changes.map((change) => describeChange(change, kind)).join(', and ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function describeChange(change: Change, kind: RequestKind): string {
  switch (change.change) {
    case 'request':
      return Object.entries(change.set)
        .sort(([, a], [, b]) => Number(a === null) - Number(b === null))
        .map(([field, value]) => {
          const name = nameInCall(kind, field as keyof ResolutionRequest) ?? field
          return value === null ? `leave ${name} out` : pass(name, value, change.example)
        })
        .join(' and ')
    case 'connect': {
      const { integrationName, endUserId, externalId, id } = change.connection
      const whose = endUserId === null ? 'shared by the workspace' : `of end user ${quote(endUserId)}`
      const name = externalId === id ? '' : ` with externalId ${quote(externalId)}`
      return `connect a ${integrationName} account ${whose}${name}`
    }
    case 'reauthorise':
      return `have connection ${quote(change.connectionId)} authorised again`
    case 'update-workspace-integration':
      return Object.entries(change.set)
        .map(
          ([field, value]) =>
            `set ${field} of workspace integration ${quote(change.workspaceIntegrationId)} to ${value === newId ? 'that connection' : quote(value)}`,
        )
        .join(' and ')
    case 'add-workspace-integration': {
      const { integrationName, connectionStrategy, connectionId } = change.workspaceIntegration
      const pinned =
        connectionId === null
          ? ''
          : connectionId === newId
            ? ' and that connection pinned'
            : ` and connection ${quote(connectionId)} pinned`
      return `configure ${integrationName} in the workspace with strategy ${connectionStrategy}${pinned}`
    }
  }
}

function pass(field: string, value: unknown, example: true | undefined): string {
  return example && field === 'endUserId'
    ? `pass endUserId, for example ${quote(value)}`
    : `pass ${field}: ${quote(value)}`
}
