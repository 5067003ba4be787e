import { errorBrand } from '../contract/brand.js'
import { redactText } from '../contract/secrets.js'
import type { ErrorCode, ValidationIssue } from '../contract/errors.js'
import type { ConnectionRequiredError } from './api-errors.js'
import { assignDefined, fieldOf } from './fields.js'

/** Codes that this SDK gives, beside those of the API. */
export type ClientErrorCode =
  | 'TIMEOUT'
  | 'NETWORK_ERROR'
  | 'ABORTED'
  | 'INVALID_RESPONSE'
  | 'INVALID_ARGUMENT'
  | 'MISSING_API_KEY'
  | 'CONNECT_TIMEOUT'
  | 'APPROVAL_TIMEOUT'
  | 'INVALID_EVENT'

/** Every `code` that an error of this SDK may carry. */
export type WeavzErrorCode = ErrorCode | ClientErrorCode

export interface WeavzErrorOptions {
  code: WeavzErrorCode
  /** The likely mistake and its remedy; appended to the message. */
  hint?: string | undefined
  /** `POST /api/v1/connections/{id}`: the path's template, without ids. */
  endpoint?: string | undefined
  attempts?: number | undefined
  cause?: unknown
}

/**
 * Base of every error that this SDK throws. `code` is stable, so branch on it (or on the class); `message` is for
 * people and may change. Neither message nor fields ever hold a key, token or credential.
 *
 * @example
 * catch (error) { if (isWeavzError(error, 'DUPLICATE')) … }
 */
export class WeavzError extends Error {
  // Said as text, because minifiers rename classes. A static and a getter, because the first line of the stack is
  // written before any field of an instance is, and because Node prints the name of the constructor as well
  static override readonly name: string = 'WeavzError'

  /** Stable, safe to branch on. */
  readonly code: WeavzErrorCode
  /** The likely mistake and its remedy, where there is one; also at the end of `message`. */
  declare readonly hint?: string
  /** `POST /api/v1/connections/{id}`: method and path template of the call. */
  declare readonly endpoint?: string
  /** How many requests were made, the failed one included. */
  declare readonly attempts?: number

  constructor(message: string, { code, hint, endpoint, attempts, cause }: WeavzErrorOptions) {
    const text = hint === undefined ? message : `${message}\nHint: ${hint}`
    super(redactText(text), cause === undefined ? undefined : { cause })
    this.code = code
    // Absent rather than undefined: an error is printed far more often than it is inspected field by field
    assignDefined(this, { hint: hint && redactText(hint), endpoint, attempts })
  }

  /** The name of the class, also in minified code. */
  override get name(): string {
    return this.constructor.name
  }

  get [errorBrand](): true {
    return true
  }

  /** Everything that may be logged: name, message and the public fields. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) }
  }
}

/** `NETWORK_ERROR`: no answer, or only part of one. The call may or may not have had its effect. */
export class WeavzNetworkError extends WeavzError {
  static override readonly name: string = 'WeavzNetworkError'
}

/** `TIMEOUT`: an attempt, body included, took longer than `timeout`. The call may or may not have had its effect. */
export class WeavzTimeoutError extends WeavzError {
  static override readonly name: string = 'WeavzTimeoutError'
}

/** `ABORTED`: the caller's signal ended the call; `cause` is the signal's own reason. */
export class WeavzAbortError extends WeavzError {
  static override readonly name: string = 'WeavzAbortError'
}

export interface WeavzResponseErrorOptions extends Omit<WeavzErrorOptions, 'code'> {
  status: number
  requestId?: string | undefined
  issues: readonly ValidationIssue[]
  raw: unknown
}

/** `INVALID_RESPONSE`: a success whose body is not what the API promises. The call did have its effect. */
export class WeavzResponseError extends WeavzError {
  /** Private, so that it is not printed: the body of a connect token is a secret. */
  readonly #raw: unknown
  readonly status: number
  declare readonly requestId?: string
  /** What is wrong, and where in the body. */
  readonly issues: readonly ValidationIssue[]

  constructor(message: string, { status, requestId, issues, raw, ...options }: WeavzResponseErrorOptions) {
    super(message, { code: 'INVALID_RESPONSE', ...options })
    this.#raw = raw
    this.status = status
    this.issues = issues
    assignDefined(this, { requestId })
  }

  static override readonly name: string = 'WeavzResponseError'

  /** Dotted path of the first wrong value; `''` is the whole body. */
  get path(): string {
    return this.issues[0]?.path ?? ''
  }
  /** The body as it came: parsed JSON, or the text. Not redacted, and not part of any log. */
  get raw(): unknown {
    return this.#raw
  }
}

/** Waiting for a connect session ended without a result (`CONNECT_TIMEOUT`). The session itself goes on. */
export class WeavzConnectError extends WeavzError {
  /** Whether the user may still finish: wait for the same token again. */
  readonly sessionMayStillComplete: boolean

  constructor(message: string, options: WeavzErrorOptions & { sessionMayStillComplete: boolean }) {
    super(message, options)
    this.sessionMayStillComplete = options.sessionMayStillComplete
  }

  static override readonly name: string = 'WeavzConnectError'
}

/**
 * Whether something caught is an error of this SDK, with that `code` if one is given. Unlike `instanceof` it also
 * holds when the error comes from another copy of the package (two bundles, ESM beside CJS).
 *
 * @example
 * if (isWeavzError(error, 'CONNECTION_REQUIRED')) startConnect(error.integrationName)
 */
export function isWeavzError(error: unknown): error is WeavzError
export function isWeavzError(error: unknown, code: 'CONNECTION_REQUIRED'): error is ConnectionRequiredError
export function isWeavzError<Code extends WeavzErrorCode>(
  error: unknown,
  code: Code,
): error is WeavzError & { readonly code: Code }
export function isWeavzError(error: unknown, code?: string): boolean {
  return fieldOf(error, errorBrand) === true && (code === undefined || fieldOf(error, 'code') === code)
}
