import * as z from 'zod/mini'
import { resolutionReasons } from '../../contract/errors.js'
import { rungs } from './rungs.js'

/**
 * The shape of an explanation, which is also the stable JSON that it prints as. Fields are only ever added under
 * `version: 1`.
 */
const Text = z.nullable(z.string())
const Fact = z.union([z.string(), z.number(), z.boolean(), z.null(), z.readonly(z.array(z.string()))])
export type Fact = z.infer<typeof Fact>
export type Facts = Record<string, Fact>
const Via = z.enum(['explicit', 'pinned', 'own', 'fallback'])

/**
 * Who reads: the `developer` of the app may know everything; a `workspace` may know what is its own and the
 * organization's; an `end-user` may know what the whole workspace shares and what is theirs.
 */
const AudienceSchema = z.enum(['developer', 'workspace', 'end-user'])
export type Audience = z.infer<typeof AudienceSchema>

const StepSchema = z.object({
  rung: z.enum(rungs.map(({ name }) => name)),
  title: z.string(),
  question: z.string(),
  /** `applied`, `skipped` (answered with no, harmlessly), `failed` (it refused) or `not-reached`. */
  status: z.enum(['applied', 'skipped', 'failed', 'not-reached']),
  because: z.string(),
  /** What the rung read. */
  facts: z.record(z.string(), Fact),
})
export interface Step extends z.infer<typeof StepSchema> {}

const OutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('resolved'),
    connectionId: z.string(),
    via: Via,
    workspaceIntegrationId: Text,
  }),
  z.object({
    outcome: z.literal('not-needed'),
    connectionId: Text,
    via: z.nullable(Via),
    workspaceIntegrationId: Text,
  }),
  z.object({
    outcome: z.literal('denied'),
    code: z.string(),
    status: z.number(),
    reason: z.nullable(z.enum(resolutionReasons)),
    message: z.string(),
  }),
])
export type Outcome = z.infer<typeof OutcomeSchema>

const PredicateSchema = z.object({
  name: z.string(),
  expected: Fact,
  actual: Fact,
  holds: z.boolean(),
})
export interface Predicate extends z.infer<typeof PredicateSchema> {}

const CandidateSchema = z.object({
  connectionId: z.string(),
  externalId: z.string(),
  /** `shadowed`: it would do, but `shadowedBy` went before it. */
  verdict: z.enum(['selected', 'shadowed', 'rejected']),
  shadowedBy: Text,
  predicates: z.array(PredicateSchema),
})
export interface Candidate extends z.infer<typeof CandidateSchema> {}

const requestFields = {
  workspaceId: Text,
  integrationName: z.string(),
  actionName: Text,
  connectionExternalId: Text,
  workspaceIntegrationId: Text,
  integrationAlias: Text,
  endUserId: Text,
  authMethodKey: Text,
}
const RequestSchema = z.object({
  kind: z.enum(['execute', 'resolve', 'trigger', 'property']),
  ...requestFields,
  /** Of an MCP tool that has a connection of its own. */
  toolConnectionId: z.optional(z.string()),
})
export interface ExplainedRequest extends z.infer<typeof RequestSchema> {}

const MissingSchema = z.object({
  field: z.string(),
  because: z.string(),
  /** A value that was tried and changes the answer. */
  example: Text,
})
export interface Missing extends z.infer<typeof MissingSchema> {}

const NewConnection = z.object({
  id: z.string(),
  integrationName: z.string(),
  externalId: z.string(),
  scope: z.enum(['WORKSPACE', 'USER']),
  workspaceId: z.string(),
  endUserId: Text,
  authMethodKey: Text,
})

const ChangeSchema = z.discriminatedUnion('change', [
  /** Send these fields instead; null leaves the field out. */
  z.object({
    change: z.literal('request'),
    set: z.partial(z.object(requestFields)),
    /** The value is one of several that would do. */
    example: z.optional(z.literal(true)),
  }),
  /** Connect an account; an end user who does not exist yet is created on the way. */
  z.object({ change: z.literal('connect'), connection: NewConnection }),
  /** Have its owner authorise it again: the status becomes ACTIVE. */
  z.object({ change: z.literal('reauthorise'), connectionId: z.string() }),
  z.object({
    change: z.literal('update-workspace-integration'),
    workspaceId: z.string(),
    workspaceIntegrationId: z.string(),
    set: z.partial(
      z.object({ connectionId: Text, authMethodKey: Text, enabledActions: z.nullable(z.array(z.string())) }),
    ),
  }),
  z.object({
    change: z.literal('add-workspace-integration'),
    workspaceIntegration: z.object({
      id: z.string(),
      workspaceId: z.string(),
      integrationName: z.string(),
      alias: z.string(),
      connectionStrategy: z.enum(['fixed', 'per_user', 'per_user_with_fallback']),
      connectionId: Text,
    }),
  }),
])
export type Change = z.infer<typeof ChangeSchema>

const ConfusionSchema = z.object({
  /** The field that has the wrong kind of id. */
  field: z.string(),
  value: z.string(),
  /** What the value is. */
  is: z.string(),
  /** What the field takes. */
  expected: z.string(),
  text: z.string(),
  correction: z.nullable(ChangeSchema),
})
export interface Confusion extends z.infer<typeof ConfusionSchema> {}

const FixSchema = z.object({
  text: z.string(),
  /** Smaller is less intrusive: request before credentials before configuration. */
  cost: z.number(),
  changes: z.array(ChangeSchema),
  /** What the resolver answered when it ran again with the changes. */
  reaches: OutcomeSchema,
})
export interface Fix extends z.infer<typeof FixSchema> {}

export const ExplanationSchema = z.object({
  type: z.literal('explanation'),
  version: z.literal(1),
  audience: AudienceSchema,
  request: RequestSchema,
  outcome: OutcomeSchema,
  steps: z.array(StepSchema),
  /** The connections of that integration, best first, as far as the audience may know them. */
  candidates: z.array(CandidateSchema),
  /** How many more candidates there are beyond the bound. */
  moreCandidates: z.number(),
  missing: z.array(MissingSchema),
  /** Of a refusal: the candidate that came closest. */
  nearest: z.nullable(CandidateSchema),
  confusions: z.array(ConfusionSchema),
  fixes: z.array(FixSchema),
  /** The likely mistake, in one sentence. */
  hint: Text,
})
/** Why a request resolves as it does. */
export interface Explanation extends z.infer<typeof ExplanationSchema> {}
