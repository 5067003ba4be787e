import { redactValue } from '../contract/secrets.js'
import * as errors from './api-errors.js'
import type { WeavzApiError, WeavzApiErrorOptions } from './api-errors.js'
import { fieldOf, textOf } from './fields.js'
import type { Redact } from './redact.js'

/** A response whose body was read to its end. */
export interface Answer {
  readonly response: Response
  readonly text: string
}

/** The header's name is case-insensitive, which only `get` knows. */
export function requestIdOf(response: Response): string | undefined {
  return response.headers.get('x-request-id') ?? undefined
}

/** Whatever the content type says: servers and proxies forget it. An empty body is undefined. */
export function parseJson(text: string): { ok: true; value: unknown } | { ok: false } {
  if (text.trim() === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

/** A page of HTML is no message: enough of it to recognise, on one line. */
const longestMessage = 300

/** The start of a body that is not what was expected, on one line. */
export function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line
}

export interface ErrorContext {
  readonly endpoint: string
  readonly attempts: number
  readonly retryAfterMs: number | undefined
  readonly redact: Redact
  /** Asked only if the API gave no hint of its own. */
  readonly hint: (status: number) => string | undefined
}

/** The error for an answer that is not a success. */
export function errorFrom({ response, text }: Answer, context: ErrorContext): WeavzApiError {
  const { status } = response
  const parsed = parseJson(text)
  const body = parsed.ok ? parsed.value : undefined
  const details = fieldOf(body, 'details')
  const hint = textOf(details, 'hint') ?? context.hint(status)
  const message = textOf(body, 'error') || (body === null ? '' : excerpt(text)) || `HTTP ${status}`
  const options: WeavzApiErrorOptions = {
    status,
    code: textOf(body, 'code') || 'HTTP_ERROR',
    // null is how JSON says that there are none
    details: details === undefined || details === null ? undefined : redactValue(details, context.redact),
    requestId: requestIdOf(response),
    endpoint: context.endpoint,
    attempts: context.attempts,
    hint: hint && context.redact(hint),
  }
  return errorOf(context.redact(message), options, context.retryAfterMs)
}

function errorOf(
  message: string,
  options: WeavzApiErrorOptions,
  retryAfterMs: number | undefined,
): WeavzApiError {
  const { status, code } = options
  if (code === 'CONNECTION_REQUIRED') return new errors.ConnectionRequiredError(message, options)
  if (status >= 500) return new errors.ServerError(message, options)
  switch (status) {
    case 400:
      return new errors.ValidationError(message, options)
    case 401:
      return new errors.AuthenticationError(message, options)
    case 403:
      return new errors.PermissionDeniedError(message, options)
    case 404:
      return new errors.NotFoundError(message, options)
    case 409:
      return new errors.ConflictError(message, options)
    case 429:
      return new errors.RateLimitError(message, { ...options, retryAfterMs })
    default:
      return new errors.WeavzApiError(message, options)
  }
}
