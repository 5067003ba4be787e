/** A length of time: milliseconds, or numbers with units, largest first: `'4h'`, `'1h30m'`, `'500ms'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const

/** @throws TypeError if it is negative, no finite number or written in another way. */
export function milliseconds(duration: Duration | string): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration
  } else {
    const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(duration)
    if (parts && duration !== '') {
      const sizes = Object.values(units)
      return parts.slice(1).reduce((sum, count = '0', at) => sum + Number(count) * (sizes[at] ?? 0), 0)
    }
  }
  throw new TypeError(`Expected milliseconds or a duration such as '4h' or '1h30m', not ${String(duration)}`)
}

/** A moment: milliseconds since the epoch, ISO 8601 or a Date. */
export type Moment = number | string | Date

/** @throws TypeError if it names no moment. */
export function instant(moment: Moment): number {
  const at = typeof moment === 'string' ? Date.parse(moment) : Number(moment)
  // Beyond 8.64e15 there is no Date, and so no timestamp
  if (Math.abs(at) <= 8.64e15) return Math.trunc(at)
  throw new TypeError(`Expected a time in ISO 8601 or in milliseconds since the epoch, not ${String(moment)}`)
}
