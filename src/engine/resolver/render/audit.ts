import type { Audit } from '../audit.js'
import { outcomeLine } from './explanation.js'
import type { DiagramNode, Report } from './report.js'

const nobody = '(no end user)'

export function auditReport({ rows }: Audit): Report {
  const cells = rows.flatMap((row) => row.cells)
  const denied = cells.filter(({ outcome }) => outcome.outcome === 'denied').length
  return {
    line: `audit: ${rows.length} workspace integrations, ${cells.length} calls, ${denied} denied`,
    sections: [...new Set(rows.map(({ workspaceId }) => workspaceId))].map((workspaceId) => {
      const here = rows.filter((row) => row.workspaceId === workspaceId)
      return {
        title: `Workspace ${workspaceId}`,
        head: [
          'Alias',
          'Integration',
          'Strategy',
          ...(here[0]?.cells ?? []).map(({ endUserId }) => endUserId ?? nobody),
        ],
        rows: here.map(({ alias, integrationName, connectionStrategy, cells }) => [
          alias,
          integrationName,
          connectionStrategy,
          ...cells.map(({ outcome }) => outcomeLine(outcome)),
        ]),
      }
    }),
    diagram: diagramOf(rows),
  }
}

function diagramOf(rows: Audit['rows']): Report['diagram'] {
  const nodes: DiagramNode[] = []
  const edges: Report['diagram']['edges'][number][] = []
  rows.forEach((row, index) => {
    const from = `target${index}`
    nodes.push({ id: from, label: `${row.alias} (${row.connectionStrategy})`, shape: 'box', state: 'plain' })
    const outcomes = [...new Set(row.cells.map(({ outcome }) => outcomeLine(outcome)))]
    outcomes.forEach((label, place) => {
      const to = `${from}outcome${place}`
      const cells = row.cells.filter(({ outcome }) => outcomeLine(outcome) === label)
      const state = cells[0]?.outcome.outcome === 'denied' ? 'failed' : 'applied'
      nodes.push({ id: to, label, shape: 'end', state })
      edges.push({ from, to, label: cells.map(({ endUserId }) => endUserId ?? nobody).join(', ') })
    })
  })
  return { nodes, edges }
}
