import type { MatcherContext } from './context.js'

/** Compares as `toMatchObject` does: what is expected must be there, more may be; `expect.any(…)` and its like work. */
export interface PartialComparison {
  readonly matches: (received: unknown, expected: unknown) => boolean
  /** How many of the expected values are others, or missing. */
  readonly countDifferences: (received: unknown, expected: unknown) => number
  /** The difference in the format of the test runner, without what was not asked for. */
  readonly show: (received: unknown, expected: unknown) => string
}

export function partially({ equals, customTesters = [], utils }: MatcherContext): PartialComparison {
  const testers = [...customTesters, utils.iterableEquality, utils.subsetEquality]
  const matches = (received: unknown, expected: unknown) => equals(received, expected, testers)

  function countDifferences(received: unknown, expected: unknown): number {
    if (!isPlain(received) || !isPlain(expected)) return matches(received, expected) ? 0 : 1
    return Object.entries(expected).reduce(
      (sum, [key, value]) => sum + countDifferences(received[key], value),
      0,
    )
  }

  /** The expected value with whatever it matches put in its place: a diff would show those as different, too. */
  function fulfilled(received: unknown, expected: unknown): unknown {
    if (matches(received, expected)) return asked(received, expected)
    if (!isPlain(received) || !isPlain(expected)) return expected
    return mapValues(expected, (value, key) => fulfilled(received[key], value))
  }

  return {
    matches,
    countDifferences,
    show: (received, expected) =>
      utils.diff(fulfilled(received, expected), asked(received, expected)) ?? utils.stringify(received),
  }
}

/** Of the received value what the expected one names. */
function asked(received: unknown, expected: unknown): unknown {
  if (!isPlain(received) || !isPlain(expected)) return received
  const named = Object.keys(expected).filter((key) => Object.hasOwn(received, key))
  return Object.fromEntries(named.map((key) => [key, asked(received[key], expected[key])]))
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
