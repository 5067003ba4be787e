import { actionsHandlers } from './handlers/actions.js'
import { apiKeysHandlers } from './handlers/api-keys.js'
import { approvalPoliciesHandlers } from './handlers/approval-policies.js'
import { approvalsHandlers } from './handlers/approvals.js'
import { connectHandlers } from './handlers/connect.js'
import { connectionsHandlers } from './handlers/connections.js'
import { endUsersHandlers } from './handlers/end-users.js'
import { healthHandlers } from './handlers/health.js'
import { integrationsHandlers } from './handlers/integrations.js'
import { mcpServersHandlers } from './handlers/mcp-servers.js'
import { mcpToolsHandlers } from './handlers/mcp-tools.js'
import { partialsHandlers } from './handlers/partials.js'
import { triggersHandlers } from './handlers/triggers.js'
import { workspaceIntegrationsHandlers } from './handlers/workspace-integrations.js'
import { workspacesHandlers } from './handlers/workspaces.js'
import type { Handlers } from './handler.js'

/** One handler for every endpoint of the contract. */
export const handlers: Handlers = {
  ...workspacesHandlers,
  ...workspaceIntegrationsHandlers,
  ...connectionsHandlers,
  ...connectHandlers,
  ...endUsersHandlers,
  ...actionsHandlers,
  ...integrationsHandlers,
  ...partialsHandlers,
  ...triggersHandlers,
  ...approvalPoliciesHandlers,
  ...approvalsHandlers,
  ...mcpServersHandlers,
  ...mcpToolsHandlers,
  ...apiKeysHandlers,
  ...healthHandlers,
}
