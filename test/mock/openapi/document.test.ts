import { validate } from '@hyperjump/json-schema/openapi-3-1'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { AnyEndpoint } from '../../../src/contract/endpoint.js'
import { commonErrors, errorStatus } from '../../../src/contract/errors.js'
import { endpoints } from '../../../src/contract/index.js'
import { createMockWeavz } from '../../../src/mock/index.js'
import { openApiDocument } from '../../../src/mock/openapi/index.js'
import { namedSchemas } from '../../../src/mock/openapi/names.js'
import { openApiText } from '../../../scripts/openapi.js'

type Node = Record<string, any>

const table: readonly AnyEndpoint[] = endpoints
const document = JSON.parse(JSON.stringify(openApiDocument('https://api.weavz.io'))) as Node
const operationOf = ({ path, method }: AnyEndpoint): Node => document.paths[path][method.toLowerCase()]
const operations = Object.entries(document.paths as Node).flatMap(([path, item]) =>
  Object.values(item as Node).map((operation): [string, Node] => [path, operation as Node]),
)

/** Every value under this key, anywhere in the document. */
function all(key: string, node: unknown = document): unknown[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, child]) => (name === key ? [child] : all(key, child)))
}

function deref(node: Node): Node {
  if (node.$ref === undefined) return node
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((at: Node, key: string) => at[key], document)
}

function codesAt(operation: Node, status: number | string): string[] {
  const response = operation.responses[status]
  return response ? deref(response).content['application/json'].schema.allOf[1].properties.code.enum : []
}

