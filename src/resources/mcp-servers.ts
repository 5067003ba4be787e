import {
  mcpServers,
  type CreateMcpServer,
  type CreateMcpToken,
  type ExecuteMcpCode,
  type ListMcpServers,
  type McpAccessToken,
  type McpCodeResult,
  type McpOAuthToken,
  type McpServer,
  type UpdateMcpServer,
} from '../contract/mcp-servers.js'
import type { CreateMcpTool, McpTool, UpdateMcpTool } from '../contract/mcp-tools.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, ListPromise, RequestOptions, Transport } from '../transport/index.js'
import { McpTools } from './mcp-tools.js'
import { Resource } from './resource.js'

/**
 * MCP servers: the integrations of a workspace as tools for AI clients.
 *
 * @see docs/mcp.md
 */
export class McpServers extends Resource {
  /** The tools of a server. */
  readonly tools: McpTools

  constructor(transport: Transport) {
    super(transport)
    this.tools = new McpTools(transport)
  }

  /**
   * Lists MCP servers, oldest first. Await it for one page (default 50, at most 100 items), or iterate over all.
   *
   * @param params.workspaceId `workspace.id`, a UUID; without it those of the whole organization.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example for await (const server of weavz.mcpServers.list()) console.log(server.name, server.mcpEndpoint)
   */
  list(
    params?: ListMcpServers,
    options?: RequestOptions,
  ): ListPromise<{ servers: McpServer[]; total: number }, McpServer> {
    return this.callList(mcpServers.list, { query: params }, options)
  }

  /**
   * Creates a server with one tool for each enabled action of its workspace. `bearerToken` is its static token, shown
   * this once; absent with `authMode: 'oauth'` (the default), and where end users must bring their own accounts.
   *
   * @param params.workspaceId `workspace.id`, a UUID; not the slug.
   * @param params.endUserId Binds the server to one end user, by **external** id (your user id), not the UUID.
   * @throws NotFoundError `NOT_FOUND` (workspace), `END_USER_NOT_FOUND`
   * @throws PermissionDeniedError `QUOTA_EXCEEDED`
   * @example
   * const { server, bearerToken, mcpEndpoint } = await weavz.mcpServers.create({
   *   name: 'Support', workspaceId, authMode: 'bearer',
   * })
   */
  create(
    params: CreateMcpServer,
    options?: RequestOptions,
  ): APIPromise<{ server: McpServer; bearerToken?: string | undefined; mcpEndpoint: string }> {
    return this.call(mcpServers.create, { body: params }, options)
  }

  /**
   * Gets one server with its tools.
   *
   * @param id `server.id`, without `srv_`.
   * @throws NotFoundError `NOT_FOUND`
   * @example const { server, tools } = await weavz.mcpServers.get(serverId)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ server: McpServer; tools: McpTool[] }> {
    return this.call(mcpServers.get, { params: { id } }, options)
  }

  /**
   * Changes the fields that are given. Switching to a bearer mode may give a static token: `bearerToken`, shown this
   * once. Switching to `oauth` takes it away.
   *
   * @param id `server.id`, without `srv_`.
   * @param params.endUserId **External** id of the end user to bind the server to; null unbinds it.
   * @throws NotFoundError `NOT_FOUND`, `END_USER_NOT_FOUND`
   * @throws ValidationError `NO_UPDATES` if no field is given, `WORKSPACE_REQUIRED`
   * @example const { bearerToken } = await weavz.mcpServers.update(server.id, { authMode: 'oauth_and_bearer' })
   */
  update(
    id: string,
    params: UpdateMcpServer,
    options?: RequestOptions,
  ): APIPromise<{ server: McpServer; bearerToken?: string | undefined }> {
    return this.call(mcpServers.update, { params: { id }, body: params }, options)
  }

  /**
   * Deletes a server; its tokens stop working.
   *
   * @param id `server.id`, without `srv_`.
   * @throws NotFoundError `NOT_FOUND`, also the second time.
   * @example await weavz.mcpServers.delete(server.id)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(mcpServers.delete, { params: { id } }, options)
  }

  /**
   * Replaces the static token; the old one stops working.
   *
   * @param id `server.id`, without `srv_`.
   * @throws NotFoundError `NOT_FOUND`
   * @throws ConflictError `MCP_BEARER_DISABLED` if the server takes OAuth alone, `MCP_STATIC_BEARER_INCOMPATIBLE` where
   * end users must bring their own accounts.
   * @example const { bearerToken } = await weavz.mcpServers.regenerateToken(server.id)
   */
  regenerateToken(
    id: string,
    options?: RequestOptions,
  ): APIPromise<{ bearerToken: string; mcpEndpoint: string }> {
    return this.call(mcpServers.regenerateToken, { params: { id } }, options)
  }

