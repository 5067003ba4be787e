import {
  approvalPolicies,
  type ApprovalPolicy,
  type ApprovalVerdict,
  type CreateApprovalPolicy,
  type ListApprovalPolicies,
  type TestApprovalPolicy,
  type UpdateApprovalPolicy,
} from '../contract/approval-policies.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Approval policies: which calls a person must approve first. Of those that match a call the one with the lowest
 * `priority` applies; at a tie the most severe decision.
 *
 * @see docs/approvals.md
 */
export class ApprovalPolicies extends Resource {
  /**
   * Lists the policies, oldest first. Never paginated.
   *
   * @param params.workspaceId `workspace.id`, a UUID: the policies of that workspace alone.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example const { policies } = await weavz.approvalPolicies.list()
   */
  list(
    params?: ListApprovalPolicies,
    options?: RequestOptions,
  ): ListPromise<{ policies: ApprovalPolicy[]; total: number }, ApprovalPolicy> {
    return this.callList(approvalPolicies.list, { query: params }, options)
  }

  /**
   * Creates a policy, which applies at once. A filter that is left out or empty matches everything.
   *
   * @param params.timeoutSeconds Life of a pending request in seconds. Default 3600.
   * @param params.reuseWindowSeconds For how many seconds an approval also stands for identical calls. Default: not at all.
   * @throws PermissionDeniedError `SCOPE_DENIED` for an org-wide policy by a key that is limited to workspaces.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example
   * const { policy } = await weavz.approvalPolicies.create({
   *   name: 'Large payments', integrationNames: ['stripe'], riskMode: 'rules', rules: { amountThresholds: { amount: 1000 } },
   * })
   */
  create(params: CreateApprovalPolicy, options?: RequestOptions): APIPromise<{ policy: ApprovalPolicy }> {
    return this.call(approvalPolicies.create, { body: params }, options)
  }

  /**
   * Tells what a policy would say of a call, and why. Stores nothing.
   *
   * @example
   * const { decision, reasons } = await weavz.approvalPolicies.test({
   *   policy: { name: 'Slack', integrationNames: ['slack'] },
   *   context: { integrationName: 'slack', actionName: 'send_channel_message' },
   * })
   */
  test(params: TestApprovalPolicy, options?: RequestOptions): APIPromise<ApprovalVerdict> {
    return this.call(approvalPolicies.test, { body: params }, options)
  }

  /**
   * Gets one policy.
   *
   * @param id `policy.id`, a UUID.
   * @throws NotFoundError `APPROVAL_POLICY_NOT_FOUND`
   * @example const { policy } = await weavz.approvalPolicies.get(policyId)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ policy: ApprovalPolicy }> {
    return this.call(approvalPolicies.get, { params: { id } }, options)
  }

  /**
   * Changes the fields that are given. Lists and objects are replaced as a whole. Requests that are pending keep the
   * terms they were made under.
   *
   * @param id `policy.id`, a UUID.
   * @throws NotFoundError `APPROVAL_POLICY_NOT_FOUND`
   * @throws ValidationError `NO_UPDATES` if no field is given.
   * @example await weavz.approvalPolicies.update(policy.id, { enabled: false })
   */
  update(
    id: string,
    params: UpdateApprovalPolicy,
    options?: RequestOptions,
  ): APIPromise<{ policy: ApprovalPolicy }> {
    return this.call(approvalPolicies.update, { params: { id }, body: params }, options)
  }

  /**
   * Deletes a policy. Requests that it made stay, and can still be decided.
   *
   * @param id `policy.id`, a UUID.
   * @throws NotFoundError `APPROVAL_POLICY_NOT_FOUND`, also the second time.
   * @example await weavz.approvalPolicies.delete(policy.id)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(approvalPolicies.delete, { params: { id } }, options)
  }
}
