import type { Step } from './explanation.js'
import { rungs } from './rungs.js'
import type { StepRecorder } from './trace.js'
import type { View } from './view.js'

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
