import { describe, expect, it } from 'vitest'
import { interleave, race, ratios, spreadOf, type Sampler } from '../../bench/lib/measure.js'
import { documentOf, missed, tableOf, type Report } from '../../bench/lib/report.js'

describe('what benchmarks measure', () => {
  it('is told by its median and quartiles, as R tells them', () => {
    // quantile(c(4, 1, 3, 2), c(0.25, 0.5, 0.75))
    expect(spreadOf([4, 1, 3, 2])).toEqual({ q1: 1.75, median: 2.5, q3: 3.25 })
    expect(spreadOf([7])).toEqual({ q1: 7, median: 7, q3: 7 })
  })

  it('is compared within its round', () => {
    // A machine that is ten times as slow in the second round changes nothing
    expect(ratios([2, 20, 2], [1, 10, 1])).toEqual([2, 2, 2])
    expect(() => ratios([1], [1, 2])).toThrow(/same rounds/)
  })

  it('runs in turns, everybody once a round, in changing orders', async () => {
    const turns: string[] = []
    const samplers = ['a', 'b', 'c', 'd'].map((name): Sampler<'time'> => ({
      name,
      sample: async () => ({ time: turns.push(name) }),
    }))
    const samples = await interleave(samplers, 20)
    const rounds = Array.from({ length: 20 }, (_, round) => turns.slice(4 * round, 4 * round + 4).join(''))
    for (const round of rounds) expect([...round].sort().join('')).toBe('abcd')
    expect(new Set(rounds).size).toBeGreaterThan(1)
    expect([...samples].map(([name, { length }]) => [name, length])).toEqual(
      samplers.map(({ name }) => [name, 20]),
    )
  })

  it('calls as many at once as it was told, and prepares outside of the batch', async () => {
    let running = 0
    let most = 0
    const steps: string[] = []
    const run = async () => {
      steps.push('call')
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    }
    const note = (step: string) => () => void steps.push(step)
    const task = { name: 'a', run, enter: note('enter'), leave: note('leave') }
    await race([task], { rounds: 2, batchMs: 1, concurrency: 8 })
    expect(most).toBe(8)
    const phases = steps.filter((step, at) => step !== steps[at - 1]).join(' ')
    expect(phases).toMatch(/^(enter call leave ?)+$/)
  })
})

describe('a report', () => {
  const samples = new Map(
    Object.entries({ base: [10, 10, 10, 10], ours: [20, 21, 19, 20], slow: [40, 44, 36, 40] }).map(
      ([name, times]) => [name, times.map((time) => ({ time }))],
    ),
  )
  const table = tableOf({
    title: 'A call',
    about: 'How long it takes.',
    reference: 'base',
    ours: ['ours'],
    columns: [{ title: 'GET', unit: 'time', samples }],
    goals: (compare) => [
      { text: 'beside base', limit: 3, value: compare('GET', 'ours', 'base') },
      { text: 'beside slow', limit: 0.4, value: compare('GET', 'ours', 'slow') },
    ],
  })
  const report: Report = {
    ...{ node: '20.0.0', machine: 'one', quick: false, leftOut: ['nock'] },
    tables: [table],
  }

  it('shows ratios to the reference, the fastest first, and says who is ahead', () => {
    const text = documentOf(report)
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(rows).toEqual([
      '|  | GET |',
      '| --- | --: |',
      '| base | 1 = 10.0 ms |',
      '| **ours** | 2.00 (1.98–2.02) |',
      '| slow | 4.00 (3.90–4.10) |',
    ])
    expect(text).toContain('Beside *ours*: GET: ahead of it base; behind it slow.')
    expect(text).toContain('- Left out: nock')
  })

  it('tells which goals were met', () => {
    expect(missed(report).map(({ text }) => text)).toEqual(['beside slow'])
    expect(documentOf(report)).toContain('- Met: beside base, at most 3.00; measured 2.00.')
    expect(documentOf(report)).toContain('- **Missed**: beside slow, at most 0.40; measured 0.50.')
  })

  it('judges nothing by a short run', () => {
    const text = documentOf({ ...report, quick: true })
    expect(text).toContain('its figures mean nothing')
    expect(text).not.toMatch(/Met|Missed|Beside/)
  })

  it('takes a figure that is none for a goal that was missed', () => {
    const broken = { ...table, goals: [{ text: 'x', limit: 1, value: Number.NaN }] }
    expect(missed({ ...report, tables: [broken] })).toHaveLength(1)
  })
})
