import type { ChangedFact, Difference } from '../diff.js'
import { outcomeLine } from './explanation.js'
import { show, type Report } from './report.js'

export function differenceReport({ same, before, after, flippedBy, rung, changed }: Difference): Report {
  const was = outcomeLine(before)
  const is = outcomeLine(after)
  const why = flippedBy ? sentence(flippedBy) : 'by nothing that the ladder read'
  const state = (outcome: Difference['before']) => (outcome.outcome === 'denied' ? 'failed' : 'applied')
  return {
    line: same ? `the same outcome: ${was}` : `${was} became ${is}, ${why}`,
    sections: [
      { title: 'Outcome', head: ['Before', 'After'], rows: [[was, is]] },
      {
        title: 'Flipped by',
        head: ['Rung', 'Fact', 'Before', 'After'],
        rows: flippedBy ? [[rung ?? '', flippedBy.fact, show(flippedBy.before), show(flippedBy.after)]] : [],
      },
      {
        title: 'Everything that differs',
        head: ['Where', 'Fact', 'Before', 'After'],
        rows: changed.map((each) => [each.where, each.fact, show(each.before), show(each.after)]),
      },
    ],
    diagram: {
      nodes: [
        { id: 'before', label: was, shape: 'end', state: state(before) },
        { id: 'after', label: is, shape: 'end', state: state(after) },
      ],
      edges: [{ from: 'before', to: 'after', label: same ? 'the same' : why }],
    },
  }
}

function sentence({ where, fact, before, after }: ChangedFact): string {
  const whose = where === 'request' ? 'of the request' : `on rung ${where}`
  return `because ${fact} ${whose} went from ${show(before)} to ${show(after)}`
}
