/** A JSON Schema (2020-12), or any other part of the document that is passed on as it is. */
export type JsonSchema = { readonly [keyword: string]: unknown }

export interface Reference {
  readonly $ref: string
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

export interface Content {
  readonly 'application/json': { readonly schema: JsonSchema }
}

export interface ResponseObject {
  readonly description: string
  readonly headers: Readonly<Record<string, Reference>>
  readonly content: Content
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>
  /** Ids of the endpoints of the contract that this operation stands for: several, where a query selects one. */
  readonly 'x-weavz-endpoints': readonly string[]
  /** Whether the operation may be repeated although it is a POST. */
  readonly 'x-weavz-safe-to-retry'?: true
}

/** The parts of OpenAPI 3.1.0 that the description of Weavz consists of. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly responses: Readonly<Record<string, ResponseObject>>
    readonly headers: Readonly<Record<string, { description: string; required: boolean; schema: JsonSchema }>>
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>
  }
}
