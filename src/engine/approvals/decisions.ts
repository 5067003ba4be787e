import type { Approval, ApprovalReceipt, DecideApproval } from '../../contract/approvals.js'
import type { Engine } from '../engine.js'
import { Refusal } from '../refusal.js'
import type { ApiKeyRow } from '../rows.js'
import { announce } from './events.js'
import { receiptOf } from './receipt.js'
import { getApprovalRow } from './requests.js'
import { ranOut, showApproval } from './row.js'

export type Decision = 'approved' | 'rejected' | 'canceled'

/** Decides a pending request. The key that made it may decide it. */
export function decideApproval(
  engine: Engine,
  id: string,
  decision: Decision,
  body: DecideApproval,
  apiKey: ApiKeyRow | undefined,
): { approval: Approval; receipt: ApprovalReceipt } {
  if (apiKey?.permissions?.approvals?.decide !== true) {
    throw new Refusal(
      'APPROVAL_DECISION_SCOPE_REQUIRED',
      'The API key may not decide approvals: it needs permissions.approvals.decide',
    )
  }
  const row = getApprovalRow(engine, id)
  if (ranOut(row)) throw new Refusal('APPROVAL_EXPIRED', `The approval ran out at ${row.expiresAt}`)
  if (row.status !== 'pending') {
    throw new Refusal('APPROVAL_ALREADY_DECIDED', `The approval is ${row.status} already`)
  }
  const now = engine.now()
  const decided = engine.state.tables.approvals.put({
    ...row,
    status: decision,
    decidedAt: now,
    updatedAt: now,
    receiptId: engine.ids.uuid(),
  })
  announce(engine, decided, `approval.${decision}`, body)
  return { approval: showApproval(decided), receipt: receiptOf(decided) }
}
