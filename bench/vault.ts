/** Sealing and opening, beside what others take for the same bytes. */
import { raceApart, type Plan } from './lib/apart.js'
import type { Effort } from './lib/measure.js'
import { notInstalled } from './lib/peers.js'
import { tableOf, type Benchmark, type Column, type Goal } from './lib/report.js'
import { bare, committing, ours, peers, sizes, titleOf, verbs, type Size } from './lib/vaults.js'

const atOnce = 64

const titlesOf = (size: Size, concurrency?: number) => verbs.map((verb) => titleOf(verb, size, concurrency))
const planOf = (titles: readonly string[], effort: Effort) =>
  Object.fromEntries(titles.map((title) => [title, effort]))

/** docs/decisions/009-how-the-vault-is-measured.md. Opening again is no part of them: no peer keeps keys. */
const goalsOf =
  (missing: readonly string[]) =>
  (compare: (column: string, name: string, reference: string) => number): Goal[] =>
    [...judged(), ...judged(atOnce)].flatMap((column) => {
      const goals = [
        { text: `vault: ${column} beside bare WebCrypto`, limit: 4, value: compare(column, ours, bare) },
      ]
      if (missing.includes(committing)) return goals
      const text = `vault: ${column} beside the AWS Encryption SDK`
      return [...goals, { text, limit: 1 / 3, value: compare(column, ours, committing) }]
    })

const judged = (concurrency?: number) => [
  titleOf('seal', '1 KiB', concurrency),
  titleOf('open', '1 KiB', concurrency),
]

export const run: Benchmark = async ({ quick }) => {
  const names = peers.map(({ name }) => name)
  const measure = async (plan: Plan, pinned: boolean) => {
    const { samples, missing } = await raceApart('vault-values', names, plan, {
      rounds: quick ? 2 : 15,
      generations: quick ? 1 : 2,
      pinned,
    })
    const columns = Array.from(samples, ([title, samples]): Column => ({ title, unit: 'time', samples }))
    return { columns, missing }
  }
  const batchMs = quick ? 3 : 50

  // Size by size: thousands of long values in the heap would be the garbage collector's work while short ones are measured
  const bySize = []
  for (const size of Object.keys(sizes) as Size[]) {
    bySize.push(await measure(planOf(titlesOf(size), { batchMs, clock: 'processor' }), true))
  }
  const waited = await measure(
    {
      ...planOf(titlesOf('1 KiB'), { batchMs }),
      ...planOf(titlesOf('1 KiB', atOnce), { batchMs, concurrency: atOnce }),
    },
    false,
  )
  const shape = {
    reference: bare,
    ours: [ours],
    notes: Object.fromEntries(peers.map(({ name, note }) => [name, note])),
  }
  const cost = tableOf({
    ...shape,
    title: 'Sealing and opening: what a value costs',
    about:
      'Processor time, in all threads, to seal a text, to open one for the first time, and to open one whose derived ' +
      'key the vault still has. Each contestant has a process of its own, kept on one core.',
    columns: bySize.flatMap(({ columns }) => columns),
  })
  const clock = tableOf({
    ...shape,
    title: 'Sealing and opening: how long it takes',
    about:
      'Time by the clock, on all cores: one value after the other, and 64 at once, as a server under load does it. Each ' +
      'call of WebCrypto waits until another thread has woken up; a value of the vault waits twice.',
    columns: waited.columns,
    goals: goalsOf(waited.missing),
  })
  return { tables: [cost, clock], leftOut: waited.missing.map(notInstalled) }
}
