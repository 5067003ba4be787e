import type { ErrorBody } from '../contract/errors.js'
import type { Engine } from '../engine/engine.js'
import { Refusal } from '../engine/refusal.js'
import { textResponse } from './messages/response.js'

/** An answer in JSON. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string>): Response {
  headers['content-type'] = 'application/json'
  return textResponse(status, headers, JSON.stringify(body))
}

/** The error envelope for whatever was thrown; what is no refusal is a defect of this server. */
export function errorBody(engine: Engine, error: unknown): { status: number; body: ErrorBody } {
  const { redactor } = engine.vault
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal('INTERNAL_ERROR', `A defect of this server: ${String(error)}`)
  const { code, status, details } = refusal
  const body: ErrorBody = { error: redactor.text(refusal.message), code }
  if (details !== undefined) body.details = redactor.value(details)
  return { status, body }
}

/** An answer that says what was thrown. */
export function errorResponse(engine: Engine, error: unknown, headers: Record<string, string>): Response {
  const { status, body } = errorBody(engine, error)
  return jsonResponse(status, body, headers)
}
