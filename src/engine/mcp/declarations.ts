import type { InputEntry } from '../catalog/entry.js'
import type { Engine } from '../engine.js'
import { notFound } from '../refusal.js'
import { describeTool, namedTools, type DescribedTool } from './surface.js'
import { getServer } from './servers.js'

type Entries = Readonly<Record<string, InputEntry>>

const text = (value: unknown) => JSON.stringify(value)

function typeOf(entry: InputEntry, indent: string): string {
  const values = entry.enum ?? (entry.const === undefined ? undefined : [entry.const])
  if (values) return values.map(text).join(' | ') || 'never'
  switch (entry.type) {
    case undefined:
      return 'unknown'
    case 'array':
      return entry.items ? `Array<${typeOf(entry.items, indent)}>` : 'unknown[]'
    case 'object':
      return entry.properties ? objectType(entry.properties, indent) : 'Record<string, unknown>'
    case 'file':
      return 'string | Record<string, unknown>'
    default:
      return entry.type
  }
}

/** An object of which more keys may be given than are known: the API lets them pass. */
function objectType(entries: Entries, indent: string): string {
  const inner = `${indent}  `
  const fields = Object.entries(entries).map(
    ([name, entry]) => `${inner}${text(name)}${entry.required ? '' : '?'}: ${typeOf(entry, inner)}\n`,
  )
  return `{\n${fields.join('')}${inner}[key: string]: unknown\n${indent}}`
}

/** Whatever the text: it neither ends the comment nor begins a line of its own. */
const comment = (line: string) => line.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim()

function method({ tool, description, input }: DescribedTool): string {
  const optional = Object.values(input).every((entry) => !entry.required)
  const parameter = `input${optional ? '?' : ''}: ${objectType(input, '    ')}`
  return `    /** ${comment(description)} */\n    ${text(tool.actionName)}(${parameter}): Promise<unknown>\n`
}

/**
 * TypeScript declarations of the tools of one alias, as code in code mode sees them:
 * `weavz.google_sheets.read_sheet({ … })`. Those of several aliases can stand in one program.
 */
export function declarationsOf(engine: Engine, serverId: string, alias: string): string {
  const server = getServer(engine, serverId)
  const named = [...namedTools(engine, server).values()].filter(({ tool }) => tool.integrationAlias === alias)
  const actions = named.map((each) => describeTool(engine, server, each))
  const [first] = actions
  if (!first) throw notFound('Alias')
  const { displayName } = engine.catalog.get(first.tool.integrationName) ?? { displayName: alias }
  return [
    'interface WeavzTools {',
    `  /** ${comment(displayName)} */`,
    `  readonly ${text(first.namespace)}: {`,
    actions.map(method).join('').trimEnd(),
    '  }',
    '}',
    // Not const: the declarations of the next alias say the same again
    'declare var weavz: WeavzTools',
    '',
  ].join('\n')
}
