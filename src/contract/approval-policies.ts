import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Deleted, JsonObject, RequiredText, Timestamp, maybe, open, openEnum } from './schema.js'
import { connectionStrategies } from './workspace-integrations.js'

export const approvalSources = ['rest', 'sdk', 'mcp_tools', 'mcp_code', 'playground', 'trigger'] as const
/** Where a call came from. */
export type ApprovalSource = (typeof approvalSources)[number]

export const approvalDecisions = ['require_approval', 'notify_only', 'block', 'auto_approve'] as const
/** What a policy says of a call that it matches. */
export type ApprovalDecision = (typeof approvalDecisions)[number]

export const endUserModes = ['any', 'end_user_present', 'no_end_user'] as const
export const riskModes = ['always', 'rules', 'model_assisted'] as const
export const timeoutDefaults = ['reject', 'expire'] as const
/** What becomes of a request that nobody decides. */
export type TimeoutDefault = (typeof timeoutDefaults)[number]
export const approvalAccessModes = [
  'dashboard_only',
  'dashboard_and_hosted_link',
  'hosted_link_only',
] as const
/** Where a request can be decided by hand. */
export type ApprovalAccessMode = (typeof approvalAccessModes)[number]

const texts = z.optional(z.array(z.string()))

/** With riskMode `rules`, a policy applies only if one of these holds. */
export const ApprovalRules = z.strictObject({
  /** The action is of one of these categories; case does not matter. */
  actionCategories: texts,
  /** By input key: the amount there is this or more. */
  amountThresholds: z.optional(z.record(z.string(), z.number())),
  /** Some recipient is not among these. */
  recipientAllowlist: texts,
  /** Some recipient is among these. */
  recipientDenylist: texts,
  /** Some domain, of a recipient or a URL in the input, is neither one of these nor below one. */
  domainAllowlist: texts,
  /** Some domain is one of these or below one. */
  domainDenylist: texts,
  /** Some path begins with one of these. */
  storagePathPrefixes: texts,
})
export interface ApprovalRules extends z.infer<typeof ApprovalRules> {}

/** IPv4 addresses that no public host has (RFC 6890). The URL parser has brought every notation into this one. */
const privateAddress =
  /^(?:0|10|127)\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^192\.(?:0\.0|168)\.|^198\.1[89]\.|^2(?:2[4-9]|[3-5]\d)\.\d+\.\d+\.\d+$/
const privateName = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/

/** https on a public host: the organization's own network is none of a webhook's business. */
export function isPublicHttpsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (protocol !== 'https:' || username || password) return false
  // `localhost.` is localhost
  const host = hostname.replace(/\.$/, '')
  if (/^[\d.]+$/.test(host)) return !privateAddress.test(host)
  // A name without a dot is one of the local network, and an address in brackets is too seldom a public one
  return host.includes('.') && !privateName.test(host)
}

/** Who may decide a request. */
export const Approver = z
  .strictObject({
    type: z.enum(['org_role', 'dashboard_user', 'end_user', 'webhook']),
    roles: z.optional(z.array(z.enum(['owner', 'admin', 'member']))),
    userIds: texts,
    /** Where events are posted; https on a public host. Required for type `webhook`. */
    webhookUrl: z.optional(
      z.string().check(z.refine(isPublicHttpsUrl, { error: 'Expected an https URL on a public host' })),
    ),
  })
  .check(
    z.refine<{ type: string; webhookUrl?: string | undefined }>(
      ({ type, webhookUrl }) => type !== 'webhook' || webhookUrl !== undefined,
      { path: ['webhookUrl'], error: 'Required for type webhook' },
    ),
  )
export interface Approver extends z.infer<typeof Approver> {}

const filters = {
  /** Absent or empty matches everything. */
  mcpServerIds: texts,
  workspaceIntegrationIds: texts,
  integrationAliases: texts,
  integrationNames: texts,
  actionNames: texts,
}

const settings = {
  /** Null: the whole organization. */
  workspaceId: maybe(RequiredText),
  description: maybe(z.string()),
  /** Default true. */
  enabled: z.optional(z.boolean()),
  /** The lowest goes first. Default 100. */
  priority: z.optional(z.number()),
  /** Default: all. */
  sources: z.optional(z.array(z.enum(approvalSources))),
  ...filters,
  connectionStrategies: z.optional(z.array(z.enum(connectionStrategies))),
  /** Default `any`. */
  endUserMode: z.optional(z.enum(endUserModes)),
  /** Default `require_approval`. */
  decision: z.optional(z.enum(approvalDecisions)),
  /** Default `always`. */
  riskMode: z.optional(z.enum(riskModes)),
  rules: z.optional(ApprovalRules),
  approvers: z.optional(z.array(Approver)),
  /** Life of a pending request in seconds. Default 3600. */
  timeoutSeconds: z.optional(z.number().check(z.int(), z.minimum(1))),
  /** What becomes of a request that nobody decides. Default `reject`. */
  defaultOnTimeout: z.optional(z.enum(timeoutDefaults)),
  /** An identical call within that time of an approval needs no new one. */
  reuseWindowSeconds: maybe(z.number().check(z.int(), z.minimum(0))),
  /** Default `dashboard_only`. */
  approvalAccessMode: z.optional(z.enum(approvalAccessModes)),
  metadata: z.optional(JsonObject),
}

