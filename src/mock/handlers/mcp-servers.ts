import type { McpCaller } from '../../engine/mcp/callers.js'
import * as code from '../../engine/mcp/code.js'
import { declarationsOf } from '../../engine/mcp/declarations.js'
import * as servers from '../../engine/mcp/servers.js'
import * as tokens from '../../engine/mcp/tokens.js'
import * as tools from '../../engine/mcp/tools.js'
import { deleted, type HandlersOf } from '../handler.js'

const shown = (bearerToken: string | undefined) => (bearerToken === undefined ? {} : { bearerToken })

export const mcpServersHandlers: HandlersOf<'mcpServers'> = {
  'mcpServers.list': (engine, { query, visible, baseUrl }) => {
    const { items, total } = servers.listServers(engine, query, visible)
    const shownServers = items.map((row) => servers.showServer(engine, row, baseUrl))
    return { status: 200, body: { servers: shownServers, total } }
  },
  'mcpServers.create': (engine, { body, apiKey, baseUrl }) => {
    const { server, bearerToken } = servers.createServer(engine, body, apiKey)
    const mcpEndpoint = servers.mcpEndpoint(server, baseUrl)
    return {
      status: 201,
      body: { server: servers.showServer(engine, server, baseUrl), ...shown(bearerToken), mcpEndpoint },
    }
  },
  'mcpServers.get': (engine, { params, baseUrl }) => {
    const server = servers.getServer(engine, params.id)
    return {
      status: 200,
      body: { server: servers.showServer(engine, server, baseUrl), tools: tools.toolsOf(engine, server.id) },
    }
  },
  'mcpServers.update': (engine, { params, body, baseUrl }) => {
    const { server, bearerToken } = servers.updateServer(engine, params.id, body)
    return {
      status: 200,
      body: { server: servers.showServer(engine, server, baseUrl), ...shown(bearerToken) },
    }
  },
  'mcpServers.delete': (engine, { params }) => {
    servers.deleteServer(engine, params.id)
    return deleted(params.id)
  },
  'mcpServers.regenerateToken': (engine, { params, baseUrl }) => {
    const bearerToken = servers.regenerateToken(engine, params.id)
    return { status: 200, body: { bearerToken, mcpEndpoint: servers.mcpEndpoint(params, baseUrl) } }
  },
  'mcpServers.createAccessToken': (engine, { params, body, baseUrl }) => {
    const server = servers.getServer(engine, params.id)
    const { row, token } = tokens.createEndUserToken(engine, server, 'bearer', body)
    return {
      status: 201,
      body: {
        accessToken: token,
        bearerToken: token,
        token: { ...tokens.showToken(engine, row), authMethod: 'bearer', tokenType: 'mcp_bearer' },
        mcpEndpoint: servers.mcpEndpoint(server, baseUrl),
      },
    }
  },
  'mcpServers.createOAuthToken': (engine, { params, body, baseUrl }) => {
    const server = servers.getServer(engine, params.id)
    const { row, token } = tokens.createEndUserToken(engine, server, 'oauth', body)
    const mcpEndpoint = servers.mcpEndpoint(server, baseUrl)
    return { status: 201, body: { accessToken: token, token: tokens.showToken(engine, row), mcpEndpoint } }
  },
  'mcpServers.executeCode': async (engine, { params, body, apiKey, baseUrl, signal }) => {
    const server = servers.getServer(engine, params.id)
    const caller: McpCaller = {
      server,
      requestedBy: apiKey && { type: 'api_key', id: apiKey.id },
      endUserId: server.endUserId ?? undefined,
      baseUrl,
      signal,
    }
    return { status: 200, body: await code.executeCode(engine, caller, body) }
  },
  'mcpServers.getDeclarations': (engine, { params: { id, alias } }) => ({
    status: 200,
    body: { declarations: declarationsOf(engine, id, alias) },
  }),
}
