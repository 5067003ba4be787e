import { isIdParam, type AnyEndpoint } from '../../contract/endpoint.js'
import type { KnownErrorCode } from '../../contract/errors.js'
import { endpoints } from '../../contract/index.js'
import { groupBy } from './group-by.js'
import { errorCodes, errorComponent, errorSchema, errorSchemas } from './errors.js'
import type { Schema } from './names.js'
import { createSchemaWriter, type SchemaWriter } from './schemas.js'
import type { JsonSchema, OpenApiDocument, Operation, Parameter, Reference, ResponseObject } from './types.js'

/** The headers of every response: how much of the rate limit is left. */
const rateLimit = {
  'X-RateLimit-Limit': 'Requests allowed in the running window.',
  'X-RateLimit-Remaining': 'Requests left in it.',
  'X-RateLimit-Reset': 'When it ends, in unix seconds.',
}
const retryAfter = { 'Retry-After': 'Seconds to wait before the next request.' }
const reasons: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' }

/**
 * Describes the whole API in OpenAPI 3.1, from the table of the contract. The same table gives the same document,
 * byte for byte.
 *
 * @param serverUrl Root of the API, without `/api/v1`.
 * @see https://spec.openapis.org/oas/v3.1.0
 * @example JSON.stringify(openApiDocument('https://api.weavz.io'))
 */
export function openApiDocument(serverUrl: string): OpenApiDocument {
  const table: readonly AnyEndpoint[] = endpoints
  const writer = createSchemaWriter([...table.flatMap(schemasOf), ...errorSchemas])
  const paths: Record<string, Record<string, Operation>> = {}
  const routes = groupBy(table, ({ method, path }) => `${method} ${path}`)
  for (const [route, sharing] of routes) {
    const [method, path] = route.split(' ') as [string, string]
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(sharing, writer) }
  }
  const error = errorComponent(writer)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Weavz API',
      // Of the API, not of this package: it is what the paths begin with.
      version: 'v1',
      description: 'Connections, integrations, actions, triggers, MCP servers and approvals.',
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(table.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...writer.used(), Error: error },
      responses: sharedRefusals(routes.values()),
      headers: Object.fromEntries(
        Object.entries({ ...rateLimit, ...retryAfter }).map(([name, description]) => [
          name,
          { description, required: true, schema: { type: 'integer', minimum: 0 } },
        ]),
      ),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `wvz_…`' },
      },
    },
  }
}

function schemasOf({ query, body, responses }: AnyEndpoint): Schema[] {
  return [query, body, ...Object.values(responses)].filter((schema) => schema !== undefined)
}

/** `workspaces.integrations.create` → `workspaces.integrations`: where the client has it. */
function tagOf({ id }: AnyEndpoint): string {
  return id.slice(0, id.lastIndexOf('.'))
}

/**
 * One operation. OpenAPI knows one for each method and path; endpoints that a query selects among share theirs, and
 * the answer is any of theirs. `anyOf`, not `oneOf`: an empty list of integrations is also an empty list of summaries.
 */
function operation(sharing: readonly AnyEndpoint[], writer: SchemaWriter): Operation {
  const main = sharing.find(({ selectedBy }) => !selectedBy) ?? (sharing[0] as AnyEndpoint)
  const { body, bodyOptional = false, auth, safeToRetry } = main
  return {
    operationId: main.id,
    summary: sharing.map(summaryOf).join(' '),
    tags: [tagOf(main)],
    // Without need of a key, one that is sent is still looked at.
    security: auth === 'none' ? [{}, { apiKey: [] }] : [{ apiKey: [] }],
    parameters: [...pathParameters(main), ...queryParameters(sharing, writer), ...headerParameters(main)],
    ...(body && { requestBody: { required: !bodyOptional, content: json(writer.write(body)) } }),
    responses: {
      ...successes(sharing, writer),
      ...refusals(sharing),
      ...(body && { 413: sharedRefusal('CONTENT_TOO_LARGE') }),
    },
    'x-weavz-endpoints': sharing.map(({ id }) => id),
    ...(safeToRetry && { 'x-weavz-safe-to-retry': true }),
  }
}

function summaryOf({ summary, selectedBy }: AnyEndpoint): string {
  if (!selectedBy) return summary
  const { param, value } = selectedBy
  return `With \`${value === undefined ? param : `${param}=${value}`}\`: ${summary}`
}