export const CreateApprovalPolicy = z.strictObject({ name: RequiredText, ...settings })
export interface CreateApprovalPolicy extends z.input<typeof CreateApprovalPolicy> {}

export const UpdateApprovalPolicy = z.strictObject({ name: z.optional(RequiredText), ...settings })
export interface UpdateApprovalPolicy extends z.input<typeof UpdateApprovalPolicy> {}

/** A rule about which calls a person must approve first. */
export const ApprovalPolicy = open({
  id: z.string(),
  orgId: z.string(),
  name: z.string(),
  workspaceId: maybe(z.string()),
  description: maybe(z.string()),
  enabled: z.boolean(),
  priority: z.number(),
  sources: z.array(openEnum(approvalSources)),
  ...filters,
  connectionStrategies: z.optional(z.array(openEnum(connectionStrategies))),
  endUserMode: openEnum(endUserModes),
  decision: openEnum(approvalDecisions),
  riskMode: openEnum(riskModes),
  rules: z.optional(JsonObject),
  approvers: z.optional(
    z.array(
      open({
        type: openEnum(['org_role', 'dashboard_user', 'end_user', 'webhook']),
        roles: z.optional(z.array(openEnum(['owner', 'admin', 'member']))),
        userIds: texts,
        webhookUrl: z.optional(z.string()),
      }),
    ),
  ),
  timeoutSeconds: z.number(),
  defaultOnTimeout: openEnum(timeoutDefaults),
  reuseWindowSeconds: maybe(z.number()),
  approvalAccessMode: openEnum(approvalAccessModes),
  metadata: z.optional(JsonObject),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export interface ApprovalPolicy extends z.infer<typeof ApprovalPolicy> {}

/** The call that a policy is tried on. */
export const ApprovalContext = z.strictObject({
  integrationName: RequiredText,
  actionName: RequiredText,
  workspaceId: z.optional(z.string()),
  /** The end user's **external** id. */
  endUserId: z.optional(z.string()),
  /** Default `rest`. */
  source: z.optional(z.enum(approvalSources)),
  mcpServerId: z.optional(z.string()),
  workspaceIntegrationId: z.optional(z.string()),
  integrationAlias: z.optional(z.string()),
  connectionStrategy: z.optional(z.enum(connectionStrategies)),
  connectionScopeSummary: z.optional(z.string()),
  partialIds: texts,
  enforcedKeys: texts,
  input: z.optional(JsonObject),
  idempotencyKey: z.optional(z.string()),
  actionCategories: texts,
})
export interface ApprovalContext extends z.input<typeof ApprovalContext> {}

export const TestApprovalPolicy = z.strictObject({ policy: CreateApprovalPolicy, context: ApprovalContext })
export interface TestApprovalPolicy extends z.input<typeof TestApprovalPolicy> {}

export const ApprovalVerdict = open({
  /** The policy's decision, or `allow`. */
  decision: openEnum(['allow', ...approvalDecisions]),
  matched: z.boolean(),
  reasons: z.array(z.string()),
})
export interface ApprovalVerdict extends z.infer<typeof ApprovalVerdict> {}

export const ListApprovalPolicies = z.object({
  /** Workspace UUID; must exist. */
  workspaceId: z.optional(z.string()),
})
export interface ListApprovalPolicies extends z.input<typeof ListApprovalPolicies> {}

const OnePolicy = open({ policy: ApprovalPolicy })

export const approvalPolicies = {
  list: endpoint('approvalPolicies.list', {
    method: 'GET',
    path: '/api/v1/approval-policies',
    auth: 'api-key',
    summary: 'List approval policies.',
    query: ListApprovalPolicies,
    responses: { 200: open({ policies: z.array(ApprovalPolicy), total: z.number() }) },
    errors: [],
    list: 'policies',
  }),
  create: endpoint('approvalPolicies.create', {
    method: 'POST',
    path: '/api/v1/approval-policies',
    auth: 'api-key',
    summary: 'Create an approval policy.',
    body: CreateApprovalPolicy,
    responses: { 201: OnePolicy },
    errors: [],
  }),
  test: endpoint('approvalPolicies.test', {
    method: 'POST',
    path: '/api/v1/approval-policies/test',
    auth: 'api-key',
    summary: 'Tell what a policy would say of a call. Stores nothing.',
    body: TestApprovalPolicy,
    responses: { 200: ApprovalVerdict },
    errors: [],
    safeToRetry: true,
  }),
  get: endpoint('approvalPolicies.get', {
    method: 'GET',
    path: '/api/v1/approval-policies/{id}',
    auth: 'api-key',
    summary: 'Get an approval policy.',
    responses: { 200: OnePolicy },
    errors: ['APPROVAL_POLICY_NOT_FOUND'],
  }),
  update: endpoint('approvalPolicies.update', {
    method: 'PATCH',
    path: '/api/v1/approval-policies/{id}',
    auth: 'api-key',
    summary: 'Change an approval policy.',
    body: UpdateApprovalPolicy,
    responses: { 200: OnePolicy },
    errors: ['NO_UPDATES', 'APPROVAL_POLICY_NOT_FOUND'],
  }),
  delete: endpoint('approvalPolicies.delete', {
    method: 'DELETE',
    path: '/api/v1/approval-policies/{id}',
    auth: 'api-key',
    summary: 'Delete an approval policy.',
    responses: { 200: Deleted },
    errors: ['APPROVAL_POLICY_NOT_FOUND'],
  }),
}
