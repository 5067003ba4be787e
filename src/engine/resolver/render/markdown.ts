import type { Report, Section } from './report.js'
import { oneLine } from './text.js'

/** GitHub-flavoured Markdown: a paragraph and a table for each section. */
export function toMarkdown({ line, sections }: Report): string {
  const parts = sections.filter(({ rows }) => rows.length > 0).map(table)
  return `${[escape(line), ...parts].join('\n\n')}\n`
}

function table({ title, head, rows }: Section): string {
  const lines = [
    row(head),
    row(
      head.map(() => '---'),
      (cell) => cell,
    ),
    ...rows.map((cells) => row(cells)),
  ]
  return [`### ${escape(title)}`, '', ...lines].join('\n')
}

function row(cells: readonly string[], write: (cell: string) => string = escape): string {
  return `| ${cells.map(write).join(' | ')} |`
}

/** Names are the users' own: they may not close a cell, start a tag or become emphasis. */
function escape(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>|~]/g, '\\$&')
}
