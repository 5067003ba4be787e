import { actions } from './actions.js'
import { approvalPolicies } from './approval-policies.js'
import { approvals } from './approvals.js'
import { apiKeys } from './api-keys.js'
import { connect } from './connect.js'
import { connections } from './connections.js'
import type { AnyEndpoint } from './endpoint.js'
import { endUsers } from './end-users.js'
import { health } from './health.js'
import { integrations } from './integrations.js'
import { mcpServers } from './mcp-servers.js'
import { mcpTools } from './mcp-tools.js'
import { partials } from './partials.js'
import { triggers } from './triggers.js'
import { workspaceIntegrations } from './workspace-integrations.js'
import { workspaces } from './workspaces.js'

/** The whole API: every endpoint, declared once. */
export const contract = {
  workspaces,
  workspaceIntegrations,
  connections,
  connect,
  endUsers,
  actions,
  integrations,
  partials,
  triggers,
  approvalPolicies,
  approvals,
  mcpServers,
  mcpTools,
  apiKeys,
  health,
}
export type Contract = typeof contract

type Values<T> = T[keyof T]
type EndpointOf<T> = T extends AnyEndpoint ? T : never
/** Every endpoint of the table, as a union. */
export type ContractEndpoint = EndpointOf<Values<{ [R in keyof Contract]: Values<Contract[R]> }>>
/** `connections.create`, … */
export type EndpointId = ContractEndpoint['id']
export type EndpointById<Id extends EndpointId> = Extract<ContractEndpoint, { id: Id }>

/** Every endpoint, in the order of the table. */
export const endpoints: readonly ContractEndpoint[] = Object.values(contract).flatMap((resource) =>
  Object.values(resource),
)