describe('The OpenAPI document', () => {
  it('is valid: the meta-schema of OpenAPI 3.1 accepts it, its JSON Schemas included', async () => {
    const schema = 'https://spec.openapis.org/oas/3.1/schema-base'
    expect(await validate(schema, document as never, 'BASIC')).toMatchObject({ valid: true })
    // And refuses what is not
    const { info: _info, ...headless } = document
    expect(await validate(schema, headless as never)).toMatchObject({ valid: false })
    const unschematic = structuredClone(document)
    unschematic.components.schemas.Workspace.properties.id.type = 'text'
    expect(await validate(schema, unschematic as never)).toMatchObject({ valid: false })
  })

  it('refers only to what it holds, and holds no component that nothing refers to', () => {
    const references = [...new Set(all('$ref') as string[])]
    for (const $ref of references) expect(deref({ $ref }), $ref).toBeDefined()
    const held = ['schemas', 'responses', 'headers'].flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    )
    expect(references.sort()).toEqual(held.sort())
  })

  it('gives each operation an id of its own and a tag that is declared', () => {
    const ids = operations.map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const declared = document.tags.map(({ name }: Node) => name)
    expect([...new Set(operations.flatMap(([, { tags }]) => tags))].sort()).toEqual([...declared].sort())
  })

  it('declares each parameter of a path, and none twice', () => {
    for (const [path, { parameters }] of operations) {
      const inPath = parameters.filter(({ in: place }: Node) => place === 'path')
      expect(inPath.map(({ name }: Node) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
      const places = parameters.map(({ name, in: place }: Node) => `${place} ${name}`)
      expect(new Set(places).size).toBe(places.length)
    }
  })

  it('is the same, byte for byte, each time, and is what the package ships', () => {
    expect(openApiText()).toBe(openApiText())
    expect(JSON.parse(openApiText())).toEqual(document)
    expect(openApiText()).toMatch(/^\{[^]+\}\n$/)
  })

  it('names no schema twice, and knows every file of the contract that has one', async () => {
    const names = [...namedSchemas.values()]
    expect(new Set(names).size).toBe(names.length)
    const contract = new URL('../../../src/contract/', import.meta.url)
    for (const file of readdirSync(contract)) {
      const module = (await import(new URL(file, contract).href)) as object
      for (const [name, value] of Object.entries(module)) {
        const structured = value instanceof z.core.$ZodObject || value instanceof z.core.$ZodUnion
        if (structured) expect(namedSchemas.get(value), `${file}: ${name}`).toBe(name)
      }
    }
  })

  it('is served by the mock, with the mock as the server to call', async () => {
    const get = async (weavz = createMockWeavz()) => {
      const response = await weavz.fetch('http://127.0.0.1:4010/_weavz/openapi.json')
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json')
      return (await response.json()) as Node
    }
    const { servers, ...rest } = await get()
    expect(servers).toEqual([{ url: 'http://127.0.0.1:4010' }])
    expect({ ...rest, servers: document.servers }).toEqual(document)
    const elsewhere = await get(createMockWeavz({ baseUrl: 'https://weavz.test' }))
    expect(elsewhere.servers).toEqual([{ url: 'https://weavz.test' }])
  })
})

describe('The OpenAPI document describes, of every endpoint of the contract,', () => {
  it('the operation, and of no other', () => {
    const described = operations.flatMap(([, operation]) => operation['x-weavz-endpoints'])
    expect([...described].sort()).toEqual(table.map(({ id }) => id).sort())
    for (const endpoint of table) {
      expect(operationOf(endpoint)['x-weavz-endpoints'], endpoint.id).toContain(endpoint.id)
      expect(operationOf(endpoint).summary, endpoint.id).toContain(endpoint.summary)
    }
  })

  it.each(table.map((endpoint) => [endpoint.id, endpoint] as const))('%s: all its parts', (_, endpoint) => {
    const operation = operationOf(endpoint)
    const parameters: Node[] = operation.parameters

    const shape = endpoint.query ? Object.keys((endpoint.query as z.ZodMiniObject)._zod.def.shape) : []
    const inQuery = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name)
    expect(inQuery).toEqual(expect.arrayContaining(shape))
    if (endpoint.selectedBy) expect(inQuery).toContain(endpoint.selectedBy.param)
    const inHeader = parameters.filter(({ in: place }) => place === 'header').map(({ name }) => name)
    expect(inHeader).toEqual(Object.keys({ ...endpoint.reads, ...endpoint.headers }))

    expect(operation.requestBody === undefined).toBe(endpoint.body === undefined)
    if (endpoint.body) expect(operation.requestBody.required).toBe(!endpoint.bodyOptional)
    for (const status of Object.keys(endpoint.responses)) expect(operation.responses).toHaveProperty(status)

    for (const code of endpoint.errors) expect(codesAt(operation, errorStatus[code]), code).toContain(code)
    const keyless = endpoint.auth === 'none'
    const impossible = [
      ...(keyless ? ['UNAUTHORIZED', 'SCOPE_DENIED'] : []),
      ...(operation.requestBody ? [] : ['INVALID_JSON']),
      ...(operation.requestBody || inQuery.length > 0 ? [] : ['VALIDATION_ERROR']),
    ]
    for (const code of commonErrors) {
      expect(codesAt(operation, errorStatus[code]).includes(code), code).toBe(!impossible.includes(code))
    }
    // Too large is a validation error like any other, but for its status
    expect(codesAt(operation, 413)).toEqual(operation.requestBody ? ['VALIDATION_ERROR'] : [])
    expect(operation.security).toEqual(keyless ? [{}, { apiKey: [] }] : [{ apiKey: [] }])
    expect(operation['x-weavz-safe-to-retry'] ?? false).toBe(endpoint.safeToRetry ?? false)
  })

  it('the headers of the rate limit on every response, and when to come back on 429 alone', () => {
    const limits = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']
    for (const [path, { responses }] of operations) {
      for (const [status, response] of Object.entries<Node>(responses)) {
        const expected = status === '429' ? [...limits, 'Retry-After'] : limits
        expect(Object.keys(deref(response).headers), `${path} ${status}`).toEqual(expected)
      }
    }
  })
})
