import { DateTime, IANAZone } from 'luxon'
import * as z from 'zod/mini'
import type { JsonObject } from '../../contract/schema.js'
import { text, type BuiltinCall, type Builtins } from './builtin.js'
import { shaped } from './shape.js'

/** The IANA name that a call gives; UTC unless it does. */
function zoneOf(input: JsonObject): string {
  const zone = (input.timezone as string | undefined) ?? 'UTC'
  if (!IANAZone.isValidZone(zone)) throw new Error(`"${zone}" is no IANA time zone`)
  return zone
}

// ISO 8601, RFC 9110 and RFC 5322 dates, SQL, and what people write. `3/4/2025` is read as in the US.
const readers: readonly ((text: string, zone: string) => DateTime)[] = [
  (date, zone) => DateTime.fromISO(date, { zone }),
  (date, zone) => DateTime.fromRFC2822(date, { zone }),
  (date, zone) => DateTime.fromHTTP(date, { zone }),
  (date, zone) => DateTime.fromSQL(date, { zone }),
  ...['LLLL d, yyyy', 'LLL d, yyyy', 'd LLLL yyyy', 'd LLL yyyy', 'M/d/yyyy', 'd.M.yyyy'].map(
    (format) => (date: string, zone: string) => DateTime.fromFormat(date, format, { zone, locale: 'en-US' }),
  ),
]

function read(date: string, zone: string): DateTime<true> {
  for (const reader of readers) {
    const read = reader(date.trim(), zone)
    if (read.isValid) return read.setZone(zone).setLocale('en-US') as DateTime<true>
  }
  throw new Error(`"${date}" is no date that can be read`)
}

function iso(date: DateTime): string {
  const text = date.toISO()
  if (text === null) throw new Error('The date is out of range')
  return text
}

const formats: Record<string, (date: DateTime, now: DateTime) => string | null> = {
  iso,
  us: (date) => date.toFormat('MM/dd/yyyy'),
  eu: (date) => date.toFormat('dd/MM/yyyy'),
  long: (date) => date.toFormat('LLLL d, yyyy'),
  short: (date) => date.toFormat('LLL d, yyyy'),
  time: (date) => date.toFormat('HH:mm:ss'),
  datetime: (date) => date.toFormat('yyyy-MM-dd HH:mm:ss'),
  relative: (date, base) => date.toRelative({ base }),
}

const hour = z.number().check(z.int(), z.minimum(0), z.maximum(24))
const BusinessHours = z.object({
  startHour: z._default(hour, 9),
  endHour: z._default(hour, 17),
  /** 0 is Sunday. */
  workDays: z._default(z.array(z.number().check(z.int(), z.minimum(0), z.maximum(6))), [1, 2, 3, 4, 5]),
})

const clockTime = ({ now }: BuiltinCall, zone: string) => DateTime.fromMillis(now, { zone })

/** `datetime`: reading, printing and reckoning with dates in IANA time zones. */
export const datetime: Builtins = {
  parse_date({ input }) {
    const timezone = zoneOf(input)
    const date = read(text(input, 'dateString'), timezone)
    return { iso: iso(date), timestamp: date.toMillis(), timezone }
  },

  format_date(call) {
    const timezone = zoneOf(call.input)
    const date = read(text(call.input, 'date'), timezone)
    return { formatted: formats[text(call.input, 'format')]?.(date, clockTime(call, timezone)) }
  },

  date_math({ input }) {
    const date = read(text(input, 'date'), zoneOf(input))
    const amount = (input.operation === 'subtract' ? -1 : 1) * (input.amount as number)
    return { iso: iso(date.plus({ [text(input, 'unit')]: amount })) }
  },

  is_business_hours(call) {
    const timezone = zoneOf(call.input)
    const given = call.input.date as string | undefined
    const date = given === undefined ? clockTime(call, timezone) : read(given, timezone)
    const { startHour, endHour, workDays } = shaped(BusinessHours, call.input)
    const open = date.hour >= startHour && date.hour < endHour
    return { isBusinessHours: open && workDays.includes(date.weekday % 7) }
  },
}
