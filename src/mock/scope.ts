import type { EndpointById, EndpointId } from '../contract/index.js'
import type { Engine } from '../engine/engine.js'
import { Refusal } from '../engine/refusal.js'
import type { ApiKeyRow } from '../engine/rows.js'
import type { Visibility } from '../engine/table.js'
import type { HandlerRequest } from './handler.js'

/**
 * What a request touches, for a key that is limited to workspaces: a workspace; `organization` for what is org-wide;
 * undefined for what every key may do, which includes naming something that does not exist (404 is the handler's).
 */
type Touches = string | 'organization' | undefined

/** A list where a request touches several at once, such as where something is and where it is moved to. */
type Rule<Id extends EndpointId> = (
  engine: Engine,
  request: HandlerRequest<EndpointById<Id>>,
) => Touches | readonly Touches[]

/** One rule for every endpoint: a new endpoint without one does not compile. */
type Rules = { readonly [Id in EndpointId]: Rule<Id> }

const anyone = () => undefined
const organization = () => 'organization'
const ofBody = (_: Engine, { body }: { body: { workspaceId?: string | undefined } }) => body.workspaceId
const ofQuery = (_: Engine, { query }: { query: { workspaceId?: string | undefined } }) => query.workspaceId
const ofPath = (_: Engine, { params }: { params: { workspaceId: string } }) => params.workspaceId
const workspace = (_: Engine, { params }: { params: { id: string } }) => params.id
const ofEndUser = ({ state }: Engine, { params }: { params: { id: string } }) =>
  state.tables.endUsers.get(params.id)?.workspaceId
const ofPartial = ({ state }: Engine, { params }: { params: { id: string } }) =>
  state.tables.partials.get(params.id)?.workspaceId

const ofMcpServer = ({ state }: Engine, { params }: { params: { id: string } }) =>
  state.tables.mcpServers.get(params.id)?.workspaceId

const ofApproval = ({ state }: Engine, { params }: { params: { id: string } }) =>
  state.tables.approvals.get(params.id)?.workspaceId

/** A policy of the whole organization is org-wide to whoever changes it. */
function ofPolicy({ state }: Engine, { params }: { params: { id: string } }): Touches {
  const row = state.tables.approvalPolicies.get(params.id)
  return row && (row.workspaceId ?? 'organization')
}

/** A connection at organization level is org-wide to whoever changes it. */
function ofConnection({ state }: Engine, id: string): Touches {
  const row = state.tables.connections.get(id)
  return row && (row.scope === 'ORGANIZATION' ? 'organization' : (row.workspaceId ?? undefined))
}

/** Where a new connection would be. */
function newConnection(body: {
  scope?: string | undefined
  workspaceId?: string | undefined
  endUserId?: string | undefined
}): Touches {
  const orgWide =
    body.scope === 'ORGANIZATION' || (body.scope === undefined && body.workspaceId === undefined)
  return orgWide ? 'organization' : body.workspaceId
}

