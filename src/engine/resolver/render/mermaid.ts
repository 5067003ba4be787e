import type { Diagram, DiagramNode } from './report.js'
import { oneLine } from './text.js'

const brackets = { question: ['{{"', '"}}'], box: ['["', '"]'], end: ['(["', '"])'] } as const

const styles = {
  applied: 'fill:#d7f5dd,stroke:#1a7f37,color:#0b3d1a',
  skipped: 'fill:#f3f4f6,stroke:#8c959f,color:#24292f',
  failed: 'fill:#ffe1e0,stroke:#cf222e,color:#5c0d12',
  'not-reached': 'fill:#ffffff,stroke:#d0d7de,color:#8c959f,stroke-dasharray:4',
} as const

/** A Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html. */
export function toMermaid({ nodes, edges }: Diagram): string {
  const used = Object.entries(styles).filter(([state]) => nodes.some((node) => node.state === state))
  return `${[
    'flowchart TD',
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...edges.map(
      ({ from, to, label }) => `  ${name(from)} -->${label ? `|"${escape(label)}"|` : ''} ${name(to)}`,
    ),
    ...used.map(([state, style]) => `  classDef ${name(state)} ${style}`),
  ].join('\n')}\n`
}

function nodeText({ id, label, shape, state }: DiagramNode): string {
  const [open, close] = brackets[shape]
  return `${name(id)}${open}${escape(label)}${close}${state === 'plain' ? '' : `:::${name(state)}`}`
}

/** Node and class names are plain words; `end` alone would end a subgraph. */
function name(id: string): string {
  return `n_${id.replace(/[^A-Za-z0-9]/g, '_')}`
}

/** Everything that Mermaid might read as its own becomes an entity code. */
function escape(text: string): string {
  return oneLine(text).replace(/[#"`<>&;|{}[\]\\]/g, (character) => `#${character.charCodeAt(0)};`)
}
