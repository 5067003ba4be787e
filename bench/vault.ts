/** Sealing and opening, beside what others take for the same bytes. */
import { raceApart } from './lib/apart.js'
import type { Effort } from './lib/measure.js'
import { notInstalled } from './lib/peers.js'
import { tableOf, type Benchmark, type Column, type Goal } from './lib/report.js'
import { bare, committing, ours, peers, sizes, titleOf, verbs, type Size } from './lib/vaults.js'

const atOnce = 64

const titlesOf = (size: Size, concurrency?: number) => verbs.map((verb) => titleOf(verb, size, concurrency))

export const run: Benchmark = async ({ quick }) => {
  const alone = (Object.keys(sizes) as Size[]).flatMap((size) => titlesOf(size))
  const together = titlesOf('1 KiB', atOnce)
  const effort = { batchMs: quick ? 3 : 25 }
  const plan: Record<string, Effort> = {}
  for (const title of alone) plan[title] = effort
  for (const title of together) plan[title] = { batchMs: 2 * effort.batchMs, concurrency: atOnce }

  const names = peers.map(({ name }) => name)
  const { samples, missing } = await raceApart('vault-values', names, plan, {
    rounds: quick ? 2 : 40,
    pinned: false,
  })
  const columnsOf = (titles: readonly string[]) =>
    titles.map((title): Column => ({
      title: title.split(',')[0] as string,
      unit: 'time',
      samples: samples.get(title) ?? new Map(),
    }))
  const shape = {
    reference: bare,
    ours: [ours],
    notes: Object.fromEntries(peers.map(({ name, note }) => [name, note])),
  }
  const lone = tableOf({
    ...shape,
    title: 'Sealing and opening, one value after the other',
    about:
      'Time to seal a text, to open one for the first time, and to open one whose derived key the vault still has. ' +
      'This is mostly waiting: WebCrypto hands each call to another thread, twice for a value of the vault.',
    columns: columnsOf(alone),
  })
  const busy = tableOf({
    ...shape,
    title: 'Sealing and opening, 64 at once',
    about:
      'The same as a server under load does it: while one value waits for a thread, others go on. How many values a ' +
      'machine gets through; the goals are about this.',
    columns: columnsOf(together),
    goals: (compare) =>
      ['seal 1 KiB', 'open 1 KiB'].flatMap((column): Goal[] => {
        const goals = [
          { text: `vault: ${column} beside bare WebCrypto`, limit: 4, value: compare(column, ours, bare) },
        ]
        if (missing.includes(committing)) return goals
        const text = `vault: ${column} beside the AWS Encryption SDK`
        return [...goals, { text, limit: 1 / 3, value: compare(column, ours, committing) }]
      }),
  })
  return { tables: [lone, busy], leftOut: missing.map(notInstalled) }
}
