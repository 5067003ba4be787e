/**
 * The contract as the client's build takes it. What servers and documentation alone read of it would be half of what a
 * page downloads; in the sources an endpoint is declared once, with everything.
 *
 * docs/decisions/004-the-client-carries-no-zod.md
 */
import type { Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import ts from 'typescript'
import { serverFields } from '../src/contract/endpoint.js'

const left = new Set<string>(serverFields)

/** From one place to another of a text, what stands there instead. */
type Edit = readonly [from: number, to: number, text: string]

/**
 * The text of a file of src/contract
 * - without the fields of endpoints that the client does not read,
 * - without the values of open enums, which nothing is held to,
 * - with schemas that describe and do not parse, in place of zod's,
 * - and with every constant marked as free of side effects, so that bundlers drop the ones that nobody reads.
 *
 * Line numbers stay.
 */
export function clientContract(text: string): string {
  const source = ts.createSourceFile('contract.ts', text, ts.ScriptTarget.Latest, true)
  const edits: Edit[] = []
  const replace = (node: ts.Node, by: string) => edits.push([node.getStart(), node.end, by])

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      if (node.moduleSpecifier.text === 'zod/mini') replace(node.moduleSpecifier, `'./zod-lean.js'`)
    } else if (ts.isCallExpression(node) && node.expression.getText() === 'openEnum') {
      replace(node, `openEnum(${blank(node.getText())})`)
    } else if (isServerField(node)) {
      const end = text[node.end] === ',' ? node.end + 1 : node.end
      edits.push([node.getStart(), end, blank(text.slice(node.getStart(), end))])
    } else {
      ts.forEachChild(node, visit)
    }
  }
  visit(source)

  for (const initializer of source.statements.flatMap(initializersOf)) {
    const start = initializer.getStart()
    edits.push([start, start, '/* @__PURE__ */ (() => ('], [initializer.end, initializer.end, '))()'])
  }
  return apply(text, edits)
}

/** A field that the client does not read, of the second argument of `endpoint(…)`. */
function isServerField(node: ts.Node): boolean {
  if (!ts.isObjectLiteralElement(node) || !left.has(node.name?.getText() ?? '')) return false
  const call = node.parent.parent
  return (
    ts.isCallExpression(call) && call.expression.getText() === 'endpoint' && call.arguments[1] === node.parent
  )
}

/** What is left of a text that is taken out: its lines. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, '')
}

function initializersOf(statement: ts.Statement): ts.Expression[] {
  if (!ts.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.flatMap(({ initializer }) =>
    initializer === undefined || ts.isArrowFunction(initializer) ? [] : initializer,
  )
}

/** From the end, so that an edit does not move the places of the others. */
function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort(([a], [b]) => b - a)
    .reduce((result, [from, to, by]) => result.slice(0, from) + by + result.slice(to), text)
}

/** For esbuild and tsup: bundles src/contract as the client needs it. */
export const clientContractPlugin: Plugin = {
  name: 'client-contract',
  setup(build) {
    // Schemas of requests say more than zod-lean knows; they are dropped, but not before esbuild has looked at them
    build.initialOptions.logOverride = {
      ...build.initialOptions.logOverride,
      'import-is-undefined': 'silent',
    }
    build.onLoad({ filter: /[\\/]src[\\/]contract[\\/][^\\/]+\.ts$/ }, async ({ path }) => ({
      contents: clientContract(await readFile(path, 'utf8')),
      loader: 'ts',
    }))
  },
}
