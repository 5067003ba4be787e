import { triggers, type EnableTrigger, type ListTriggers, type TriggerSource } from '../contract/triggers.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Triggers: events of an integration, posted to your app. Read them there with `parseTriggerEvent`.
 *
 * @see docs/triggers.md
 */
export class Triggers extends Resource {
  /**
   * Lists the triggers that are enabled, oldest first. Await it for one page (default 50, at most 100 items), or iterate
   * over all.
   *
   * @param params.workspaceId `workspace.id`, a UUID. Default: all workspaces.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example for await (const trigger of weavz.triggers.list()) console.log(trigger.triggerName, trigger.lastDelivery)
   */
  list(
    params?: ListTriggers,
    options?: RequestOptions,
  ): ListPromise<{ triggers: TriggerSource[]; total: number }, TriggerSource> {
    return this.callList(triggers.list, { query: params }, options)
  }

  /**
   * Starts delivering the events of a trigger to `callbackUrl`. The connection is chosen as for actions: now, and again
   * at each event.
   *
   * @param params.callbackUrl Where events are posted; any 2xx is success, and an event may come twice.
   * @param params.callbackHeaders Sent with each event. Events are not signed: send a secret of your own, and check it.
   * @param params.workspaceIntegrationId UUID of the workspace integration; or `integrationAlias`, its alias. Needed
   * where the integration is configured more than once.
   * @param params.endUserId The end user's **external** id (your user id), not the UUID.
   * @param params.connectionExternalId `connection.externalId` of one certain account, not its UUID.
   * @throws ConnectionRequiredError if an account is needed and none could be used; `reason` says why.
   * @throws ValidationError `AMBIGUOUS_INTEGRATION`, `PARTIAL_MISMATCH`
   * @throws PermissionDeniedError `FORBIDDEN`, `QUOTA_EXCEEDED`, `POLLING_INTERVAL_TOO_SHORT`
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `TRIGGER_NOT_FOUND`, `PARTIAL_NOT_FOUND`, `NOT_FOUND`
   * @example
   * const { triggerSource } = await weavz.triggers.enable({
   *   integrationName: 'slack', triggerName: 'new_message', workspaceId, callbackUrl: 'https://app.example.com/events',
   * })
   */
  enable(params: EnableTrigger, options?: RequestOptions): APIPromise<{ triggerSource: TriggerSource }> {
    return this.call(triggers.enable, { body: params }, options)
  }

  /**
   * Stops a trigger.
   *
   * @param triggerSourceId `triggerSource.id`, a UUID; not the trigger's name.
   * @throws NotFoundError `TRIGGER_NOT_FOUND`, also the second time.
   * @example await weavz.triggers.disable(triggerSource.id)
   */
  disable(
    triggerSourceId: string,
    options?: RequestOptions,
  ): APIPromise<{ disabled: true; triggerSourceId: string }> {
    return this.call(triggers.disable, { body: { triggerSourceId } }, options)
  }

  /**
   * Gets an example of what a trigger's events hold as `data`. Delivers nothing.
   *
   * @param integrationName Catalog slug: `slack`.
   * @param triggerName Name of the trigger in the catalog.
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `TRIGGER_NOT_FOUND`
   * @example const { sampleData } = await weavz.triggers.test('slack', 'new_message')
   */
  test(
    integrationName: string,
    triggerName: string,
    options?: RequestOptions,
  ): APIPromise<{ sampleData: unknown }> {
    return this.call(triggers.test, { body: { integrationName, triggerName } }, options)
  }
}
