import * as z from 'zod/mini'
import * as actions from '../../contract/actions.js'
import * as apiKeys from '../../contract/api-keys.js'
import * as approvalPolicies from '../../contract/approval-policies.js'
import * as approvals from '../../contract/approvals.js'
import * as connect from '../../contract/connect.js'
import * as connections from '../../contract/connections.js'
import * as endUsers from '../../contract/end-users.js'
import * as errors from '../../contract/errors.js'
import * as integrations from '../../contract/integrations.js'
import * as mcpServers from '../../contract/mcp-servers.js'
import * as mcpTools from '../../contract/mcp-tools.js'
import * as partials from '../../contract/partials.js'
import * as schema from '../../contract/schema.js'
import * as triggers from '../../contract/triggers.js'
import * as workspaceIntegrations from '../../contract/workspace-integrations.js'
import * as workspaces from '../../contract/workspaces.js'

/** A schema of the contract. */
export type Schema = z.core.$ZodType

const modules: readonly object[] = [
  workspaces,
  workspaceIntegrations,
  connections,
  connect,
  endUsers,
  actions,
  integrations,
  partials,
  triggers,
  mcpServers,
  mcpTools,
  approvalPolicies,
  approvals,
  apiKeys,
  errors,
  schema,
]

/** Whether a value is the schema of an object; texts and numbers read better where they are used than by a name. */
function describesObjects(value: unknown): value is Schema {
  return value instanceof z.core.$ZodType && ['object', 'union', 'record'].includes(value._zod.def.type)
}

/** The objects of the contract under the names that it exports them by: the components of the document. */
export const namedSchemas: ReadonlyMap<Schema, string> = new Map(
  modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (describesObjects(value) ? [[value, name]] : [])),
  ),
)
