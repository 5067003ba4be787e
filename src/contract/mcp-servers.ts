import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { McpTool } from './mcp-tools.js'
import {
  Deleted,
  IdReference,
  JsonObject,
  Page,
  RequiredText,
  Timestamp,
  includeSuspended,
  maybe,
  open,
  openEnum,
} from './schema.js'

export const mcpModes = ['TOOLS', 'CODE'] as const
/** `TOOLS`: one tool an action. `CODE`: the meta-tools that search, read and execute code. */
export type McpMode = (typeof mcpModes)[number]

export const mcpAuthModes = ['oauth', 'bearer', 'oauth_and_bearer'] as const
export type McpAuthMode = (typeof mcpAuthModes)[number]

export const endUserAccessModes = ['restricted', 'open'] as const
export type EndUserAccess = (typeof endUserAccessModes)[number]

/** What a token may be used for: the tools of mode `TOOLS`, or those of mode `CODE`. */
export const mcpScopes = ['mcp:tools', 'mcp:code'] as const
export type McpScope = (typeof mcpScopes)[number]

/** Seconds that a call stays open for a person to decide. */
const ApprovalWait = z.optional(z.number().check(z.minimum(0), z.maximum(60)))

export const McpServerSettings = z.strictObject({
  codeMode: z.optional(
    z.strictObject({
      /** How long a run waits for an approval, in seconds, 0 to 60. Default 0. */
      approvalWaitSeconds: ApprovalWait,
    }),
  ),
  mcpApp: z.optional(
    z.strictObject({
      /** Default false. */
      enabled: z.optional(z.boolean()),
    }),
  ),
})
export interface McpServerSettings extends z.infer<typeof McpServerSettings> {}

