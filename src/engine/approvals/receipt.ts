import type { ApprovalReceipt } from '../../contract/approvals.js'
import { endOfTime, timestamp } from '../clock.js'
import type { ApprovalRow } from './row.js'

/** Until when an approval also stands for identical calls; undefined if it stands for its own call alone. */
export function reusableUntil({ status, decidedAt, reuseWindowSeconds }: ApprovalRow): number | undefined {
  const approved = status === 'approved' || status === 'consumed'
  if (!approved || decidedAt === null || !reuseWindowSeconds) return undefined
  return Math.min(Date.parse(decidedAt) + reuseWindowSeconds * 1000, endOfTime)
}

/** What whoever decides gets in return. */
export function receiptOf(row: ApprovalRow): ApprovalReceipt {
  const until = reusableUntil(row)
  return {
    ...(row.receiptId !== null && { id: row.receiptId }),
    ...(until !== undefined && { expiresAt: timestamp(until) }),
  }
}