function json(schema: JsonSchema) {
  return { 'application/json': { schema } }
}

function pathParameters({ path, idPattern }: AnyEndpoint): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', ...idForm(name, idPattern) },
  }))
}

function idForm(name: string, idPattern: RegExp | undefined): JsonSchema {
  if (!isIdParam(name)) return {}
  return idPattern ? { pattern: idPattern.source } : { format: 'uuid' }
}

function queryParameters(sharing: readonly AnyEndpoint[], writer: SchemaWriter): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const { query, selectedBy } of sharing) {
    if (!query) continue
    const { properties = {}, required = [] } = writer.inline(query) as {
      properties?: Record<string, JsonSchema>
      required?: string[]
    }
    for (const [name, schema] of Object.entries(properties)) {
      found.set(name, {
        name,
        in: 'query',
        // What only one of several endpoints needs, the operation does not.
        required: required.includes(name) && sharing.length === 1,
        ...(selectedBy?.param === name && { description: 'Selects what is answered.' }),
        schema,
      })
    }
  }
  return [...found.values()]
}

/** What the API reads of the headers, and what the client sends along: nobody must send any of them. */
function headerParameters({ reads = {}, headers = {} }: AnyEndpoint): Parameter[] {
  const sent = Object.entries(headers).map(([name, value]) => [name, `The SDK sends \`${value}\`.`] as const)
  return [...Object.entries(reads), ...sent].map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))
}

function successes(sharing: readonly AnyEndpoint[], writer: SchemaWriter): Record<string, ResponseObject> {
  const all = sharing.flatMap(({ responses }) => Object.entries(responses))
  return Object.fromEntries(
    [...groupBy(all, ([status]) => status)].map(([status, answers]) => {
      const schemas = answers.map(([, schema]) => writer.write(schema))
      const schema = schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas }
      return [status, response(reasons[Number(status)] ?? 'Success', schema, rateLimit)]
    }),
  )
}

/** The codes that any of these endpoints may answer, by status. */
function codesOf(sharing: readonly AnyEndpoint[]): [status: number, codes: KnownErrorCode[]][] {
  const groups = groupBy(
    sharing.flatMap((endpoint) => [...errorCodes(endpoint)]),
    ([status]) => status,
  )
  return [...groups]
    .map(([status, of]): [number, KnownErrorCode[]] => [
      status,
      [...new Set(of.flatMap(([, codes]) => codes))],
    ])
    .sort(([a], [b]) => a - b)
}

/** One code alone is one of the shared responses, under its own name. */
function refusals(sharing: readonly AnyEndpoint[]): Record<string, ResponseObject | Reference> {
  return Object.fromEntries(
    codesOf(sharing).map(([status, codes]) => [
      status,
      codes.length === 1 ? sharedRefusal(codes[0] as KnownErrorCode) : refusal(codes),
    ]),
  )
}

function sharedRefusal(name: KnownErrorCode | 'CONTENT_TOO_LARGE'): Reference {
  return { $ref: `#/components/responses/${name}` }
}

/** The responses that operations refer to. The one to a body that is too large has no code of its own (decision 002). */
function sharedRefusals(routes: Iterable<readonly AnyEndpoint[]>): Record<string, ResponseObject> {
  const alone = [...routes].flatMap(codesOf).flatMap(([, codes]) => (codes.length === 1 ? codes : []))
  const byCode = [...new Set(alone)].sort().map((code) => [code, refusal([code])])
  const tooLarge = {
    ...refusal(['VALIDATION_ERROR']),
    description: 'The body is larger than the server reads.',
  }
  return { CONTENT_TOO_LARGE: tooLarge, ...Object.fromEntries(byCode) }
}

function refusal(codes: readonly KnownErrorCode[]): ResponseObject {
  const headers = { ...rateLimit, ...(codes.includes('RATE_LIMITED') && retryAfter) }
  return response(codes.map((code) => `\`${code}\``).join(', '), errorSchema(codes), headers)
}

function response(description: string, schema: JsonSchema, headers: object): ResponseObject {
  const references = Object.keys(headers).map((name): [string, Reference] => [
    name,
    { $ref: `#/components/headers/${name}` },
  ])
  return { description, headers: Object.fromEntries(references), content: json(schema) }
}
