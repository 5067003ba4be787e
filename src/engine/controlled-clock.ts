import { clockRange, systemClock, timestamp, type Clock } from './clock.js'
import { instant, milliseconds, type Duration, type Moment } from './duration.js'

/** Where a clock stands; JSON. */
export interface ClockState {
  /** Milliseconds since the epoch; null while it runs. */
  readonly frozenAt: number | null
  /** How far a running clock is ahead of the one below it, in milliseconds. */
  readonly offset: number
}

export interface ControlledClockOptions {
  /** What it is set by. Default: the machine's clock. Over any other it does not run by itself. */
  readonly base?: Clock
  readonly state?: ClockState
}

/** A clock that can be stopped and moved, and on which work can sleep. */
export interface ControlledClock extends Clock {
  readonly frozen: boolean
  /** Stops the clock: now, or at that time. */
  freeze(at?: Moment): void
  /** Lets it run on from where it stands. */
  resume(): void
  /** Moves it to that time: forward as `advance` does, back without waking anybody. */
  set(time: Moment): Promise<void>
  /** Moves it forward and wakes whoever sleeps until then, in order, each at its own time. */
  advance(duration: Duration): Promise<void>
  /**
   * Resolves once that much time has passed on this clock, or the signal is aborted. Sleeping does not hold a process
   * open.
   *
   * @example await clock.sleep(backoffMs)
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /**
   * A wait in the middle of a request. On a clock that does not run by itself it takes no time: whoever would move the
   * clock is waiting for the request.
   */
  pause(delayMs: number): Promise<void>
  state(): ClockState
  /** Forgets everybody who sleeps; they are never woken. */
  stop(): void
}

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

/** The longest wait that a timer can take. */
const longest = 2 ** 31 - 1

/** @throws TypeError unless a clock may stand there. */
function checked(time: number): number {
  const { from, to } = clockRange
  if (time >= from && time <= to) return time
  throw new TypeError(`Expected a time from ${timestamp(from)} to ${timestamp(to)}`)
}

const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve))

export function createControlledClock(options: ControlledClockOptions = {}): ControlledClock {
  const { base = systemClock } = options
  let { frozenAt, offset } = options.state ?? { frozenAt: null, offset: 0 }
  const sleepers = new Set<Sleeper>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let moving: Promise<void> | undefined

  const now = () => frozenAt ?? base.now() + offset
  const runsByItself = () => frozenAt === null && base === systemClock

  function moveTo(time: number): void {
    if (frozenAt === null) offset += time - now()
    else frozenAt = time
  }

  /** The first that is due by then; of two at the same time the one that fell asleep first. */
  function nextBy(time: number): Sleeper | undefined {
    let next: Sleeper | undefined
    for (const sleeper of sleepers) {
      if (sleeper.due <= time && (!next || sleeper.due < next.due)) next = sleeper
    }
    return next
  }

  async function moveThrough(time: number): Promise<void> {
    for (let next = nextBy(time); next; next = nextBy(time)) {
      sleepers.delete(next)
      if (next.due > now()) moveTo(next.due)
      next.wake()
      // It may sleep again before the time that the clock is moved to
      await nextTurn()
    }
    if (time > now()) moveTo(time)
  }

  async function move(time: number): Promise<void> {
    while (moving) await moving
    // Where nobody is due the clock is moved at once: a caller who does not wait sees the new time
    const done = moveThrough(time)
    moving = done
    await done
    moving = undefined
    arm()
  }

  /** Has the platform wake a running clock when the next sleeper is due. */
  function arm(): void {
    clearTimeout(timer)
    const next = nextBy(Infinity)
    if (!next || !runsByItself()) return
    timer = setTimeout(() => void move(now()), Math.min(Math.max(0, next.due - now()), longest))
    if (typeof timer === 'object') timer.unref()
  }

  return {
    now,
    get frozen() {
      return frozenAt !== null
    },
    freeze(at) {
      frozenAt = at === undefined ? now() : checked(instant(at))
      arm()
    },
    resume() {
      if (frozenAt === null) return
      offset = frozenAt - base.now()
      frozenAt = null
      arm()
    },
    async set(time) {
      const to = checked(instant(time))
      if (to < now()) moveTo(to)
      await move(to)
    },
    advance: async (duration) => move(checked(now() + milliseconds(duration))),
    sleep: (delayMs, signal) =>
      new Promise((wake) => {
        if (signal?.aborted) return wake()
        const sleeper = { due: now() + delayMs, wake }
        sleepers.add(sleeper)
        arm()
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          arm()
          wake()
        })
      }),
    pause: async (delayMs) => {
      if (runsByItself()) await new Promise((resolve) => setTimeout(resolve, delayMs))
    },
    state: () => ({ frozenAt, offset }),
    stop() {
      sleepers.clear()
      clearTimeout(timer)
    },
  }
}
