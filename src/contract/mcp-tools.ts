import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Deleted, IdReference, JsonObject, RequiredText, maybe, open, openEnum } from './schema.js'
import { Alias } from './workspace-integrations.js'

const toolTypes = ['ACTION'] as const

export const McpTool = open({
  id: z.string(),
  mcpServerId: z.string(),
  integrationName: z.string(),
  integrationAlias: z.string(),
  actionName: z.string(),
  toolType: openEnum(toolTypes),
  /** A connection of the tool's own, which bypasses the strategy; null: resolved through the workspace integration. */
  connectionId: maybe(z.string()),
  displayName: maybe(z.string()),
  description: maybe(z.string()),
  inputDefaults: maybe(JsonObject),
  partialIds: maybe(z.array(z.string())),
  sortOrder: z.number(),
  /** Null for tools added by hand. */
  sourceWorkspaceIntegrationId: maybe(z.string()),
})
export interface McpTool extends z.infer<typeof McpTool> {}

const toolFields = {
  displayName: z.optional(z.string()),
  /** Values for what the caller leaves out; partials and the caller's input go before them. */
  inputDefaults: z.optional(JsonObject),
  sortOrder: z.optional(z.number()),
  /** On one server an alias belongs to one integration. Default: the integration's name. */
  integrationAlias: z.optional(Alias),
  /** Ids or names of input partials. Omitted: default partials apply. `[]`: none. */
  partialIds: z.optional(z.array(RequiredText)),
}

export const CreateMcpTool = z.strictObject({
  /** Catalog slug. */
  integrationName: RequiredText,
  /** Whether the catalog has it is not checked. */
  actionName: RequiredText,
  toolType: z.optional(z.enum(toolTypes)),
  description: z.optional(z.string()),
  /** `connection.id`, a UUID: the tool then runs on that connection, whatever the strategy. */
  connectionId: z.optional(IdReference),
  ...toolFields,
})
export interface CreateMcpTool extends z.input<typeof CreateMcpTool> {}

export const UpdateMcpTool = z.strictObject({
  description: maybe(z.string()),
  /** `connection.id`, a UUID; null: resolved through the workspace integration. */
  connectionId: maybe(IdReference),
  ...toolFields,
})
export interface UpdateMcpTool extends z.input<typeof UpdateMcpTool> {}

const errors = [
  'PARTIAL_MISMATCH',
  'CONNECTION_NOT_FOUND',
  'PARTIAL_NOT_FOUND',
  'DUPLICATE',
  'ALIAS_CONFLICT',
] as const
const path = '/api/v1/mcp/servers/{id}/tools'

export const mcpTools = {
  create: endpoint('mcpServers.tools.create', {
    method: 'POST',
    path: path,
    auth: 'api-key',
    summary: 'Add a tool by hand.',
    body: CreateMcpTool,
    responses: { 201: open({ tool: McpTool }) },
    errors: [...errors, 'INTEGRATION_NOT_FOUND'],
  }),
  update: endpoint('mcpServers.tools.update', {
    method: 'PATCH',
    path: `${path}/{toolId}`,
    auth: 'api-key',
    summary: 'Change a tool.',
    body: UpdateMcpTool,
    responses: { 200: open({ tool: McpTool }) },
    errors: [...errors, 'NO_UPDATES'],
  }),
  delete: endpoint('mcpServers.tools.delete', {
    method: 'DELETE',
    path: `${path}/{toolId}`,
    auth: 'api-key',
    summary: 'Remove a tool.',
    responses: { 200: Deleted },
    errors: [],
  }),
}
