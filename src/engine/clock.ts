/** Where the engine takes the time from. Milliseconds since the epoch. */
export interface Clock {
  now(): number
}

/** The machine's own clock: the one place of the engine that reads it. */
export const systemClock: Clock = { now: () => Date.now() }

/** How the API writes a time: ISO 8601, UTC, milliseconds. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
