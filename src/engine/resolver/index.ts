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
export type { RungName, StepStatus } from './rungs.js'
export type { Step } from './steps.js'
export type { Audience, Fact, Facts } from './view.js'
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
