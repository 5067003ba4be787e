import type { Fact } from '../explanation.js'

/** What any rendering needs to know: the subject once, in words, before it becomes text, Markdown or a diagram. */
export interface Report {
  /** The whole thing in one sentence. */
  readonly line: string
  readonly sections: readonly Section[]
  readonly diagram: Diagram
}

/** A table with a title. Sections without rows are not shown. */
export interface Section {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Diagram {
  readonly nodes: readonly DiagramNode[]
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label?: string }[]
}

export interface DiagramNode {
  readonly id: string
  readonly label: string
  readonly shape: 'question' | 'box' | 'end'
  readonly state: 'applied' | 'skipped' | 'failed' | 'not-reached' | 'plain'
}

/** A fact in words. */
export function show(fact: Fact): string {
  if (fact === null) return 'none'
  return typeof fact === 'object' ? fact.join(', ') : String(fact)
}
