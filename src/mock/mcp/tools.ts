import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Engine } from '../../engine/engine.js'
import { callTool } from '../../engine/mcp/call.js'
import type { McpCaller } from '../../engine/mcp/callers.js'
import { inputSchema } from '../../engine/mcp/schema.js'
import { describeTool, namedTools } from '../../engine/mcp/surface.js'
import { codeTools } from './code-tools.js'
import { connectorTools, type ConnectorCaller } from './connector.js'
import { failure, success, unknownTool, type ServerTools } from './results.js'

function rawTools(engine: Engine, caller: McpCaller | ConnectorCaller): ServerTools {
  if (!('server' in caller)) return connectorTools(engine, caller)
  return caller.server.mode === 'CODE' ? codeTools(engine, caller) : actionTools(engine, caller)
}

export function toolsFor(engine: Engine, caller: McpCaller | ConnectorCaller): ServerTools {
  const tools = rawTools(engine, caller)
  return {
    list: tools.list,
    // What went wrong is for the model to read, so that it can do better: it is a result, no error of the protocol
    call: (name, input) => tools.call(name, input).catch((error) => failure(engine, error)),
  }
}

function actionTools(engine: Engine, caller: McpCaller): ServerTools {
  const { server } = caller
  const named = namedTools(engine, server)
  return {
    list: () =>
      Array.from(named.values(), (each) => {
        const { name, title, description, input } = describeTool(engine, server, each)
        return { name, title, description, inputSchema: inputSchema(input) as Tool['inputSchema'] }
      }),
    async call(name, input) {
      const action = named.get(name)
      if (!action) throw unknownTool(name)
      const result = await callTool(engine, caller, action, input, { source: 'mcp_tools' })
      return result.success ? success(result.output) : success(result)
    },
  }
}
