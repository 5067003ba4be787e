import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { connectionScopes } from './connections.js'
import { oauthAppModes } from './workspace-integrations.js'
import { ExternalId, IdReference, RequiredText, Timestamp, maybe, open, openEnum } from './schema.js'

export const connectStatuses = ['PENDING', 'CONNECTING', 'COMPLETED', 'FAILED'] as const
/**
 * `PENDING` until the user leaves the hosted page for the provider, then `CONNECTING`; `COMPLETED` and `FAILED` are
 * final.
 */
export type ConnectStatus = (typeof connectStatuses)[number]

/** Names below `localhost` are loopback, too (RFC 6761, section 6.3). */
const loopback = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** https, or http on a loopback host; no credentials in the URL. */
export function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  if (url.username || url.password) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))
}

const RedirectUri = z
  .string()
  .check(z.refine(isRedirectUri, { error: 'An https URL, or http on a loopback host, without credentials' }))

export const CreateConnectToken = z.strictObject({
  /** Catalog slug. */
  integrationName: RequiredText,
  /** Becomes `connection.displayName`. */
  connectionName: RequiredText,
  /** Becomes `connection.externalId`, 1 to 255 characters. */
  externalId: ExternalId,
  /** Workspace UUID. */
  workspaceId: IdReference,
  /** The end user's **external** id (your user id); created when the connection is established, if unknown. */
  endUserId: z.optional(ExternalId),
  /** Default `USER` with endUserId, else `WORKSPACE`. */
  scope: z.optional(z.enum(connectionScopes)),
  /** The session inherits auth method and OAuth app policy of this workspace integration. */
  workspaceIntegrationId: z.optional(IdReference),
  /** Required if the integration has several auth options and no workspaceIntegrationId settles it. */
  authMethodKey: z.optional(RequiredText),
  /** Default `weavz_managed`. */
  oauthAppMode: z.optional(z.enum(oauthAppModes)),
  /** Required with oauthAppMode `custom`. */
  oauthAppId: z.optional(IdReference),
  /** Where the hosted page sends the user afterwards, instead of posting to its opener. */
  successRedirectUri: z.optional(RedirectUri),
  errorRedirectUri: z.optional(RedirectUri),
})
export interface CreateConnectToken extends z.input<typeof CreateConnectToken> {}

export const ConnectToken = open({
  /** `cst_…`: whoever holds it can finish this session. Lives 4 hours. */
  token: z.string(),
  /** The hosted page to open in a popup or to redirect to. */
  connectUrl: z.string(),
  expiresAt: z.optional(Timestamp),
  sessionId: z.optional(z.string()),
})
export interface ConnectToken extends z.infer<typeof ConnectToken> {}

const progress = {
  status: openEnum(connectStatuses),
  /** `connection.id`, once COMPLETED. */
  connectionId: maybe(z.string()),
  integrationName: z.string(),
  workspaceIntegrationId: maybe(z.string()),
  authMethodKey: maybe(z.string()),
  oauthAppMode: maybe(openEnum(oauthAppModes)),
  oauthAppId: maybe(z.string()),
  externalId: z.string(),
  /** Why it FAILED, for people. */
  error: maybe(z.string()),
}

/** What polling a session by its token answers. */
export const ConnectPoll = open(progress)
export interface ConnectPoll extends z.infer<typeof ConnectPoll> {}

export const ConnectSession = open({
  id: z.string(),
  ...progress,
  connectionName: z.string(),
  expiresAt: Timestamp,
  createdAt: Timestamp,
})
export interface ConnectSession extends z.infer<typeof ConnectSession> {}

export const connect = {
  createToken: endpoint('connect.createToken', {
    method: 'POST',
    path: '/api/v1/connect/token',
    auth: 'api-key',
    summary: 'Start a hosted connect session.',
    body: CreateConnectToken,
    responses: { 200: ConnectToken },
    errors: ['NO_OAUTH_APP', 'INTEGRATION_NOT_FOUND', 'OAUTH_APP_NOT_FOUND'],
  }),
  poll: endpoint('connect.poll', {
    method: 'POST',
    path: '/api/v1/connect/session/poll',
    auth: 'none',
    summary: 'Ask how a session is going, by its token.',
    // A missing or empty token has an error of its own (MISSING_TOKEN), so the schema lets it pass.
    body: z.strictObject({ token: z.optional(z.string()) }),
    responses: { 200: ConnectPoll },
    errors: ['MISSING_TOKEN', 'INVALID_TOKEN'],
    safeToRetry: true,
  }),
  getSession: endpoint('connect.getSession', {
    method: 'GET',
    path: '/api/v1/connect/session/{sessionId}',
    auth: 'api-key',
    summary: 'Get a session by its id.',
    responses: { 200: open({ session: ConnectSession }) },
    errors: ['FORBIDDEN'],
  }),
}
