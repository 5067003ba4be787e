import type { Report, Section } from './report.js'

/** For a terminal: titles, and tables aligned with spaces. */
export function toText({ line, sections }: Report): string {
  const parts = sections.filter(({ rows }) => rows.length > 0).map(sectionText)
  return `${[oneLine(line), ...parts].join('\n\n')}\n`
}

/** Names are the users' own and may hold line breaks or control characters; a report keeps its lines and colours. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}

function sectionText({ title, head, rows }: Section): string {
  const cells = [head, ...rows].map((row) => row.map(oneLine))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
  return [oneLine(title), ...lines].join('\n')
}
