import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import type * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'

/** The arguments of a tool call; an error of the protocol if they do not fit its schema. */
export function read<T>(schema: z.core.$ZodType<T>, input: object): T {
  const parsed = parse(schema, input, 'arguments')
  if (parsed.ok) return parsed.value
  const issues = parsed.issues.map(({ path, message }) => `${path}: ${message}`)
  throw new McpError(ErrorCode.InvalidParams, issues.join('; '))
}
