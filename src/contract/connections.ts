import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import {
  Deleted,
  ExternalId,
  IdReference,
  JsonObject,
  Page,
  RequiredText,
  Timestamp,
  includeSuspended,
  open,
  openEnum,
} from './schema.js'

export const connectionTypes = [
  'SECRET_TEXT',
  'BASIC_AUTH',
  'CUSTOM_AUTH',
  'OAUTH2',
  'PLATFORM_OAUTH2',
] as const
/** The kind of credentials that a connection holds. */
export type ConnectionType = (typeof connectionTypes)[number]

export const connectionStatuses = ['ACTIVE', 'ERROR'] as const
/** `ACTIVE`: valid and ready. `ERROR`: for example the OAuth refresh failed. */
export type ConnectionStatus = (typeof connectionStatuses)[number]

export const connectionScopes = ['ORGANIZATION', 'WORKSPACE', 'USER'] as const
/** Who may use a connection: every workspace, one workspace, one end user. */
export type ConnectionScope = (typeof connectionScopes)[number]

/** Stored third-party credentials. The credentials themselves are in no response. */
export const Connection = open({
  /** Weavz UUID: what pinning takes (`connectionId`). */
  id: z.string(),
  displayName: z.string(),
  /** Catalog slug. */
  integrationName: z.string(),
  /** Your selector for this credential set (`connectionExternalId`). Not a user id. */
  externalId: z.string(),
  authMethodKey: z.optional(z.nullable(z.string())),
  type: openEnum(connectionTypes),
  status: openEnum(connectionStatuses),
  scope: openEnum(connectionScopes),
  workspaceId: z.optional(z.nullable(z.string())),
  /** The owner's **external** id (your user id), or null. */
  endUserId: z.optional(z.nullable(z.string())),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export interface Connection extends z.infer<typeof Connection> {}

const target = {
  /** Your selector for this credential set, 1 to 255 characters. Not a user id: users are `endUserId`. */
  externalId: ExternalId,
  displayName: RequiredText,
  /** Catalog slug: `slack`. */
  integrationName: RequiredText,
  /** Workspace UUID; required for the scopes `WORKSPACE` and `USER`. */
  workspaceId: z.optional(IdReference),
  /** The owner's **external** id (your user id). Links the connection to that end user, who is created if unknown. */
  endUserId: z.optional(ExternalId),
  /** Default: the narrowest that the ids imply: `USER`, else `WORKSPACE`, else `ORGANIZATION`. */
  scope: z.optional(z.enum(connectionScopes)),
  /** Required where several auth options of the integration fit the type. */
  authMethodKey: z.optional(RequiredText),
  /** The OAuth app that issued the tokens; omitted: the app that Weavz manages. */
  oauthAppId: z.optional(IdReference),
}

const tokens = {
  accessToken: RequiredText,
  refreshToken: z.optional(RequiredText),
  /** Default `Bearer`. */
  tokenType: z.optional(RequiredText),
  /** Lifetime of the access token in seconds, from now. */
  expiresIn: z.optional(z.number().check(z.minimum(0))),
  /** The scopes that the provider granted, separated by spaces. */
  scope_oauth: z.optional(z.string()),
  /** What else the provider answered. */
  data: z.optional(JsonObject),
}

/** The credential fields of each connection type. */
export const credentialFields = {
  SECRET_TEXT: {
    /** The API key or token of the third party. */
    secretText: RequiredText,
  },
  BASIC_AUTH: { username: RequiredText, password: RequiredText },
  CUSTOM_AUTH: {
    /** The fields that the integration asks for: `{ token }`, `{ accessKeyId, secretAccessKey, region, bucket }`. */
    props: JsonObject.check(
      z.refine((props) => Object.keys(props).length > 0, { error: 'At least one field' }),
    ),
  },
  OAUTH2: tokens,
  PLATFORM_OAUTH2: tokens,
}

export const CreateConnection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('SECRET_TEXT'), ...target, ...credentialFields.SECRET_TEXT }),
  z.strictObject({ type: z.literal('BASIC_AUTH'), ...target, ...credentialFields.BASIC_AUTH }),
  z.strictObject({ type: z.literal('CUSTOM_AUTH'), ...target, ...credentialFields.CUSTOM_AUTH }),
  z.strictObject({ type: z.literal('OAUTH2'), ...target, ...credentialFields.OAUTH2 }),
  z.strictObject({ type: z.literal('PLATFORM_OAUTH2'), ...target, ...credentialFields.PLATFORM_OAUTH2 }),
])
export type CreateConnection = z.input<typeof CreateConnection>

export const ListConnections = z.object({
  /** Catalog slug. */
  integrationName: z.optional(z.string()),
  /** Workspace UUID; must exist. */
  workspaceId: z.optional(z.string()),
  /** The owner's **external** id. */
  endUserId: z.optional(z.string()),
  ...Page,
  includeSuspended,
})
export interface ListConnections extends z.input<typeof ListConnections> {}

export const ResolveConnection = z.strictObject({
  /** Catalog slug. */
  integrationName: RequiredText,
  workspaceId: IdReference,
  /** `connection.externalId`: names one connection and bypasses the workspace integration. */
  externalId: z.optional(RequiredText),
  /** The end user's **external** id. */
  endUserId: z.optional(RequiredText),
  authMethodKey: z.optional(RequiredText),
})
export interface ResolveConnection extends z.input<typeof ResolveConnection> {}

const OneConnection = open({ connection: Connection })

export const connections = {
  list: endpoint('connections.list', {
    method: 'GET',
    path: '/api/v1/connections',
    auth: 'api-key',
    summary: 'List connections.',
    query: ListConnections,
    responses: { 200: open({ connections: z.array(Connection), total: z.number() }) },
    errors: [],
    list: 'connections',
    paginated: true,
  }),
  get: endpoint('connections.get', {
    method: 'GET',
    path: '/api/v1/connections',
    selectedBy: { param: 'id' },
    auth: 'api-key',
    summary: 'Get one connection by its UUID.',
    query: z.object({ id: IdReference }),
    responses: { 200: OneConnection },
    errors: ['CONNECTION_NOT_FOUND'],
  }),
  create: endpoint('connections.create', {
    method: 'POST',
    path: '/api/v1/connections',
    auth: 'api-key',
    summary: 'Store credentials as a connection.',
    body: CreateConnection,
    responses: { 201: OneConnection },
    errors: ['QUOTA_EXCEEDED', 'INTEGRATION_NOT_FOUND', 'DUPLICATE'],
  }),
  delete: endpoint('connections.delete', {
    method: 'DELETE',
    path: '/api/v1/connections/{id}',
    auth: 'api-key',
    summary: 'Delete a connection and its credentials.',
    responses: { 200: Deleted },
    errors: ['CONNECTION_NOT_FOUND'],
  }),
  resolve: endpoint('connections.resolve', {
    method: 'POST',
    path: '/api/v1/connections/resolve',
    auth: 'api-key',
    summary: 'Find the connection that a call would use.',
    body: ResolveConnection,
    responses: { 200: OneConnection },
    errors: [
      'CONNECTION_NOT_FOUND',
      'CONNECTION_REQUIRED',
      'FORBIDDEN',
      'AMBIGUOUS_INTEGRATION',
      'INTEGRATION_NOT_FOUND',
    ],
    safeToRetry: true,
  }),
}
