import type { Continuation } from '../mcp/code.js'

export interface ApprovalOptions {
  /** Sleeps while a call waits for a decision; a signal wakes it at once. Default: a timer. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** What waits for decisions; nothing of it has to survive a restart. */
export interface ApprovalRuntime extends Required<ApprovalOptions> {
  /** What to call once a request is decided or has run out, by its id. */
  readonly waiting: Map<string, Set<() => void>>
  /** Runs of code that go on at this moment, by the approval that they waited for. */
  readonly continuing: Map<string, Continuation>
}

function sleepByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((wake) => {
    const timer = setTimeout(wake, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      wake()
    })
  })
}

export function createApprovalRuntime({ sleep = sleepByTimer }: ApprovalOptions = {}): ApprovalRuntime {
  return { sleep, waiting: new Map(), continuing: new Map() }
}
