import type { McpServer } from '../../contract/mcp-servers.js'
import type { Engine } from '../engine.js'
import { Refusal } from '../refusal.js'
import type { McpServerRow, WorkspaceIntegrationRow } from '../rows.js'
import { takesBearer, takesOAuth } from './auth-mode.js'
import { dropStaticToken, staticTokenOf } from './tokens.js'

/** Whether end users must bring their own account: then one credential for everybody could never be right. */
function isStrict({ catalog }: Engine, row: WorkspaceIntegrationRow): boolean {
  return row.connectionStrategy === 'per_user' && catalog.get(row.integrationName)?.auth !== null
}

function isStrictWorkspace(engine: Engine, workspaceId: string): boolean {
  const rows = engine.state.tables.workspaceIntegrations.where('workspace', workspaceId).values()
  for (const row of rows) if (isStrict(engine, row)) return true
  return false
}

type Ruled = Pick<McpServerRow, 'authMode' | 'workspaceId' | 'endUserId'>

/** A static token says nothing about who calls, so a strict workspace allows one only where the server itself does. */
export function allowsStaticToken(engine: Engine, server: Ruled): boolean {
  return takesBearer(server) && (server.endUserId !== null || !isStrictWorkspace(engine, server.workspaceId))
}

/** What the rules come to, as the API shows it. */
export function authOf(engine: Engine, server: McpServerRow): McpServer['auth'] {
  const staticBearer = staticTokenOf(engine, server.id) !== undefined
  const endUserTokens = takesBearer(server)
  return {
    oauthEnabled: takesOAuth(server),
    bearerEnabled: staticBearer,
    staticBearerEnabled: staticBearer,
    endUserBearerTokensEnabled: endUserTokens,
    accessTokensEnabled: endUserTokens,
  }
}

/** Takes away a static token that the rules no longer allow: after a switch to `oauth`, or after unbinding. */
export function enforceBearerRules(engine: Engine, server: McpServerRow): void {
  if (!allowsStaticToken(engine, server)) dropStaticToken(engine, server.id)
}

/** 409 if that workspace integration would make its workspace strict while a static token exists in it. */
export function refuseBlockedPerUser(engine: Engine, row: WorkspaceIntegrationRow): void {
  if (!isStrict(engine, row)) return
  for (const server of engine.state.tables.mcpServers.where('workspace', row.workspaceId).values()) {
    if (staticTokenOf(engine, server.id)) {
      throw new Refusal(
        'MCP_BEARER_BLOCKS_PER_USER',
        `MCP server "${server.name}" of this workspace has a static bearer token: switch it off first (authMode oauth), or use per_user_with_fallback`,
      )
    }
  }
}
