/** Where the engine takes the time from. Milliseconds since the epoch. */
export interface Clock {
  now(): number
}

/** The machine's own clock: the one place of the engine that reads it. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * Where a clock may stand: in the years that ISO 8601 writes with four digits, the last one left to what runs out later.
 * Milliseconds since the epoch.
 */
export const clockRange = { from: -62_135_596_800_000, to: 253_370_764_800_000 } as const

/** The last time that can be written (ECMA-262 §21.4.1.1). */
export const endOfTime = 8.64e15

/** How the API writes a time: ISO 8601, UTC, milliseconds. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
