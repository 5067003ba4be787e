import type { CatalogIntegration } from './catalog/catalog.js'
import { detailsForIntegration, unknownIntegration } from './catalog/unknown.js'
import type { Engine } from './engine.js'
import { Refusal } from './refusal.js'
import { decide } from './resolver/ladder.js'
import { confusedIntegration } from './resolver/details.js'
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
export function refusalOf(engine: Engine, request: ResolutionRequest, denied: Denied): ResolutionRefusal {
  const details =
    denied.code === 'INTEGRATION_NOT_FOUND'
      ? detailsOfUnknown(engine, request)
      : toErrorDetails(engine.state, request, denied)
  return new ResolutionRefusal(denied, details)
}

/** What came in the place of an integration may well be the alias of one. */
function detailsOfUnknown({ state, catalog }: Engine, request: ResolutionRequest) {
  const hint = confusedIntegration(state, request)
  return hint === null ? detailsForIntegration(catalog, request.integrationName) : { hint }
}

/** The integration that a call names, or 404 `INTEGRATION_NOT_FOUND`. */
export function integrationOf(engine: Engine, request: ResolutionRequest): CatalogIntegration {
  const { integrationName } = request
  const integration = engine.catalog.get(integrationName)
  if (integration) return integration
  throw unknownIntegration(integrationName, detailsOfUnknown(engine, request))
}

/** Asks the resolver, and throws where it refuses. */
export function resolveOrRefuse(engine: Engine, request: ResolutionRequest): Exclude<Resolution, Denied> {
  const trace = engine.observer && new StepRecorder()
  const answer = decide(engine.state, request, trace)
  if (trace) engine.observer?.resolved(request, answer, [...trace.steps.values()])
  if (answer.outcome === 'denied') throw refusalOf(engine, request, answer)
  return answer
}
