import type { ClientEndpoint } from '../contract/endpoint.js'
import type { ValidationIssue } from '../contract/errors.js'
import { excerpt, parseJson, requestIdOf, type Answer } from './answer.js'
import type { Call } from './call.js'
import { WeavzResponseError } from './errors.js'
import { notify } from './hooks.js'
import type { Settings } from './options.js'
import { redactorFor } from './redact.js'
import { issuesOf } from './validate.js'

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
  const schema = schemaFor(call.endpoint, response.status)
  if (body.value === undefined || schema === undefined || settings.validation === 'off') return body.value

  const issues = issuesOf(schema, body.value)
  if (issues.length === 0) return body.value
  const error = invalid(body.value, issues)
  if (settings.validation === 'throw') throw error
  notify(settings.hooks, 'onInvalidResponse', () => ({ endpoint: call.label, error }))
  return body.value
}

/** A success status that the contract does not know is held to the first one that it does. */
function schemaFor(
  endpoint: ClientEndpoint | undefined,
  status: number,
): ClientEndpoint['responses'][number] | undefined {
  return endpoint?.responses[status] ?? Object.values(endpoint?.responses ?? {})[0]
}
