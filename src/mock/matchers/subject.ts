import type { JournalEntry, JournalExecution } from '../kit/exchange.js'
import type { MockWeavz } from '../mock.js'
import type { MatcherContext } from './context.js'

/** What the matchers ask of an offline Weavz, whatever its seed. */
export type Witness = Pick<MockWeavz, 'calls' | 'explain' | 'journal'>

export function isWitness(value: unknown): value is Witness {
  if (typeof value !== 'object' || value === null) return false
  return ['calls', 'explain'].every((name) => typeof Reflect.get(value, name) === 'function')
}

/** An action that was to run, as far as its matcher looks at it. */
export interface Execution {
  readonly name: string
  readonly input: unknown
  /** Why the action did not run; undefined if it did. */
  readonly refusal: string | undefined
}

/** Every action that was to run: by `actions.execute`, for an MCP client, or out of code. */
export function executionsOf(weavz: Witness): Execution[] {
  return weavz.journal.list().flatMap((entry): Execution[] => {
    const executions = entry.executions.map(({ integrationName, actionName, input, outcome, code }) => ({
      ...{ name: `${integrationName}.${actionName}`, input },
      refusal: refusals[outcome](`${code ?? entry.response?.status}`),
    }))
    // What was refused before the action was looked at, or is still under way
    if (executions.length > 0 || entry.endpoint !== 'actions.execute') return executions
    const { integrationName, actionName, input = {} } = recordOf(entry.request.body)
    return [{ name: `${integrationName}.${actionName}`, input, refusal: refusalOf(entry.response) }]
  })
}

const refusals: Record<JournalExecution['outcome'], (code: string) => string | undefined> = {
  executed: () => undefined,
  approval_required: () => 'waits for approval',
  refused: (code) => `was refused: ${code}`,
}

function refusalOf(response: JournalEntry['response']): string {
  if (!response) return 'has no answer yet'
  return `was refused: ${recordOf(response.body)['code'] ?? response.status}`
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
