import type { Deleted } from '../contract/schema.js'
import type {
  CreateWorkspaceIntegration,
  ListedWorkspaceIntegration,
  UpdateWorkspaceIntegration,
  WorkspaceIntegration,
} from '../contract/workspace-integrations.js'
import {
  workspaces,
  type CreateWorkspace,
  type ListWorkspaces,
  type UpdateWorkspace,
  type Workspace,
} from '../contract/workspaces.js'
import type { APIPromise, ListPromise, RequestOptions, Transport } from '../transport/index.js'
import { Resource } from './resource.js'
import { WorkspaceIntegrations } from './workspace-integrations.js'

/**
 * Workspaces: where integrations are configured and end users live.
 *
 * @see docs/workspaces.md
 */
export class Workspaces extends Resource {
  /** The integrations configured in a workspace. */
  readonly integrations: WorkspaceIntegrations

  constructor(transport: Transport) {
    super(transport)
    this.integrations = new WorkspaceIntegrations(transport)
  }

  /**
   * Lists the workspaces of the organization, oldest first. Await it for one page (default 50, at most 100 items), or
   * iterate over all.
   *
   * @example for await (const workspace of weavz.workspaces.list()) console.log(workspace.slug)
   */
  list(
    params?: ListWorkspaces,
    options?: RequestOptions,
  ): ListPromise<{ workspaces: Workspace[]; total: number }, Workspace> {
    return this.callList(workspaces.list, { query: params }, options)
  }

  /**
   * Creates a workspace.
   *
   * @throws ConflictError `DUPLICATE` if the slug is taken in the organization.
   * @throws PermissionDeniedError `QUOTA_EXCEEDED`, `SCOPE_DENIED`
   * @example const { workspace } = await weavz.workspaces.create({ name: 'Acme', slug: 'acme' })
   */
  create(params: CreateWorkspace, options?: RequestOptions): APIPromise<{ workspace: Workspace }> {
    return this.call(workspaces.create, { body: params }, options)
  }

  /**
   * Gets one workspace.
   *
   * @param id `workspace.id`, a UUID; not the slug.
   * @throws NotFoundError `NOT_FOUND`
   * @example const { workspace } = await weavz.workspaces.get(workspaceId)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ workspace: Workspace }> {
    return this.call(workspaces.get, { params: { id } }, options)
  }

  /**
   * Changes the fields that are given.
   *
   * @param id `workspace.id`, a UUID; not the slug.
   * @throws ConflictError `DUPLICATE` if the slug is taken.
   * @throws ValidationError `NO_UPDATES` if no field is given.
   * @example await weavz.workspaces.update(workspaceId, { name: 'Acme Inc.' })
   */
  update(
    id: string,
    params: UpdateWorkspace,
    options?: RequestOptions,
  ): APIPromise<{ workspace: Workspace }> {
    return this.call(workspaces.update, { params: { id }, body: params }, options)
  }

  /**
   * Deletes a workspace with all that it holds: configured integrations, end users, connections of scope `WORKSPACE`
   * and `USER`. Connections of scope `ORGANIZATION` stay.
   *
   * @param id `workspace.id`, a UUID; not the slug.
   * @throws NotFoundError `NOT_FOUND`, also the second time.
   * @example await weavz.workspaces.delete(workspaceId)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(workspaces.delete, { params: { id } }, options)
  }

  /**
   * The same as `workspaces.integrations.create`.
   *
   * @example await weavz.workspaces.addIntegration(workspaceId, { integrationName: 'slack', connectionId })
   */
  addIntegration(
    workspaceId: string,
    params: CreateWorkspaceIntegration,
    options?: RequestOptions,
  ): APIPromise<{ integration: WorkspaceIntegration }> {
    return this.integrations.create(workspaceId, params, options)
  }

  /**
   * The same as `workspaces.integrations.list`.
   *
   * @example const { integrations } = await weavz.workspaces.listIntegrations(workspaceId)
   */
  listIntegrations(
    workspaceId: string,
    options?: RequestOptions,
  ): ListPromise<{ integrations: ListedWorkspaceIntegration[]; total: number }, ListedWorkspaceIntegration> {
    return this.integrations.list(workspaceId, options)
  }

  /**
   * The same as `workspaces.integrations.update`.
   *
   * @example await weavz.workspaces.updateIntegration(workspaceId, integration.id, { alias: 'slack_bot' })
   */
  updateIntegration(
    workspaceId: string,
    id: string,
    params: UpdateWorkspaceIntegration,
    options?: RequestOptions,
  ): APIPromise<{ integration: WorkspaceIntegration }> {
    return this.integrations.update(workspaceId, id, params, options)
  }

  /**
   * The same as `workspaces.integrations.delete`.
   *
   * @example await weavz.workspaces.removeIntegration(workspaceId, integration.id)
   */
  removeIntegration(workspaceId: string, id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.integrations.delete(workspaceId, id, options)
  }
}
