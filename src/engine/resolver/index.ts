/** The reference resolver: which connection a call runs on, and why. Pure, synchronous, without HTTP. */
export { resolve } from './ladder.js'
export { toErrorDetails, type ErrorDetails } from './details.js'
export { denyState } from './reasons.js'
export { describeWorld } from './describe.js'
export { WorldDescriptionError, type DescriptionIssue, type WorldDescription } from './description.js'
export type {
  Denied,
  NotNeeded,
  RequestKind,
  Resolution,
  ResolutionRequest,
  Resolved,
  Via,
} from './request.js'
export { ends, rungs, type RungName, type StepStatus } from './rungs.js'
export { applyFix, explain, type ExplainOptions } from './explain.js'
export { audit, type Audit, type AuditCell, type AuditOptions, type AuditRow } from './audit.js'
export { diff, type ChangedFact, type Difference } from './diff.js'
export { render, renderFormats, type RenderFormat } from './render/index.js'
export { applyChanges, type Situation } from './changes.js'
export {
  ExplanationSchema,
  type Audience,
  type Candidate,
  type Change,
  type Confusion,
  type ExplainedRequest,
  type Explanation,
  type Fact,
  type Facts,
  type Fix,
  type Missing,
  type Outcome,
  type Predicate,
  type Step,
} from './explanation.js'
export type {
  ConnectionFacts,
  ConnectionScope,
  ConnectionStatus,
  ConnectionStrategy,
  EndUserFacts,
  IntegrationFacts,
  ListableWorld,
  WorkspaceIntegrationFacts,
  World,
} from './world.js'
export { resolutionReasons, type ResolutionReason } from '../../contract/errors.js'
