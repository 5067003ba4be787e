import * as z from 'zod/mini'
import type { CreateApiKey } from '../../contract/api-keys.js'
import type { CreateApprovalPolicy } from '../../contract/approval-policies.js'
import type { CreateConnectToken } from '../../contract/connect.js'
import type { ConnectionStatus, CreateConnection } from '../../contract/connections.js'
import type { CreateEndUser } from '../../contract/end-users.js'
import { parse } from '../../contract/issues.js'
import type { CreateMcpServer } from '../../contract/mcp-servers.js'
import type { CreateMcpTool } from '../../contract/mcp-tools.js'
import type { CreatePartial } from '../../contract/partials.js'
import { redactText } from '../../contract/secrets.js'
import type { EnableTrigger } from '../../contract/triggers.js'
import type { CreateWorkspaceIntegration } from '../../contract/workspace-integrations.js'
import type { CreateWorkspace } from '../../contract/workspaces.js'
import type { CatalogEntry, TriggerEntry } from '../../engine/catalog/entry.js'
import { likelyField } from '../../engine/nearest.js'
import { QuotaLimits, type Quotas } from '../../engine/quotas.js'

/** A UUID of your choice. Default: one made up. */
interface Pinned {
  readonly id?: string
}

type Without<T, Field extends string> = T extends unknown ? Omit<T, Field> : never
type Credentials = Without<
  CreateConnection,
  'externalId' | 'displayName' | 'workspaceId' | 'endUserId' | 'oauthAppId'
>

export interface SeedWorkspace extends Pinned, Partial<CreateWorkspace> {}

export interface SeedOAuthApp extends Pinned {
  readonly integrationName: string
}

export interface SeedEndUser extends Pinned, Omit<CreateEndUser, 'workspaceId' | 'externalId'> {
  /** Name of a workspace of the seed. */
  readonly workspace: string
  /** Your id of this user. Default: the name. */
  readonly externalId?: string
}

interface SeedOwner extends Pinned {
  /** Name of a workspace of the seed. Default: that of the end user, or none. */
  readonly workspace?: string
  /** Name of an end user of the seed. */
  readonly endUser?: string
  /** Name of an OAuth app of the seed. */
  readonly oauthApp?: string
  /** Default: the name. */
  readonly externalId?: string
  /** Default: the name. */
  readonly displayName?: string
  /** Default `ACTIVE`. */
  readonly status?: ConnectionStatus
}

/** Without a `type` it is one that the integration takes, with made-up credentials. */
export type SeedConnection = SeedOwner &
  (
    | Credentials
    | (Omit<Extract<Credentials, { type: 'SECRET_TEXT' }>, 'type' | 'secretText'> & { type?: undefined })
  )

export interface SeedWorkspaceIntegration
  extends Pinned, Omit<CreateWorkspaceIntegration, 'connectionId' | 'oauthAppId'> {
  /** Name of a workspace of the seed. */
  readonly workspace: string
  /** Name of the connection of the seed to pin. */
  readonly connection?: string
  /** Name of an OAuth app of the seed. */
  readonly oauthApp?: string
}

export interface SeedPartial
  extends
    Pinned,
    Omit<
      CreatePartial,
      'workspaceId' | 'integrationName' | 'workspaceIntegrationId' | 'integrationAlias' | 'name'
    > {
  /** Name of the workspace integration of the seed that it belongs to. */
  readonly workspaceIntegration: string
  /** Default: the name. */
  readonly name?: string
}

export interface SeedApiKey extends Pinned, Omit<CreateApiKey, 'name' | 'permissions'> {
  /** The key itself, beginning with `wvz_`. */
  readonly key: string
  /** Default: the name. */
  readonly name?: string
  /** Names of the workspaces of the seed that it is limited to. Default: the whole organization. */
  readonly workspaces?: readonly string[]
  /** Whether it may decide approvals. Default false. */
  readonly decidesApprovals?: boolean
}

export interface SeedMcpServer extends Pinned, Omit<CreateMcpServer, 'workspaceId' | 'endUserId' | 'name'> {
  /** Name of a workspace of the seed. Default: that of the end user. */
  readonly workspace?: string
  /** Name of the end user of the seed that it is bound to. */
  readonly endUser?: string
  /** Default: the name. */
  readonly name?: string
  /** Its static token, beginning with `mcp_`, for a server that has one. Default: one made up. */
  readonly bearerToken?: string
}

/** A tool that is added by hand: those of the workspace are there by themselves. */
export interface SeedMcpTool extends Pinned, Omit<CreateMcpTool, 'connectionId' | 'partialIds'> {
  /** Name of an MCP server of the seed. */
  readonly mcpServer: string
  /** Name of the connection of the seed that it runs on, whatever the strategy. */
  readonly connection?: string
  /** Names of partials of the seed. */
  readonly partials?: readonly string[]
}

export interface SeedTrigger
  extends
    Pinned,
    Omit<
      EnableTrigger,
      'workspaceId' | 'endUserId' | 'workspaceIntegrationId' | 'partialIds' | 'integrationName'
    > {
  /** Name of a workspace of the seed. Default: that of the end user or of the workspace integration. */
  readonly workspace?: string
  /** Name of an end user of the seed. */
  readonly endUser?: string
  /** Name of a workspace integration of the seed. */
  readonly workspaceIntegration?: string
  /** Default: that of the workspace integration. */
  readonly integrationName?: string
  /** Names of partials of the seed. */
  readonly partials?: readonly string[]
}

