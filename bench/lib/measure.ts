/**
 * Measuring on a machine that does other things, too: everything that is compared runs in turns, in an order drawn anew
 * each round, and what counts is the ratio within a round. What slows the machine for a while slows all of them.
 */

/** One of the things that are compared. */
export interface Sampler<Metric extends string = string> {
  readonly name: string
  /** One measurement. Lower is better, whatever the unit. */
  sample(): Promise<Readonly<Record<Metric, number>>>
}

/** What was measured, by name; the same index is the same round. */
export type Samples<Metric extends string = string> = ReadonlyMap<string, readonly Record<Metric, number>[]>

/** A median and the quartiles around it. */
export interface Spread {
  readonly median: number
  readonly q1: number
  readonly q3: number
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1))
    const moved = result[last] as T
    result[last] = result[other] as T
    result[other] = moved
  }
  return result
}

/** Samples each of them once a round. */
export async function interleave<Metric extends string>(
  samplers: readonly Sampler<Metric>[],
  rounds: number,
): Promise<Samples<Metric>> {
  const samples = new Map(samplers.map(({ name }) => [name, [] as Record<Metric, number>[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const sampler of shuffled(samplers)) samples.get(sampler.name)?.push(await sampler.sample())
  }
  return samples
}

export interface Effort {
  /** Milliseconds that one batch takes, roughly. */
  readonly batchMs: number
  /** How many calls are under way at once. Default 1. */
  readonly concurrency?: number
  /**
   * `wall` (default): the time that passes. `processor`: the time that this process computes, in all of its threads;
   * for work that waits for nothing, because it is the same on a busy machine.
   */
  readonly clock?: 'wall' | 'processor'
}

const clocks = {
  wall: () => performance.now(),
  processor: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/** What is called over and over to time it. */
export interface Timed {
  readonly name: string
  run(): unknown
  /** Before each batch, outside the measured time. */
  enter?(): void
  /** After each batch, outside the measured time. */
  leave?(): void
}

/**
 * After so many calls the event loop turns, as it does in a server between its requests: until then a WeakRef keeps its
 * target alive, and every abort signal has some.
 */
const callsPerTurn = 16
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function elapsed(
  task: Timed,
  calls: number,
  { concurrency = 1, clock = 'wall' }: Omit<Effort, 'batchMs'>,
): Promise<number> {
  const now = clocks[clock]
  task.enter?.()
  try {
    let left = calls
    const worker = async () => {
      while (left-- > 0) {
        await task.run()
        if (left % callsPerTurn === 0) await turn()
      }
    }
    const start = now()
    await (concurrency === 1 ? worker() : Promise.all(Array.from({ length: concurrency }, worker)))
    return now() - start
  } finally {
    task.leave?.()
  }
}

const longestWarmUpMs = 2000

/** Warms a task up, and finds out how many calls make a batch. Its metric: milliseconds a call. */
export async function timed(task: Timed, effort: Effort): Promise<Sampler<'time'>> {
  const { batchMs, concurrency = 1 } = effort
  let calls = concurrency
  // Long enough for the compiler to be done: a batch sized by the first calls, which are slow, would be too short
  for (let spent = 0, took = 0; spent < Math.min(15 * batchMs, longestWarmUpMs) || took < batchMs / 2;) {
    took = await elapsed(task, calls, effort)
    spent += took
    calls = Math.max(concurrency, Math.ceil((calls * batchMs) / Math.max(took, batchMs / 10)))
  }
  const sample = async () => ({ time: (await elapsed(task, calls, effort)) / calls })
  return { name: task.name, sample }
}

/** Times tasks in turns. */
export async function race(
  tasks: readonly Timed[],
  { rounds, ...effort }: Effort & { readonly rounds: number },
): Promise<Samples<'time'>> {
  const samplers: Sampler<'time'>[] = []
  for (const task of tasks) samplers.push(await timed(task, effort))
  return interleave(samplers, rounds)
}

/** Between the neighbours, as most statistics programs do (type 7 of Hyndman and Fan). */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), q1: quantile(sorted, 0.25), q3: quantile(sorted, 0.75) }
}

/** Round by round, how many times as much as the reference. */
export function ratios(values: readonly number[], reference: readonly number[]): number[] {
  if (values.length !== reference.length) throw new Error('Only what ran in the same rounds can be compared')
  return values.map((value, round) => value / (reference[round] ?? Number.NaN))
}
