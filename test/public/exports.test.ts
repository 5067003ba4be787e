import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'
import manifest from '../../package.json'
import tsconfig from '../../tsconfig.json'

/**
 * Every name that an entry exports and what it is: `WeavzClient: class`, `Connection: type`. A name that is added makes a
 * minor release; one that is removed, or turns into a type alone, a major one. The lists are written by
 * `npx vitest run test/public -u`.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const entries = Object.entries(tsconfig.compilerOptions.paths).map(
  ([name, [file]]) => [name, path.join(root, file ?? '')] as const,
)
const program = ts.createProgram({
  rootNames: entries.map(([, file]) => file),
  options: {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    resolveJsonModule: true,
    noLib: true,
  },
})
const checker = program.getTypeChecker()

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Variable, 'const'],
  [ts.SymbolFlags.Interface, 'type'],
  [ts.SymbolFlags.TypeAlias, 'type'],
]

function kindOf(symbol: ts.Symbol): string {
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  // An interface may become an alias, and the other way round, without anybody noticing
  const found = kinds.filter(([flag]) => flags & flag).map(([, kind]) => kind)
  if (found.length === 0) throw new Error(`${symbol.name} is of no known kind`)
  // `export type { WeavzClient }` of a class leaves a type
  const typeOnly = symbol.declarations?.some((node) => ts.isTypeOnlyExportDeclaration(node))
  return typeOnly ? 'type' : [...new Set(found)].join(' and ')
}

function exportsOf(file: string): string {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file} is no module`)
  const lines = checker.getExportsOfModule(module).map((symbol) => `${symbol.name}: ${kindOf(symbol)}`)
  return `${lines.sort().join('\n')}\n`
}

it('has a source for each entry that the package exports', () => {
  const exported = Object.keys(manifest.exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => `@weavz/sdk${entry.slice(1)}`)
  expect(entries.map(([name]) => name).sort()).toEqual(exported.sort())
})

it.each(entries)(
  'the public names of %s: adding one is a minor release, removing one a major',
  async (name, file) => {
    await expect(exportsOf(file)).toMatchFileSnapshot(`exports/${name.slice(1).replaceAll('/', '-')}.txt`)
  },
)

it.each(entries)('%s has at run time what its types promise', async (name, file) => {
  const module = (await import(/* @vite-ignore */ file)) as object
  const promised = exportsOf(file)
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(': type'))
    .map((line) => line.slice(0, line.indexOf(':')))
  expect(Object.keys(module).sort(), name).toEqual(promised.sort())
})
