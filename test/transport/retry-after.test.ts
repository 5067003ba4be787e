import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRetryAfter } from '../../src/transport/retry-after.js'

/** The example of RFC 9110, 5.6.7, in its three forms. */
const example = Date.UTC(1994, 10, 6, 8, 49, 37)
const now = example - 10_000

describe('Retry-After (RFC 9110, 10.2.3)', () => {
  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads the date %s',
    (date) => expect(parseRetryAfter(date, now)).toBe(10_000),
  )

  test('takes a two-digit year more than 50 years ahead for the century before', () => {
    const in2026 = Date.UTC(2026, 0, 1)
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', in2026)).toBe(0)
    expect(parseRetryAfter('Thursday, 01-Jan-26 00:00:09 GMT', in2026)).toBe(9000)
  })

  test.each([
    'Sun, 06 Nov 1994 08:49:37 PST',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Mon, 31 Feb 2025 08:49:37 GMT',
    'Sun, 06 Nov 1994 25:00:00 GMT',
    'Sun, 06 Nov 1994 08:61:00 GMT',
    '1994-11-06T08:49:37Z',
    '+5',
    '5 ',
    '',
  ])('does not take "%s" for a date or a number', (value) =>
    expect(parseRetryAfter(value, now)).toBeUndefined(),
  )

  test('property: reads back the date that the platform itself writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(now), max: new Date(Date.UTC(2099, 0)), noInvalidDate: true }),
        (date) => {
          const seconds = Math.floor(date.getTime() / 1000) * 1000
          expect(parseRetryAfter(date.toUTCString(), now)).toBe(Math.max(0, seconds - now))
        },
      ),
    )
  })
})
