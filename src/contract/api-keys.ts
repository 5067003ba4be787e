import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Deleted, RequiredText, Timestamp, maybe, open, openEnum } from './schema.js'

const approvals = z.optional(
  z.strictObject({
    /** Whether the key may approve, reject and cancel approval requests. Default false. */
    decide: z.optional(z.boolean()),
  }),
)

/** What a key may do. Null, or left out: the whole organization, without deciding approvals. */
export const ApiKeyPermissions = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('org'), approvals }),
  z.strictObject({
    scope: z.literal('workspace'),
    /** UUIDs of the workspaces that the key is limited to. */
    workspaceIds: z.array(RequiredText),
    approvals,
  }),
])
export type ApiKeyPermissions = z.infer<typeof ApiKeyPermissions>

/** An API key, without the key itself. */
export const ApiKeyInfo = open({
  id: z.string(),
  orgId: z.string(),
  name: z.string(),
  /** The first 8 characters: `wvz_ab12`. */
  keyPrefix: z.string(),
  /** As they were sent. */
  permissions: maybe(
    open({
      scope: openEnum(['org', 'workspace']),
      workspaceIds: z.optional(z.array(z.string())),
      approvals: z.optional(open({ decide: z.optional(z.boolean()) })),
    }),
  ),
  lastUsedAt: maybe(Timestamp),
  expiresAt: maybe(Timestamp),
  createdAt: Timestamp,
})
export interface ApiKeyInfo extends z.infer<typeof ApiKeyInfo> {}

export const CreateApiKey = z.strictObject({
  name: RequiredText,
  /** ISO 8601. Null or left out: never. */
  expiresAt: maybe(z.iso.datetime({ offset: true })),
  permissions: maybe(ApiKeyPermissions),
})
export interface CreateApiKey extends z.input<typeof CreateApiKey> {}

export const apiKeys = {
  list: endpoint('apiKeys.list', {
    method: 'GET',
    path: '/api/v1/api-keys',
    auth: 'api-key',
    summary: 'List the API keys of the organization.',
    responses: { 200: open({ apiKeys: z.array(ApiKeyInfo), total: z.number() }) },
    errors: [],
    list: 'apiKeys',
  }),
  create: endpoint('apiKeys.create', {
    method: 'POST',
    path: '/api/v1/api-keys',
    auth: 'api-key',
    summary: 'Create an API key. The key itself is shown this once.',
    body: CreateApiKey,
    responses: {
      201: open({
        apiKey: ApiKeyInfo,
        /** The key itself (`wvz_…`), never shown again. */
        plainKey: z.string(),
      }),
    },
    errors: ['QUOTA_EXCEEDED'],
  }),
  delete: endpoint('apiKeys.delete', {
    method: 'DELETE',
    path: '/api/v1/api-keys/{id}',
    auth: 'api-key',
    summary: 'Delete an API key; it stops working at once.',
    responses: { 200: Deleted },
    errors: ['FORBIDDEN'],
  }),
}
