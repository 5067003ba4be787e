import { apiKeys, type ApiKeyInfo, type CreateApiKey } from '../contract/api-keys.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * API keys of the organization. A key that is limited to workspaces may call none of these.
 *
 * @see docs/api-keys.md
 */
export class ApiKeys extends Resource {
  /**
   * Lists the API keys, oldest first, without the keys themselves. Never paginated.
   *
   * @throws PermissionDeniedError `SCOPE_DENIED`
   * @example const { apiKeys } = await weavz.apiKeys.list()
   */
  list(options?: RequestOptions): ListPromise<{ apiKeys: ApiKeyInfo[]; total: number }, ApiKeyInfo> {
    return this.callList(apiKeys.list, {}, options)
  }

  /**
   * Creates an API key. Without `permissions` it may do everything but decide approvals; without `expiresAt` it lives
   * until it is deleted.
   *
   * @returns `plainKey` is the key itself, shown this once.
   * @throws PermissionDeniedError `QUOTA_EXCEEDED`, `SCOPE_DENIED`
   * @example const { plainKey } = await weavz.apiKeys.create({ name: 'CI' })
   */
  create(
    params: CreateApiKey,
    options?: RequestOptions,
  ): APIPromise<{ apiKey: ApiKeyInfo; plainKey: string }> {
    return this.call(apiKeys.create, { body: params }, options)
  }

  /**
   * Deletes an API key, which stops working at once. A key cannot delete itself.
   *
   * @param id `apiKey.id`, a UUID; not the key.
   * @throws PermissionDeniedError `FORBIDDEN`, `SCOPE_DENIED`
   * @throws NotFoundError `NOT_FOUND`
   * @example await weavz.apiKeys.delete(apiKey.id)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(apiKeys.delete, { params: { id } }, options)
  }
}
