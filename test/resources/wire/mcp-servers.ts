import * as sample from '../samples.js'
import { id, workspaceId, type Cases } from './case.js'

/** MCP servers, their tokens and their tools. */
export const mcpServers = {
  'mcpServers.list': {
    call: (weavz) => weavz.mcpServers.list({ workspaceId, limit: 10, offset: 0, includeSuspended: true }),
    sends: `GET /api/v1/mcp/servers?workspaceId=${workspaceId}&limit=10&offset=0&includeSuspended=true`,
    answers: [200, { servers: [sample.mcpServer], total: 1 }],
  },
  'mcpServers.create': {
    call: (weavz) => weavz.mcpServers.create({ name: 'Support', workspaceId, authMode: 'bearer' }),
    sends: 'POST /api/v1/mcp/servers',
    body: { name: 'Support', workspaceId, authMode: 'bearer' },
    answers: [
      201,
      { server: sample.mcpServer, bearerToken: 'mcp_0123', mcpEndpoint: sample.mcpServer.mcpEndpoint },
    ],
  },
  'mcpServers.get': {
    call: (weavz) => weavz.mcpServers.get(id),
    sends: `GET /api/v1/mcp/servers/${id}`,
    answers: [200, { server: sample.mcpServer, tools: [sample.mcpTool] }],
  },
  'mcpServers.update': {
    call: (weavz) => weavz.mcpServers.update(id, { description: null, endUserId: null }),
    sends: `PATCH /api/v1/mcp/servers/${id}`,
    body: { description: null, endUserId: null },
    answers: [200, { server: sample.mcpServer }],
  },
  'mcpServers.delete': {
    call: (weavz) => weavz.mcpServers.delete(id),
    sends: `DELETE /api/v1/mcp/servers/${id}`,
    answers: [200, { deleted: true, id }],
  },
  'mcpServers.regenerateToken': {
    call: (weavz) => weavz.mcpServers.regenerateToken(id),
    sends: `POST /api/v1/mcp/servers/${id}/regenerate-token`,
    answers: [200, { bearerToken: 'mcp_0123', mcpEndpoint: sample.mcpServer.mcpEndpoint }],
  },
  'mcpServers.createAccessToken': {
    call: (weavz) => weavz.mcpServers.createAccessToken(id, { endUserId: 'user_123', expiresIn: 3600 }),
    sends: `POST /api/v1/mcp/servers/${id}/access-tokens`,
    body: { endUserId: 'user_123', expiresIn: 3600 },
    answers: [
      201,
      {
        accessToken: 'mcp_0123',
        bearerToken: 'mcp_0123',
        token: sample.mcpAccessToken,
        mcpEndpoint: sample.mcpServer.mcpEndpoint,
      },
    ],
  },
  'mcpServers.createOAuthToken': {
    call: (weavz) => weavz.mcpServers.createOAuthToken(id, { endUserId: 'user_123', scopes: ['mcp:tools'] }),
    sends: `POST /api/v1/mcp/servers/${id}/oauth-tokens`,
    body: { endUserId: 'user_123', scopes: ['mcp:tools'] },
    answers: [
      201,
      { accessToken: 'mcpo_0123', token: sample.mcpOAuthToken, mcpEndpoint: sample.mcpServer.mcpEndpoint },
    ],
  },
  'mcpServers.executeCode': {
    call: (weavz) => weavz.mcpServers.executeCode(id, { code: 'return 42', waitForApprovalSeconds: 0 }),
    sends: `POST /api/v1/mcp/servers/${id}/execute-code`,
    body: { code: 'return 42', waitForApprovalSeconds: 0 },
    answers: [200, sample.mcpCodeResult],
  },
  'mcpServers.getDeclarations': {
    call: (weavz) => weavz.mcpServers.getDeclarations(id, 'google-sheets'),
    sends: `GET /api/v1/mcp/servers/${id}/declarations/google-sheets`,
    answers: [200, { declarations: 'interface WeavzTools {}' }],
  },
  'mcpServers.tools.create': {
    call: (weavz) =>
      weavz.mcpServers.tools.create(id, { integrationName: 'slack', actionName: 'x', partialIds: ['Acme'] }),
    sends: `POST /api/v1/mcp/servers/${id}/tools`,
    body: { integrationName: 'slack', actionName: 'x', partialIds: ['Acme'] },
    answers: [201, { tool: sample.mcpTool }],
  },
  'mcpServers.tools.update': {
    call: (weavz) =>
      weavz.mcpServers.tools.update(id, sample.mcpTool.id, { connectionId: null, partialIds: [] }),
    sends: `PATCH /api/v1/mcp/servers/${id}/tools/${sample.mcpTool.id}`,
    body: { connectionId: null, partialIds: [] },
    answers: [200, { tool: sample.mcpTool }],
  },
  'mcpServers.tools.delete': {
    call: (weavz) => weavz.mcpServers.tools.delete(id, sample.mcpTool.id),
    sends: `DELETE /api/v1/mcp/servers/${id}/tools/${sample.mcpTool.id}`,
    answers: [200, { deleted: true, id: sample.mcpTool.id }],
  },
} satisfies Cases
