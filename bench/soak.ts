/**
 * Ten minutes of mixed traffic at full speed with random faults, and what came of it: counts of what was lost (none may
 * be), of answers that were defects (none may be), and whether the memory stays flat.
 *
 *   npm run bench -- soak                 ten minutes
 *   npm run bench -- soak --minutes 1
 *   npm run bench -- soak --seconds 20 --seed 7
 */
import { parseArgs } from 'node:util'
import { soak } from './soak/soak.js'
import type { Tally } from './soak/tally.js'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const seconds = Number(values.seconds ?? Number(values.minutes ?? 10) * 60)
const seed = Number(values.seed)
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('--minutes and --seconds take a number above 0, --seed a whole number')
  process.exit(2)
}

interface Sample {
  readonly calls: number
  /** Bytes that are alive. */
  readonly heap: number
}

const samples: Sample[] = []
const collect = globalThis.gc
function sample({ calls }: Tally): void {
  collect?.()
  samples.push({ calls, heap: process.memoryUsage().heapUsed })
}

/** What a thousand calls add to the heap, by least squares. The first fifth is warming up. */
function slopeOf(all: readonly Sample[]): number {
  const warm = all.slice(Math.floor(all.length / 5))
  const mean = (of: (sample: Sample) => number) => warm.reduce((sum, one) => sum + of(one), 0) / warm.length
  const [calls, heap] = [mean((one) => one.calls), mean((one) => one.heap)]
  const above = warm.reduce((sum, one) => sum + (one.calls - calls) * (one.heap - heap), 0)
  const below = warm.reduce((sum, one) => sum + (one.calls - calls) ** 2, 0)
  return below === 0 ? 0 : (above / below) * 1000
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
const percent = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`

const tally = await soak({ durationMs: seconds * 1000, seed, onPause: sample })

const third = Math.ceil(samples.length / 3)
const heaps = samples.map(({ heap }) => heap)
const growth = median(heaps.slice(-third)) / median(heaps.slice(third, 2 * third))
const faults = [...tally.faults.values()].reduce((sum, count) => sum + count, 0)
console.log(`seconds                      ${seconds} (seed ${seed})`)
console.log(`calls                        ${tally.calls}, half of them over a port`)
console.log(`  acknowledged               ${percent(tally.acknowledged, tally.calls)}`)
console.log(`  struck by a fault          ${percent(faults, tally.calls)}, of ${tally.faults.size} kinds`)
console.log(`workspaces                   ${tally.lives}, each compared and deleted`)
console.log(`things compared              ${tally.compared}`)
console.log(`lost writes                  ${tally.lost.length}`)
console.log(`defects (500, no answer)     ${tally.defects.length}`)
console.log(`heap, last third : middle    ${growth.toFixed(3)} (at most 1.1)`)
console.log(`heap, bytes a call           ${(slopeOf(samples) / 1000).toFixed(2)}`)
for (const problem of [...tally.lost, ...tally.defects].slice(0, 20)) console.error(problem)
// Below a minute the heap has not settled
const leaks = collect !== undefined && seconds >= 60 && growth > 1.1
if (tally.lost.length > 0 || tally.defects.length > 0 || leaks) process.exitCode = 1
