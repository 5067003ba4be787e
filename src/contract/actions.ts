import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { IdReference, JsonObject, RequiredText, Timestamp, open, openEnum } from './schema.js'

/** How a call picks its account: shared by execute, triggers and property endpoints. */
export const selectors = {
  /** `connection.externalId`: names one connection and bypasses the workspace integration's choice. Not a UUID. */
  connectionExternalId: z.optional(RequiredText),
  /** UUID of a configured workspace integration; preferred where the integration is configured more than once. */
  workspaceIntegrationId: z.optional(IdReference),
  /** Alias of a configured workspace integration; used when no workspaceIntegrationId is given. */
  integrationAlias: z.optional(RequiredText),
  /** The end user's **external** id (your user id), never the Weavz UUID. */
  endUserId: z.optional(RequiredText),
  /** Narrows the choice of connection to this auth method. */
  authMethodKey: z.optional(RequiredText),
  /** Ids or names of input partials. Omitted: default partials apply. `[]`: none. */
  partialIds: z.optional(z.array(RequiredText)),
}

export const ExecuteAction = z.strictObject({
  /** Catalog slug: `slack`. */
  integrationName: RequiredText,
  actionName: RequiredText,
  /** Workspace UUID; always required, also next to connectionExternalId. */
  workspaceId: IdReference,
  /** Input of the action. Default `{}`. */
  input: z.optional(JsonObject),
  ...selectors,
  /** Ties the repeat of a call to its approval. It does not de-duplicate executions in general. */
  idempotencyKey: z.optional(RequiredText),
})
export interface ExecuteAction extends z.input<typeof ExecuteAction> {}

export const ActionSucceeded = open({
  success: z.literal(true),
  /** The action's own output. */
  output: z.unknown(),
  /** Milliseconds. */
  duration: z.number(),
})
export interface ActionSucceeded extends z.infer<typeof ActionSucceeded> {}

/** A person must approve first (202): repeat the same call with the same idempotencyKey afterwards. */
export const ApprovalRequired = open({
  success: z.literal(false),
  status: openEnum(['approval_required']),
  approval: open({
    /** `apr_…` */
    id: z.string(),
    policyId: z.optional(z.nullable(z.string())),
    status: openEnum(['pending']),
    approvalAccessMode: z.optional(z.string()),
    approvalUrl: z.optional(z.nullable(z.string())),
    hostedApprovalUrl: z.optional(z.nullable(z.string())),
    expiresAt: Timestamp,
    retry: open({ idempotencyKey: z.optional(z.nullable(z.string())) }),
  }),
  // Never sent; typed, so that `const { output } = await execute(…)` compiles against the union of both answers.
  output: z.optional(z.undefined()),
  duration: z.optional(z.undefined()),
})
export interface ApprovalRequired extends z.infer<typeof ApprovalRequired> {}

export const actions = {
  execute: endpoint('actions.execute', {
    method: 'POST',
    path: '/api/v1/actions/execute',
    auth: 'api-key',
    summary: 'Run an action of an integration.',
    body: ExecuteAction,
    responses: { 200: ActionSucceeded, 202: ApprovalRequired },
    errors: [
      'CONNECTION_REQUIRED',
      'AMBIGUOUS_INTEGRATION',
      'PARTIAL_MISMATCH',
      'ACTION_FAILED',
      'ACTION_NOT_ALLOWED',
      'FORBIDDEN',
      'APPROVAL_POLICY_BLOCKED',
      'QUOTA_EXCEEDED',
      'INTEGRATION_NOT_FOUND',
      'ACTION_NOT_FOUND',
      'PARTIAL_NOT_FOUND',
    ],
    reads: {
      'Idempotency-Key': 'Counts as `idempotencyKey`, unless the body has one.',
      'X-Idempotency-Key': 'The same, where there is no `Idempotency-Key`.',
    },
    headers: { 'X-Weavz-Source': 'sdk' },
  }),
}
