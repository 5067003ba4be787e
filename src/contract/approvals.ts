import * as z from 'zod/mini'
import { approvalAccessModes, approvalSources, timeoutDefaults } from './approval-policies.js'
import { endpoint } from './endpoint.js'
import { deliveryStatuses } from './triggers.js'
import { JsonObject, NumberParam, Timestamp, maybe, open, openEnum } from './schema.js'

export const approvalStatuses = [
  'pending',
  'approved',
  'rejected',
  'canceled',
  'expired',
  'consumed',
] as const
/** `consumed`: the approved call was repeated and ran. */
export type ApprovalStatus = (typeof approvalStatuses)[number]

/** One attempt to tell a webhook approver. */
export const ApprovalDelivery = open({
  id: z.string(),
  eventType: z.string(),
  callbackUrl: z.string(),
  attempt: z.number(),
  status: openEnum(deliveryStatuses),
  httpStatus: maybe(z.number()),
  errorMessage: maybe(z.string()),
  createdAt: Timestamp,
  deliveredAt: maybe(Timestamp),
})
export interface ApprovalDelivery extends z.infer<typeof ApprovalDelivery> {}

const request = {
  /** `apr_` and 32 hex characters. Not a secret. */
  id: z.string(),
  policyId: maybe(z.string()),
  orgId: z.string(),
  workspaceId: maybe(z.string()),
  /** The end user's **external** id. */
  endUserId: maybe(z.string()),
  source: openEnum(approvalSources),
  status: openEnum(approvalStatuses),
  mcpServerId: maybe(z.string()),
  mcpMode: maybe(z.string()),
  mcpAuthMode: maybe(z.string()),
  workspaceIntegrationId: maybe(z.string()),
  integrationName: z.string(),
  integrationAlias: maybe(z.string()),
  actionName: z.string(),
  connectionStrategy: maybe(z.string()),
  connectionScopeSummary: maybe(z.string()),
  partialIds: maybe(z.array(z.string())),
  enforcedKeys: maybe(z.array(z.string())),
  inputHash: z.string(),
  /** Redacted. */
  inputPreview: JsonObject,
  redactedPaths: z.array(z.string()),
  riskReasons: z.array(z.string()),
  riskScore: maybe(z.number()),
  riskCategory: maybe(z.string()),
  approverSpec: z.optional(z.unknown()),
  defaultOnTimeout: openEnum(timeoutDefaults),
  approvalAccessMode: openEnum(approvalAccessModes),
  approvalUrl: maybe(z.string()),
  hostedApprovalUrl: maybe(z.string()),
  externalCorrelationId: maybe(z.string()),
  idempotencyKey: maybe(z.string()),
  requestedByType: maybe(z.string()),
  requestedById: maybe(z.string()),
  decidedAt: maybe(Timestamp),
  consumedAt: maybe(Timestamp),
  expiresAt: Timestamp,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  webhookDeliveries: z.optional(z.array(ApprovalDelivery)),
}

/** A call that waits for, or got, the decision of a person. */
export const Approval = open(request)
export interface Approval extends z.infer<typeof Approval> {}

/** What whoever decides a request gets in return. */
export const ApprovalReceipt = open({
  id: z.optional(z.string()),
  /** Until then identical calls need no approval of their own: the policy's `reuseWindowSeconds`. */
  expiresAt: z.optional(Timestamp),
})
export interface ApprovalReceipt extends z.infer<typeof ApprovalReceipt> {}

export const approvalEvents = [
  'approval.requested',
  'approval.approved',
  'approval.rejected',
  'approval.canceled',
  'approval.expired',
] as const
/** What happened to an approval request. */
export type ApprovalEventType = (typeof approvalEvents)[number]

/** What is posted to webhook approvers. Not signed. */
export const ApprovalEvent = open({
  event: openEnum(approvalEvents),
  createdAt: Timestamp,
  /** The request, and where to decide it with an API key that may. */
  approval: open({
    ...request,
    api: open({
      detailUrl: z.string(),
      approveUrl: z.string(),
      rejectUrl: z.string(),
      cancelUrl: z.string(),
    }),
    codeRun: z.optional(z.unknown()),
  }),
  /** The call that waits; its input is redacted. */
  context: JsonObject,
  receipt: z.optional(ApprovalReceipt),
  decision: z.optional(open({ reason: maybe(z.string()), metadata: maybe(JsonObject) })),
})
export type ApprovalEvent = z.infer<typeof ApprovalEvent>

export const ListApprovals = z.object({
  /** Workspace UUID; must exist. */
  workspaceId: z.optional(z.string()),
  status: z.optional(z.string()),
  source: z.optional(z.string()),
  integrationName: z.optional(z.string()),
  actionName: z.optional(z.string()),
  /** How many at most, 1 to 100. Default 50. */
  limit: z.optional(NumberParam.check(z.int(), z.minimum(1), z.maximum(100))),
})
export interface ListApprovals extends z.input<typeof ListApprovals> {}

export const DecideApproval = z.strictObject({
  reason: z.optional(z.string()),
  metadata: z.optional(JsonObject),
})
export interface DecideApproval extends z.input<typeof DecideApproval> {}

/** What an approval request id looks like. */
export const approvalIdPattern = /^apr_[0-9a-f]{32}$/

const Decided = open({
  approval: Approval,
  receipt: ApprovalReceipt,
})

const decisionErrors = [
  'APPROVAL_DECISION_SCOPE_REQUIRED',
  'APPROVAL_NOT_FOUND',
  'APPROVAL_ALREADY_DECIDED',
  'APPROVAL_EXPIRED',
] as const

export const approvals = {
  list: endpoint('approvals.list', {
    method: 'GET',
    path: '/api/v1/approvals',
    auth: 'api-key',
    summary: 'List approval requests.',
    query: ListApprovals,
    responses: { 200: open({ approvals: z.array(Approval), total: z.number() }) },
    errors: [],
    list: 'approvals',
  }),
  get: endpoint('approvals.get', {
    method: 'GET',
    path: '/api/v1/approvals/{id}',
    idPattern: approvalIdPattern,
    auth: 'api-key',
    summary: 'Get an approval request with its webhook deliveries.',
    responses: { 200: open({ approval: Approval }) },
    errors: ['APPROVAL_NOT_FOUND'],
  }),
  approve: endpoint('approvals.approve', {
    method: 'POST',
    path: '/api/v1/approvals/{id}/approve',
    idPattern: approvalIdPattern,
    auth: 'api-key',
    summary: 'Approve a request; repeating the call then runs it.',
    body: DecideApproval,
    bodyOptional: true,
    responses: { 200: Decided },
    errors: decisionErrors,
  }),
  reject: endpoint('approvals.reject', {
    method: 'POST',
    path: '/api/v1/approvals/{id}/reject',
    idPattern: approvalIdPattern,
    auth: 'api-key',
    summary: 'Reject a request.',
    body: DecideApproval,
    bodyOptional: true,
    responses: { 200: Decided },
    errors: decisionErrors,
  }),
  cancel: endpoint('approvals.cancel', {
    method: 'POST',
    path: '/api/v1/approvals/{id}/cancel',
    idPattern: approvalIdPattern,
    auth: 'api-key',
    summary: 'Withdraw a request.',
    body: DecideApproval,
    bodyOptional: true,
    responses: { 200: Decided },
    errors: decisionErrors,
  }),
}
