import {
  integrations,
  type Integration,
  type IntegrationProp,
  type IntegrationSummary,
  type PropertyOptions,
  type ResolveOptions,
  type ResolveProperty,
} from '../contract/integrations.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Integrations: the catalog of what can be connected, and the options of their dynamic inputs.
 *
 * @see docs/integrations.md
 */
export class Integrations extends Resource {
  /**
   * Lists the whole catalog with actions and triggers. Large: `listSummary` is enough for a list to choose from. Needs
   * no API key; with one, `registered` names the integrations in use.
   *
   * @example const { integrations } = await weavz.integrations.list()
   */
  list(
    options?: RequestOptions,
  ): ListPromise<
    { integrations: Integration[]; total: number; registered?: string[] | undefined },
    Integration
  > {
    return this.callList(integrations.list, {}, options)
  }

  /**
   * Lists the catalog with names, logos and the number of actions and triggers. Needs no API key.
   *
   * @example const { integrations } = await weavz.integrations.listSummary()
   */
  listSummary(
    options?: RequestOptions,
  ): ListPromise<
    { integrations: IntegrationSummary[]; total: number; registered?: string[] | undefined },
    IntegrationSummary
  > {
    return this.callList(integrations.listSummary, { query: { summary: true } }, options)
  }

  /**
   * Gets one integration with its actions and their inputs. Needs no API key.
   *
   * @param name Catalog slug: `slack`; not an alias.
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`
   * @example const { integration } = await weavz.integrations.get('slack')
   */
  get(name: string, options?: RequestOptions): APIPromise<{ integration: Integration }> {
    return this.call(integrations.get, { query: { name } }, options)
  }

  /**
   * Loads the options of a dropdown from the third party, on the account that `actions.execute` would use.
   *
   * @param integrationName Catalog slug: `slack`; not an alias.
   * @param params.endUserId The end user's **external** id (your user id), not the UUID.
   * @throws ValidationError `NOT_DROPDOWN`, `NO_OPTIONS_FN`, `OPTIONS_FAILED`, `AMBIGUOUS_INTEGRATION`, `PARTIAL_MISMATCH`
   * @throws ConnectionRequiredError if an account is needed and none could be used; `reason` says why.
   * @throws PermissionDeniedError `FORBIDDEN`
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `ACTION_NOT_FOUND`, `TRIGGER_NOT_FOUND`, `PARTIAL_NOT_FOUND`,
   * `NOT_FOUND` (property, workspace, alias, workspace integration)
   * @example
   * const { options } = await weavz.integrations.resolveOptions('slack', {
   *   propertyName: 'channel', actionName: 'send_channel_message', workspaceId,
   * })
   */
  resolveOptions(
    integrationName: string,
    params: ResolveOptions,
    options?: RequestOptions,
  ): APIPromise<PropertyOptions> {
    return this.call(integrations.resolveOptions, { params: { integrationName }, body: params }, options)
  }

  /**
   * Loads the inputs behind a `DYNAMIC` property, on the account that `actions.execute` would use.
   *
   * @param integrationName Catalog slug: `slack`; not an alias.
   * @param params.endUserId The end user's **external** id (your user id), not the UUID.
   * @returns Name → input.
   * @throws ValidationError `NOT_DYNAMIC`, `NO_PROPS_FN`, `RESOLVE_FAILED`, `AMBIGUOUS_INTEGRATION`, `PARTIAL_MISMATCH`
   * @throws ConnectionRequiredError if an account is needed and none could be used; `reason` says why.
   * @throws PermissionDeniedError `FORBIDDEN`
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `ACTION_NOT_FOUND`, `TRIGGER_NOT_FOUND`, `PARTIAL_NOT_FOUND`,
   * `NOT_FOUND` (property, workspace, alias, workspace integration)
   * @example
   * const props = await weavz.integrations.resolveProperty('google-sheets', {
   *   propertyName: 'values', actionName: 'insert_row', workspaceId,
   * })
   */
  resolveProperty(
    integrationName: string,
    params: ResolveProperty,
    options?: RequestOptions,
  ): APIPromise<Record<string, IntegrationProp>> {
    return this.call(integrations.resolveProperty, { params: { integrationName }, body: params }, options)
  }

  /**
   * Lists the integrations that have an OAuth app, Weavz-managed or your own.
   *
   * @example const { configured } = await weavz.integrations.oauthStatus()
   */
  oauthStatus(options?: RequestOptions): APIPromise<{ configured: string[] }> {
    return this.call(integrations.oauthStatus, {}, options)
  }
}
