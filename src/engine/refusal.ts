import { errorStatus, type KnownErrorCode } from '../contract/errors.js'

/** What the API answers instead of a result: the code, a sentence for people, and details. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** The HTTP status: the usual one of the code, unless given. */
  readonly status: number

  constructor(
    readonly code: KnownErrorCode,
    message: string,
    readonly details?: unknown,
    options: { status?: number } = {},
  ) {
    super(message)
    this.status = options.status ?? errorStatus[code]
  }
}

/** 400 `VALIDATION_ERROR` about one field, `path` from the root: `body.connectionId`. */
export function invalid(path: string, message: string): Refusal {
  return new Refusal('VALIDATION_ERROR', `${path}: ${message}`, { issues: [{ path, message }] })
}

/** 404 `NOT_FOUND`. */
export function notFound(what: string): Refusal {
  return new Refusal('NOT_FOUND', `${what} not found`)
}
