import type { ApprovalAccessMode, ApprovalSource, TimeoutDefault } from '../../contract/approval-policies.js'
import type { Approval, ApprovalStatus } from '../../contract/approvals.js'
import type { JsonObject } from '../../contract/schema.js'
import type { ConnectionStrategy } from '../../contract/workspace-integrations.js'
import type { PolicyTerms } from './policies.js'

/** What the store holds of an approval request. */
export interface ApprovalRow {
  readonly id: string
  readonly policyId: string | null
  readonly orgId: string
  readonly workspaceId: string
  /** External id. */
  readonly endUserId: string | null
  readonly source: ApprovalSource
  readonly status: ApprovalStatus
  readonly mcpServerId: string | null
  readonly mcpMode: string | null
  readonly mcpAuthMode: string | null
  readonly workspaceIntegrationId: string | null
  readonly integrationName: string
  readonly integrationAlias: string | null
  readonly actionName: string
  readonly connectionStrategy: ConnectionStrategy | null
  readonly connectionScopeSummary: string | null
  readonly partialIds: string[]
  readonly enforcedKeys: string[]
  readonly inputHash: string
  readonly inputPreview: JsonObject
  readonly redactedPaths: string[]
  readonly riskReasons: string[]
  readonly riskScore: null
  readonly riskCategory: null
  readonly approverSpec: NonNullable<PolicyTerms['approvers']>
  readonly defaultOnTimeout: TimeoutDefault
  readonly approvalAccessMode: ApprovalAccessMode
  readonly approvalUrl: string | null
  readonly hostedApprovalUrl: string | null
  readonly externalCorrelationId: null
  readonly idempotencyKey: string | null
  readonly requestedByType: string | null
  readonly requestedById: string | null
  /** When a person decided. Null also of requests that ran out. */
  readonly decidedAt: string | null
  readonly consumedAt: string | null
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
  /** Internal. */
  readonly receiptId: string | null
  /** Internal: the policy's, when the request was made. */
  readonly reuseWindowSeconds: number | null
  /** Internal: where this Weavz was reached, for the URLs in events. */
  readonly baseUrl: string
}

/** The request as the API shows it, without its deliveries. */
export function showApproval(row: ApprovalRow): Approval {
  const { receiptId: _receipt, reuseWindowSeconds: _window, baseUrl: _baseUrl, ...shown } = row
  return shown
}

/** Whether a request ended because nobody decided it. */
export function ranOut({ status, decidedAt }: ApprovalRow): boolean {
  return status !== 'pending' && decidedAt === null
}
