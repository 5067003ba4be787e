import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { selectors } from './actions.js'
import { connectionTypes } from './connections.js'
import { BooleanParam, IdReference, JsonObject, RequiredText, maybe, open, openEnum } from './schema.js'

export const integrationCategories = [
  'AI',
  'ANALYTICS',
  'COMMERCE',
  'COMMUNICATION',
  'CONTENT_AND_FILES',
  'CUSTOMER_SUPPORT',
  'DEVELOPER_TOOLS',
  'FINANCE',
  'FORMS_AND_SURVEYS',
  'HR_AND_RECRUITING',
  'MARKETING',
  'PROJECT_MANAGEMENT',
  'PRODUCTIVITY',
  'SALES_AND_CRM',
] as const
export type IntegrationCategory = (typeof integrationCategories)[number]

export const propTypes = [
  'SHORT_TEXT',
  'LONG_TEXT',
  'NUMBER',
  'CHECKBOX',
  'DROPDOWN',
  'STATIC_MULTI_SELECT_DROPDOWN',
  'MULTI_SELECT_DROPDOWN',
  'ARRAY',
  'OBJECT',
  'JSON',
  'CUSTOM_AUTH',
  'OAUTH2',
  'DYNAMIC',
  'FILE',
] as const
/** The type of one input of an action or trigger. */
export type PropType = (typeof propTypes)[number]

/** One input of an action or trigger. */
export const IntegrationProp = open({
  type: openEnum(propTypes),
  displayName: z.string(),
  description: maybe(z.string()),
  required: z.optional(z.boolean()),
  /** Names of the props whose change makes the options stale. */
  refreshers: z.optional(z.array(z.string())),
  /** Static options of a dropdown. */
  options: z.optional(
    open({ options: z.array(open({ label: z.optional(z.string()), value: z.unknown() })) }),
  ),
})
export interface IntegrationProp extends z.infer<typeof IntegrationProp> {}

/** An action or a trigger of an integration, with the props that its input takes. */
export const IntegrationOperation = open({
  name: z.string(),
  displayName: z.string(),
  description: maybe(z.string()),
  props: z.record(z.string(), IntegrationProp),
})
export interface IntegrationOperation extends z.infer<typeof IntegrationOperation> {}

const authOption = {
  /** What `authMethodKey` takes: `api_key`, `basic_auth`, `custom_auth`, `oauth2` or provider-specific. */
  key: z.string(),
  type: openEnum(connectionTypes),
  displayName: maybe(z.string()),
}

/** One way to authenticate with an integration. */
export const AuthOption = open({
  ...authOption,
  description: maybe(z.string()),
  oauth2: z.optional(z.unknown()),
})
export interface AuthOption extends z.infer<typeof AuthOption> {}

const described = {
  /** Catalog slug: `integrationName` everywhere. */
  name: z.string(),
  displayName: z.string(),
  description: maybe(z.string()),
  /** A `data:` URI. */
  logoUrl: maybe(z.string()),
  categories: z.optional(z.array(openEnum(integrationCategories))),
}

export const Integration = open({
  ...described,
  /** Null: needs no account. */
  auth: z.nullable(open({ type: z.array(openEnum(connectionTypes)), oauth2: z.optional(z.unknown()) })),
  authOptions: z.optional(z.array(AuthOption)),
  actions: z.record(z.string(), IntegrationOperation),
  triggers: z.record(z.string(), IntegrationOperation),
})
export interface Integration extends z.infer<typeof Integration> {}

export const IntegrationSummary = open({
  ...described,
  /** Null: needs no account. */
  auth: z.nullable(open({ type: z.string() })),
  authOptions: z.optional(z.array(open(authOption))),
  actionCount: z.number(),
  triggerCount: z.number(),
})
export interface IntegrationSummary extends z.infer<typeof IntegrationSummary> {}

const property = {
  propertyName: RequiredText,
  /** Exactly one of actionName and triggerName. */
  actionName: z.optional(RequiredText),
  triggerName: z.optional(RequiredText),
  /** Workspace UUID. Without it only an ORGANIZATION connection can be used, named by connectionExternalId. */
  workspaceId: z.optional(IdReference),
  ...selectors,
  /** What the other props hold so far. */
  input: z.optional(JsonObject),
}

