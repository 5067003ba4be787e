import type * as z from 'zod/mini'
import { CreateApiKey } from '../../contract/api-keys.js'
import { CreateApprovalPolicy } from '../../contract/approval-policies.js'
import { CreateConnectToken } from '../../contract/connect.js'
import { CreateConnection, connectionStatuses, type ConnectionStatus } from '../../contract/connections.js'
import { CreateEndUser } from '../../contract/end-users.js'
import { parse } from '../../contract/issues.js'
import { CreateMcpServer } from '../../contract/mcp-servers.js'
import { CreateMcpTool } from '../../contract/mcp-tools.js'
import { CreatePartial } from '../../contract/partials.js'
import { EnableTrigger } from '../../contract/triggers.js'
import { CreateWorkspaceIntegration } from '../../contract/workspace-integrations.js'
import { CreateWorkspace } from '../../contract/workspaces.js'
import { addApiKey } from '../../engine/api-keys.js'
import { createPolicy } from '../../engine/approvals/policies.js'
import { createConnectToken } from '../../engine/connect.js'
import { createConnection } from '../../engine/connections.js'
import { createEndUser } from '../../engine/end-users.js'
import type { Engine } from '../../engine/engine.js'
import { createServer } from '../../engine/mcp/servers.js'
import { createTool } from '../../engine/mcp/tools.js'
import { createPartial } from '../../engine/partials.js'
import { Refusal } from '../../engine/refusal.js'
import { enableTrigger } from '../../engine/triggers/sources.js'
import { createWorkspaceIntegration } from '../../engine/workspace-integrations.js'
import { createWorkspace } from '../../engine/workspaces.js'
import { nameInSeed, type Entry } from './seed-references.js'
import { SeedError, type RawEntry, type Section } from './seed-schema.js'

/** A path of the API as a path of the seed: `body.connectionId` → `seed.….connection`. */
function pathIn({ path }: Entry, apiPath: string): string {
  const [, first, ...rest] = apiPath.split('.')
  if (first === undefined) return path
  return [path, nameInSeed(first), ...rest].join('.')
}

function bodyOf<S extends z.core.$ZodType>(entry: Entry, schema: S, body: unknown): z.core.output<S> {
  const parsed = parse(schema, body, 'body')
  if (parsed.ok) return parsed.value
  const [{ path, message } = { path: 'body', message: 'Unexpected' }] = parsed.issues
  throw new SeedError(pathIn(entry, path), message)
}

export function refused(entry: Entry, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error
  const { issues } = (error.details ?? {}) as { issues?: readonly { path: string; message: string }[] }
  const [issue] = issues ?? []
  return issue
    ? new SeedError(pathIn(entry, issue.path), issue.message)
    : new SeedError(entry.path, error.message)
}

/** A token that the seed chooses, for one of its entries alone. */
function checkToken({ seed, section, path }: Entry, field: string, prefix: string, token: unknown): string {
  if (typeof token !== 'string' || !token.startsWith(prefix) || !/^\S{5,}$/.test(token)) {
    throw new SeedError(`${path}.${field}`, `Must begin with ${prefix} and hold no spaces`)
  }
  const holders = Object.values(seed[section] ?? {}).filter((each) => each[field] === token)
  if (holders.length > 1) throw new SeedError(`${path}.${field}`, 'Is that of another one, too')
  return token
}

/** Credentials for a connection of which the seed says nothing more. */
function madeUp(engine: Engine, { body }: Entry): RawEntry {
  if (body.type !== undefined) return {}
  const options = engine.catalog.get(String(body.integrationName))?.auth ?? []
  const option = options.find(({ key }) => body.authMethodKey === undefined || key === body.authMethodKey)
  const secret = `offline-${engine.ids.uuid()}`
  switch (option?.type) {
    case 'BASIC_AUTH':
      return { type: option.type, username: 'offline-user', password: secret }
    case 'CUSTOM_AUTH':
      return { type: option.type, authMethodKey: option.key, props: { token: secret } }
    case 'OAUTH2':
      return { type: 'PLATFORM_OAUTH2', authMethodKey: option.key, accessToken: secret }
    default:
      return { type: 'SECRET_TEXT', secretText: secret }
  }
}