export const McpServer = open({
  id: z.string(),
  orgId: z.string(),
  workspaceId: z.string(),
  name: z.string(),
  description: maybe(z.string()),
  mode: openEnum(mcpModes),
  settings: open({
    codeMode: z.optional(open({ approvalWaitSeconds: z.optional(z.number()) })),
    mcpApp: z.optional(open({ enabled: z.optional(z.boolean()) })),
  }),
  authMode: openEnum(mcpAuthModes),
  endUserAccess: openEnum(endUserAccessModes),
  /** Who may sign in, and how: what `authMode` comes to in this workspace. */
  auth: open({
    oauthEnabled: z.boolean(),
    /** The same as `staticBearerEnabled`. */
    bearerEnabled: z.boolean(),
    /** A static token exists: one credential for everybody who has it. */
    staticBearerEnabled: z.boolean(),
    endUserBearerTokensEnabled: z.boolean(),
    /** The same as `endUserBearerTokensEnabled`. */
    accessTokensEnabled: z.boolean(),
  }),
  createdBy: maybe(z.string()),
  /** The URL for MCP clients. */
  mcpEndpoint: z.string(),
  /** **External** id of the one end user that the server is bound to. */
  endUserId: maybe(z.string()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export interface McpServer extends z.infer<typeof McpServer> {}

const configurable = {
  /** Default `TOOLS`. */
  mode: z.optional(z.enum(mcpModes)),
  /** Default `{}`; replaced as a whole. */
  settings: z.optional(McpServerSettings),
  /** Default `oauth`. */
  authMode: z.optional(z.enum(mcpAuthModes)),
  /** Default `restricted`: only end users that exist already may sign in. */
  endUserAccess: z.optional(z.enum(endUserAccessModes)),
}

export const CreateMcpServer = z.strictObject({
  name: RequiredText,
  /** Workspace UUID. */
  workspaceId: IdReference,
  description: z.optional(z.string()),
  ...configurable,
  /** Default: the id of the calling key. */
  createdBy: z.optional(RequiredText),
  /** Binds the server to one end user, by **external** id. */
  endUserId: z.optional(RequiredText),
})
export interface CreateMcpServer extends z.input<typeof CreateMcpServer> {}

export const UpdateMcpServer = z.strictObject({
  name: z.optional(RequiredText),
  description: maybe(z.string()),
  ...configurable,
  /** **External** id; null unbinds. */
  endUserId: maybe(RequiredText),
})
export interface UpdateMcpServer extends z.input<typeof UpdateMcpServer> {}

export const ListMcpServers = z.object({
  /** Workspace UUID; must exist. */
  workspaceId: z.optional(z.string()),
  ...Page,
  includeSuspended,
})
export interface ListMcpServers extends z.input<typeof ListMcpServers> {}

export const CreateMcpToken = z.strictObject({
  /** The end user's **external** id, or, failing that, the UUID. */
  endUserId: RequiredText,
  /** `mcp:tools` or `mcp:code`. Default: that of the server's mode. */
  scopes: z.optional(z.array(z.string())),
  /** Lifetime in seconds, at most 100 years. Default 2592000 (30 days). */
  expiresIn: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(3_153_600_000))),
})
export interface CreateMcpToken extends z.input<typeof CreateMcpToken> {}

const token = {
  id: z.string(),
  /** The first 8 characters. */
  tokenPrefix: z.string(),
  scopes: z.array(z.string()),
  /** **External** id. */
  endUserId: maybe(z.string()),
  expiresAt: Timestamp,
  createdAt: Timestamp,
}
export const McpOAuthToken = open(token)
export interface McpOAuthToken extends z.infer<typeof McpOAuthToken> {}
export const McpAccessToken = open({
  ...token,
  authMethod: z.optional(z.string()),
  tokenType: z.optional(z.string()),
})
export interface McpAccessToken extends z.infer<typeof McpAccessToken> {}

export const ExecuteMcpCode = z
  .strictObject({
    /** JavaScript, in code mode. Exactly one of code and approvalId. */
    code: z.optional(RequiredText),
    /** Continues a run that waited for this approval. */
    approvalId: z.optional(RequiredText),
    /** Seconds, 0 to 60. Default: the server's `settings.codeMode.approvalWaitSeconds`. */
    waitForApprovalSeconds: ApprovalWait,
  })
  .check(
    z.refine(({ code, approvalId }) => (code === undefined) !== (approvalId === undefined), {
      path: ['code'],
      error: 'Exactly one of code and approvalId',
    }),
  )
export interface ExecuteMcpCode extends z.input<typeof ExecuteMcpCode> {}

export const McpCodeResult = open({
  content: z.array(JsonObject),
  structuredContent: z.optional(z.unknown()),
  isError: z.boolean(),
})
export interface McpCodeResult extends z.infer<typeof McpCodeResult> {}

const tokenErrors = ['INVALID_MCP_SCOPES', 'WORKSPACE_REQUIRED', 'END_USER_NOT_FOUND'] as const
const servers = '/api/v1/mcp/servers'

export const mcpServers = {
  list: endpoint('mcpServers.list', {
    method: 'GET',
    path: servers,
    auth: 'api-key',
    summary: 'List MCP servers.',
    query: ListMcpServers,
    responses: { 200: open({ servers: z.array(McpServer), total: z.number() }) },
    errors: [],
    list: 'servers',
    paginated: true,
  }),
  create: endpoint('mcpServers.create', {
    method: 'POST',
    path: servers,
    auth: 'api-key',
    summary: 'Create an MCP server, filled with the tools of its workspace.',
    body: CreateMcpServer,
    responses: {
      201: open({
        server: McpServer,
        /** `mcp_…`, shown this once; absent if the server has no static token. */
        bearerToken: z.optional(z.string()),
        mcpEndpoint: z.string(),
      }),
    },
    errors: ['QUOTA_EXCEEDED', 'END_USER_NOT_FOUND'],
  }),
  get: endpoint('mcpServers.get', {
    method: 'GET',
    path: `${servers}/{id}`,
    auth: 'api-key',
    summary: 'Get an MCP server with its tools.',
    responses: { 200: open({ server: McpServer, tools: z.array(McpTool) }) },
    errors: [],
  }),
  update: endpoint('mcpServers.update', {
    method: 'PATCH',
    path: `${servers}/{id}`,
    auth: 'api-key',
    summary: 'Change an MCP server.',
    body: UpdateMcpServer,
    responses: { 200: open({ server: McpServer, bearerToken: z.optional(z.string()) }) },
    errors: ['NO_UPDATES', 'WORKSPACE_REQUIRED', 'END_USER_NOT_FOUND'],
  }),
  delete: endpoint('mcpServers.delete', {
    method: 'DELETE',
    path: `${servers}/{id}`,
    auth: 'api-key',
    summary: 'Delete an MCP server.',
    responses: { 200: Deleted },
    errors: [],
  }),
  regenerateToken: endpoint('mcpServers.regenerateToken', {
    method: 'POST',
    path: `${servers}/{id}/regenerate-token`,
    auth: 'api-key',
    summary: 'Replace the static bearer token; the old one stops working.',
    responses: { 200: open({ bearerToken: z.string(), mcpEndpoint: z.string() }) },
    errors: ['MCP_BEARER_DISABLED', 'MCP_STATIC_BEARER_INCOMPATIBLE'],
  }),
  createAccessToken: endpoint('mcpServers.createAccessToken', {
    method: 'POST',
    path: `${servers}/{id}/access-tokens`,
    auth: 'api-key',
    summary: 'Create a bearer token for one end user.',
    body: CreateMcpToken,
    responses: {
      201: open({
        accessToken: z.string(),
        bearerToken: z.string(),
        token: McpAccessToken,
        mcpEndpoint: z.string(),
      }),
    },
    errors: [...tokenErrors, 'MCP_BEARER_DISABLED'],
  }),
  createOAuthToken: endpoint('mcpServers.createOAuthToken', {
    method: 'POST',
    path: `${servers}/{id}/oauth-tokens`,
    auth: 'api-key',
    summary: 'Create an OAuth access token for one end user.',
    body: CreateMcpToken,
    responses: { 201: open({ accessToken: z.string(), token: McpOAuthToken, mcpEndpoint: z.string() }) },
    errors: [...tokenErrors, 'MCP_OAUTH_DISABLED'],
  }),
  executeCode: endpoint('mcpServers.executeCode', {
    method: 'POST',
    path: `${servers}/{id}/execute-code`,
    auth: 'api-key',
    summary: 'Run code against the tools of a server in code mode.',
    body: ExecuteMcpCode,
    responses: { 200: McpCodeResult },
    errors: ['ACTION_FAILED', 'QUOTA_EXCEEDED', 'APPROVAL_NOT_FOUND'],
    reads: { 'X-Source': 'Names the origin of the call, for usage figures.' },
  }),
  getDeclarations: endpoint('mcpServers.getDeclarations', {
    method: 'GET',
    path: `${servers}/{id}/declarations/{alias}`,
    auth: 'api-key',
    summary: 'Get the TypeScript declarations of the tools of one alias.',
    responses: { 200: open({ declarations: z.string() }) },
    errors: [],
  }),
}
