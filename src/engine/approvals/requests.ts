import type { Approval, ListApprovals } from '../../contract/approvals.js'
import { deliveriesOf, showAttempt } from '../deliveries.js'
import type { Engine } from '../engine.js'
import { Refusal } from '../refusal.js'
import type { Page, Visibility } from '../table.js'
import { getWorkspace } from '../workspaces.js'
import { announce } from './events.js'
import { showApproval, type ApprovalRow } from './row.js'

/** The request as it is now: one that nobody decided in time takes the status that its policy says. */
export function upToDate(engine: Engine, row: ApprovalRow): ApprovalRow {
  if (row.status !== 'pending' || engine.clock.now() < Date.parse(row.expiresAt)) return row
  const status = row.defaultOnTimeout === 'reject' ? 'rejected' : 'expired'
  const ended = engine.state.tables.approvals.put({ ...row, status, updatedAt: row.expiresAt })
  announce(engine, ended, `approval.${status}`)
  return ended
}

/** Ends every request that nobody decided in time, as `upToDate` does with one. */
export function endOverdue(engine: Engine): void {
  for (const row of [...engine.state.tables.approvals.where('status', 'pending').values()]) {
    upToDate(engine, row)
  }
}

/** The request, or 404 `APPROVAL_NOT_FOUND`. */
export function getApprovalRow(engine: Engine, id: string): ApprovalRow {
  const row = engine.state.tables.approvals.get(id)
  if (!row) throw new Refusal('APPROVAL_NOT_FOUND', 'Approval not found')
  return upToDate(engine, row)
}

/** The request with every attempt to tell its webhook approvers. */
export function getApproval(engine: Engine, id: string): Approval {
  const shown = showApproval(getApprovalRow(engine, id))
  return { ...shown, webhookDeliveries: deliveriesOf(engine, id).map(showAttempt) }
}

export function listApprovals(
  engine: Engine,
  query: ListApprovals,
  visible: Visibility = () => true,
): Page<Approval> {
  const { workspaceId, limit, ...filters } = query
  const { approvals } = engine.state.tables
  if (workspaceId !== undefined) getWorkspace(engine, workspaceId)
  // First of all, because the status may be asked for
  endOverdue(engine)
  const wanted = Object.entries(filters).filter(([, value]) => value !== undefined)
  const rows = workspaceId === undefined ? approvals : approvals.where('workspace', workspaceId)
  const found = [...rows.values()].filter(
    (row) =>
      visible(row.workspaceId) &&
      wanted.every(([field, value]) => row[field as keyof typeof filters] === value),
  )
  return { items: found.slice(0, limit ?? 50).map(showApproval), total: found.length }
}
