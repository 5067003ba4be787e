import { errorStatus, type KnownErrorCode, type ResolutionReason } from '../../contract/errors.js'
import { nameInCall } from './call-fields.js'
import type { Denied, ResolutionRequest } from './request.js'
import type { ConnectionFacts, WorkspaceIntegrationFacts } from './world.js'

type Sentence = (request: ResolutionRequest, target: WorkspaceIntegrationFacts | null) => string

interface ReasonFacts {
  readonly code: KnownErrorCode
  readonly message: Sentence
}

const quote = (value: string | null | undefined): string => JSON.stringify(value ?? null)
const through = (target: WorkspaceIntegrationFacts | null): string => quote(target?.alias)

/** Every reason with its code and its sentence. A sentence names only what the request gave and the target's alias. */
const reasonFacts: Readonly<Record<ResolutionReason, ReasonFacts>> = {
  NO_WORKSPACE_INTEGRATION: {
    code: 'CONNECTION_REQUIRED',
    message: ({ kind, integrationName, workspaceId }) =>
      workspaceId === null
        ? `${quote(integrationName)} needs an account; without workspaceId only ${nameInCall(kind, 'connectionExternalId')} can name one`
        : `${quote(integrationName)} is not configured in this workspace and needs an account`,
  },
  PINNED_CONNECTION_MISSING: {
    code: 'CONNECTION_REQUIRED',
    message: (_, target) => `Workspace integration ${through(target)} is fixed but has no pinned connection`,
  },
  PINNED_CONNECTION_DELETED: {
    code: 'CONNECTION_REQUIRED',
    message: ({ toolConnectionId }, target) =>
      toolConnectionId != null
        ? 'The connection that the tool has of its own no longer exists'
        : `The connection pinned by workspace integration ${through(target)} no longer exists`,
  },
  END_USER_REQUIRED: {
    code: 'CONNECTION_REQUIRED',
    message: (_, target) => `Workspace integration ${through(target)} is per_user: endUserId is required`,
  },
  END_USER_NOT_FOUND: {
    code: 'CONNECTION_REQUIRED',
    message: ({ endUserId }) => `No end user of this workspace has the external id ${quote(endUserId)}`,
  },
  END_USER_NOT_CONNECTED: {
    code: 'CONNECTION_REQUIRED',
    message: ({ endUserId, integrationName }) =>
      `End user ${quote(endUserId)} has not connected an account of ${quote(integrationName)}`,
  },
  FALLBACK_MISSING: {
    code: 'CONNECTION_REQUIRED',
    message: (_, target) => `Workspace integration ${through(target)} needs its fallback, but none is pinned`,
  },
  FALLBACK_DELETED: {
    code: 'CONNECTION_REQUIRED',
    message: (_, target) =>
      `The fallback connection of workspace integration ${through(target)} no longer exists`,
  },
  CONNECTION_IN_ERROR: {
    code: 'CONNECTION_REQUIRED',
    message: ({ integrationName }) =>
      `The selected ${quote(integrationName)} connection has status ERROR and must be re-authorised`,
  },
  AUTH_METHOD_MISMATCH: {
    code: 'CONNECTION_REQUIRED',
    message: ({ integrationName }) =>
      `The ${quote(integrationName)} connection has another auth method than the one asked for`,
  },
  EXPLICIT_NOT_FOUND: {
    code: 'CONNECTION_REQUIRED',
    message: ({ connectionExternalId, integrationName }) =>
      `No ${quote(integrationName)} connection has the external id ${quote(connectionExternalId)}`,
  },
  EXPLICIT_OTHER_INTEGRATION: {
    code: 'CONNECTION_REQUIRED',
    message: ({ connectionExternalId, integrationName }) =>
      `${quote(connectionExternalId)} names a connection of another integration than ${quote(integrationName)}`,
  },
  EXPLICIT_OUT_OF_WORKSPACE: {
    code: 'FORBIDDEN',
    message: ({ connectionExternalId, workspaceId }) =>
      workspaceId === null
        ? `Connection ${quote(connectionExternalId)} belongs to a workspace and none was given`
        : `Connection ${quote(connectionExternalId)} belongs to another workspace`,
  },
  EXPLICIT_OTHER_END_USER: {
    code: 'FORBIDDEN',
    message: ({ connectionExternalId, endUserId }) =>
      `Connection ${quote(connectionExternalId)} belongs to another end user than ${quote(endUserId)}`,
  },
  AMBIGUOUS_INTEGRATION: {
    code: 'AMBIGUOUS_INTEGRATION',
    message: ({ kind, integrationName }) =>
      `${quote(integrationName)} is configured several times in this workspace: name ${
        nameInCall(kind, 'integrationAlias') === null
          ? 'the connection by externalId'
          : 'one by workspaceIntegrationId or integrationAlias'
      }`,
  },
  ALIAS_NOT_FOUND: {
    code: 'NOT_FOUND',
    message: ({ integrationAlias }) =>
      `No workspace integration of this workspace has the alias ${quote(integrationAlias)}`,
  },
  WORKSPACE_INTEGRATION_NOT_FOUND: {
    code: 'NOT_FOUND',
    message: ({ workspaceIntegrationId }) =>
      `No workspace integration of this workspace has the id ${quote(workspaceIntegrationId)}`,
  },
  SELECTOR_MISMATCH: {
    code: 'VALIDATION_ERROR',
    message: ({ integrationName }, target) =>
      `Workspace integration ${through(target)} is not one of ${quote(integrationName)}`,
  },
  ACTION_NOT_ALLOWED: {
    code: 'ACTION_NOT_ALLOWED',
    message: ({ actionName, integrationName }, target) =>
      target === null
        ? `Action ${quote(actionName)} is enabled in no workspace integration of ${quote(integrationName)}`
        : `Action ${quote(actionName)} is not enabled in workspace integration ${through(target)}`,
  },
}