const rules: Rules = {
  'workspaces.list': anyone,
  'workspaces.create': organization,
  'workspaces.get': workspace,
  'workspaces.update': workspace,
  'workspaces.delete': workspace,
  'workspaces.integrations.list': ofPath,
  'workspaces.integrations.create': ofPath,
  'workspaces.integrations.update': ofPath,
  'workspaces.integrations.delete': ofPath,
  'connections.list': ofQuery,
  'connections.get': (engine, { query }) => {
    const touched = ofConnection(engine, query.id)
    return touched === 'organization' ? undefined : touched
  },
  'connections.create': (_, { body }) => newConnection(body),
  'connections.delete': (engine, { params }) => ofConnection(engine, params.id),
  'connections.resolve': ofBody,
  'connect.createToken': (_, { body }) => newConnection(body),
  'connect.poll': anyone,
  'connect.getSession': ({ state }, { params }) => state.tables.sessions.get(params.sessionId)?.workspaceId,
  'endUsers.list': ofQuery,
  'endUsers.create': ofBody,
  'endUsers.get': ofEndUser,
  'endUsers.update': ofEndUser,
  'endUsers.delete': ofEndUser,
  'endUsers.createConnectToken': ofEndUser,
  'endUsers.invite': ofEndUser,
  'actions.execute': ofBody,
  'integrations.list': anyone,
  'integrations.listSummary': anyone,
  'integrations.get': anyone,
  'integrations.resolveOptions': ofBody,
  'integrations.resolveProperty': ofBody,
  'integrations.oauthStatus': anyone,
  'partials.list': ofQuery,
  'partials.create': ofBody,
  'partials.get': ofPartial,
  'partials.update': ofPartial,
  'partials.delete': ofPartial,
  'partials.setDefault': ofPartial,
  'triggers.list': ofQuery,
  'triggers.enable': ofBody,
  'triggers.disable': ({ state }, { body }) =>
    state.tables.triggerSources.get(body.triggerSourceId)?.workspaceId,
  'triggers.test': anyone,
  'approvalPolicies.list': ofQuery,
  'approvalPolicies.create': (_, { body }) => body.workspaceId ?? 'organization',
  'approvalPolicies.test': (_, { body }) => [body.policy.workspaceId ?? undefined, body.context.workspaceId],
  'approvalPolicies.get': (engine, request) => {
    const touched = ofPolicy(engine, request)
    return touched === 'organization' ? undefined : touched
  },
  'approvalPolicies.update': (engine, request) => {
    const { workspaceId } = request.body
    return [ofPolicy(engine, request), workspaceId === null ? 'organization' : workspaceId]
  },
  'approvalPolicies.delete': ofPolicy,
  'approvals.list': ofQuery,
  'approvals.get': ofApproval,
  'approvals.approve': ofApproval,
  'approvals.reject': ofApproval,
  'approvals.cancel': ofApproval,
  'mcpServers.list': ofQuery,
  'mcpServers.create': ofBody,
  'mcpServers.get': ofMcpServer,
  'mcpServers.update': ofMcpServer,
  'mcpServers.delete': ofMcpServer,
  'mcpServers.regenerateToken': ofMcpServer,
  'mcpServers.createAccessToken': ofMcpServer,
  'mcpServers.createOAuthToken': ofMcpServer,
  'mcpServers.executeCode': ofMcpServer,
  'mcpServers.getDeclarations': ofMcpServer,
  'mcpServers.tools.create': ofMcpServer,
  'mcpServers.tools.update': ofMcpServer,
  'mcpServers.tools.delete': ofMcpServer,
  'apiKeys.list': organization,
  'apiKeys.create': organization,
  'apiKeys.delete': organization,
  'health.check': anyone,
}

/** The workspaces that a key is limited to; undefined for a key of the whole organization. */
function workspacesOf(apiKey: ApiKeyRow | undefined): ReadonlySet<string> | undefined {
  const permissions = apiKey?.permissions
  return permissions?.scope === 'workspace' ? new Set(permissions.workspaceIds) : undefined
}

/** What a list shows to a key: what is org-wide, and what is of its workspaces. Undefined: everything. */
export function visibleTo(apiKey: ApiKeyRow | undefined): Visibility | undefined {
  const allowed = workspacesOf(apiKey)
  return allowed && ((workspaceId) => workspaceId === null || allowed.has(workspaceId))
}

function refuseForeign(
  engine: Engine,
  apiKey: ApiKeyRow | undefined,
  touches: () => Touches | readonly Touches[],
): void {
  const allowed = workspacesOf(apiKey)
  if (!allowed) return
  for (const one of [touches()].flat()) {
    if (one === undefined || allowed.has(one)) continue
    // A workspace that does not exist answers 404 first, like to any other key.
    if (one !== 'organization' && !engine.state.hasWorkspace(one)) continue
    throw new Refusal('SCOPE_DENIED', 'The API key is limited to other workspaces')
  }
}

/** 403 `SCOPE_DENIED` if the key is limited to workspaces and the request touches anything else. */
export function refuseOutOfScope(engine: Engine, id: EndpointId, request: HandlerRequest): void {
  const rule = rules[id] as Rule<EndpointId>
  refuseForeign(engine, request.apiKey, () => rule(engine, request as never))
}

/** 403 `SCOPE_DENIED` if the key is limited to other workspaces. */
export function refuseForeignWorkspace(engine: Engine, apiKey: ApiKeyRow, workspaceId: string): void {
  refuseForeign(engine, apiKey, () => workspaceId)
}
