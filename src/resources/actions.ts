import {
  actions,
  type ActionSucceeded,
  type ApprovalRequired,
  type ExecuteAction,
} from '../contract/actions.js'
import type { APIPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/** What `actions.execute` takes beside the names of integration and action. */
export interface ExecuteParams extends Omit<ExecuteAction, 'integrationName' | 'actionName'> {}

/**
 * Actions: what an integration can do.
 *
 * @see docs/actions.md
 */
export class Actions extends Resource {
  /**
   * Runs an action, on the account that the workspace integration chooses for the end user. Repeated by the client only
   * when the API refused it with 429, because anything else may have run.
   *
   * @param integrationName Catalog slug: `slack`.
   * @param actionName Name of the action in the catalog: `send_channel_message`.
   * @param params.workspaceId `workspace.id`, a UUID; always required.
   * @param params.workspaceIntegrationId UUID of the workspace integration; or `integrationAlias`, its alias. Needed
   * where the integration is configured more than once.
   * @param params.endUserId The end user's **external** id (your user id), not the UUID.
   * @param params.connectionExternalId `connection.externalId` of one certain account, not its UUID.
   * @param params.idempotencyKey Ties the repeat after an approval to it; does not de-duplicate executions in general.
   * @returns `{ success: true, output, duration }` (milliseconds), or, where a person must approve first,
   * `{ success: false, status: 'approval_required', approval }`.
   * @throws ConnectionRequiredError if an account is needed and none could be used; `reason` says why.
   * @throws ValidationError `ACTION_FAILED` if the action itself failed, `AMBIGUOUS_INTEGRATION`, `PARTIAL_MISMATCH`
   * @throws PermissionDeniedError `ACTION_NOT_ALLOWED`, `FORBIDDEN`, `APPROVAL_POLICY_BLOCKED`, `QUOTA_EXCEEDED`
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `ACTION_NOT_FOUND`, `PARTIAL_NOT_FOUND`, `NOT_FOUND`
   * @example
   * const { output } = await weavz.actions.execute('slack', 'send_channel_message', {
   *   workspaceId, endUserId: 'user_123', input: { channel: '#alerts', text: 'Hello' },
   * })
   */
  execute(
    integrationName: string,
    actionName: string,
    params: ExecuteParams,
    options?: RequestOptions,
  ): APIPromise<ActionSucceeded | ApprovalRequired> {
    // First, because Node 20 takes half a microsecond for each name that is added to a spread; and again, to be the last word
    const names = { integrationName, actionName }
    const body = Object.assign({ integrationName, actionName, ...params }, names)
    return this.call(actions.execute, { body }, options)
  }
}