/** How each section comes into the engine: by the operations that the API uses. */
export const create: { readonly [K in Section]: (engine: Engine, entry: Entry, baseUrl: string) => unknown } =
  {
    workspaces(engine, entry) {
      const slug = entry.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
      const body = bodyOf(entry, CreateWorkspace, { name: entry.name, slug, ...entry.body })
      return createWorkspace(engine, body, entry.id)
    },
    oauthApps(engine, { id, path, body: { integrationName } }) {
      if (typeof integrationName !== 'string' || !engine.catalog.get(integrationName)) {
        throw new SeedError(`${path}.integrationName`, 'Expected the name of an integration of the catalog')
      }
      return engine.state.tables.oauthApps.put({ id, integrationName })
    },
    endUsers(engine, entry) {
      const body = bodyOf(entry, CreateEndUser, { externalId: entry.name, ...entry.body })
      return createEndUser(engine, body, entry.id)
    },
    apiKeys(engine, entry) {
      const { key, workspaceIds, decidesApprovals: decide, ...rest } = entry.body
      const plainKey = checkToken(entry, 'key', 'wvz_', key)
      const approvals = decide === undefined ? {} : { approvals: { decide } }
      const permissions = workspaceIds ? { scope: 'workspace', workspaceIds } : { scope: 'org' }
      const body = bodyOf(entry, CreateApiKey, {
        name: entry.name,
        ...((workspaceIds ?? decide !== undefined) ? { permissions: { ...permissions, ...approvals } } : {}),
        ...rest,
      })
      return addApiKey(engine, { id: entry.id, plainKey, ...body })
    },
    async connections(engine, entry) {
      const { status = 'ACTIVE', ...given } = entry.body
      if (!isStatus(status))
        throw new SeedError(`${entry.path}.status`, `Expected one of ${connectionStatuses.join(', ')}`)
      const names = { externalId: entry.name, displayName: entry.name }
      const body = bodyOf(entry, CreateConnection, { ...names, ...madeUp(engine, entry), ...given })
      const row = await createConnection(engine, body, entry.id)
      if (status !== row.status) engine.state.tables.connections.put({ ...row, status })
    },
    workspaceIntegrations(engine, entry) {
      const { workspaceId, ...given } = entry.body
      if (typeof workspaceId !== 'string') throw new SeedError(`${entry.path}.workspace`, 'Required')
      const body = bodyOf(entry, CreateWorkspaceIntegration, given)
      return createWorkspaceIntegration(engine, workspaceId, body, entry.id)
    },
    partials(engine, entry) {
      return createPartial(
        engine,
        bodyOf(entry, CreatePartial, { name: entry.name, ...entry.body }),
        entry.id,
      )
    },
    mcpServers(engine, entry) {
      const { bearerToken, ...given } = entry.body
      if (bearerToken !== undefined) checkToken(entry, 'bearerToken', 'mcp_', bearerToken)
      const body = bodyOf(entry, CreateMcpServer, { name: entry.name, ...given })
      const chosen = { id: entry.id, bearerToken: bearerToken as string | undefined }
      const { bearerToken: made } = createServer(engine, body, undefined, chosen)
      if (bearerToken !== undefined && made === undefined) {
        throw new SeedError(
          `${entry.path}.bearerToken`,
          'The server has no static token: its authMode must allow bearer, and where end users bring accounts of their own it must be bound to one',
        )
      }
    },
    mcpTools(engine, entry) {
      const { mcpServerId, ...given } = entry.body
      if (typeof mcpServerId !== 'string') throw new SeedError(`${entry.path}.mcpServer`, 'Required')
      return createTool(engine, mcpServerId, bodyOf(entry, CreateMcpTool, given), entry.id)
    },
    triggers: (engine, entry, baseUrl) =>
      enableTrigger(engine, bodyOf(entry, EnableTrigger, entry.body), baseUrl, entry.id),
    approvalPolicies(engine, entry) {
      const body = bodyOf(entry, CreateApprovalPolicy, { name: entry.name, ...entry.body })
      return createPolicy(engine, body, entry.id)
    },
    connectSessions(engine, entry, baseUrl) {
      const { token, ...given } = entry.body
      const chosen = { id: entry.id, token: checkToken(entry, 'token', 'cst_', token) }
      const names = { externalId: entry.name, connectionName: entry.name }
      const body = bodyOf(entry, CreateConnectToken, { ...names, ...given })
      return createConnectToken(engine, body, baseUrl, null, chosen)
    },
  }

function isStatus(status: unknown): status is ConnectionStatus {
  return connectionStatuses.some((known) => known === status)
}
