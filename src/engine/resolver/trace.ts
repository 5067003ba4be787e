import type { RungName, StepStatus } from './rungs.js'
import type { ConnectionFacts, EndUserFacts, WorkspaceIntegrationFacts } from './world.js'

/**
 * What a rung read. Objects of the world stay objects here, so that an explanation can decide what its audience may
 * know of them; `values` holds only what the request or the targeted workspace integration itself says.
 */
export interface TraceFacts {
  readonly workspaceIntegration?: WorkspaceIntegrationFacts
  readonly workspaceIntegrations?: readonly WorkspaceIntegrationFacts[]
  readonly endUser?: EndUserFacts
  readonly connection?: ConnectionFacts
  /** `connection.id` as pinned, whether or not anything has it. */
  readonly pinned?: string | null
  /** Own connections that would do but were beaten. */
  readonly shadowed?: readonly ConnectionFacts[]
  readonly values?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

/** Receives the steps while the resolver decides. `because` never holds an id: ids belong into the facts. */
interface Tracer {
  step(rung: RungName, status: StepStatus, because: string, facts?: TraceFacts): void
}

export interface TracedStep {
  readonly rung: RungName
  readonly status: StepStatus
  readonly because: string
  readonly facts: TraceFacts
}

/** Keeps the last word of each rung. */
export class StepRecorder implements Tracer {
  readonly steps = new Map<RungName, TracedStep>()

  step(rung: RungName, status: StepStatus, because: string, facts: TraceFacts = {}): void {
    this.steps.set(rung, { rung, status, because, facts })
  }
}

/** Absent when only the answer is wanted; then no fact is collected. */
export type MaybeTracer = Tracer | undefined
