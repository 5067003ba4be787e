import * as z from 'zod/mini'
import { open, openEnum, type Open } from './schema.js'

/**
 * Every `code` of the API with its usual HTTP status. `HTTP_ERROR` has none: clients fill it in for an error body
 * without a code.
 */
export const errorStatus = {
  // General
  VALIDATION_ERROR: 400,
  INVALID_JSON: 400,
  NO_UPDATES: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  SCOPE_DENIED: 403,
  QUOTA_EXCEEDED: 403,
  NOT_FOUND: 404,
  DUPLICATE: 409,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  HTTP_ERROR: 0,
  // Connections, connect, end users
  CONNECTION_REQUIRED: 400,
  NO_OAUTH_APP: 400,
  MISSING_TOKEN: 400,
  INVALID_TOKEN: 401,
  CONNECTION_NOT_FOUND: 404,
  OAUTH_APP_NOT_FOUND: 404,
  END_USER_NOT_FOUND: 404,
  // Integrations, actions, partials, triggers
  AMBIGUOUS_INTEGRATION: 400,
  ACTION_FAILED: 400,
  PARTIAL_MISMATCH: 400,
  NOT_DROPDOWN: 400,
  NO_OPTIONS_FN: 400,
  OPTIONS_FAILED: 400,
  NOT_DYNAMIC: 400,
  NO_PROPS_FN: 400,
  RESOLVE_FAILED: 400,
  ACTION_NOT_ALLOWED: 403,
  POLLING_INTERVAL_TOO_SHORT: 403,
  INTEGRATION_NOT_FOUND: 404,
  ACTION_NOT_FOUND: 404,
  TRIGGER_NOT_FOUND: 404,
  PARTIAL_NOT_FOUND: 404,
  // MCP
  INVALID_MCP_SCOPES: 400,
  WORKSPACE_REQUIRED: 400,
  MCP_BEARER_DISABLED: 409,
  MCP_OAUTH_DISABLED: 409,
  MCP_STATIC_BEARER_INCOMPATIBLE: 409,
  MCP_BEARER_BLOCKS_PER_USER: 409,
  ALIAS_CONFLICT: 409,
  // Approvals
  APPROVAL_POLICY_BLOCKED: 403,
  APPROVAL_DECISION_SCOPE_REQUIRED: 403,
  APPROVAL_POLICY_NOT_FOUND: 404,
  APPROVAL_NOT_FOUND: 404,
  APPROVAL_ALREADY_DECIDED: 409,
  APPROVAL_EXPIRED: 409,
  // In the enum, never sent by the endpoints of this contract; clients pass them through like any other code.
  UNAUTHENTICATED: 401,
  AUTH_DISABLED: 403,
  NOT_MEMBER: 403,
  AUTH_SCOPE_DENIED: 403,
  SLUG_EXISTS: 409,
  MISSING_FIELDS: 400,
  MISSING_KEY: 400,
  MISSING_ID: 400,
  MISSING_CONNECTION: 400,
  MISSING_INTEGRATION_NAME: 400,
  NOT_OAUTH2: 400,
  MISSING_OAUTH2_CONFIG: 400,
  OAUTH_ERROR: 400,
  MISSING_CODE: 400,
  TOKEN_EXCHANGE_FAILED: 400,
  REFRESH_FAILED: 400,
  INVALID_OAUTH_APP: 400,
  INVALID_CONFIG: 400,
  INVALID_ADDON: 400,
  SESSION_CREATE_FAILED: 500,
  SESSION_NOT_FOUND: 404,
  APPROVAL_UPDATE_CONFLICT: 409,
  APPROVAL_DECISION_DENIED: 403,
  STORAGE_ERROR: 500,
  INTEGRATION_UNAVAILABLE: 503,
  SHARD_UNAVAILABLE: 503,
  NATIVE_RUNTIME_REQUIRED: 400,
  NATIVE_ACTION_UNSUPPORTED: 400,
  BROWSER_SANDBOX_UNAVAILABLE: 503,
  BROWSER_SESSION_START_FAILED: 503,
  HANDOFF_FAILED: 503,
  BROWSER_CONTROL_REQUIRED: 409,
  BROWSER_RECOVERY_REQUIRED: 409,
} as const

/** The 80 codes that the API documents. */
export type KnownErrorCode = keyof typeof errorStatus
/** A code of the API: one of the documented ones, or one that a newer server sends. */
export type ErrorCode = Open<KnownErrorCode>

/** What any endpoint may answer beside its own errors. */
export const commonErrors = [
  'INVALID_JSON',
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'SCOPE_DENIED',
  'NOT_FOUND',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
] as const satisfies readonly KnownErrorCode[]

/** Why the resolver refused: `details.reason` of `CONNECTION_REQUIRED` and its kin. */
export const resolutionReasons = [
  'NO_WORKSPACE_INTEGRATION',
  'PINNED_CONNECTION_MISSING',
  'PINNED_CONNECTION_DELETED',
  'END_USER_REQUIRED',
  'END_USER_NOT_FOUND',
  'END_USER_NOT_CONNECTED',
  'FALLBACK_MISSING',
  'FALLBACK_DELETED',
  'CONNECTION_IN_ERROR',
  'AUTH_METHOD_MISMATCH',
  'EXPLICIT_NOT_FOUND',
  'EXPLICIT_OTHER_INTEGRATION',
  'EXPLICIT_OUT_OF_WORKSPACE',
  'EXPLICIT_OTHER_END_USER',
  'AMBIGUOUS_INTEGRATION',
  'ALIAS_NOT_FOUND',
  'WORKSPACE_INTEGRATION_NOT_FOUND',
  'SELECTOR_MISMATCH',
  'ACTION_NOT_ALLOWED',
] as const
export type ResolutionReason = (typeof resolutionReasons)[number]

/** One wrong field: `path` is dotted and starts with `body`, `query` or `params`. */
export const ValidationIssue = open({ path: z.string(), message: z.string() })
export interface ValidationIssue extends z.infer<typeof ValidationIssue> {}

/** `details` of a refusal of the resolver. */
export const ResolutionDetails = open({
  /** Why; stable, safe to branch on. */
  reason: openEnum(resolutionReasons),
  integrationName: z.string(),
  /** What the request gave, or null. */
  workspaceId: z.nullable(z.string()),
  /** What the request gave, or null. */
  endUserId: z.nullable(z.string()),
  /** The resolver's trace, one object a rung, in order: to show, not to branch on. */
  steps: z.array(z.record(z.string(), z.unknown())),
  /** The likely mistake. */
  hint: z.optional(z.string()),
})
export interface ResolutionDetails extends z.infer<typeof ResolutionDetails> {}

/** The body of every error. */
export const ErrorBody = open({
  error: z.string(),
  code: z.optional(z.string()) as z.ZodMiniOptional<z.ZodMiniType<ErrorCode, ErrorCode>>,
  details: z.optional(z.unknown()),
})
export interface ErrorBody extends z.infer<typeof ErrorBody> {}
