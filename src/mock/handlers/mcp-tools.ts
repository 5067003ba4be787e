import * as tools from '../../engine/mcp/tools.js'
import { deleted, type HandlersOf } from '../handler.js'

export const mcpToolsHandlers: HandlersOf<'mcpServers.tools'> = {
  'mcpServers.tools.create': (engine, { params, body }) => ({
    status: 201,
    body: { tool: tools.createTool(engine, params.id, body) },
  }),
  'mcpServers.tools.update': (engine, { params: { id, toolId }, body }) => ({
    status: 200,
    body: { tool: tools.updateTool(engine, id, toolId, body) },
  }),
  'mcpServers.tools.delete': (engine, { params: { id, toolId } }) => {
    tools.deleteTool(engine, id, toolId)
    return deleted(toolId)
  },
}
