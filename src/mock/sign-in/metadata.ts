import { mcpEndpoint } from '../../engine/mcp/servers.js'
import { scopeOf } from '../../engine/mcp/tokens.js'
import { mcpScopes } from '../../contract/mcp-servers.js'
import type { McpServerRow } from '../../engine/rows.js'
import { authMethods } from '../provider/store.js'
import { authorizePath, issuerPath, registrationPath, resourceMetadataPath, tokenPath } from './paths.js'

/** Where the metadata of a server is. */
export function resourceMetadataUrl(server: McpServerRow, baseUrl: string): string {
  const { pathname } = new URL(mcpEndpoint(server, baseUrl))
  return baseUrl + resourceMetadataPath + pathname
}

/** What a client needs to know to get a token for a server (RFC 9728 §2). */
export function resourceMetadata(server: McpServerRow, baseUrl: string) {
  return {
    resource: mcpEndpoint(server, baseUrl),
    resource_name: server.name,
    authorization_servers: [baseUrl + issuerPath],
    scopes_supported: [scopeOf(server)],
    bearer_methods_supported: ['header'],
  }
}

/** What a client needs to know of the server that signs end users in (RFC 8414 §2). */
export function serverMetadata(baseUrl: string) {
  return {
    issuer: baseUrl + issuerPath,
    authorization_endpoint: baseUrl + authorizePath,
    token_endpoint: baseUrl + tokenPath,
    registration_endpoint: baseUrl + registrationPath,
    scopes_supported: mcpScopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: authMethods,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}
