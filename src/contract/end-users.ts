import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Connection } from './connections.js'
import {
  ExternalId,
  IdReference,
  JsonObject,
  Page,
  RequiredText,
  Timestamp,
  maybe,
  open,
  openEnum,
} from './schema.js'

export const endUserTypes = ['external', 'member'] as const
/** `external`: created by API. `member`: invited in the dashboard. */
export type EndUserType = (typeof endUserTypes)[number]

/** A person who uses your product. */
export const EndUser = open({
  /** Weavz UUID: the id in `/end-users/{id}`. */
  id: z.string(),
  workspaceId: z.string(),
  /** Your application's user id: what every `endUserId` takes. Null only for members. */
  externalId: z.nullable(z.string()),
  displayName: maybe(z.string()),
  email: maybe(z.string()),
  metadata: maybe(JsonObject),
  type: z.optional(openEnum(endUserTypes)),
  /** Connections linked to this end user. */
  connectionCount: z.optional(z.number()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export interface EndUser extends z.infer<typeof EndUser> {}

const Email = z.email()

export const CreateEndUser = z.strictObject({
  /** Workspace UUID. */
  workspaceId: IdReference,
  /** Your application's user id (`user_123`), 1 to 255 characters, unique in the workspace. Cannot be changed. */
  externalId: ExternalId,
  displayName: z.optional(z.string()),
  email: z.optional(Email),
  metadata: z.optional(JsonObject),
})
export interface CreateEndUser extends z.input<typeof CreateEndUser> {}

export const UpdateEndUser = z.strictObject({
  /** Null clears it. */
  displayName: maybe(z.string()),
  /** Null clears it. */
  email: maybe(Email),
  /** Replaces the whole object; null clears it. */
  metadata: maybe(JsonObject),
})
export interface UpdateEndUser extends z.input<typeof UpdateEndUser> {}

export const ListEndUsers = z.object({
  /** Workspace UUID. */
  workspaceId: RequiredText,
  ...Page,
})
export interface ListEndUsers extends z.input<typeof ListEndUsers> {}

const portal = {
  /** Restrict the portal to one integration, by catalog slug. */
  integrationName: z.optional(RequiredText),
  /** Restrict the portal to one workspace integration, by UUID. */
  workspaceIntegrationId: z.optional(IdReference),
  /** Lifetime in seconds, 3600 to 2592000. Default 604800 (7 days). */
  expiresIn: z.optional(z.number().check(z.int(), z.minimum(3600), z.maximum(2_592_000))),
}

export const CreatePortalToken = z.strictObject(portal)
export interface CreatePortalToken extends z.input<typeof CreatePortalToken> {}

export const InviteEndUser = z.strictObject({ email: Email, ...portal })
export interface InviteEndUser extends z.input<typeof InviteEndUser> {}

const link = {
  /** The portal page to send the end user to. */
  connectUrl: z.string(),
  /** `eut_…`: whoever holds it acts as this end user in the portal. */
  token: z.string(),
  expiresAt: Timestamp,
}

export const PortalToken = open(link)
export interface PortalToken extends z.infer<typeof PortalToken> {}

export const Invitation = open({
  ...link,
  /** The mail provider accepted the mail. */
  emailSent: z.boolean(),
})
export interface Invitation extends z.infer<typeof Invitation> {}

const OneEndUser = open({ endUser: EndUser })

export const endUsers = {
  list: endpoint('endUsers.list', {
    method: 'GET',
    path: '/api/v1/end-users',
    auth: 'api-key',
    summary: 'List the end users of a workspace.',
    query: ListEndUsers,
    responses: { 200: open({ endUsers: z.array(EndUser), total: z.number() }) },
    errors: [],
    list: 'endUsers',
    paginated: true,
  }),
  create: endpoint('endUsers.create', {
    method: 'POST',
    path: '/api/v1/end-users',
    auth: 'api-key',
    summary: 'Create an end user.',
    body: CreateEndUser,
    responses: { 201: OneEndUser },
    errors: ['DUPLICATE'],
  }),
  get: endpoint('endUsers.get', {
    method: 'GET',
    path: '/api/v1/end-users/{id}',
    auth: 'api-key',
    summary: 'Get an end user by UUID, with all their connections.',
    responses: { 200: open({ endUser: EndUser, connections: z.array(Connection) }) },
    errors: ['END_USER_NOT_FOUND'],
  }),
  update: endpoint('endUsers.update', {
    method: 'PATCH',
    path: '/api/v1/end-users/{id}',
    auth: 'api-key',
    summary: 'Change name, e-mail address or metadata of an end user.',
    body: UpdateEndUser,
    responses: { 200: OneEndUser },
    errors: ['NO_UPDATES', 'END_USER_NOT_FOUND'],
  }),
  delete: endpoint('endUsers.delete', {
    method: 'DELETE',
    path: '/api/v1/end-users/{id}',
    auth: 'api-key',
    summary: 'Delete an end user and their connections.',
    responses: { 200: open({ deleted: z.literal(true), id: z.string(), connectionsDeleted: z.number() }) },
    errors: ['END_USER_NOT_FOUND'],
  }),
  createConnectToken: endpoint('endUsers.createConnectToken', {
    method: 'POST',
    path: '/api/v1/end-users/{id}/connect-token',
    auth: 'api-key',
    summary: 'Make a link to the connect portal of an end user.',
    body: CreatePortalToken,
    bodyOptional: true,
    responses: { 200: PortalToken },
    errors: ['END_USER_NOT_FOUND', 'INTEGRATION_NOT_FOUND'],
  }),
  invite: endpoint('endUsers.invite', {
    method: 'POST',
    path: '/api/v1/end-users/{id}/invite',
    auth: 'api-key',
    summary: 'Mail an end user a link to their connect portal.',
    body: InviteEndUser,
    responses: { 200: Invitation },
    errors: ['END_USER_NOT_FOUND', 'INTEGRATION_NOT_FOUND'],
  }),
}
