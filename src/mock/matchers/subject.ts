import type { JournalEntry } from '../kit/exchange.js'
import type { MockWeavz } from '../mock.js'
import type { MatcherContext } from './context.js'

/** What the matchers ask of an offline Weavz, whatever its seed. */
export type Witness = Pick<MockWeavz, 'calls' | 'explain' | 'journal'>

export function isWitness(value: unknown): value is Witness {
  if (typeof value !== 'object' || value === null) return false
  return ['calls', 'explain'].every((name) => typeof Reflect.get(value, name) === 'function')
}

/** A call of `actions.execute`, as far as its matcher looks at it. */
export interface Execution {
  readonly name: string
  readonly input: unknown
  /** Why the action did not run; undefined if it did. */
  readonly refusal: string | undefined
}

export function executionsOf(weavz: Witness): Execution[] {
  return weavz.calls('actions.execute').map(({ request, response }) => {
    const { integrationName, actionName, input = {} } = recordOf(request.body)
    return { name: `${integrationName}.${actionName}`, input, refusal: refusalOf(response) }
  })
}

function refusalOf(response: JournalEntry['response']): string | undefined {
  if (!response) return 'has no answer yet'
  if (response.status === 200) return undefined
  if (response.status === 202) return 'waits for approval'
  return `was refused: ${response.status} ${recordOf(response.body)['code']}`
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** @throws TypeError that says what belongs into `expect(…)`. */
export function wrongSubject(
  { utils }: MatcherContext,
  matcher: string,
  takes: string,
  received: unknown,
): never {
  throw new TypeError(`${matcher} takes ${takes}, and not ${utils.stringify(received)}`)
}
