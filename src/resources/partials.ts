import {
  partials,
  type CreatePartial,
  type InputPartial,
  type ListPartials,
  type UpdatePartial,
} from '../contract/partials.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Input partials: saved input values of a workspace integration, for all its actions or one of them.
 *
 * @see docs/partials.md
 */
export class Partials extends Resource {
  /**
   * Lists the partials of a workspace, oldest first. Never paginated.
   *
   * @param params.workspaceIntegrationId UUID of the workspace integration; or `integrationAlias`, its alias; not both.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example const { partials } = await weavz.partials.list({ workspaceId, integrationAlias: 'bugs' })
   */
  list(
    params: ListPartials,
    options?: RequestOptions,
  ): ListPromise<{ partials: InputPartial[]; total: number }, InputPartial> {
    return this.callList(partials.list, { query: params }, options)
  }

  /**
   * Saves a set of input values. Callers cannot override the keys in `enforcedKeys`.
   *
   * @param params.workspaceIntegrationId UUID of the workspace integration; or `integrationAlias`, its alias. Needed
   * where the integration is configured more than once.
   * @throws ValidationError `AMBIGUOUS_INTEGRATION`
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `NOT_FOUND` (workspace, alias, workspace integration)
   * @throws ConflictError `DUPLICATE` if the name is taken in the same scope.
   * @example
   * const { partial } = await weavz.partials.create({
   *   workspaceId, integrationName: 'github', name: 'Acme', values: { owner: 'acme' }, enforcedKeys: ['owner'],
   * })
   */
  create(params: CreatePartial, options?: RequestOptions): APIPromise<{ partial: InputPartial }> {
    return this.call(partials.create, { body: params }, options)
  }

  /**
   * Gets one partial.
   *
   * @param id `partial.id`, a UUID; not its name.
   * @throws NotFoundError `PARTIAL_NOT_FOUND`
   * @example const { partial } = await weavz.partials.get(partialId)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ partial: InputPartial }> {
    return this.call(partials.get, { params: { id } }, options)
  }

  /**
   * Changes the fields that are given. `values` and `enforcedKeys` are replaced as a whole.
   *
   * @param id `partial.id`, a UUID; not its name.
   * @throws NotFoundError `PARTIAL_NOT_FOUND`
   * @throws ValidationError `NO_UPDATES` if no field is given.
   * @throws ConflictError `DUPLICATE` if the name is taken in the same scope.
   * @example await weavz.partials.update(partial.id, { enforcedKeys: [] })
   */
  update(id: string, params: UpdatePartial, options?: RequestOptions): APIPromise<{ partial: InputPartial }> {
    return this.call(partials.update, { params: { id }, body: params }, options)
  }

  /**
   * Deletes a partial.
   *
   * @param id `partial.id`, a UUID; not its name.
   * @throws NotFoundError `PARTIAL_NOT_FOUND`, also the second time.
   * @example await weavz.partials.delete(partial.id)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(partials.delete, { params: { id } }, options)
  }

  /**
   * Makes a partial apply to every call of its alias that names no partials, or stops that.
   *
   * @param id `partial.id`, a UUID; not its name.
   * @param isDefault Default true.
   * @throws NotFoundError `PARTIAL_NOT_FOUND`
   * @example await weavz.partials.setDefault(partial.id)
   */
  setDefault(id: string, isDefault = true, options?: RequestOptions): APIPromise<{ partial: InputPartial }> {
    return this.call(partials.setDefault, { params: { id }, body: { isDefault } }, options)
  }
}