export interface SeedApprovalPolicy
  extends
    Pinned,
    Omit<CreateApprovalPolicy, 'workspaceId' | 'name' | 'mcpServerIds' | 'workspaceIntegrationIds'> {
  /** Name of a workspace of the seed. Default: the whole organization. */
  readonly workspace?: string
  /** Default: the name. */
  readonly name?: string
  /** Names of MCP servers of the seed. */
  readonly mcpServers?: readonly string[]
  /** Names of workspace integrations of the seed. */
  readonly workspaceIntegrations?: readonly string[]
}

/** A connect session that waits for its user. */
export interface SeedConnectSession
  extends
    Pinned,
    Omit<
      CreateConnectToken,
      | 'workspaceId'
      | 'endUserId'
      | 'workspaceIntegrationId'
      | 'oauthAppId'
      | 'integrationName'
      | 'externalId'
      | 'connectionName'
    > {
  /** The token itself, beginning with `cst_`. */
  readonly token: string
  /** Name of a workspace of the seed. Default: that of the end user or of the workspace integration. */
  readonly workspace?: string
  /** Name of an end user of the seed. */
  readonly endUser?: string
  /** Name of a workspace integration of the seed. */
  readonly workspaceIntegration?: string
  /** Name of an OAuth app of the seed. */
  readonly oauthApp?: string
  /** Default: that of the workspace integration. */
  readonly integrationName?: string
  /** Default: the name. */
  readonly externalId?: string
  /** Default: the name. */
  readonly connectionName?: string
}

/** What the catalog lacks: a whole integration, or actions and triggers of one that it has. */
export interface SeedIntegration extends Partial<Omit<CatalogEntry, 'triggers'>> {
  readonly triggers?: Readonly<Record<string, Partial<TriggerEntry>>>
}

/**
 * A world to begin with: the bodies of the API's create calls, under names of your choice, which stand for ids wherever
 * one refers to another. JSON.
 *
 * @example
 * const seed = {
 *   workspaces: { acme: {} },
 *   connections: { acme_slack: { workspace: 'acme', integrationName: 'slack' } },
 *   workspaceIntegrations: { slack_bot: { workspace: 'acme', integrationName: 'slack', connection: 'acme_slack' } },
 * } satisfies Seed
 */
export interface Seed {
  /** The time at which the clock stands, ISO 8601. Default: it runs. */
  readonly now?: string
  /** Limits of the plan; what the seed itself holds may go beyond them. Default: none. */
  readonly quotas?: Quotas
  /** Integrations to add to the catalog, by slug; of those that it has, what to add or replace. */
  readonly integrations?: Readonly<Record<string, SeedIntegration>>
  readonly workspaces?: Readonly<Record<string, SeedWorkspace>>
  readonly oauthApps?: Readonly<Record<string, SeedOAuthApp>>
  readonly endUsers?: Readonly<Record<string, SeedEndUser>>
  readonly apiKeys?: Readonly<Record<string, SeedApiKey>>
  readonly connections?: Readonly<Record<string, SeedConnection>>
  readonly workspaceIntegrations?: Readonly<Record<string, SeedWorkspaceIntegration>>
  readonly partials?: Readonly<Record<string, SeedPartial>>
  readonly mcpServers?: Readonly<Record<string, SeedMcpServer>>
  readonly mcpTools?: Readonly<Record<string, SeedMcpTool>>
  readonly triggers?: Readonly<Record<string, SeedTrigger>>
  readonly approvalPolicies?: Readonly<Record<string, SeedApprovalPolicy>>
  readonly connectSessions?: Readonly<Record<string, SeedConnectSession>>
}

/** What is seeded, in this order: each may refer to those before it. */
export const sections = [
  'workspaces',
  'oauthApps',
  'endUsers',
  'apiKeys',
  'connections',
  'workspaceIntegrations',
  'partials',
  'mcpServers',
  'mcpTools',
  'triggers',
  'approvalPolicies',
  'connectSessions',
] as const
export type Section = (typeof sections)[number]

/** One entry before its names are looked up: the body of a create call is checked as such. */
export type RawEntry = Readonly<Record<string, unknown>>

const entries = z.optional(z.record(z.string(), z.record(z.string(), z.unknown())))
const Shape = z.strictObject({
  now: z.optional(z.iso.datetime({ offset: true })),
  quotas: z.optional(QuotaLimits),
  integrations: entries,
  ...(Object.fromEntries(sections.map((section) => [section, entries])) as Record<Section, typeof entries>),
})

/** What is wrong with a seed, and where: `seed.workspaceIntegrations.slack_bot.connection: …`. */
export class SeedError extends Error {
  override readonly name = 'SeedError'

  /** Where, from `seed` on. */
  readonly path: string

  constructor(path: string, problem: string) {
    // Names in a seed are anybody's choice: a key, too
    const shown = redactText(path)
    super(`${shown}: ${problem}`)
    this.path = shown
  }
}

/** @throws SeedError if it has another shape than a seed. */
export function parseSeed(seed: unknown): z.infer<typeof Shape> {
  const parsed = parse(Shape, seed, 'seed')
  if (parsed.ok) return parsed.value
  const [{ path, message } = { path: 'seed', message: 'Unexpected' }] = parsed.issues
  const stranger = parsed.unknown.find((place) => place.length === 1 && path === `seed.${String(place[0])}`)
  const meant = stranger && likelyField(String(stranger[0]), Object.keys(Shape.shape))
  throw new SeedError(path, meant === undefined ? message : `${message}. Did you mean "${meant}"?`)
}

/** Ids of what was seeded, by section and name. */
export type Ids = Readonly<Record<Section, Readonly<Record<string, string>>>>

/** The ids of one seed. */
export type SeededIds<S extends Seed> = {
  readonly [K in Section]: K extends keyof S
    ? { readonly [Name in keyof NonNullable<S[K]>]: string }
    : Readonly<Record<string, never>>
}
