import type { BodyOf } from '../../src/contract/endpoint.js'
import type { CreateConnectToken } from '../../src/contract/connect.js'
import type { CreateConnection } from '../../src/contract/connections.js'
import type { contract } from '../../src/contract/index.js'
import { hush, type Api, type Open } from './door.js'

/** A UUID that names nothing. */
export const nobody = '00000000-0000-4000-8000-000000000000'

/** A mock with an empty workspace. */
export async function begin(open: Open, options?: Parameters<Open>[0]) {
  const api = await open(options)
  const { id: workspaceId } = await makeWorkspace(api)
  return { api, workspaceId }
}

export async function makeWorkspace(api: Api, slug = 'acme') {
  return (await api.ok('workspaces.create', { body: { name: slug, slug } })).workspace
}

/** Credentials of each type, all of which say that they are secret. */
export const credentials = {
  SECRET_TEXT: { type: 'SECRET_TEXT', secretText: `sk-${hush}` },
  BASIC_AUTH: { type: 'BASIC_AUTH', username: `user-${hush}`, password: `pass-${hush}` },
  CUSTOM_AUTH: { type: 'CUSTOM_AUTH', props: { token: `pat-${hush}`, port: 5432 } },
  OAUTH2: {
    type: 'OAUTH2',
    accessToken: `at-${hush}`,
    refreshToken: `rt-${hush}`,
    tokenType: 'Bearer',
    expiresIn: 3600,
    scope_oauth: `chat:write ${hush}`,
    data: { team: `T-${hush}` },
  },
  PLATFORM_OAUTH2: { type: 'PLATFORM_OAUTH2', accessToken: `pt-${hush}` },
} as const

/** A body that creates a Slack connection, unless it says otherwise. */
export function slack(fields: Record<string, unknown> = {}): CreateConnection {
  return {
    ...credentials.PLATFORM_OAUTH2,
    externalId: 'conn_slack',
    displayName: 'Slack',
    integrationName: 'slack',
    ...fields,
  } as CreateConnection
}

export async function makeConnection(api: Api, fields: Record<string, unknown> = {}) {
  return (await api.ok('connections.create', { body: slack(fields) })).connection
}

export async function makeEndUser(api: Api, workspaceId: string, externalId = 'user_123') {
  return (await api.ok('endUsers.create', { body: { workspaceId, externalId } })).endUser
}

type NewIntegration = BodyOf<typeof contract.workspaceIntegrations.create>

export async function configure(api: Api, workspaceId: string, body: NewIntegration) {
  return (await api.ok('workspaces.integrations.create', { params: { workspaceId }, body })).integration
}

/** A body that starts a connect session for Slack, unless it says otherwise. */
export function session(workspaceId: string, fields: Partial<CreateConnectToken> = {}): CreateConnectToken {
  return {
    integrationName: 'slack',
    connectionName: 'Your Slack',
    externalId: 'conn_slack',
    workspaceId,
    ...fields,
  }
}

export async function startSession(api: Api, workspaceId: string, fields: Partial<CreateConnectToken> = {}) {
  return api.ok('connect.createToken', { body: session(workspaceId, fields) })
}

export async function poll(api: Api, token: string) {
  return api.ok('connect.poll', { body: { token } })
}

/** How much of its quotas a mock has used. */
export const usage = ({ weavz }: Api) => weavz.quotas.usage()
