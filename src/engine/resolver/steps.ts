import { rungs, type RungName, type StepStatus } from './rungs.js'
import type { StepRecorder } from './trace.js'
import type { Facts, View } from './view.js'

/** One rung of the ladder, as it went. */
export interface Step {
  readonly rung: RungName
  readonly title: string
  readonly question: string
  readonly status: StepStatus
  readonly because: string
  readonly facts: Facts
}

/** All rungs in the documented order, whether or not the decision came to them. */
export function stepsOf(recorder: StepRecorder, view: View): Step[] {
  return rungs.map(({ name, title, question }) => {
    const traced = recorder.steps.get(name)
    return {
      rung: name,
      title,
      question,
      status: traced?.status ?? 'not-reached',
      because: traced?.because ?? 'the decision had been made',
      facts: traced ? view.facts(traced.facts) : {},
    }
  })
}
