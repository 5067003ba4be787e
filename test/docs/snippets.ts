import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import tsconfig from '../../tsconfig.json'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** One TypeScript program of a document. */
export interface Snippet {
  /** `README.md:26`: where it begins. */
  readonly place: string
  readonly code: string
}

export interface Document {
  readonly file: string
  /** The blocks marked `ts run`, in their order: together they are one program. */
  readonly program: Snippet | undefined
  /** The blocks marked `ts`: each stands alone, and may use names of the reader's own app. */
  readonly excerpts: readonly Snippet[]
}

function markdownFiles(): string[] {
  const below = (directory: string) =>
    readdirSync(`${root}${directory}`)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${directory}/${name}`)
  return ['README.md', ...below('docs'), ...below('docs/decisions')]
}

function readDocument(file: string): Document {
  const text = readFileSync(`${root}${file}`, 'utf8')
  const blocks = [...text.matchAll(/^```ts( run)?\n(.*?)^```$/gms)].map(
    ({ 1: run, 2: code = '', index }) => ({
      run: run !== undefined,
      place: `${file}:${text.slice(0, index).split('\n').length}`,
      code,
    }),
  )
  const [first, ...rest] = blocks.filter(({ run }) => run)
  return {
    file,
    program: first && { place: first.place, code: [first, ...rest].map(({ code }) => code).join('\n') },
    excerpts: blocks.filter(({ run }) => !run),
  }
}

/** README.md and docs: not the pages under docs/api, which are generated. */
export const documents: readonly Document[] = markdownFiles().map(readDocument)

/** The targets of its links to other files. */
export function linksOf(file: string): string[] {
  const text = readFileSync(`${root}${file}`, 'utf8')
  return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(({ 1: target = '' }) => target)
}

/** Names that excerpts may take for granted, with their types. */
const ambient = `
declare const weavz: import('@weavz/sdk').WeavzClient
declare const client: import('@weavz/sdk').WeavzClient
declare const workspaceId: string
`

/** Said about names that nothing declares: cannot find, no value for a shorthand, implicitly any. */
const undeclared = new Set([2304, 2552, 18004, 7006, 7031])

/** What the compiler says about the snippets, each as a module of its own. Excerpts may use undeclared names. */
export function typeErrors(snippets: readonly Snippet[], { excerpts }: { excerpts: boolean }): string[] {
  const { options } = ts.convertCompilerOptionsFromJson(tsconfig.compilerOptions, root)
  const nameOf = (at: number) => `${root}test/docs/snippet-${at}.ts`
  const files = new Map(snippets.map(({ code }, at) => [nameOf(at), `${code}\nexport {}\n`]))
  if (excerpts) files.set(`${root}test/docs/ambient.d.ts`, ambient)
  // A reader sees only the part that matters
  const settings = { ...options, pathsBasePath: root, noUnusedLocals: false, noUnusedParameters: false }
  const host = ts.createCompilerHost(settings)
  const { readFile, fileExists, getSourceFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? readFile(name)
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const code = files.get(name)
    return code === undefined
      ? getSourceFile(name, languageVersion, ...rest)
      : ts.createSourceFile(name, code, languageVersion)
  }
  const program = ts.createProgram([...files.keys()], settings, host)
  return snippets.flatMap(({ place }, at) => {
    const source = program.getSourceFile(nameOf(at))
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found
      .filter(({ code }) => !excerpts || !undeclared.has(code))
      .map(({ messageText, start = 0 }) => {
        const line = source?.getLineAndCharacterOfPosition(start).line ?? 0
        return `${place}, line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      })
  })
}

type Modules = Readonly<Record<string, unknown>>

/** Runs a program with the given modules, and answers the lines that it prints. */
export async function run({ code }: Snippet, modules: Modules): Promise<string[]> {
  const printed: string[] = []
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const require = (name: string) => {
    if (!Object.hasOwn(modules, name)) throw new Error(`A runnable snippet cannot import ${name}`)
    return modules[name]
  }
  const console = { log: (...values: unknown[]) => void printed.push(values.map(show).join(' ')) }
  const body = new AsyncFunction('require', 'exports', 'console', outputText)
  await body(require, {}, console)
  return printed
}

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>

function show(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What a program says that it prints: the comment behind each `console.log(…)`. */
export function announced({ code }: Snippet): string[] {
  return [...code.matchAll(/console\.log\(.*\) \/\/ (.+)$/gm)].map(({ 1: text = '' }) => text)
}
