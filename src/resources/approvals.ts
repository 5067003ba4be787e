import {
  approvals,
  type Approval,
  type ApprovalReceipt,
  type DecideApproval,
  type ListApprovals,
} from '../contract/approvals.js'
import { WeavzError, type APIPromise, type ListPromise, type RequestOptions } from '../transport/index.js'
import { pollUntil, type WaitOptions } from './poll-until.js'
import { Resource } from './resource.js'

/**
 * Approvals: calls that wait for, or got, the decision of a person. Deciding needs an API key with
 * `permissions.approvals.decide`.
 *
 * @see docs/approvals.md
 */
export class Approvals extends Resource {
  /**
   * Lists approval requests, oldest first: at most `limit` (default 50, at most 100), without a way to page further.
   *
   * @param params.workspaceId `workspace.id`, a UUID. Default: all workspaces.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example const { approvals } = await weavz.approvals.list({ status: 'pending' })
   */
  list(
    params?: ListApprovals,
    options?: RequestOptions,
  ): ListPromise<{ approvals: Approval[]; total: number }, Approval> {
    return this.callList(approvals.list, { query: params }, options)
  }

  /**
   * Gets one request with its webhook deliveries.
   *
   * @param id `approval.id` (`apr_…`).
   * @throws NotFoundError `APPROVAL_NOT_FOUND`
   * @example const { approval } = await weavz.approvals.get(approvalId)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ approval: Approval }> {
    return this.call(approvals.get, { params: { id } }, options)
  }

  /**
   * Approves a request. Whoever made the call repeats it, with the same input and `idempotencyKey`; it then runs, once.
   *
   * @param id `approval.id` (`apr_…`).
   * @throws PermissionDeniedError `APPROVAL_DECISION_SCOPE_REQUIRED`
   * @throws NotFoundError `APPROVAL_NOT_FOUND`
   * @throws ConflictError `APPROVAL_ALREADY_DECIDED`, `APPROVAL_EXPIRED`
   * @example await weavz.approvals.approve(approval.id, { reason: 'Checked with Ada' })
   */
  approve(
    id: string,
    params?: DecideApproval,
    options?: RequestOptions,
  ): APIPromise<{ approval: Approval; receipt: ApprovalReceipt }> {
    return this.call(approvals.approve, { params: { id }, body: params }, options)
  }

  /**
   * Rejects a request. Repeating the call opens a new one.
   *
   * @param id `approval.id` (`apr_…`).
   * @throws PermissionDeniedError `APPROVAL_DECISION_SCOPE_REQUIRED`
   * @throws NotFoundError `APPROVAL_NOT_FOUND`
   * @throws ConflictError `APPROVAL_ALREADY_DECIDED`, `APPROVAL_EXPIRED`
   * @example await weavz.approvals.reject(approval.id, { reason: 'Wrong channel' })
   */
  reject(
    id: string,
    params?: DecideApproval,
    options?: RequestOptions,
  ): APIPromise<{ approval: Approval; receipt: ApprovalReceipt }> {
    return this.call(approvals.reject, { params: { id }, body: params }, options)
  }

  /**
   * Withdraws a request that is no longer needed.
   *
   * @param id `approval.id` (`apr_…`).
   * @throws PermissionDeniedError `APPROVAL_DECISION_SCOPE_REQUIRED`
   * @throws NotFoundError `APPROVAL_NOT_FOUND`
   * @throws ConflictError `APPROVAL_ALREADY_DECIDED`, `APPROVAL_EXPIRED`
   * @example await weavz.approvals.cancel(approval.id)
   */
  cancel(
    id: string,
    params?: DecideApproval,
    options?: RequestOptions,
  ): APIPromise<{ approval: Approval; receipt: ApprovalReceipt }> {
    return this.call(approvals.cancel, { params: { id }, body: params }, options)
  }

  /**
   * Polls until a request is no longer pending, and returns it whatever was decided. A poll that fails does not end the
   * waiting, unless the API refuses it twice in a row.
   *
   * @param id `approval.id` (`apr_…`).
   * @param options.intervalMs Milliseconds between polls. Default 1000.
   * @param options.timeoutMs Milliseconds to wait in all. Default 120000.
   * @throws WeavzError `APPROVAL_TIMEOUT` if nobody has decided by then. The request goes on: wait for it again.
   * @throws NotFoundError `APPROVAL_NOT_FOUND`
   * @throws WeavzAbortError if `signal` aborts.
   * @example
   * const { approval } = await weavz.approvals.wait(result.approval.id)
   * if (approval.status === 'approved') await repeatTheCall()
   */
  wait(id: string, options: WaitOptions = {}): Promise<{ approval: Approval }> {
    return pollUntil({
      poll: (pollOptions) => this.get(id, pollOptions),
      ended: ({ approval }) => approval.status !== 'pending',
      timedOut: (timeoutMs, cause) =>
        new WeavzError(`Nobody has decided the approval within ${timeoutMs} ms`, {
          code: 'APPROVAL_TIMEOUT',
          hint: 'It is still pending: wait for the same approval again, or for longer with `timeoutMs`.',
          cause,
        }),
      options,
      runtime: this.runtime,
    })
  }
}
