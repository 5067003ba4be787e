import type { ApprovalRequired } from '../../contract/actions.js'
import type { ApprovalSource } from '../../contract/approval-policies.js'
import { defaultBaseUrl } from '../../contract/base-url.js'
import type { JsonObject } from '../../contract/schema.js'
import { endOfTime, timestamp } from '../clock.js'
import type { Engine } from '../engine.js'
import { hashToken } from '../hash.js'
import { canonicalJson } from '../json.js'
import { Refusal } from '../refusal.js'
import type { ConnectionFacts } from '../resolver/index.js'
import type { McpServerRow, WorkspaceIntegrationRow } from '../rows.js'
import { key } from '../table.js'
import { announce } from './events.js'
import { choosePolicy, type CallFacts } from './match.js'
import { policiesFor, type ApprovalPolicyRow } from './policies.js'
import { previewOf } from './preview.js'
import { reusableUntil } from './receipt.js'
import { upToDate } from './requests.js'
import type { ApprovalRow } from './row.js'

/** Through which door a call came, and who made it. */
export interface GateOrigin {
  /** Default `rest`. */
  readonly source?: ApprovalSource
  /** Whose key or token makes the call. */
  readonly requestedBy?: { readonly type: string; readonly id: string } | undefined
  /** Where this Weavz was reached, without a trailing slash. Default `https://api.weavz.io`. */
  readonly baseUrl?: string
  /** The MCP server that the call came through. */
  readonly mcp?: Pick<McpServerRow, 'id' | 'mode' | 'authMode'>
}

/** A call for which everything else is settled. */
export interface GatedCall {
  readonly origin: GateOrigin
  readonly workspaceId: string
  readonly integrationName: string
  readonly actionName: string
  /** External id. */
  readonly endUserId: string | null
  readonly idempotencyKey: string | null
  /** The merged input. */
  readonly input: JsonObject
  readonly partialIds: readonly string[]
  readonly enforcedKeys: readonly string[]
  /** The targeted workspace integration. */
  readonly target: WorkspaceIntegrationRow | null
  readonly connection: ConnectionFacts | null
}

/**
 * The human gate: the last check before an action runs. Synchronous from the first look to the last write, so that of
 * many repeats at once exactly one uses an approval up.
 *
 * @returns The request that a person must decide first; undefined if the call may run.
 * @throws Refusal `APPROVAL_POLICY_BLOCKED`
 */
export function passGate(engine: Engine, call: GatedCall): ApprovalRow | undefined {
  const policies = policiesFor(engine, call.workspaceId)
  const chosen = policies.length > 0 && choosePolicy(policies, factsOf(engine, call))
  if (!chosen) return undefined
  const { policy, reasons } = chosen
  if (policy.decision === 'block') {
    throw new Refusal('APPROVAL_POLICY_BLOCKED', `The approval policy "${policy.name}" blocks this call`)
  }
  if (policy.decision !== 'require_approval') return undefined

  const inputHash = hashOf(call)
  const earlier = requestOf(engine, call.idempotencyKey, inputHash)
  if (earlier?.status === 'pending') return earlier
  if (earlier?.status === 'approved') {
    const now = engine.now()
    engine.state.tables.approvals.put({ ...earlier, status: 'consumed', consumedAt: now, updatedAt: now })
    return undefined
  }
  if (isApprovedAnyway(engine, policy, inputHash)) return undefined
  return openRequest(engine, call, policy, reasons, inputHash)
}

function factsOf({ catalog }: Engine, call: GatedCall): CallFacts {
  const integration = catalog.get(call.integrationName)
  const categories = integration?.actions[call.actionName]?.categories ?? []
  return {
    integrationName: call.integrationName,
    actionName: call.actionName,
    workspaceId: call.workspaceId,
    endUserId: call.endUserId,
    source: call.origin.source ?? 'rest',
    mcpServerId: call.origin.mcp?.id ?? null,
    workspaceIntegrationId: call.target?.id ?? null,
    integrationAlias: call.target?.alias ?? null,
    connectionStrategy: call.target?.connectionStrategy ?? null,
    input: call.input,
    actionCategories: integration ? [integration.category, ...categories] : categories,
  }
}

