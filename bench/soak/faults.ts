import type { FaultSpec, MockWeavz } from '@weavz/sdk/mock'
import type { Draw } from './random.js'

type Effect = FaultSpec['effect']

/** Every effect there is; the waits are short, because the traffic is to be dense. */
const effects: readonly Effect[] = [
  { type: 'status', status: 500 },
  { type: 'status', status: 503 },
  { type: 'status', status: 400 },
  { type: 'rate-limit', retryAfter: 1 },
  { type: 'latency', ms: 2, clock: 'real' },
  { type: 'latency', ms: 5, clock: 'mock' },
  { type: 'reset' },
  { type: 'no-answer' },
  { type: 'truncate' },
  { type: 'malformed-json' },
  { type: 'slow-body', ms: 1 },
]

const spoilsBody: readonly Effect['type'][] = ['truncate', 'malformed-json', 'slow-body']

/** The header by which a fault finds the one call that it is for. */
export const mark = 'x-soak-call'

/** Calls that are under way in the mock, for those who need to know that an unanswered one is over. */
export class Landings {
  readonly #underWay = new Map<string, Promise<unknown>>()

  /** Stands around each call. */
  readonly around = (request: Request, next: () => Promise<Response>): Promise<Response> => {
    const call = request.headers.get(mark) ?? ''
    const answer = next()
    const over = answer.catch(() => undefined).then(() => this.#underWay.delete(call))
    this.#underWay.set(call, over)
    return answer
  }

  /** Resolves once nothing will come of that call any more. */
  async over(call: string): Promise<void> {
    await this.#underWay.get(call)
  }
}

/**
 * Arms a fault for one call.
 *
 * @returns How to take it back, when to give up waiting, and whether nothing was done should the call fail.
 */
export function armFault(weavz: MockWeavz, draw: Draw, call: string) {
  const effect = draw.one(effects)
  const phase = spoilsBody.includes(effect.type) ? 'after' : draw.one(['before', 'after'] as const)
  const patience = new AbortController()
  const disarm = weavz.faults.add({
    match: {
      when({ headers }) {
        const strikes = headers.get(mark) === call
        // Nobody waits for what never comes; but not before it has arrived, or it would be done at some later time
        if (strikes && effect.type === 'no-answer') setTimeout(() => patience.abort(), 5)
        return strikes
      },
    },
    effect,
    phase,
  })
  return {
    disarm,
    signal: patience.signal,
    effect: `${effect.type}, ${phase}`,
    nothingDone: phase === 'before',
  }
}
