import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Engine } from '../../engine/engine.js'
import type { McpCaller } from '../../engine/mcp/callers.js'
import { Refusal } from '../../engine/refusal.js'
import { readJson } from '../body.js'
import type { ConnectorCaller } from './connector.js'
import { toolsFor } from './tools.js'

/** This server asks its clients nothing, so that it has no answer of theirs to validate. */
const noValidation = {
  getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'Not expected' }) as const,
}

/** A body that could not be read, or not be stored, whatever the protocol made of it (JSON-RPC 2.0, section 5.1). */
function unreadable({ code, message, status }: Refusal): Response {
  const error = { code: code === 'INVALID_JSON' ? ErrorCode.ParseError : ErrorCode.InvalidRequest, message }
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status })
}

/** Answers one request of an MCP client. Nothing is kept between requests: each brings its own token. */
export async function answer(
  engine: Engine,
  caller: McpCaller | ConnectorCaller,
  request: Request,
): Promise<Response> {
  const name = 'server' in caller ? caller.server.name : 'Weavz'
  const tools = toolsFor(engine, { ...caller, signal: request.signal })
  const server = new Server(
    { name, version: '1.0.0' },
    { capabilities: { tools: {} }, jsonSchemaValidator: noValidation },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.list() }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    tools.call(params.name, params.arguments ?? {}),
  )
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await server.connect(transport)
  try {
    return await transport.handleRequest(request, { parsedBody: await readJson(request) })
  } catch (error) {
    if (error instanceof Refusal) return unreadable(error)
    throw error
  } finally {
    await server.close()
  }
}