/** The same for identical calls: what is asked for, for whom, on which account and through which MCP server. */
function hashOf({ origin, target, connection, ...call }: GatedCall): string {
  const { workspaceId, integrationName, actionName, endUserId, input } = call
  return hashToken(
    canonicalJson({
      ...{ workspaceId, integrationName, actionName, endUserId, input },
      workspaceIntegrationId: target?.id ?? null,
      connectionId: connection?.id ?? null,
      mcpServerId: origin.mcp?.id ?? null,
    }),
  )
}

/** The latest request that this call repeats. */
function requestOf(
  engine: Engine,
  idempotencyKey: string | null,
  inputHash: string,
): ApprovalRow | undefined {
  if (idempotencyKey === null) return undefined
  const { approvals } = engine.state.tables
  const row = [...approvals.where('repeat', key(idempotencyKey, inputHash)).values()].at(-1)
  return row && upToDate(engine, row)
}

/** Whether the policy's latest decision on an identical call is an approval that still stands for others. */
function isApprovedAnyway(engine: Engine, policy: ApprovalPolicyRow, inputHash: string): boolean {
  if (policy.reuseWindowSeconds === null) return false
  const { approvals } = engine.state.tables
  const decided = [...approvals.where('inputHash', inputHash).values()]
    .filter((row) => row.policyId === policy.id && row.decidedAt !== null && row.status !== 'canceled')
    .sort((a, b) => ((a.decidedAt as string) < (b.decidedAt as string) ? -1 : 1))
  const latest = decided.at(-1)
  const until = latest && reusableUntil({ ...latest, reuseWindowSeconds: policy.reuseWindowSeconds })
  return until !== undefined && engine.clock.now() < until
}

function openRequest(
  engine: Engine,
  call: GatedCall,
  policy: ApprovalPolicyRow,
  reasons: readonly string[],
  inputHash: string,
): ApprovalRow {
  const { origin, target, connection, partialIds, enforcedKeys } = call
  const id = `apr_${engine.ids.uuid().replaceAll('-', '')}`
  const { approvalAccessMode } = policy
  const { source = 'rest', mcp, requestedBy, baseUrl = defaultBaseUrl } = origin
  const now = engine.now()
  const row = engine.state.tables.approvals.put({
    id,
    policyId: policy.id,
    orgId: engine.orgId,
    workspaceId: call.workspaceId,
    endUserId: call.endUserId,
    source,
    status: 'pending',
    mcpServerId: mcp?.id ?? null,
    mcpMode: mcp?.mode ?? null,
    mcpAuthMode: mcp?.authMode ?? null,
    workspaceIntegrationId: target?.id ?? null,
    integrationName: call.integrationName,
    integrationAlias: target?.alias ?? null,
    actionName: call.actionName,
    connectionStrategy: target?.connectionStrategy ?? null,
    connectionScopeSummary: connection?.scope ?? null,
    partialIds: [...partialIds],
    enforcedKeys: [...enforcedKeys],
    inputHash,
    ...previewOf(engine, call.input, enforcedKeys),
    riskReasons: [...reasons],
    riskScore: null,
    riskCategory: null,
    approverSpec: policy.approvers ?? [],
    defaultOnTimeout: policy.defaultOnTimeout,
    approvalAccessMode,
    approvalUrl: approvalAccessMode === 'hosted_link_only' ? null : `${baseUrl}/dashboard/approvals/${id}`,
    hostedApprovalUrl: approvalAccessMode === 'dashboard_only' ? null : `${baseUrl}/approvals/${id}`,
    externalCorrelationId: null,
    idempotencyKey: call.idempotencyKey,
    requestedByType: requestedBy?.type ?? null,
    requestedById: requestedBy?.id ?? null,
    decidedAt: null,
    consumedAt: null,
    expiresAt: timestamp(Math.min(engine.clock.now() + policy.timeoutSeconds * 1000, endOfTime)),
    createdAt: now,
    updatedAt: now,
    receiptId: null,
    reuseWindowSeconds: policy.reuseWindowSeconds,
    baseUrl,
  })
  announce(engine, row, 'approval.requested')
  return row
}

/** What a call answers whose approval is pending (202). */
export function approvalRequired(row: ApprovalRow): ApprovalRequired {
  const { id, policyId, approvalAccessMode, approvalUrl, hostedApprovalUrl, expiresAt, idempotencyKey } = row
  return {
    success: false,
    status: 'approval_required',
    approval: {
      ...{ id, policyId, status: 'pending', approvalAccessMode, approvalUrl, hostedApprovalUrl, expiresAt },
      retry: idempotencyKey === null ? {} : { idempotencyKey },
    },
  }
}
