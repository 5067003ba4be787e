import {
  connections,
  type Connection,
  type CreateConnection,
  type ListConnections,
  type ResolveConnection,
} from '../contract/connections.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * Connections: stored third-party credentials. Also called accounts. The credentials themselves are never returned.
 *
 * @see docs/connections.md
 */
export class Connections extends Resource {
  /**
   * Lists connections, oldest first. Await it for one page (default 50, at most 100 items), or iterate over all.
   *
   * @param params.endUserId The owner's **external** id (your user id), not the UUID.
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example
   * for await (const connection of weavz.connections.list({ integrationName: 'slack' })) console.log(connection.externalId)
   */
  list(
    params?: ListConnections,
    options?: RequestOptions,
  ): ListPromise<{ connections: Connection[]; total: number }, Connection> {
    return this.callList(connections.list, { query: params }, options)
  }

  /**
   * Gets one connection.
   *
   * @param id `connection.id`, a UUID; not the externalId (for that: `resolve`).
   * @throws NotFoundError `CONNECTION_NOT_FOUND`
   * @example const { connection } = await weavz.connections.get(connectionId)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ connection: Connection }> {
    return this.call(connections.get, { query: { id } }, options)
  }

  /**
   * Stores credentials. Which fields they are in depends on `type`. An unknown `endUserId` creates that end user.
   *
   * @param params.externalId Your selector for this credential set. It is not a user id: users are `endUserId`.
   * @param params.endUserId The owner's **external** id (your user id), not the UUID.
   * @throws ConflictError `DUPLICATE` if the integration has a connection with that externalId there.
   * @throws NotFoundError `INTEGRATION_NOT_FOUND`, `NOT_FOUND` (workspace)
   * @throws PermissionDeniedError `QUOTA_EXCEEDED`
   * @example
   * const { connection } = await weavz.connections.create({
   *   type: 'SECRET_TEXT', integrationName: 'openai', externalId: 'my_openai', displayName: 'OpenAI', secretText,
   * })
   */
  create(params: CreateConnection, options?: RequestOptions): APIPromise<{ connection: Connection }> {
    return this.call(connections.create, { body: params }, options)
  }

  /**
   * Deletes a connection. What used it fails with `CONNECTION_REQUIRED` until another one is configured.
   *
   * @param id `connection.id`, a UUID; not the externalId.
   * @throws NotFoundError `CONNECTION_NOT_FOUND`, also the second time.
   * @example await weavz.connections.delete(connection.id)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted> {
    return this.call(connections.delete, { params: { id } }, options)
  }

  /**
   * Finds the connection that a call with these identifiers would use.
   *
   * @param params.externalId `connection.externalId`: that very connection, whatever the workspace is configured to use.
   * @param params.endUserId The end user's **external** id (your user id), not the UUID.
   * @throws NotFoundError `CONNECTION_NOT_FOUND`, and `details.reason` says why; `INTEGRATION_NOT_FOUND`, `NOT_FOUND`
   * (workspace)
   * @throws ValidationError `AMBIGUOUS_INTEGRATION` if the integration is configured more than once.
   * @throws PermissionDeniedError `FORBIDDEN` if the externalId is of another workspace or end user.
   * @throws ConnectionRequiredError if it was found but is in status `ERROR`.
   * @example
   * const { connection } = await weavz.connections.resolve({ integrationName: 'slack', workspaceId, endUserId: 'user_123' })
   */
  resolve(params: ResolveConnection, options?: RequestOptions): APIPromise<{ connection: Connection }> {
    return this.call(connections.resolve, { body: params }, options)
  }
}
