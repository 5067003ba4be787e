import { ErrorCode, McpError, type CallToolResult, type Tool } from '@modelcontextprotocol/sdk/types.js'
import type { JsonObject } from '../../contract/schema.js'
import type { Engine } from '../../engine/engine.js'
import { errorBody } from '../respond.js'

/** What a server offers, in whichever mode it is. */
export interface ServerTools {
  list(): Tool[]
  call(name: string, input: JsonObject): Promise<CallToolResult>
}

export const unknownTool = (name: string) =>
  new McpError(ErrorCode.InvalidParams, `The server has no tool ${JSON.stringify(name)}`)

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value as text, and as it is where it is an object: the protocol has no other structured content. */
export function success(value: unknown): CallToolResult {
  const content: CallToolResult['content'] = [{ type: 'text', text: JSON.stringify(value) }]
  return isObject(value) ? { content, structuredContent: value } : { content }
}

/** What went wrong, as the API says it; a mistake about the protocol stays one. */
export function failure(engine: Engine, error: unknown): CallToolResult {
  if (error instanceof McpError) throw error
  const { body } = errorBody(engine, error)
  const text = `${body.code}: ${body.error}`
  return { content: [{ type: 'text', text }], structuredContent: { ...body }, isError: true }
}
