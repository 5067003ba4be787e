/**
 * Comparing in processes of their own: what one contestant does to the globals, switches on in Node, or leaves to the
 * garbage collector is not the others' to pay.
 */
import { createInterface } from 'node:readline'
import { interleave, timed, type Effort, type Samples, type Timed } from './measure.js'
import { program, start, type Running } from './processes.js'

/** What is timed of each contestant, by the title of its column. */
export type Plan = Readonly<Record<string, Effort>>

/**
 * What a program of `bench/processes` does that is started by `raceApart`: prints whether it takes part, and after each
 * title of the plan that it reads, the milliseconds that one call of a batch took.
 *
 * @param tasks By title; undefined if the contestant is not installed.
 */
export async function answerTimings(
  tasks: Readonly<Record<string, Timed>> | undefined,
  plan: Plan,
): Promise<never> {
  const samples = new Map<string, () => Promise<{ time: number }>>()
  for (const [title, effort] of Object.entries(plan)) {
    const task = tasks?.[title]
    if (task) samples.set(title, (await timed(task, effort)).sample)
  }
  console.log(tasks ? 'ready' : 'missing')
  for await (const title of createInterface({ input: process.stdin })) {
    console.log((await samples.get(title)?.())?.time)
  }
  process.exit()
}

/** The arguments of such a program: the name of the contestant, and the plan. */
export function assignment(): { name: string; plan: Plan } {
  const [name = '', plan = '{}'] = process.argv.slice(2)
  return { name, plan: JSON.parse(plan) as Plan }
}

/**
 * Times contestants in turns, each in a process of its own.
 *
 * @param options.rounds How many in each generation.
 * @param options.generations How often all of them are started anew: what a compiler and a garbage collector make of a
 * program differs by several percent from one start to the next.
 * @param options.pinned Keeps all of them on one core.
 * @returns The samples by title, and who is not installed.
 */
export async function raceApart(
  file: string,
  names: readonly string[],
  plan: Plan,
  options: { readonly rounds: number; readonly generations: number; readonly pinned: boolean },
): Promise<{ samples: ReadonlyMap<string, Samples<'time'>>; missing: readonly string[] }> {
  const samples = new Map<string, Map<string, { time: number }[]>>()
  let missing: readonly string[] = []
  for (let generation = 0; generation < options.generations; generation += 1) {
    const born = await raceOnce(file, names, plan, options)
    missing = born.missing
    for (const [title, byName] of born.samples) {
      const column = samples.get(title) ?? new Map<string, { time: number }[]>()
      samples.set(title, column)
      for (const [name, more] of byName) column.set(name, [...(column.get(name) ?? []), ...more])
    }
  }
  return { samples, missing }
}

async function raceOnce(
  file: string,
  names: readonly string[],
  plan: Plan,
  { rounds, pinned }: { readonly rounds: number; readonly pinned: boolean },
) {
  const running = new Map<string, Running>()
  // One after the other: who warms up beside others sees a slow machine
  for (const name of names) {
    running.set(name, await start([program(file), name, JSON.stringify(plan)], { pinned }))
  }
  const present = [...running].filter(([, { line }]) => line === 'ready')
  const samples = new Map<string, Samples<'time'>>()
  for (const title of Object.keys(plan)) {
    const samplers = present.map(([name, { ask }]) => ({
      name,
      sample: async () => ({ time: Number(await ask(title)) }),
    }))
    samples.set(title, await interleave(samplers, rounds))
  }
  for (const { stop } of running.values()) await stop()
  return { samples, missing: names.filter((name) => running.get(name)?.line === 'missing') }
}
