import { mcpTools, type CreateMcpTool, type McpTool, type UpdateMcpTool } from '../contract/mcp-tools.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Tools of MCP servers. Those of the workspace's integrations come and go by themselves.
 *
 * @see docs/mcp.md
 */
export class McpTools extends Resource {
  /**
   * Adds a tool by hand. It stays whatever becomes of the workspace's integrations.
   *
   * @param serverId `server.id`, without `srv_`.
   * @param params.integrationName Catalog slug: `slack`.
   * @param params.connectionId `connection.id` (the UUID, not the externalId): the tool then always runs on that account.
   * @throws NotFoundError `NOT_FOUND` (server), `INTEGRATION_NOT_FOUND`, `CONNECTION_NOT_FOUND`, `PARTIAL_NOT_FOUND`
   * @throws ConflictError `DUPLICATE` if the server has that alias and action, `ALIAS_CONFLICT` if the alias belongs to
   * another integration there.
   * @throws ValidationError `PARTIAL_MISMATCH`
   * @example
   * const { tool } = await weavz.mcpServers.tools.create(server.id, {
   *   integrationName: 'slack', actionName: 'send_channel_message', inputDefaults: { channel: '#alerts' },
   * })
   */
  create(serverId: string, params: CreateMcpTool, options?: RequestOptions): APIPromise<{ tool: McpTool }> {
    return this.call(mcpTools.create, { params: { id: serverId }, body: params }, options)
  }

  /**
   * Changes the fields that are given. `inputDefaults` and `partialIds` are replaced as a whole.
   *
   * @param serverId `server.id`, without `srv_`.
   * @param toolId `tool.id`, a UUID; not the tool's name.
   * @throws NotFoundError `NOT_FOUND` (server, tool), `CONNECTION_NOT_FOUND`, `PARTIAL_NOT_FOUND`
   * @throws ConflictError `DUPLICATE`, `ALIAS_CONFLICT`
   * @throws ValidationError `NO_UPDATES` if no field is given, `PARTIAL_MISMATCH`
   * @example await weavz.mcpServers.tools.update(server.id, tool.id, { description: 'Tells the team' })
   */
  update(
    serverId: string,
    toolId: string,
    params: UpdateMcpTool,
    options?: RequestOptions,
  ): APIPromise<{ tool: McpTool }> {
    return this.call(mcpTools.update, { params: { id: serverId, toolId }, body: params }, options)
  }

  /**
   * Removes a tool from its server.
   *
   * @param serverId `server.id`, without `srv_`.
   * @param toolId `tool.id`, a UUID; not the tool's name.
   * @throws NotFoundError `NOT_FOUND`, also the second time.
   * @example await weavz.mcpServers.tools.delete(server.id, tool.id)
   */
  delete(serverId: string, toolId: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(mcpTools.delete, { params: { id: serverId, toolId } }, options)
  }
}
