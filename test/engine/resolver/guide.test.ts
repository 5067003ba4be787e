import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  describeWorld,
  ends,
  explain,
  resolutionReasons,
  resolve,
  rungs,
  type Resolution,
} from '@weavz/sdk/resolver'
import {
  explanationSchema,
  guideUrl,
  renewGuide,
  requestOf,
  schemaUrl,
  worldOf,
} from '../../../scripts/resolution-doc.js'
import { examples } from '../../../scripts/resolution-examples.js'
import { requestArbitrary, worldArbitrary } from './worlds.js'

describe('docs/resolution.md', () => {
  it('is what `npx tsx scripts/resolution-doc.ts` writes', async () => {
    const guide = await readFile(guideUrl, 'utf8')
    expect(renewGuide(guide)).toBe(guide)
    expect(await explanationSchema()).toBe(await readFile(schemaUrl, 'utf8'))
  })

  it('has one example for each way to a connection and for each reason', () => {
    const shown = examples.map(({ shows }) => shows)
    expect(shown).toEqual(['explicit', 'pinned', 'own', 'fallback', 'not-needed', ...resolutionReasons])
  })

  it.each(examples.map((example) => [example.shows, example] as const))(
    'shows %s by what really happens',
    (shows, example) => {
      const answer = resolve(worldOf(example), requestOf(example))
      expect(wayOf(answer)).toBe(shows)
    },
  )

  it('offers a fix for every reason', () => {
    for (const example of examples) {
      const { outcome, fixes } = explain(worldOf(example), requestOf(example))
      expect(fixes.length > 0).toBe(outcome.outcome === 'denied')
    }
  })
})

function wayOf(answer: Resolution): string | null {
  if (answer.outcome === 'denied') return answer.reason
  return answer.outcome === 'resolved' ? answer.via : answer.outcome
}

describe('the diagram of the ladder', () => {
  const edges = new Set(rungs.flatMap(({ name, paths }) => paths.map(({ to }) => `${name} → ${to}`)))

  it('leads from every rung to rungs below it or to an end, and reaches everything', () => {
    const order: string[] = [...rungs.map(({ name }) => name), ...Object.keys(ends)]
    for (const edge of edges) {
      const [from = '', to = ''] = edge.split(' → ')
      expect(order.indexOf(to)).toBeGreaterThan(order.indexOf(from))
    }
    for (const name of order.slice(1))
      expect([...edges].some((edge) => edge.endsWith(` → ${name}`))).toBe(true)
  })

  it('has every path that a decision takes, in any world', () => {
    const walked = new Set<string>()
    fc.assert(
      fc.property(worldArbitrary, requestArbitrary, (plain, request) => {
        const { steps, outcome } = explain(describeWorld(plain), request, { candidates: 0 })
        // A rung that is skipped under `fixed` is passed by; so is the last question about a connection already found.
        const found = outcome.outcome !== 'denied' && outcome.connectionId !== null
        const path = steps
          .filter(
            ({ status, rung }) => status !== 'not-reached' && !(rung === 'end-user' && status === 'skipped'),
          )
          .filter(({ rung }) => !(rung === 'not-needed' && found))
          .map(({ rung }) => rung)
        const end = outcome.outcome === 'denied' ? 'refused' : found ? 'found' : 'runs'
        const taken = [...path, end].slice(1).map((to, index) => `${path[index]} → ${to}`)
        // What connections/resolve refuses for want of an account may have been found on a higher rung.
        if (request.kind === 'resolve' && outcome.outcome === 'denied' && outcome.reason === null) return
        for (const edge of taken) {
          expect(edges).toContain(edge)
          walked.add(edge)
        }
      }),
      { numRuns: 3000, seed: 42 },
    )
    expect([...edges].filter((edge) => !walked.has(edge))).toEqual(['not-needed → refused'])
  })

  it('has the refusal of connections/resolve for an integration without account', () => {
    const world = describeWorld({
      integrations: [{ name: 'datetime', auth: null }],
      workspaces: [{ id: 'ws' }],
    })
    const { steps } = explain(world, { kind: 'resolve', workspaceId: 'ws', integrationName: 'datetime' })
    expect(steps.find(({ status }) => status === 'failed')?.rung).toBe('not-needed')
  })
})