  /**
   * Creates a bearer token of one end user: calls with it run on that end user's accounts. `accessToken` and
   * `bearerToken` are the same value, shown this once.
   *
   * @param id `server.id`, without `srv_`.
   * @param params.endUserId The end user's **external** id or, unlike elsewhere, the UUID.
   * @param params.expiresIn Seconds. Default 2592000 (30 days).
   * @throws NotFoundError `NOT_FOUND`, `END_USER_NOT_FOUND`
   * @throws ValidationError `INVALID_MCP_SCOPES`, `WORKSPACE_REQUIRED`
   * @throws ConflictError `MCP_BEARER_DISABLED` if the server takes OAuth alone.
   * @example
   * const { bearerToken, mcpEndpoint } = await weavz.mcpServers.createAccessToken(server.id, { endUserId: 'user_123' })
   */
  createAccessToken(
    id: string,
    params: CreateMcpToken,
    options?: RequestOptions,
  ): APIPromise<{ accessToken: string; bearerToken: string; token: McpAccessToken; mcpEndpoint: string }> {
    return this.call(mcpServers.createAccessToken, { params: { id }, body: params }, options)
  }

  /**
   * Creates an OAuth access token of one end user, without a sign-in. Shown this once.
   *
   * @param id `server.id`, without `srv_`.
   * @param params.endUserId The end user's **external** id or, unlike elsewhere, the UUID.
   * @param params.expiresIn Seconds. Default 2592000 (30 days).
   * @throws NotFoundError `NOT_FOUND`, `END_USER_NOT_FOUND`
   * @throws ValidationError `INVALID_MCP_SCOPES`, `WORKSPACE_REQUIRED`
   * @throws ConflictError `MCP_OAUTH_DISABLED` if the server takes bearer tokens alone.
   * @example const { accessToken } = await weavz.mcpServers.createOAuthToken(server.id, { endUserId: 'user_123' })
   */
  createOAuthToken(
    id: string,
    params: CreateMcpToken,
    options?: RequestOptions,
  ): APIPromise<{ accessToken: string; token: McpOAuthToken; mcpEndpoint: string }> {
    return this.call(mcpServers.createOAuthToken, { params: { id }, body: params }, options)
  }

  /**
   * Runs JavaScript against the tools of a server, or continues a run that waited for an approval. Never repeated by the
   * client after a lost answer, because it may have run.
   *
   * @param id `server.id`, without `srv_`.
   * @param params.waitForApprovalSeconds 0 to 60. Default: the server's `settings.codeMode.approvalWaitSeconds`.
   * @throws ValidationError `ACTION_FAILED`, or if not exactly one of `code` and `approvalId` is given.
   * @throws NotFoundError `NOT_FOUND`, `APPROVAL_NOT_FOUND`
   * @throws PermissionDeniedError `QUOTA_EXCEEDED`
   * @example
   * const { structuredContent, isError } = await weavz.mcpServers.executeCode(server.id, {
   *   code: 'return await weavz.datetime.parse_date({ dateString: "2025-01-15" })',
   * })
   */
  executeCode(id: string, params: ExecuteMcpCode, options?: RequestOptions): APIPromise<McpCodeResult> {
    return this.call(mcpServers.executeCode, { params: { id }, body: params }, options)
  }

  /**
   * Gets the TypeScript declarations (`.d.ts` text) of the tools of one alias, as code in code mode sees them.
   *
   * @param id `server.id`, without `srv_`.
   * @param alias Alias of the tools: `google-sheets`; not the name of the integration, where they differ.
   * @throws NotFoundError `NOT_FOUND` (server, alias)
   * @example const { declarations } = await weavz.mcpServers.getDeclarations(server.id, 'slack')
   */
  getDeclarations(id: string, alias: string, options?: RequestOptions): APIPromise<{ declarations: string }> {
    return this.call(mcpServers.getDeclarations, { params: { id, alias } }, options)
  }

  /**
   * The same as `mcpServers.tools.create`.
   *
   * @example await weavz.mcpServers.addTool(server.id, { integrationName: 'slack', actionName: 'list_channels' })
   */
  addTool(serverId: string, params: CreateMcpTool, options?: RequestOptions): APIPromise<{ tool: McpTool }> {
    return this.tools.create(serverId, params, options)
  }

  /**
   * The same as `mcpServers.tools.update`.
   *
   * @example await weavz.mcpServers.updateTool(server.id, tool.id, { displayName: 'Channels' })
   */
  updateTool(
    serverId: string,
    toolId: string,
    params: UpdateMcpTool,
    options?: RequestOptions,
  ): APIPromise<{ tool: McpTool }> {
    return this.tools.update(serverId, toolId, params, options)
  }

  /**
   * The same as `mcpServers.tools.delete`.
   *
   * @example await weavz.mcpServers.deleteTool(server.id, tool.id)
   */
  deleteTool(serverId: string, toolId: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.tools.delete(serverId, toolId, options)
  }
}
