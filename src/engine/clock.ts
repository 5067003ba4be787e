/** Where the engine takes the time from. Milliseconds since the epoch. */
export interface Clock {
  now(): number
}

/** The machine's own clock: the one place of the engine that reads it. */
export const systemClock: Clock = { now: () => Date.now() }

/** The last time that can be written (ECMA-262 §21.4.1.1). */
export const endOfTime = 8.64e15

/** How the API writes a time: ISO 8601, UTC, milliseconds. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
