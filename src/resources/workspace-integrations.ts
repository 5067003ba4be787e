import type { Deleted } from '../contract/schema.js'
import {
  workspaceIntegrations,
  type CreateWorkspaceIntegration,
  type ListedWorkspaceIntegration,
  type UpdateWorkspaceIntegration,
  type WorkspaceIntegration,
} from '../contract/workspace-integrations.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Workspace integrations: one integration as configured in one workspace, under an alias.
 *
 * @see docs/workspaces.md
 */
export class WorkspaceIntegrations extends Resource {
  /**
   * Lists what is configured in a workspace, by `sortOrder`, with the state of each pinned connection. Never paginated.
   *
   * @param workspaceId `workspace.id`, a UUID; not the slug.
   * @throws NotFoundError `NOT_FOUND` (workspace)
   * @example const { integrations } = await weavz.workspaces.integrations.list(workspaceId)
   */
  list(
    workspaceId: string,
    options?: RequestOptions,
  ): ListPromise<{ integrations: ListedWorkspaceIntegration[]; total: number }, ListedWorkspaceIntegration> {
    return this.callList(workspaceIntegrations.list, { params: { workspaceId } }, options)
  }

  /**
   * Configures an integration. The strategy decides on which account its actions run: `fixed` (one for all, the
   * default), `per_user`, or `per_user_with_fallback`.
   *
   * @param workspaceId `workspace.id`, a UUID; not the slug.
   * @param params.integrationName Catalog slug: `slack`.
   * @param params.connectionId `connection.id` (the UUID, not the externalId) of the account to pin.
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `CONNECTION_NOT_FOUND`, `NOT_FOUND` (workspace)
   * @throws ConflictError `DUPLICATE` if the alias is taken in the workspace, also when it was left to its default;
   * `MCP_BEARER_BLOCKS_PER_USER` for `per_user` while an MCP server of the workspace has a static bearer token.
   * @example
   * const { integration } = await weavz.workspaces.integrations.create(workspaceId, {
   *   integrationName: 'slack', alias: 'slack_user', connectionStrategy: 'per_user',
   * })
   */
  create(
    workspaceId: string,
    params: CreateWorkspaceIntegration,
    options?: RequestOptions,
  ): APIPromise<{ integration: WorkspaceIntegration }> {
    return this.call(workspaceIntegrations.create, { params: { workspaceId }, body: params }, options)
  }

  /**
   * Changes the fields that are given. `settings` is replaced as a whole.
   *
   * @param workspaceId `workspace.id`, a UUID; not the slug.
   * @param id UUID of the workspace integration; neither its alias nor the integration's name.
   * @throws NotFoundError `NOT_FOUND`, `CONNECTION_NOT_FOUND`
   * @throws ConflictError `DUPLICATE` if the alias is taken, `MCP_BEARER_BLOCKS_PER_USER` as for `create`.
   * @throws ValidationError `NO_UPDATES` if no field is given.
   * @example await weavz.workspaces.integrations.update(workspaceId, integration.id, { enabledActions: null })
   */
  update(
    workspaceId: string,
    id: string,
    params: UpdateWorkspaceIntegration,
    options?: RequestOptions,
  ): APIPromise<{ integration: WorkspaceIntegration }> {
    return this.call(workspaceIntegrations.update, { params: { workspaceId, id }, body: params }, options)
  }

  /**
   * Removes an integration from a workspace. Connections stay.
   *
   * @param workspaceId `workspace.id`, a UUID; not the slug.
   * @param id UUID of the workspace integration; neither its alias nor the integration's name.
   * @throws NotFoundError `NOT_FOUND`
   * @example await weavz.workspaces.integrations.delete(workspaceId, integration.id)
   */
  delete(workspaceId: string, id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(workspaceIntegrations.delete, { params: { workspaceId, id } }, options)
  }
}
