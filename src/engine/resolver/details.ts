import type { ResolutionDetails, ValidationIssue } from '../../contract/errors.js'
import type { Situation } from './changes.js'
import { findConfusions } from './confusions.js'
import { findFixes } from './fixes.js'
import { decide } from './ladder.js'
import { findMissing } from './missing.js'
import type { Denied, Resolution, ResolutionRequest } from './request.js'
import { stepsOf } from './steps.js'
import { StepRecorder } from './trace.js'
import { View } from './view.js'
import type { World } from './world.js'

/** `details` as the API sends them; a `VALIDATION_ERROR` of the resolver has both shapes in one object. */
export interface ErrorDetails extends ResolutionDetails {
  issues?: ValidationIssue[]
}

/**
 * `details` of a refusal as the API sends it (section "Errors" of the API): the reason, what the request gave, the
 * steps and a hint at the likely mistake. Undefined for the refusals that the API documents without a reason. Names
 * nothing of another workspace, since a key may be limited to one. Costs the same however large the world is.
 *
 * @example
 * const answer = resolve(world, request)
 * if (answer.outcome === 'denied') {
 *   return { status: answer.status, body: { error: answer.message, code: answer.code, details: toErrorDetails(world, request, answer) } }
 * }
 */
export function toErrorDetails(
  world: World,
  request: ResolutionRequest,
  denied: Denied,
): ErrorDetails | undefined {
  if (denied.reason === null) return undefined
  const recorder = new StepRecorder()
  const answer = decide(world, request, recorder)
  const view = new View(world, request, 'workspace')
  const hint = hintOf({ world, request }, answer, recorder, view)
  return {
    reason: denied.reason,
    integrationName: request.integrationName,
    workspaceId: request.workspaceId,
    endUserId: request.endUserId ?? null,
    steps: stepsOf(recorder, view).map((step) => ({ ...step })),
    ...(hint !== null && { hint }),
    ...(denied.code === 'VALIDATION_ERROR' && {
      issues: [{ path: wrongField(request, denied), message: denied.message }],
    }),
  }
}

/** What came in the place of the name of an integration, in words, if it is an identifier of another kind. */
export function confusedIntegration(world: World, request: ResolutionRequest): string | null {
  const recorder = new StepRecorder()
  decide(world, request, recorder)
  const view = new View(world, request, 'workspace')
  const confusions = findConfusions(world, request, recorder, view)
  return confusions.find(({ field }) => field === 'integrationName')?.text ?? null
}

/**
 * The likely mistake, without looking through the connections: an answer must not cost more the more there are. What
 * was refused for another reason than a connection, a state namespace, has no fix that the resolver could try.
 */
function hintOf(situation: Situation, answer: Resolution, recorder: StepRecorder, view: View): string | null {
  const { world, request } = situation
  const [confusion] = findConfusions(world, request, recorder, view)
  if (confusion) return confusion.text
  if (answer.outcome !== 'denied') return null
  const [missing] = findMissing(world, request, answer, recorder, view, false)
  return missing?.because ?? findFixes(situation, answer, view, false, 1)[0]?.text ?? null
}

function wrongField(request: ResolutionRequest, { reason }: Denied): string {
  if (reason !== 'SELECTOR_MISMATCH') return 'body.endUserId'
  return request.workspaceIntegrationId == null ? 'body.integrationAlias' : 'body.workspaceIntegrationId'
}
