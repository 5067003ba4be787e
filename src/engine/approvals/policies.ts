import {
  approvalSources,
  type ApprovalPolicy,
  type ApprovalVerdict,
  type CreateApprovalPolicy,
  type ListApprovalPolicies,
  type TestApprovalPolicy,
  type UpdateApprovalPolicy,
} from '../../contract/approval-policies.js'
import type { Engine } from '../engine.js'
import { Refusal } from '../refusal.js'
import type { Visibility } from '../table.js'
import { getWorkspace } from '../workspaces.js'
import { verdictOf, type CallFacts } from './match.js'

const defaults = {
  workspaceId: null,
  description: null,
  enabled: true,
  priority: 100,
  sources: [...approvalSources],
  endUserMode: 'any',
  decision: 'require_approval',
  riskMode: 'always',
  timeoutSeconds: 3600,
  defaultOnTimeout: 'reject',
  reuseWindowSeconds: null,
  approvalAccessMode: 'dashboard_only',
} as const satisfies Partial<CreateApprovalPolicy>

/** What a policy says, with nothing left to defaults. */
export type PolicyTerms = Omit<CreateApprovalPolicy, keyof typeof defaults> & {
  readonly [K in keyof typeof defaults]-?: Exclude<CreateApprovalPolicy[K], undefined>
}

/** The names are those of the API: the API's object is the row. */
export type ApprovalPolicyRow = PolicyTerms & {
  readonly id: string
  readonly orgId: string
  readonly createdAt: string
  readonly updatedAt: string
}

function termsOf(body: CreateApprovalPolicy): PolicyTerms {
  return { ...defaults, ...body } as PolicyTerms
}

/** The policy, or 404 `APPROVAL_POLICY_NOT_FOUND`. */
export function getPolicy({ state }: Engine, id: string): ApprovalPolicyRow {
  const row = state.tables.approvalPolicies.get(id)
  if (!row) throw new Refusal('APPROVAL_POLICY_NOT_FOUND', 'Approval policy not found')
  return row
}

export function listPolicies(
  engine: Engine,
  { workspaceId }: ListApprovalPolicies,
  visible: Visibility = () => true,
): ApprovalPolicy[] {
  if (workspaceId !== undefined) getWorkspace(engine, workspaceId)
  return [...engine.state.tables.approvalPolicies.values()].filter(
    (row) => visible(row.workspaceId) && (workspaceId === undefined || row.workspaceId === workspaceId),
  )
}

export function createPolicy(engine: Engine, body: CreateApprovalPolicy, id?: string): ApprovalPolicy {
  if (body.workspaceId != null) getWorkspace(engine, body.workspaceId)
  const now = engine.now()
  return engine.state.tables.approvalPolicies.put({
    id: id ?? engine.ids.uuid(),
    orgId: engine.orgId,
    ...termsOf(body),
    createdAt: now,
    updatedAt: now,
  })
}

/** Changes the fields that are given; lists and objects are replaced as a whole. */
export function updatePolicy(engine: Engine, id: string, body: UpdateApprovalPolicy): ApprovalPolicy {
  const row = getPolicy(engine, id)
  if (body.workspaceId != null) getWorkspace(engine, body.workspaceId)
  const changed = { ...row, ...(body as Partial<PolicyTerms>), updatedAt: engine.now() }
  return engine.state.tables.approvalPolicies.put(changed)
}

export function deletePolicy(engine: Engine, id: string): void {
  getPolicy(engine, id)
  engine.state.tables.approvalPolicies.delete(id)
}

/** The policies that may have something to say in a workspace: the organization's and its own. */
export function policiesFor({ state }: Engine, workspaceId: string): readonly ApprovalPolicyRow[] {
  const { approvalPolicies } = state.tables
  if (approvalPolicies.size === 0) return []
  return [organizationPolicies, workspaceId].flatMap((home) => [
    ...approvalPolicies.where('home', home).values(),
  ])
}

/** The key of org-wide policies in the index `home`; no UUID. */
export const organizationPolicies = 'organization'

/** What a policy would say of a call. Stores nothing. */
export function testPolicy(engine: Engine, { policy, context }: TestApprovalPolicy): ApprovalVerdict {
  for (const id of [policy.workspaceId, context.workspaceId]) if (id != null) getWorkspace(engine, id)
  const call: CallFacts = {
    integrationName: context.integrationName,
    actionName: context.actionName,
    workspaceId: context.workspaceId ?? null,
    endUserId: context.endUserId ?? null,
    source: context.source ?? 'rest',
    mcpServerId: context.mcpServerId ?? null,
    workspaceIntegrationId: context.workspaceIntegrationId ?? null,
    integrationAlias: context.integrationAlias ?? null,
    connectionStrategy: context.connectionStrategy ?? null,
    input: context.input ?? {},
    actionCategories: context.actionCategories ?? [],
  }
  return verdictOf(termsOf(policy), call)
}
