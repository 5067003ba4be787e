import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createControlledClock, type ControlledClock } from '../../src/engine/controlled-clock.js'
import { milliseconds } from '../../src/engine/duration.js'

const noon = Date.parse('2025-01-15T12:00:00.000Z')

function frozenClock(): ControlledClock {
  const clock = createControlledClock()
  clock.freeze(noon)
  return clock
}

describe('a controlled clock', () => {
  it('is the clock below it until somebody moves it', async () => {
    let below = noon
    const clock = createControlledClock({ base: { now: () => below } })
    expect(clock.now()).toBe(noon)
    below += 5
    expect(clock.now()).toBe(noon + 5)
    await clock.advance('1h')
    below += 5
    expect(clock.now()).toBe(noon + 10 + 3_600_000)
  })

  it('stands still while it is frozen, and goes on from there', () => {
    let below = noon
    const clock = createControlledClock({ base: { now: () => below } })
    clock.freeze()
    below += 1000
    expect([clock.frozen, clock.now()]).toEqual([true, noon])
    clock.resume()
    below += 1
    expect([clock.frozen, clock.now()]).toEqual([false, noon + 1])
  })

  it('is moved at once where nobody sleeps', () => {
    const clock = frozenClock()
    void clock.advance('4h')
    expect(clock.now()).toBe(noon + 4 * 3_600_000)
    void clock.set('2020-01-01T00:00:00Z')
    expect(clock.now()).toBe(Date.parse('2020-01-01T00:00:00.000Z'))
  })

  it('wakes whoever sleeps in order, each at its own time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(50), { maxLength: 12 }),
        fc.nat(60),
        fc.boolean(),
        async (delays, by, runs) => {
          const clock = createControlledClock({ base: { now: () => noon } })
          if (!runs) clock.freeze(noon)
          const woken: [number, number][] = []
          delays.forEach((delay, at) => {
            void clock.sleep(delay).then(() => woken.push([clock.now() - noon, at]))
          })
          await clock.advance(by)
          const due = delays
            .map((delay, at): [number, number] => [delay, at])
            .filter(([delay]) => delay <= by)
          expect(woken).toEqual(due.sort(([a, first], [b, second]) => a - b || first - second))
          expect(clock.now()).toBe(noon + by)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('lets what was woken sleep again on the way', async () => {
    const clock = frozenClock()
    const woken: number[] = []
    const retry = async () => {
      for (const delay of [1000, 2000, 4000]) {
        await clock.sleep(delay)
        woken.push(clock.now() - noon)
      }
    }
    void retry()
    await clock.advance('5s')
    expect(woken).toEqual([1000, 3000])
    await clock.advance('2s')
    expect(woken).toEqual([1000, 3000, 7000])
  })

  it('takes two advances after each other', async () => {
    const clock = frozenClock()
    const woken: number[] = []
    for (const delay of [10, 20]) void clock.sleep(delay).then(() => woken.push(clock.now() - noon))
    await Promise.all([clock.advance(10), clock.advance(10)])
    expect([woken, clock.now() - noon]).toEqual([[10, 20], 20])
  })

  it('wakes by itself when it runs', async () => {
    vi.useFakeTimers()
    try {
      const clock = createControlledClock()
      const woken = vi.fn()
      void clock.sleep(1000).then(woken)
      await vi.advanceTimersByTimeAsync(999)
      expect(woken).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(woken).toHaveBeenCalledOnce()
      void clock.sleep(1000).then(woken)
      clock.freeze()
      await vi.advanceTimersByTimeAsync(5000)
      expect(woken).toHaveBeenCalledOnce()
      clock.resume()
      await vi.advanceTimersByTimeAsync(1001)
      expect(woken).toHaveBeenCalledTimes(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('wakes a sleeper whose signal is aborted, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    try {
      const clock = createControlledClock()
      const controller = new AbortController()
      const sleep = clock.sleep(60_000, controller.signal)
      expect(vi.getTimerCount()).toBe(1)
      controller.abort()
      await sleep
      expect(vi.getTimerCount()).toBe(0)
      await clock.sleep(60_000, controller.signal)
    } finally {
      vi.useRealTimers()
    }
  })

  it('wakes nobody once it is stopped', async () => {
    const clock = frozenClock()
    const woken = vi.fn()
    void clock.sleep(10).then(woken)
    clock.stop()
    await clock.advance(100)
    expect(woken).not.toHaveBeenCalled()
  })

  it('does not hold up a request that waits, unless it runs by itself', async () => {
    await frozenClock().pause(1e9)
    await createControlledClock({ base: { now: () => noon } }).pause(1e9)
    vi.useFakeTimers()
    try {
      const passed = vi.fn()
      void createControlledClock().pause(200).then(passed)
      await vi.advanceTimersByTimeAsync(199)
      expect(passed).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(passed).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })

  it('goes on from where another stood', async () => {
    const clock = frozenClock()
    await clock.advance('1d')
    const { now, frozen } = createControlledClock({ state: clock.state() })
    expect([now(), frozen]).toEqual([noon + 86_400_000, true])
  })
})

describe('a duration', () => {
  it.each([
    [0, 0],
    [1500, 1500],
    ['500ms', 500],
    ['4h', 14_400_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
  ])('%s is %i ms', (duration, expected) => {
    expect(milliseconds(duration)).toBe(expected)
  })

  it.each([-1, NaN, Infinity, '', '4', 'h', '4 h', '-4h', '1m1h', '1.5h', '4hours'])(
    'is not %s',
    (duration) => {
      expect(() => milliseconds(duration)).toThrow(/such as '4h'/)
    },
  )

  it('is not a time that no calendar has', async () => {
    await expect(frozenClock().set('tomorrow')).rejects.toThrow(TypeError)
    await expect(frozenClock().set(9e15)).rejects.toThrow(TypeError)
  })
})
