import type { Connection } from '../contract/connections.js'
import {
  endUsers,
  type CreateEndUser,
  type CreatePortalToken,
  type EndUser,
  type Invitation,
  type InviteEndUser,
  type ListEndUsers,
  type PortalToken,
  type UpdateEndUser,
} from '../contract/end-users.js'
import type { Deleted } from '../contract/schema.js'
import type { APIPromise, ListPromise, RequestOptions } from '../transport/index.js'
import { Resource } from './resource.js'

/**
 * End users: the people who use your product. Methods here take `endUser.id`, the UUID; everywhere else `endUserId`
 * takes `endUser.externalId`, your own user id.
 *
 * @see docs/end-users.md
 */
export class EndUsers extends Resource {
  /**
   * Lists the end users of a workspace, oldest first. Await it for one page (default 50, at most 100 items), or iterate
   * over all.
   *
   * @throws NotFoundError `NOT_FOUND` if `workspaceId` names no workspace.
   * @example for await (const endUser of weavz.endUsers.list({ workspaceId })) console.log(endUser.externalId)
   */
  list(
    params: ListEndUsers,
    options?: RequestOptions,
  ): ListPromise<{ endUsers: EndUser[]; total: number }, EndUser> {
    return this.callList(endUsers.list, { query: params }, options)
  }

  /**
   * Creates an end user. Connecting an account with an unknown `endUserId` creates one, too.
   *
   * @param params.externalId Your own id of the user, such as `user_123`; unique in the workspace, never changes.
   * @throws ConflictError `DUPLICATE` if the externalId is taken in the workspace.
   * @throws NotFoundError `NOT_FOUND` (workspace)
   * @example const { endUser } = await weavz.endUsers.create({ workspaceId, externalId: 'user_123' })
   */
  create(params: CreateEndUser, options?: RequestOptions): APIPromise<{ endUser: EndUser }> {
    return this.call(endUsers.create, { body: params }, options)
  }

  /**
   * Gets an end user with all their connections.
   *
   * @param id `endUser.id`, a UUID; not your own user id.
   * @throws NotFoundError `END_USER_NOT_FOUND`
   * @example const { endUser, connections } = await weavz.endUsers.get(endUserUuid)
   */
  get(id: string, options?: RequestOptions): APIPromise<{ endUser: EndUser; connections: Connection[] }> {
    return this.call(endUsers.get, { params: { id } }, options)
  }

  /**
   * Changes the fields that are given; null clears one.
   *
   * @param id `endUser.id`, a UUID; not your own user id.
   * @throws NotFoundError `END_USER_NOT_FOUND`
   * @throws ValidationError `NO_UPDATES` if no field is given.
   * @example await weavz.endUsers.update(endUser.id, { displayName: 'Ada' })
   */
  update(id: string, params: UpdateEndUser, options?: RequestOptions): APIPromise<{ endUser: EndUser }> {
    return this.call(endUsers.update, { params: { id }, body: params }, options)
  }

  /**
   * Deletes an end user and their connections.
   *
   * @param id `endUser.id`, a UUID; not your own user id.
   * @throws NotFoundError `END_USER_NOT_FOUND`, also the second time.
   * @example const { connectionsDeleted } = await weavz.endUsers.delete(endUser.id)
   */
  delete(id: string, options?: RequestOptions): APIPromise<Deleted & { connectionsDeleted: number }> {
    return this.call(endUsers.delete, { params: { id } }, options)
  }

  /**
   * Makes a link to the portal page where an end user connects accounts. Whoever has the link acts as that end user.
   *
   * @param id `endUser.id`, a UUID; not your own user id.
   * @param params.expiresIn Seconds, 3600 to 2592000. Default 604800 (7 days).
   * @throws NotFoundError `END_USER_NOT_FOUND`, `INTEGRATION_NOT_FOUND`, `NOT_FOUND` (workspace integration)
   * @example const { connectUrl } = await weavz.endUsers.createConnectToken(endUser.id, { integrationName: 'slack' })
   */
  createConnectToken(
    id: string,
    params?: CreatePortalToken,
    options?: RequestOptions,
  ): APIPromise<PortalToken> {
    return this.call(endUsers.createConnectToken, { params: { id }, body: params }, options)
  }

  /**
   * Mails an end user a link to their portal page.
   *
   * @param id `endUser.id`, a UUID; not your own user id.
   * @param params.expiresIn Seconds, 3600 to 2592000. Default 604800 (7 days).
   * @throws NotFoundError `END_USER_NOT_FOUND`, `INTEGRATION_NOT_FOUND`, `NOT_FOUND` (workspace integration)
   * @example const { emailSent } = await weavz.endUsers.invite(endUser.id, { email: 'ada@example.com' })
   */
  invite(id: string, params: InviteEndUser, options?: RequestOptions): APIPromise<Invitation> {
    return this.call(endUsers.invite, { params: { id }, body: params }, options)
  }
}
