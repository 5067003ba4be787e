import type { ResolutionDetails, ResolutionReason, ValidationIssue } from '../contract/errors.js'
import type { Open } from '../contract/schema.js'
import { WeavzError, type WeavzErrorOptions } from './errors.js'
import { assignDefined, fieldOf, textOf } from './fields.js'

export interface WeavzApiErrorOptions extends WeavzErrorOptions {
  status: number
  details?: unknown
  requestId?: string | undefined
  endpoint: string
  attempts: number
}

/**
 * The API refused a call: it answered with an error status. The class tells the family (`NotFoundError`), `code` the
 * exact reason.
 */
export class WeavzApiError extends WeavzError {
  /** HTTP status. */
  readonly status: number
  /** What the API says beyond the message; depends on `code`. Secrets are taken out. */
  declare readonly details?: unknown
  /** `X-Request-Id` of the answer: name it when you ask for support. */
  declare readonly requestId?: string
  declare readonly endpoint: string
  declare readonly attempts: number

  constructor(message: string, { status, details, requestId, ...options }: WeavzApiErrorOptions) {
    super(message, options)
    this.status = status
    assignDefined(this, { details, requestId })
  }

  static override readonly name: string = 'WeavzApiError'
}

/** 401: the API key is missing, wrong, deleted or expired. */
export class AuthenticationError extends WeavzApiError {
  declare readonly status: 401
  static override readonly name: string = 'AuthenticationError'
}

/** 403: the key, a policy or a quota forbids it. */
export class PermissionDeniedError extends WeavzApiError {
  declare readonly status: 403
  static override readonly name: string = 'PermissionDeniedError'
}

/** 404: no such thing. A path id that is not a UUID is one, too. */
export class NotFoundError extends WeavzApiError {
  declare readonly status: 404
  static override readonly name: string = 'NotFoundError'
}

/** 409: the name, alias or externalId is taken, or the state forbids it. */
export class ConflictError extends WeavzApiError {
  declare readonly status: 409
  static override readonly name: string = 'ConflictError'
}

/** 400: the request is wrong. */
export class ValidationError extends WeavzApiError {
  declare readonly status: 400
  static override readonly name: string = 'ValidationError'

  /** The wrong fields; empty where the code is not `VALIDATION_ERROR`. */
  get issues(): readonly ValidationIssue[] {
    const issues = fieldOf(this.details, 'issues')
    return Array.isArray(issues) ? issues : []
  }
}

/**
 * 400 `CONNECTION_REQUIRED`: the action needs an account and none could be used. `reason` says why; for an end user who
 * has not connected, start a connect flow.
 *
 * @example
 * catch (error) {
 *   if (!(error instanceof ConnectionRequiredError)) throw error
 *   const { connectUrl } = await weavz.connect.createToken({ integrationName: 'slack', … })
 * }
 */
export class ConnectionRequiredError extends WeavzApiError {
  declare readonly code: 'CONNECTION_REQUIRED'
  static override readonly name: string = 'ConnectionRequiredError'

  /** Why no account could be used, where the API says so. */
  get reason(): Open<ResolutionReason> | undefined {
    return textOf(this.details, 'reason')
  }
  /** Catalog slug of the integration. */
  get integrationName(): string | undefined {
    return textOf(this.details, 'integrationName')
  }
  /** The workspace of the request. */
  get workspaceId(): string | undefined {
    return textOf(this.details, 'workspaceId')
  }
  /** The **external** id of the end user of the request. */
  get endUserId(): string | undefined {
    return textOf(this.details, 'endUserId')
  }
  /** The resolver's trace, one object a rung: to show, not to branch on. */
  get steps(): ResolutionDetails['steps'] {
    const steps = fieldOf(this.details, 'steps')
    return Array.isArray(steps) ? steps : []
  }
}

/** 429: too many requests. Thrown after the retries. */
export class RateLimitError extends WeavzApiError {
  declare readonly status: 429
  /** Milliseconds that the API asked to wait (`Retry-After`), where it said so. */
  declare readonly retryAfterMs?: number

  constructor(
    message: string,
    { retryAfterMs, ...options }: WeavzApiErrorOptions & { retryAfterMs?: number | undefined },
  ) {
    super(message, options)
    assignDefined(this, { retryAfterMs })
  }

  static override readonly name: string = 'RateLimitError'
}

/** 5xx: the API, or something in front of it, failed. */
export class ServerError extends WeavzApiError {
  static override readonly name: string = 'ServerError'
}
