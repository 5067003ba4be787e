/**
 * Writes the generated parts of docs/resolution.md, and the JSON schema beside it, from the resolver's own tables.
 *
 *   npx tsx scripts/resolution-doc.ts
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { format, resolveConfig } from 'prettier'
import * as z from 'zod/mini'
import {
  describeWorld,
  ends,
  explain,
  ExplanationSchema,
  render,
  rungs,
  type ResolutionRequest,
} from '@weavz/sdk/resolver'
import { toMermaid } from '../src/engine/resolver/render/mermaid.js'
import { examples, exampleWorld, type Example } from './resolution-examples.js'

const docs = new URL('../docs/', import.meta.url)
export const guideUrl = new URL('resolution.md', docs)
export const schemaUrl = new URL('explanation.schema.json', docs)

/** The guide with its generated parts renewed; the prose between them is left as it is. */
export function renewGuide(guide: string): string {
  const parts: Record<string, string> = {
    ladder: ['```mermaid', ladderDiagram().trimEnd(), '```', '', ladderTable()].join('\n'),
    world: ['```json', JSON.stringify(exampleWorld, null, 2), '```'].join('\n'),
    examples: examples.map(exampleText).join('\n\n'),
  }
  let renewed = guide
  for (const [name, text] of Object.entries(parts)) {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`]
    const from = renewed.indexOf(begin)
    const to = renewed.indexOf(end)
    if (from < 0 || to < from) throw new Error(`docs/resolution.md has lost its markers of ${name}`)
    renewed = `${renewed.slice(0, from + begin.length)}\n\n${text}\n\n${renewed.slice(to)}`
  }
  return renewed
}

/** The schema of the JSON rendering. */
export async function explanationSchema(): Promise<string> {
  const schema = { title: 'Explanation', ...z.toJSONSchema(ExplanationSchema) }
  const filepath = fileURLToPath(schemaUrl)
  return format(JSON.stringify(schema), { ...(await resolveConfig(filepath)), filepath })
}

function ladderDiagram(): string {
  return toMermaid({
    nodes: [
      ...rungs.map(
        ({ name, question }) => ({ id: name, label: question, shape: 'question', state: 'plain' }) as const,
      ),
      ...Object.entries(ends).map(
        ([id, label]) => ({ id, label, shape: 'end', state: stateOf(id) }) as const,
      ),
    ],
    edges: rungs.flatMap(({ name, paths }) => paths.map(({ when, to }) => ({ from: name, to, label: when }))),
  })
}

function stateOf(end: string): 'failed' | 'applied' {
  return end === 'refused' ? 'failed' : 'applied'
}

function ladderTable(): string {
  const titles = new Map<string, string>([
    ...rungs.map(({ name, title }, index) => [name, `${index}. ${title}`] as const),
    ...Object.entries(ends),
  ])
  const rows = rungs.flatMap(({ name, question, reads, paths }) =>
    paths.map(({ when, to }, index) =>
      index === 0
        ? [titles.get(name), question, reads.map((field) => `\`${field}\``).join(', '), when, titles.get(to)]
        : ['', '', '', when, titles.get(to)],
    ),
  )
  const head = ['Rung', 'Question', 'Reads of the request', 'Answer', 'Leads to']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The request of an example, complete. */
export function requestOf({ request }: Example): ResolutionRequest {
  return {
    kind: 'execute',
    workspaceId: 'acme',
    integrationName: 'slack',
    actionName: 'send_channel_message',
    ...request,
  }
}

export function worldOf({ given }: Example) {
  return describeWorld({ ...exampleWorld, ...given?.[1] })
}

function exampleText(example: Example): string {
  const { shows, rule, given, request = {} } = example
  const explanation = explain(worldOf(example), requestOf(example))
  const [fix] = explanation.fixes
  const said = Object.entries(request).map(([field, value]) => `\`${field}: ${JSON.stringify(value)}\``)
  const asked = said.length === 0 ? 'The plain call' : `The call with ${said.join(', ')}`
  return [
    `#### ${shows}`,
    '',
    rule,
    '',
    `${given ? `Given that ${given[0]}: ` : ''}${given ? asked.charAt(0).toLowerCase() + asked.slice(1) : asked} →`,
    '',
    '```text',
    render({ ...explanation, hint: null }, 'line'),
    ...(fix ? [`fix: ${fix.text}`] : []),
    '```',
  ].join('\n')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(guideUrl, renewGuide(await readFile(guideUrl, 'utf8')))
  await writeFile(schemaUrl, await explanationSchema())
}
