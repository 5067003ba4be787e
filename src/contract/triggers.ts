import * as z from 'zod/mini'
import { selectors } from './actions.js'
import { endpoint } from './endpoint.js'
import { IdReference, JsonObject, Page, RequiredText, Timestamp, maybe, open, openEnum } from './schema.js'

export const triggerTypes = ['WEBHOOK', 'POLLING', 'APP_WEBHOOK'] as const
export type TriggerType = (typeof triggerTypes)[number]

export const deliveryStatuses = ['pending', 'success', 'failed', 'retrying'] as const
/** Of one attempt: under way, delivered, failed for good, or failed with another attempt to come. */
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** The latest attempt to deliver an event of a trigger. */
export const TriggerDelivery = open({
  /** Counts from 1; 0 if there was no connection to fire with, so that nothing was sent. */
  attempt: z.optional(z.number()),
  status: z.optional(openEnum(deliveryStatuses)),
  /** Null where the receiver did not answer. */
  httpStatus: maybe(z.number()),
  errorMessage: maybe(z.string()),
  createdAt: z.optional(Timestamp),
  deliveredAt: maybe(Timestamp),
})
export interface TriggerDelivery extends z.infer<typeof TriggerDelivery> {}

/** An enabled trigger: where its events go. */
export const TriggerSource = open({
  id: z.string(),
  orgId: z.string(),
  workspaceId: z.string(),
  triggerType: openEnum(triggerTypes),
  integrationName: z.string(),
  triggerName: z.string(),
  callbackUrl: z.string(),
  workspaceIntegrationId: maybe(z.string()),
  /** Where the third party posts; only of type `WEBHOOK`. */
  webhookUrl: maybe(z.string()),
  simulate: z.optional(z.boolean()),
  /** Null before the first delivery. */
  lastDelivery: maybe(TriggerDelivery),
  createdAt: Timestamp,
})
export interface TriggerSource extends z.infer<typeof TriggerSource> {}

/** Not one with credentials: `fetch` refuses those, and it is too late to say so when an event arrives. */
function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username + password === ''
}

export const EnableTrigger = z.strictObject({
  /** Catalog slug. */
  integrationName: RequiredText,
  triggerName: RequiredText,
  /** Where events are posted: an http or https URL without user name and password. */
  callbackUrl: z
    .string()
    .check(z.refine(isHttpUrl, { error: 'Expected an http or https URL without credentials' })),
  /** Workspace UUID. */
  workspaceId: IdReference,
  /** Sent with every delivery. Deliveries are not signed: put a secret of your own here. */
  callbackHeaders: z.optional(z.record(z.string(), z.string())),
  /** Comes back as `metadata` of every delivery. */
  callbackMetadata: z.optional(JsonObject),
  ...selectors,
  input: z.optional(JsonObject),
  /** 1 to 1440; polling triggers only. */
  pollingIntervalMinutes: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(1440))),
  simulate: z.optional(z.boolean()),
})
export interface EnableTrigger extends z.input<typeof EnableTrigger> {}

export const ListTriggers = z.object({
  /** Workspace UUID; must exist. */
  workspaceId: z.optional(z.string()),
  ...Page,
})
export interface ListTriggers extends z.input<typeof ListTriggers> {}

/** What is posted to `callbackUrl`, at least once per event. */
export const TriggerEvent = open({
  triggerSourceId: z.string(),
  integrationName: z.string(),
  triggerName: z.string(),
  /** The event itself, as the third party sent it. */
  data: z.unknown(),
  /** `callbackMetadata` of the trigger. */
  metadata: JsonObject,
  timestamp: Timestamp,
})
export interface TriggerEvent extends z.infer<typeof TriggerEvent> {}

export const triggers = {
  list: endpoint('triggers.list', {
    method: 'GET',
    path: '/api/v1/triggers',
    auth: 'api-key',
    summary: 'List the active triggers.',
    query: ListTriggers,
    responses: { 200: open({ triggers: z.array(TriggerSource), total: z.number() }) },
    errors: [],
    list: 'triggers',
    paginated: true,
  }),
  enable: endpoint('triggers.enable', {
    method: 'POST',
    path: '/api/v1/triggers/enable',
    auth: 'api-key',
    summary: 'Start delivering the events of a trigger.',
    body: EnableTrigger,
    responses: { 201: open({ triggerSource: TriggerSource }) },
    errors: [
      'CONNECTION_REQUIRED',
      'AMBIGUOUS_INTEGRATION',
      'FORBIDDEN',
      'PARTIAL_MISMATCH',
      'QUOTA_EXCEEDED',
      'POLLING_INTERVAL_TOO_SHORT',
      'INTEGRATION_NOT_FOUND',
      'TRIGGER_NOT_FOUND',
      'PARTIAL_NOT_FOUND',
    ],
  }),
  disable: endpoint('triggers.disable', {
    method: 'POST',
    path: '/api/v1/triggers/disable',
    auth: 'api-key',
    summary: 'Stop a trigger.',
    body: z.strictObject({ triggerSourceId: IdReference }),
    responses: { 200: open({ disabled: z.literal(true), triggerSourceId: z.string() }) },
    errors: ['TRIGGER_NOT_FOUND'],
  }),
  test: endpoint('triggers.test', {
    method: 'POST',
    path: '/api/v1/triggers/test',
    auth: 'api-key',
    summary: 'Get sample data of a trigger.',
    body: z.strictObject({ integrationName: RequiredText, triggerName: RequiredText }),
    responses: { 200: open({ sampleData: z.unknown() }) },
    errors: ['INTEGRATION_NOT_FOUND', 'TRIGGER_NOT_FOUND'],
    safeToRetry: true,
  }),
}
