import type { AnyEndpoint } from '../../contract/endpoint.js'
import {
  commonErrors,
  ErrorBody,
  errorStatus,
  ResolutionDetails,
  ValidationIssue,
  type KnownErrorCode,
} from '../../contract/errors.js'
import { groupBy } from './group-by.js'
import type { SchemaWriter } from './schemas.js'
import type { JsonSchema } from './types.js'

/** The schemas that `errorComponent` is made of. */
export const errorSchemas = [ErrorBody, ResolutionDetails, ValidationIssue]

/**
 * The codes that an endpoint may answer, by status, its own first. Of the common ones it leaves out those that it has
 * no cause for: without a body there is no malformed JSON, without a key no key can be wrong.
 */
export function errorCodes(endpoint: AnyEndpoint): Map<number, KnownErrorCode[]> {
  const causes: Partial<Record<KnownErrorCode, boolean>> = {
    INVALID_JSON: endpoint.body !== undefined,
    VALIDATION_ERROR: endpoint.body !== undefined || endpoint.query !== undefined,
    UNAUTHORIZED: endpoint.auth === 'api-key',
    SCOPE_DENIED: endpoint.auth === 'api-key',
  }
  const common = commonErrors.filter((code) => causes[code] ?? true)
  return groupBy(new Set<KnownErrorCode>([...endpoint.errors, ...common]), (code) => errorStatus[code])
}

/** An error with one of these codes. */
export function errorSchema(codes: readonly KnownErrorCode[]): JsonSchema {
  return {
    allOf: [
      { $ref: '#/components/schemas/Error' },
      { required: ['code'], properties: { code: { enum: codes } } },
    ],
  }
}

/** The body of an error, and what its `details` hold. */
export function errorComponent(writer: SchemaWriter): JsonSchema {
  const resolution = { required: ['details'], properties: { details: writer.write(ResolutionDetails) } }
  return {
    allOf: [
      writer.write(ErrorBody),
      {
        if: codeIs('VALIDATION_ERROR'),
        then: {
          required: ['details'],
          properties: {
            details: {
              type: 'object',
              required: ['issues'],
              properties: { issues: { type: 'array', minItems: 1, items: writer.write(ValidationIssue) } },
            },
          },
        },
      },
      { if: codeIs('CONNECTION_REQUIRED'), then: resolution },
      {
        if: {
          required: ['details'],
          properties: { details: { type: 'object', required: ['reason'], properties: { reason: {} } } },
        },
        then: resolution,
      },
    ],
  }
}

function codeIs(code: KnownErrorCode): JsonSchema {
  return { required: ['code'], properties: { code: { const: code } } }
}
