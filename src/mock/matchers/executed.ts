import type { MatcherContext, MatcherResult } from './context.js'
import { partially, type PartialComparison } from './partial.js'
import { executionsOf, isWitness, wrongSubject, type Execution } from './subject.js'

/** Whether an action has run by a call of `actions.execute`, with an input that has at least these values. */
export function toHaveExecuted(
  this: MatcherContext,
  received: unknown,
  integrationName: string,
  actionName: string,
  input: object = {},
): MatcherResult {
  if (!isWitness(received)) return wrongSubject(this, 'toHaveExecuted', 'a mock of createMockWeavz', received)
  const comparison = partially(this)
  const executions = executionsOf(received)
  const name = `${integrationName}.${actionName}`
  const calls = executions.filter((execution) => execution.name === name)
  const hit = calls.find((call) => call.refusal === undefined && comparison.matches(call.input, input))
  return {
    pass: hit !== undefined,
    message: () =>
      hit
        ? `expected ${name} not to have been executed, but it was, with the input\n\n${this.utils.stringify(hit.input)}`
        : `expected ${name} to have been executed, but ${miss(executions, calls, input, comparison)}`,
  }
}

/** What came nearest, and what was different about it. */
function miss(
  executions: readonly Execution[],
  calls: readonly Execution[],
  input: object,
  { countDifferences, show }: PartialComparison,
): string {
  if (executions.length === 0) return 'no action was'
  const distances = calls.map((call) => ({ call, differences: countDifferences(call.input, input) }))
  distances.sort(
    (a, b) => a.differences - b.differences || Number(!!a.call.refusal) - Number(!!b.call.refusal),
  )
  const [nearest] = distances
  if (!nearest) return `only these were:\n\n${names(executions)}`
  const { call, differences } = nearest
  if (differences === 0) return `the call with that input ${call.refusal}`
  const which = calls.length === 1 ? 'its only call' : `the nearest of its ${calls.length} calls`
  const refusal = call.refusal === undefined ? '' : ` and ${call.refusal}`
  return `${which} had another input${refusal}:\n\n${show(call.input, input)}`
}

/** `slack.list_users (2 times)`, a line each. */
function names(executions: readonly Execution[]): string {
  const counts = new Map<string, number>()
  for (const { name } of executions) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`)).join('\n')
}
