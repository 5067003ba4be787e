import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Deleted, IdReference, JsonObject, RequiredText, Timestamp, maybe, open } from './schema.js'

/** A saved set of input values for one workspace integration alias: integration-wide, for one action or one trigger. */
export const InputPartial = open({
  id: z.string(),
  orgId: z.string(),
  workspaceId: z.string(),
  integrationName: z.string(),
  workspaceIntegrationId: maybe(z.string()),
  integrationAlias: maybe(z.string()),
  actionName: maybe(z.string()),
  triggerName: maybe(z.string()),
  name: z.string(),
  description: maybe(z.string()),
  values: JsonObject,
  /** Keys of `values` that no caller can override. */
  enforcedKeys: z.array(z.string()),
  /** Applies to every call of its alias that names no partials. */
  isDefault: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export interface InputPartial extends z.infer<typeof InputPartial> {}

const Name = z.string().check(z.minLength(1), z.maxLength(100))
const Description = z.string().check(z.maxLength(500))

const content = {
  /** At most 500 characters. Null clears it. */
  description: maybe(Description),
  values: z.optional(JsonObject),
  /** Each must be a key of `values`. */
  enforcedKeys: z.optional(z.array(z.string())),
  isDefault: z.optional(z.boolean()),
}

interface NamesOperation {
  actionName?: string | null | undefined
  triggerName?: string | null | undefined
}
const atMostOneOperation = z.refine<NamesOperation>(
  ({ actionName, triggerName }) => actionName == null || triggerName == null,
  { path: ['triggerName'], error: 'At most one of actionName and triggerName' },
)

export const CreatePartial = z
  .strictObject({
    /** Workspace UUID. */
    workspaceId: IdReference,
    /** Catalog slug; must be configured in the workspace. */
    integrationName: RequiredText,
    /** The workspace integration it belongs to, by UUID. */
    workspaceIntegrationId: maybe(IdReference),
    /** The workspace integration it belongs to, by alias. With neither: the only one of that name. */
    integrationAlias: maybe(RequiredText),
    actionName: maybe(RequiredText),
    triggerName: maybe(RequiredText),
    /** 1 to 100 characters, unique within workspace, alias and action or trigger. */
    name: Name,
    ...content,
  })
  .check(atMostOneOperation)
export interface CreatePartial extends z.input<typeof CreatePartial> {}

export const UpdatePartial = z.strictObject({ name: z.optional(Name), ...content })
export interface UpdatePartial extends z.input<typeof UpdatePartial> {}

interface SelectsOne {
  workspaceIntegrationId?: string | undefined
  integrationAlias?: string | undefined
}
export const ListPartials = z
  .object({
    /** Workspace UUID. */
    workspaceId: RequiredText,
    integrationName: z.optional(z.string()),
    workspaceIntegrationId: z.optional(z.string()),
    integrationAlias: z.optional(z.string()),
    actionName: z.optional(z.string()),
    triggerName: z.optional(z.string()),
  })
  .check(
    z.refine<SelectsOne>(
      ({ workspaceIntegrationId, integrationAlias }) =>
        workspaceIntegrationId === undefined || integrationAlias === undefined,
      { path: ['integrationAlias'], error: 'At most one of workspaceIntegrationId and integrationAlias' },
    ),
  )
export interface ListPartials extends z.input<typeof ListPartials> {}

const OnePartial = open({ partial: InputPartial })

export const partials = {
  list: endpoint('partials.list', {
    method: 'GET',
    path: '/api/v1/partials',
    auth: 'api-key',
    summary: 'List the input partials of a workspace.',
    query: ListPartials,
    responses: { 200: open({ partials: z.array(InputPartial), total: z.number() }) },
    errors: [],
    list: 'partials',
  }),
  create: endpoint('partials.create', {
    method: 'POST',
    path: '/api/v1/partials',
    auth: 'api-key',
    summary: 'Save a set of input values.',
    body: CreatePartial,
    responses: { 201: OnePartial },
    errors: ['AMBIGUOUS_INTEGRATION', 'INTEGRATION_NOT_FOUND', 'DUPLICATE'],
  }),
  get: endpoint('partials.get', {
    method: 'GET',
    path: '/api/v1/partials/{id}',
    auth: 'api-key',
    summary: 'Get an input partial.',
    responses: { 200: OnePartial },
    errors: ['PARTIAL_NOT_FOUND'],
  }),
  update: endpoint('partials.update', {
    method: 'PATCH',
    path: '/api/v1/partials/{id}',
    auth: 'api-key',
    summary: 'Change an input partial.',
    body: UpdatePartial,
    responses: { 200: OnePartial },
    errors: ['NO_UPDATES', 'PARTIAL_NOT_FOUND', 'DUPLICATE'],
  }),
  delete: endpoint('partials.delete', {
    method: 'DELETE',
    path: '/api/v1/partials/{id}',
    auth: 'api-key',
    summary: 'Delete an input partial.',
    responses: { 200: Deleted },
    errors: ['PARTIAL_NOT_FOUND'],
  }),
  setDefault: endpoint('partials.setDefault', {
    method: 'POST',
    path: '/api/v1/partials/{id}/set-default',
    auth: 'api-key',
    summary: 'Make an input partial the default of its scope, or stop that.',
    body: z.strictObject({ isDefault: z.boolean() }),
    responses: { 200: OnePartial },
    errors: ['PARTIAL_NOT_FOUND'],
  }),
}
