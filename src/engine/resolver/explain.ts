import { findCandidates } from './candidates.js'
import { applyChanges, type Situation } from './changes.js'
import { findConfusions } from './confusions.js'
import type { Audience, ExplainedRequest, Explanation, Fix } from './explanation.js'
import { findFixes } from './fixes.js'
import { decide } from './ladder.js'
import { findMissing } from './missing.js'
import { outcomeOf } from './outcome.js'
import type { ResolutionRequest } from './request.js'
import { stepsOf } from './steps.js'
import { StepRecorder } from './trace.js'
import { View } from './view.js'
import type { World } from './world.js'

export interface ExplainOptions {
  /**
   * Who will read it. `developer` (default) sees everything, `workspace` nothing of other workspaces, `end-user`
   * nothing of other end users either, and only the fixes that end users can do themselves.
   */
  readonly audience?: Audience | undefined
  /** How many candidates at most. Default 20. */
  readonly candidates?: number | undefined
  /** How many fixes at most. Default 5. */
  readonly fixes?: number | undefined
}

/**
 * Why a request resolves as it does: the ladder step by step, each connection with what it met and missed, mistaken
 * identifiers, and fixes that were verified by resolving again. Runs the same code as `resolve`, opens no secret and
 * never throws for a refusal.
 *
 * @example
 * console.log(render(explain(world, request), 'text'))
 */
export function explain(world: World, request: ResolutionRequest, options: ExplainOptions = {}): Explanation {
  const { audience = 'developer', candidates: most = 20, fixes: mostFixes = 5 } = options
  const view = new View(world, request, audience)
  const recorder = new StepRecorder()
  const answer = decide(world, request, recorder)
  const { candidates, more, considered } = findCandidates(world, request, answer, recorder, view, most)
  const confusions = findConfusions(world, request, recorder, view)
  const missing = findMissing(world, request, answer, recorder, view, true)
  const denied = answer.outcome === 'denied'
  const fixes = denied ? findFixes({ world, request }, answer, view, true, mostFixes) : []
  return {
    type: 'explanation',
    version: 1,
    audience,
    request: explainedRequest(request),
    outcome: outcomeOf(answer, view),
    steps: stepsOf(recorder, view),
    candidates,
    moreCandidates: more,
    missing,
    nearest: denied && considered ? (candidates[0] ?? null) : null,
    confusions,
    fixes,
    hint: confusions[0]?.text ?? missing[0]?.because ?? fixes[0]?.text ?? null,
  }
}

/**
 * The world and the request as they would be with a fix.
 *
 * @example
 * const after = applyFix({ world, request }, explain(world, request).fixes[0])
 */
export function applyFix(situation: Situation, fix: Fix): Situation {
  return applyChanges(situation, fix.changes)
}

function explainedRequest(request: ResolutionRequest): ExplainedRequest {
  return {
    kind: request.kind,
    workspaceId: request.workspaceId,
    integrationName: request.integrationName,
    actionName: request.actionName ?? null,
    connectionExternalId: request.connectionExternalId ?? null,
    workspaceIntegrationId: request.workspaceIntegrationId ?? null,
    integrationAlias: request.integrationAlias ?? null,
    endUserId: request.endUserId ?? null,
    authMethodKey: request.authMethodKey ?? null,
    ...(request.toolConnectionId != null && { toolConnectionId: request.toolConnectionId }),
  }
}
