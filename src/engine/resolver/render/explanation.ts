import type { Candidate, Explanation, Outcome } from '../explanation.js'
import { show, type Report, type Section } from './report.js'

/** An outcome in a few words. */
export function outcomeLine(outcome: Outcome): string {
  switch (outcome.outcome) {
    case 'resolved':
      return `resolved to ${outcome.connectionId} via ${outcome.via}`
    case 'not-needed':
      return outcome.connectionId === null
        ? 'not needed: runs without connection'
        : `not needed: runs with ${outcome.connectionId}`
    case 'denied':
      return `denied ${outcome.status} ${outcome.code}${outcome.reason === null ? '' : ` (${outcome.reason})`}`
  }
}

export function explanationReport(explanation: Explanation): Report {
  const { request, outcome, hint } = explanation
  const message = outcome.outcome === 'denied' ? `: ${outcome.message}` : ''
  const advice = hint === null ? '' : `. Hint: ${hint}`
  return {
    line: `${request.kind} ${request.integrationName}: ${outcomeLine(outcome)}${message}${advice}`,
    sections: sectionsOf(explanation),
    diagram: diagramOf(explanation),
  }
}

function sectionsOf(explanation: Explanation): Section[] {
  const { request, steps, candidates, moreCandidates, missing, nearest, confusions, fixes } = explanation
  const more = moreCandidates === 0 ? '' : ` (and ${moreCandidates} more)`
  return [
    {
      title: 'Request',
      head: ['Field', 'Value'],
      rows: Object.entries(request)
        .filter(([, value]) => value !== null)
        .map(([field, value]) => [field, show(value)]),
    },
    {
      title: 'Steps',
      head: ['Rung', 'Status', 'Because', 'Facts'],
      rows: steps.map(({ title, status, because, facts }) => [title, status, because, list(facts)]),
    },
    {
      title: `Candidates${more}`,
      head: ['Connection', 'External id', 'Verdict', 'Not met'],
      rows: candidates.map((each) => [each.connectionId, each.externalId, verdictOf(each), unmet(each)]),
    },
    {
      title: 'Nearest',
      head: ['Connection', 'Predicate', 'Expected', 'Actual'],
      rows: (nearest?.predicates ?? [])
        .filter(({ holds }) => !holds)
        .map(({ name, expected, actual }) => [
          nearest?.connectionId ?? '',
          name,
          show(expected),
          show(actual),
        ]),
    },
    {
      title: 'Missing',
      head: ['Field', 'Because', 'For example'],
      rows: missing.map(({ field, because, example }) => [field, because, example ?? '']),
    },
    {
      title: 'Mistaken identifiers',
      head: ['Field', 'Mistake'],
      rows: confusions.map(({ field, text }) => [field, text]),
    },
    {
      title: 'Fixes (each was tried)',
      head: ['Do', 'And it is'],
      rows: fixes.map(({ text, reaches }) => [text, outcomeLine(reaches)]),
    },
  ]
}

function verdictOf({ verdict, shadowedBy }: Candidate): string {
  return shadowedBy === null ? verdict : `${verdict} by ${shadowedBy}`
}

function unmet({ predicates }: Candidate): string {
  return predicates
    .filter(({ holds }) => !holds)
    .map(({ name, expected, actual }) => `${name}: expected ${show(expected)}, is ${show(actual)}`)
    .join('; ')
}

function list(facts: Explanation['steps'][number]['facts']): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(', ')
}

/** The ladder as it went, and where it ended. */
function diagramOf({ steps, outcome }: Explanation): Report['diagram'] {
  const reached = steps.filter(({ status }) => status !== 'not-reached')
  const last = reached.filter(({ status }) => status === 'applied' || status === 'failed').at(-1)
  const state = outcome.outcome === 'denied' ? 'failed' : 'applied'
  return {
    nodes: [
      ...steps.map(({ rung, question, status }) => ({
        id: rung,
        label: question,
        shape: 'question' as const,
        state: status,
      })),
      { id: 'outcome', label: outcomeLine(outcome), shape: 'end', state },
    ],
    edges: [
      ...steps.slice(1).map(({ rung }, index) => {
        const before = steps[index]
        return { from: before?.rung ?? '', to: rung, label: before?.because ?? '' }
      }),
      ...(last ? [{ from: last.rung, to: 'outcome', label: last.because }] : []),
    ],
  }
}
