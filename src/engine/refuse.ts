import { detailsForIntegration } from './catalog/unknown.js'
import type { Engine } from './engine.js'
import { Refusal } from './refusal.js'
import { decide } from './resolver/ladder.js'
import { StepRecorder } from './resolver/trace.js'
import {
  toErrorDetails,
  type Denied,
  type ErrorDetails,
  type ResolutionRequest,
  type Resolution,
} from './resolver/index.js'

/** A refusal of the resolver. */
export class ResolutionRefusal extends Refusal {
  constructor(
    readonly denied: Denied,
    details: ErrorDetails | { readonly hint: string } | undefined,
  ) {
    super(denied.code, denied.message, details, { status: denied.status })
  }
}

/** The refusal of the resolver as the API answers it. */
export function refusalOf(
  { state, catalog }: Engine,
  request: ResolutionRequest,
  denied: Denied,
): ResolutionRefusal {
  const details =
    denied.code === 'INTEGRATION_NOT_FOUND'
      ? detailsForIntegration(catalog, request.integrationName)
      : toErrorDetails(state, request, denied)
  return new ResolutionRefusal(denied, details)
}

/** Asks the resolver, and throws where it refuses. */
export function resolveOrRefuse(engine: Engine, request: ResolutionRequest): Exclude<Resolution, Denied> {
  const trace = engine.observer && new StepRecorder()
  const answer = decide(engine.state, request, trace)
  if (trace) engine.observer?.resolved(request, answer, [...trace.steps.values()])
  if (answer.outcome === 'denied') throw refusalOf(engine, request, answer)
  return answer
}
