import type { ValidationIssue } from '../contract/errors.js'
import { excerpt, parseJson, requestIdOf, type Answer } from './answer.js'
import type { Call } from './call.js'
import { WeavzResponseError } from './errors.js'
import { notify } from './hooks.js'
import type { Settings } from './options.js'
import { redactorFor } from './redact.js'
import { validateResponse } from './validate.js'

/**
 * What a success brought: undefined where there is no body.
 *
 * @throws WeavzResponseError if the body is not JSON, or, with validation `throw`, not what the endpoint promises.
 */
export function resultOf(
  settings: Settings,
  call: Call,
  { response, text }: Answer,
  attempts: number,
): unknown {
  const invalid = (raw: unknown, issues: readonly ValidationIssue[]) => {
    const list = issues.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ')
    const message = `The answer to ${call.label} is not what the API promises: ${list}`
    const { status } = response
    const requestId = requestIdOf(response)
    return new WeavzResponseError(message, { endpoint: call.label, attempts, status, requestId, issues, raw })
  }

  const body = parseJson(text)
  if (!body.ok) {
    const type = response.headers.get('content-type') ?? 'no content type'
    const redact = redactorFor(undefined, call.body)
    throw invalid(text, [{ path: '', message: redact(`expected JSON, got ${type}: ${excerpt(text)}`) }])
  }
  if (body.value === undefined || call.endpoint === undefined || settings.validation === 'off')
    return body.value

  const validated = validateResponse(call.endpoint, response.status, body.value)
  if (validated.ok) return validated.value
  const error = invalid(body.value, validated.issues)
  if (settings.validation === 'throw') throw error
  notify(settings.hooks, 'onInvalidResponse', () => ({ endpoint: call.label, error }))
  return body.value
}
