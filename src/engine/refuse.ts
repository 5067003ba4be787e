import type { Engine } from './engine.js'
import { Refusal } from './refusal.js'
import {
  resolve,
  toErrorDetails,
  type Denied,
  type ResolutionRequest,
  type Resolution,
} from './resolver/index.js'

/** The refusal of the resolver as the API answers it. */
export function refusalOf({ state }: Engine, request: ResolutionRequest, denied: Denied): Refusal {
  return new Refusal(denied.code, denied.message, toErrorDetails(state, request, denied), {
    status: denied.status,
  })
}

/** Asks the resolver, and throws where it refuses. */
export function resolveOrRefuse(engine: Engine, request: ResolutionRequest): Exclude<Resolution, Denied> {
  const answer = resolve(engine.state, request)
  if (answer.outcome === 'denied') throw refusalOf(engine, request, answer)
  return answer
}
