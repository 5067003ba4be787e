const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const month = `(?<month>${months.join('|')})`
const time = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)'

/** The three forms of an HTTP-date that RFC 9110, 5.6.7 tells recipients to accept. */
const httpDates = [
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(
    `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`,
  ),
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
]

/**
 * `Retry-After` (RFC 9110, 10.2.3) in milliseconds from now: a whole number of seconds or an HTTP-date, nothing else.
 * `1e9`, `-5`, `Infinity`, `2099-01-01` and the like are undefined, because `Number` and `Date.parse` would read too much
 * into them. A date that has passed is 0.
 *
 * @param now Milliseconds since the epoch.
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  for (const pattern of httpDates) {
    const at = pattern.exec(value)?.groups
    if (at) return delayUntil(at, now)
  }
  return undefined
}

function delayUntil(at: Record<string, string | undefined>, now: number): number | undefined {
  const year = fullYear(at['year'] ?? '', now)
  const parts = [at['day'], at['hour'], at['minute'], at['second']].map(Number)
  const [day = NaN, hour = NaN, minute = NaN, second = NaN] = parts
  const monthIndex = months.indexOf(at['month'] ?? '')
  const date = new Date(Date.UTC(year, monthIndex, day, hour, minute, Math.min(second, 59)))
  // Date.UTC rolls 31 February over into March, and 25:00 into the next day
  const rolledOver =
    date.getUTCDate() !== day || date.getUTCHours() !== hour || date.getUTCMinutes() !== minute
  if (rolledOver || second > 60) return undefined
  return Math.max(0, date.getTime() - now)
}

/** Two digits that would lie more than 50 years ahead mean the century before (RFC 9110, 5.6.7). */
function fullYear(digits: string, now: number): number {
  if (digits.length === 4) return Number(digits)
  const thisYear = new Date(now).getUTCFullYear()
  const year = thisYear - (thisYear % 100) + Number(digits)
  return year > thisYear + 50 ? year - 100 : year
}
