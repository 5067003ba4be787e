import type { AnyEndpoint } from '../contract/endpoint.js'
import { parse, type Parsed } from '../contract/issues.js'

/**
 * The body of a success against the endpoint's schema for that status. A success status that the contract does not
 * know is held to the first one that it does.
 */
export function validateResponse(endpoint: AnyEndpoint, status: number, body: unknown): Parsed<unknown> {
  const schema = endpoint.responses[status] ?? Object.values(endpoint.responses)[0]
  return schema === undefined ? { ok: true, value: body } : parse(schema, body)
}
