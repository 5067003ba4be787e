import type { ApprovalEvent, ApprovalEventType, DecideApproval } from '../../contract/approvals.js'
import type { ApprovalContext } from '../../contract/approval-policies.js'
import { deliver } from '../deliveries.js'
import type { Engine } from '../engine.js'
import { receiptOf } from './receipt.js'
import { showApproval, type ApprovalRow } from './row.js'

/** The call that waits, as far as approvers may know it; what is null is left out. */
function contextOf(row: ApprovalRow): ApprovalContext {
  const { integrationName, actionName, workspaceId, source, partialIds, enforcedKeys } = row
  return {
    ...{ integrationName, actionName, workspaceId, source, partialIds, enforcedKeys },
    input: row.inputPreview,
    endUserId: row.endUserId ?? undefined,
    mcpServerId: row.mcpServerId ?? undefined,
    workspaceIntegrationId: row.workspaceIntegrationId ?? undefined,
    integrationAlias: row.integrationAlias ?? undefined,
    connectionStrategy: row.connectionStrategy ?? undefined,
    connectionScopeSummary: row.connectionScopeSummary ?? undefined,
    idempotencyKey: row.idempotencyKey ?? undefined,
  }
}

/** Tells the calls that wait for a request, and its webhook approvers, what happened to it. Waits for nobody. */
export function announce(
  engine: Engine,
  row: ApprovalRow,
  event: ApprovalEventType,
  decision?: DecideApproval,
): void {
  for (const wake of engine.approvals.waiting.get(row.id) ?? []) wake()
  const urls = row.approverSpec.flatMap(({ type, webhookUrl }) =>
    type === 'webhook' && webhookUrl !== undefined ? [webhookUrl] : [],
  )
  if (urls.length === 0) return
  const detailUrl = `${row.baseUrl}/api/v1/approvals/${row.id}`
  const body: ApprovalEvent = {
    event,
    createdAt: engine.now(),
    approval: {
      ...showApproval(row),
      api: {
        detailUrl,
        approveUrl: `${detailUrl}/approve`,
        rejectUrl: `${detailUrl}/reject`,
        cancelUrl: `${detailUrl}/cancel`,
      },
    },
    context: { ...contextOf(row) },
    ...(row.receiptId !== null && { receipt: receiptOf(row) }),
    ...(decision && {
      decision: { reason: decision.reason ?? null, metadata: decision.metadata ?? null },
    }),
  }
  const message = { kind: 'approval', ownerId: row.id, eventType: event, body } as const
  for (const url of new Set(urls)) void deliver(engine, { ...message, url })
}
