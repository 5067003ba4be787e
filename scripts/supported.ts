/**
 * Writes SUPPORTED.md: every endpoint of the contract with the client's method, whether the mock serves it, and the
 * tests that show it. Nothing in it is kept by hand.
 *
 *   npx tsx scripts/supported.ts
 */
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import type { AnyEndpoint } from '../src/contract/endpoint.js'
import { endpoints } from '../src/contract/index.js'
import { handlers } from '../src/mock/handlers.js'

const root = fileURLToPath(new URL('..', import.meta.url))
export const supportedUrl = new URL('../SUPPORTED.md', import.meta.url)

/** What is known of one endpoint. */
export interface Support {
  readonly endpoint: AnyEndpoint
  /** The client's methods, the flat aliases last: `workspaces.integrations.create`. */
  readonly methods: readonly string[]
  readonly mock: boolean
  /** Files, from the root of the package. */
  readonly tests: readonly string[]
}

interface TestFile {
  /** From the root of the package, with `/` on every system. */
  readonly name: string
  readonly text: string
}

const ids = new Set(endpoints.map(({ id }) => id as string))

/** Every endpoint, in the order of the contract. */
export function support(): Support[] {
  const files = testFiles()
  const wires = files.map((file) => ({ ...file, methods: methodsOf(file) }))
  return endpoints.map((endpoint) => {
    const wire = wires.filter(({ methods }) => methods.has(endpoint.id))
    const shown = wire.map(({ name }) => name)
    const server = mostAbout(endpoint.id, files)
    return {
      endpoint,
      methods: wire
        .flatMap(({ methods }) => methods.get(endpoint.id) ?? [])
        .sort((a, b) => Number(a !== endpoint.id) - Number(b !== endpoint.id)),
      mock: Object.hasOwn(handlers, endpoint.id),
      tests: server === undefined ? shown : [...shown, server],
    }
  })
}

function testFiles(): TestFile[] {
  return readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join('test', ...name.split(path.sep)))
    .filter((name) => /^test\/(mock|resources)\/.*\.ts$/.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }))
}

/**
 * The test of the mock that is about an endpoint, and does not merely pass by: the one named after the resource, else
 * the one that names the endpoint most often. What is no test file by itself is part of one that is.
 */
function mostAbout(id: string, files: readonly TestFile[]): string | undefined {
  const resource = id.split('.')[0]?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const weighed = files
    .filter(({ name }) => name.startsWith('test/mock/'))
    .map(({ name, text }) => ({ name, count: text.split(`'${id}'`).length - 1 }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => {
      const rank = name === `test/mock/${resource}.test.ts` ? 2 : name.endsWith('.test.ts') ? 1 : 0
      return { name, rank, count }
    })
    .sort((a, b) => b.rank - a.rank || b.count - a.count)
  return weighed[0]?.name
}

/**
 * The client's methods by endpoint, from the tests of what goes over the wire. They pair each endpoint with a call
 * of the client, and prove that the call is what they say it is:
 *
 *   'workspaces.get': { call: (weavz) => weavz.workspaces.get(workspaceId), … }
 *   ['addIntegration', wire['workspaces.integrations.create'], ({ workspaces }) => workspaces.addIntegration(…)]
 */
function methodsOf({ name, text }: TestFile): Map<string, string[]> {
  const found = new Map<string, string[]>()
  if (!name.startsWith('test/resources/')) return found
  const add = (id: string | undefined, call: ts.Node | undefined) => {
    const method = call && methodCalled(call)
    if (id !== undefined && ids.has(id) && method) found.set(id, [...(found.get(id) ?? []), method])
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) {
      const { initializer } = node
      if (ts.isObjectLiteralExpression(initializer)) add(node.name.text, initializer.properties.find(isCall))
    }
    if (ts.isArrayLiteralExpression(node)) add(idIn(node), node.elements.find(ts.isArrowFunction))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest))
  return found
}

function isCall(property: ts.ObjectLiteralElementLike): boolean {
  return ts.isPropertyAssignment(property) && ts.isIdentifier(property.name) && property.name.text === 'call'
}

/** The id in `[…, wire['id'], …]`. */
function idIn({ elements }: ts.ArrayLiteralExpression): string | undefined {
  const entry = elements.find(ts.isElementAccessExpression)?.argumentExpression
  return entry && ts.isStringLiteral(entry) ? entry.text : undefined
}

/** `workspaces.get` of the first `weavz.workspaces.get(…)` or `workspaces.get(…)` inside. */
function methodCalled(node: ts.Node): string | undefined {
  const called = ts.isCallExpression(node) ? dotted(node.expression) : undefined
  return called?.replace(/^weavz\./, '') ?? ts.forEachChild(node, methodCalled)
}

function dotted(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return node.text
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const owner = dotted(node.expression)
  return owner && `${owner}.${node.name.text}`
}

/** The page. */
export function supportedText(): string {
  const all = support()
  const row = ({ endpoint, methods, mock, tests }: Support) =>
    [
      resourceOf(endpoint),
      `\`${endpoint.method} ${routeOf(endpoint)}\``,
      methods.map((method) => `\`${method}\``).join(', ') || '–',
      mock ? 'yes' : '–',
      tests.map((name) => `[${name.replace(/^test\/|(\.test)?\.ts$/g, '')}](${name})`).join(', ') || '–',
    ].join(' | ')
  const count = (of: (support: Support) => boolean) => `${all.filter(of).length} of ${all.length}`
  return [
    '# Supported endpoints',
    '',
    'Written by `npm run docs:generate` from the table of the contract, the handlers of the mock and the tests.',
    '',
    `* A method of the client calls ${count(({ methods }) => methods.length > 0)} endpoints.`,
    `* The mock serves ${count(({ mock }) => mock)}.`,
    `* A test of the mock names ${count(({ tests }) => tests.some((name) => name.startsWith('test/mock/')))}.`,
    '',
    '| Resource | Operation | Client | Mock | Tests |',
    '|---|---|---|---|---|',
    ...all.map((support) => `| ${row(support)} |`),
    '',
  ].join('\n')
}

function resourceOf({ id }: AnyEndpoint): string {
  return id.slice(0, id.lastIndexOf('.'))
}

/** The path with what selects the endpoint: `/api/v1/connections?id`. */
function routeOf({ path, selectedBy }: AnyEndpoint): string {
  if (!selectedBy) return path
  const { param, value } = selectedBy
  return `${path}?${value === undefined ? param : `${param}=${value}`}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(supportedUrl, supportedText())
}
