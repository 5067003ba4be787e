/** What a soak has counted. */
export class Tally {
  /** Calls that were sent. */
  calls = 0
  /** Calls whose success was answered. */
  acknowledged = 0
  /** Workspaces whose whole life was lived, compared and deleted. */
  lives = 0
  /** Things that were read back at the end of a life and compared with what the answers had promised. */
  compared = 0
  readonly faults = new Map<string, number>()
  /** What was promised and not there, or there and never asked for. */
  readonly lost: string[] = []
  /** Answers of 500 and more, and answers that were none, without a fault. */
  readonly defects: string[] = []

  fault(effect: string): void {
    this.faults.set(effect, (this.faults.get(effect) ?? 0) + 1)
  }

  lose(what: string): void {
    this.lost.push(what)
  }

  defect(what: string, error: unknown): void {
    this.defects.push(`${what}: ${String(error)}`)
  }
}
