import type { Audit } from '../audit.js'
import type { Difference } from '../diff.js'
import type { Explanation } from '../explanation.js'
import { auditReport } from './audit.js'
import { differenceReport } from './difference.js'
import { explanationReport } from './explanation.js'
import { toMarkdown } from './markdown.js'
import { toMermaid } from './mermaid.js'
import type { Report } from './report.js'
import { oneLine, toText } from './text.js'

export const renderFormats = ['line', 'text', 'markdown', 'mermaid', 'json'] as const
export type RenderFormat = (typeof renderFormats)[number]

/**
 * Prints an explanation, an audit or a difference: as one `line`, as `text` for a terminal, as `markdown`, as a
 * `mermaid` flowchart, or as `json` (of an explanation: `ExplanationSchema`). All but `line` end with a line break.
 *
 * @example
 * console.log(render(explain(world, request), 'text'))
 */
export function render(subject: Explanation | Audit | Difference, format: RenderFormat): string {
  switch (format) {
    case 'line':
      return oneLine(reportOf(subject).line)
    case 'text':
      return toText(reportOf(subject))
    case 'markdown':
      return toMarkdown(reportOf(subject))
    case 'mermaid':
      return toMermaid(reportOf(subject).diagram)
    case 'json':
      return `${JSON.stringify(subject, null, 2)}\n`
  }
}

function reportOf(subject: Explanation | Audit | Difference): Report {
  switch (subject.type) {
    case 'explanation':
      return explanationReport(subject)
    case 'audit':
      return auditReport(subject)
    case 'difference':
      return differenceReport(subject)
  }
}