interface NamesOperation {
  actionName?: string | undefined
  triggerName?: string | undefined
}
const exactlyOneOperation = z.refine<NamesOperation>(
  ({ actionName, triggerName }) => (actionName === undefined) !== (triggerName === undefined),
  { path: ['actionName'], error: 'Exactly one of actionName and triggerName' },
)

export const ResolveProperty = z.strictObject(property).check(exactlyOneOperation)
export interface ResolveProperty extends z.input<typeof ResolveProperty> {}

export const ResolveOptions = z
  .strictObject({
    ...property,
    /** What the user typed to narrow the options. */
    searchValue: z.optional(z.string()),
  })
  .check(exactlyOneOperation)
export interface ResolveOptions extends z.input<typeof ResolveOptions> {}

export const PropertyOptions = open({
  options: z.array(open({ label: z.string(), value: z.unknown() })),
  disabled: z.boolean(),
})
export interface PropertyOptions extends z.infer<typeof PropertyOptions> {}

/** What a dynamic property consists of: props by name. */
export const PropertyProps = z.record(z.string(), IntegrationProp)
export type PropertyProps = z.infer<typeof PropertyProps>

const refusals = [
  'CONNECTION_REQUIRED',
  'AMBIGUOUS_INTEGRATION',
  'FORBIDDEN',
  'PARTIAL_MISMATCH',
  'INTEGRATION_NOT_FOUND',
  'ACTION_NOT_FOUND',
  'TRIGGER_NOT_FOUND',
  'PARTIAL_NOT_FOUND',
] as const

const registered = z.optional(z.array(z.string()))

export const integrations = {
  list: endpoint('integrations.list', {
    method: 'GET',
    path: '/api/v1/integrations',
    auth: 'none',
    summary: 'List all integrations with their actions and triggers.',
    query: z.object({ summary: z.optional(BooleanParam) }),
    responses: { 200: open({ integrations: z.array(Integration), total: z.number(), registered }) },
    errors: [],
    list: 'integrations',
  }),
  listSummary: endpoint('integrations.listSummary', {
    method: 'GET',
    path: '/api/v1/integrations',
    selectedBy: { param: 'summary', value: 'true' },
    auth: 'none',
    summary: 'List all integrations, briefly.',
    query: z.object({ summary: BooleanParam }),
    responses: { 200: open({ integrations: z.array(IntegrationSummary), total: z.number(), registered }) },
    errors: [],
    list: 'integrations',
  }),
  get: endpoint('integrations.get', {
    method: 'GET',
    path: '/api/v1/integrations',
    selectedBy: { param: 'name' },
    auth: 'none',
    summary: 'Get one integration by its name.',
    query: z.object({ name: RequiredText }),
    responses: {
      200: open({ integration: Integration, integrations: z.array(Integration), total: z.number() }),
    },
    errors: ['INTEGRATION_NOT_FOUND'],
  }),
  resolveOptions: endpoint('integrations.resolveOptions', {
    method: 'POST',
    path: '/api/v1/integrations/{integrationName}/properties/options',
    auth: 'api-key',
    summary: 'Load the options of a dropdown.',
    body: ResolveOptions,
    responses: { 200: PropertyOptions },
    errors: ['NOT_DROPDOWN', 'NO_OPTIONS_FN', 'OPTIONS_FAILED', ...refusals],
    safeToRetry: true,
  }),
  resolveProperty: endpoint('integrations.resolveProperty', {
    method: 'POST',
    path: '/api/v1/integrations/{integrationName}/properties/resolve',
    auth: 'api-key',
    summary: 'Load the props of a dynamic property.',
    body: ResolveProperty,
    responses: { 200: PropertyProps },
    errors: ['NOT_DYNAMIC', 'NO_PROPS_FN', 'RESOLVE_FAILED', ...refusals],
    safeToRetry: true,
  }),
  oauthStatus: endpoint('integrations.oauthStatus', {
    method: 'GET',
    path: '/api/v1/integrations/oauth-status',
    auth: 'api-key',
    summary: 'List the integrations that have an OAuth app.',
    responses: { 200: open({ configured: z.array(z.string()) }) },
    errors: [],
  }),
}
