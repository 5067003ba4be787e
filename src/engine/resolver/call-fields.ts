import type { RequestKind, ResolutionRequest } from './request.js'

type Field = keyof ResolutionRequest

/** What `POST /connections/resolve` calls differently; null where it has no such field. */
const ofResolve: Readonly<Partial<Record<Field, string | null>>> = {
  connectionExternalId: 'externalId',
  workspaceIntegrationId: null,
  integrationAlias: null,
}

/** What a call of that kind calls a field of the request, for words about it; null if it has none of the sort. */
export function nameInCall(kind: RequestKind, field: Field): string | null {
  const name = kind === 'resolve' ? ofResolve[field] : undefined
  return name === undefined ? field : name
}
