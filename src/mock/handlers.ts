import type { EndpointById, EndpointId } from '../contract/index.js'
import type { ParamsOf, ParsedBodyOf, ParsedQueryOf, ReplyOf } from '../contract/endpoint.js'
import * as actions from '../engine/actions.js'
import * as connect from '../engine/connect.js'
import * as connections from '../engine/connections.js'
import * as endUsers from '../engine/end-users.js'
import type { Engine } from '../engine/engine.js'
import * as integrations from '../engine/integrations.js'
import * as properties from '../engine/properties.js'
import { resolveConnection } from '../engine/resolve-connection.js'
import type { ApiKeyRow } from '../engine/rows.js'
import * as workspaceIntegrations from '../engine/workspace-integrations.js'
import * as workspaces from '../engine/workspaces.js'
import type { AnyEndpoint } from '../contract/endpoint.js'

/** A request that was authenticated and parsed with the schemas of its endpoint. */
export interface HandlerRequest<E extends AnyEndpoint = AnyEndpoint> {
  readonly params: ParamsOf<E>
  readonly query: ParsedQueryOf<E>
  readonly body: ParsedBodyOf<E>
  /** The calling key; undefined where none is needed and none, or a bad one, was given. */
  readonly apiKey: ApiKeyRow | undefined
  /** Where this Weavz is reached: its hosted pages are below it. No trailing slash. */
  readonly baseUrl: string
}

/** Answers one endpoint: a status that the contract declares, with the body that belongs to it. */
export type Handler<E extends AnyEndpoint = AnyEndpoint> = (
  engine: Engine,
  request: HandlerRequest<E>,
) => ReplyOf<E> | Promise<ReplyOf<E>>

/** One handler for every endpoint of the contract: a missing or a mistyped one does not compile. */
export type Handlers = { readonly [Id in EndpointId]: Handler<EndpointById<Id>> }

const deleted = (id: string) => ({ status: 200, body: { deleted: true, id } }) as const

export const handlers: Handlers = {
  'workspaces.list': (engine, { query }) => {
    const { items, total } = workspaces.listWorkspaces(engine, query)
    return { status: 200, body: { workspaces: items, total } }
  },
  'workspaces.create': (engine, { body }) => ({
    status: 201,
    body: { workspace: workspaces.createWorkspace(engine, body) },
  }),
  'workspaces.get': (engine, { params }) => ({
    status: 200,
    body: { workspace: workspaces.getWorkspace(engine, params.id) },
  }),
  'workspaces.update': (engine, { params, body }) => ({
    status: 200,
    body: { workspace: workspaces.updateWorkspace(engine, params.id, body) },
  }),
  'workspaces.delete': (engine, { params }) => {
    workspaces.deleteWorkspace(engine, params.id)
    return deleted(params.id)
  },

  'workspaces.integrations.list': (engine, { params }) => {
    const items = workspaceIntegrations.listWorkspaceIntegrations(engine, params.workspaceId)
    return { status: 200, body: { integrations: items, total: items.length } }
  },
  'workspaces.integrations.create': (engine, { params, body }) => ({
    status: 201,
    body: {
      integration: workspaceIntegrations.createWorkspaceIntegration(engine, params.workspaceId, body),
    },
  }),
  'workspaces.integrations.update': (engine, { params: { workspaceId, id }, body }) => ({
    status: 200,
    body: {
      integration: workspaceIntegrations.updateWorkspaceIntegration(engine, workspaceId, id, body),
    },
  }),
  'workspaces.integrations.delete': (engine, { params: { workspaceId, id } }) => {
    workspaceIntegrations.deleteWorkspaceIntegration(engine, workspaceId, id)
    return deleted(id)
  },

  'connections.list': (engine, { query }) => {
    const { items, total } = connections.listConnections(engine, query)
    return { status: 200, body: { connections: items, total } }
  },
  'connections.get': (engine, { query }) => ({
    status: 200,
    body: { connection: connections.showConnection(connections.getConnection(engine, query.id)) },
  }),
  'connections.create': async (engine, { body }) => ({
    status: 201,
    body: { connection: connections.showConnection(await connections.createConnection(engine, body)) },
  }),
  'connections.delete': (engine, { params }) => {
    connections.deleteConnection(engine, params.id)
    return deleted(params.id)
  },
  'connections.resolve': (engine, { body }) => ({
    status: 200,
    body: { connection: resolveConnection(engine, body) },
  }),

  'connect.createToken': (engine, { body, baseUrl }) => ({
    status: 200,
    body: connect.createConnectToken(engine, body, baseUrl),
  }),
  'connect.poll': (engine, { body }) => ({ status: 200, body: connect.pollSession(engine, body.token) }),
  'connect.getSession': (engine, { params }) => ({
    status: 200,
    body: { session: connect.getSession(engine, params.sessionId) },
  }),

  'endUsers.list': (engine, { query }) => {
    const { items, total } = endUsers.listEndUsers(engine, query)
    return { status: 200, body: { endUsers: items, total } }
  },
  'endUsers.create': (engine, { body }) => ({
    status: 201,
    body: { endUser: endUsers.createEndUser(engine, body) },
  }),
  'endUsers.get': (engine, { params }) => ({ status: 200, body: endUsers.getEndUser(engine, params.id) }),
  'endUsers.update': (engine, { params, body }) => ({
    status: 200,
    body: { endUser: endUsers.updateEndUser(engine, params.id, body) },
  }),
  'endUsers.delete': (engine, { params: { id } }) => {
    const connectionsDeleted = endUsers.deleteEndUser(engine, id)
    return { status: 200, body: { deleted: true, id, connectionsDeleted } }
  },
  'endUsers.createConnectToken': (engine, { params, body, baseUrl }) => ({
    status: 200,
    body: endUsers.createPortalToken(engine, params.id, body, baseUrl),
  }),
  'endUsers.invite': (engine, { params, body: { email: _email, ...portal }, baseUrl }) => ({
    status: 200,
    // There is no mail provider offline, so that every mail counts as accepted.
    body: { ...endUsers.createPortalToken(engine, params.id, portal, baseUrl), emailSent: true },
  }),

  'actions.execute': async (engine, { body }) => ({
    status: 200,
    body: await actions.executeAction(engine, body),
  }),

  'integrations.list': (engine, { apiKey }) => {
    const items = integrations.listIntegrations(engine)
    const registered = apiKey ? integrations.registeredIntegrations(engine) : []
    return { status: 200, body: { integrations: items, total: items.length, registered } }
  },
  'integrations.listSummary': (engine, { apiKey }) => {
    const items = integrations.listIntegrationSummaries(engine)
    const registered = apiKey ? integrations.registeredIntegrations(engine) : []
    return { status: 200, body: { integrations: items, total: items.length, registered } }
  },
  'integrations.get': (engine, { query }) => {
    const integration = integrations.describeIntegration(engine, query.name)
    return { status: 200, body: { integration, integrations: [integration], total: 1 } }
  },
  'integrations.resolveOptions': async (engine, { params, body }) => ({
    status: 200,
    body: await properties.resolveOptions(engine, params.integrationName, body),
  }),
  'integrations.resolveProperty': async (engine, { params, body }) => ({
    status: 200,
    body: await properties.resolveProperty(engine, params.integrationName, body),
  }),
  'integrations.oauthStatus': (engine) => ({
    status: 200,
    body: { configured: integrations.oauthConfigured(engine) },
  }),

  'health.check': () => ({ status: 200, body: { status: 'healthy' } }),
}