/**
 * The code of a reason. `connections/resolve` asks for a connection, so what others call required is not found there;
 * only a connection in error was found, and stays `CONNECTION_REQUIRED`.
 */
function codeOf(reason: ResolutionReason, kind: ResolutionRequest['kind']): KnownErrorCode {
  const { code } = reasonFacts[reason]
  return kind === 'resolve' && code === 'CONNECTION_REQUIRED' && reason !== 'CONNECTION_IN_ERROR'
    ? 'CONNECTION_NOT_FOUND'
    : code
}

/** A refusal for one of the documented reasons. */
export function deny(
  reason: ResolutionReason,
  request: ResolutionRequest,
  workspaceIntegration: WorkspaceIntegrationFacts | null,
  connection: ConnectionFacts | null = null,
): Denied {
  const code = codeOf(reason, request.kind)
  const message = reasonFacts[reason].message(request, workspaceIntegration)
  return {
    outcome: 'denied',
    code,
    status: errorStatus[code],
    reason,
    message,
    workspaceIntegration,
    connection,
  }
}

/** A refusal that the API answers without a reason. */
export function denyWithoutReason(
  code: KnownErrorCode,
  message: string,
  workspaceIntegration: WorkspaceIntegrationFacts | null = null,
): Denied {
  return {
    outcome: 'denied',
    code,
    status: errorStatus[code],
    reason: null,
    message,
    workspaceIntegration,
    connection: null,
  }
}

/**
 * The refusal of a state namespace of scope `end_user`: the same reasons as `per_user`, but a mistake in the request
 * rather than a missing account.
 */
export function denyState(
  reason: 'END_USER_REQUIRED' | 'END_USER_NOT_FOUND',
  request: ResolutionRequest,
  workspaceIntegration: WorkspaceIntegrationFacts | null,
): Denied {
  const message =
    reason === 'END_USER_REQUIRED'
      ? `The state of ${quote(request.integrationName)} is kept per end user: endUserId is required`
      : reasonFacts[reason].message(request, workspaceIntegration)
  return { ...denyWithoutReason('VALIDATION_ERROR', message, workspaceIntegration), reason }
}
