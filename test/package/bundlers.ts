import { build as esbuild, transform } from 'esbuild'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'tsup'
import manifest from '../../package.json' with { type: 'json' }
import { clientBuild } from '../../tsup.config.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const fromHere = createRequire(import.meta.url)

/** The part of rollup that is needed here; it is the one that tsup builds the package with. */
interface Rollup {
  rollup(options: object): Promise<{ generate(options: object): Promise<{ output: readonly File[] }> }>
}
const { rollup } = createRequire(fromHere.resolve('tsup'))('rollup') as Rollup

/** One file of a bundle. */
interface File {
  readonly fileName: string
  readonly code: string
  /** The files that it loads at once, and not only when they are needed. */
  readonly imports: readonly string[]
}

/** The package as a project has it, with the entries for apps and pages alone. */
export interface Installed {
  /** Folder of the project. */
  readonly project: string
  remove(): Promise<void>
}

/** Builds the client as `npm run build` does, and installs it in an empty project. */
export async function installClient(): Promise<Installed> {
  const project = await mkdtemp(path.join(tmpdir(), 'weavz-client-'))
  const folder = path.join(project, 'node_modules', manifest.name)
  await build({
    ...clientBuild,
    config: false,
    outDir: path.join(folder, 'dist'),
    sourcemap: false,
    silent: true,
  })
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'))
  return { project, remove: () => rm(project, { recursive: true }) }
}

/** A minified bundle with its dependencies: the file that is loaded first, then those that it loads at once. */
export type Bundler = (source: string, project: string) => Promise<string[]>

export const withEsbuild: Bundler = async (source, project) => {
  const { outputFiles, metafile } = await esbuild({
    stdin: { contents: source, resolveDir: project },
    absWorkingDir: project,
    outdir: project,
    nodePaths: [path.join(root, 'node_modules')],
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  })
  const files = outputFiles.map(({ path: file, text: code }): File => {
    const fileName = path.relative(project, file)
    const imports =
      metafile.outputs[fileName]?.imports.filter(({ kind }) => kind === 'import-statement') ?? []
    return { fileName, code, imports: imports.map((imported) => imported.path) }
  })
  return loadedAtOnce(files, 'stdin.js')
}

export const withRollup: Bundler = async (source, project) => {
  const entry = path.join(project, 'stdin.js')
  const resolve = (id: string, importer: string | undefined): string => {
    if (id === entry) return id
    if (id.startsWith('.')) return path.resolve(path.dirname(importer ?? entry), id)
    const own = Object.entries(manifest.exports).find(
      ([name]) => path.posix.join(manifest.name, name) === id,
    )?.[1]
    return typeof own === 'object'
      ? path.join(project, 'node_modules', manifest.name, own.import.default)
      : fromHere.resolve(id)
  }
  const bundle = await rollup({
    input: entry,
    plugins: [
      {
        // Like this package, ky says so in its package.json
        resolveId: (id: string, importer?: string) => ({
          id: resolve(id, importer),
          moduleSideEffects: false,
        }),
        load: (id: string) => (id === entry ? source : undefined),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'es', entryFileNames: 'stdin.js' })
  const files = output.map(async (file): Promise<File> => {
    const { code } = await transform(file.code, { minify: true, format: 'esm', target: 'es2022' })
    return { ...file, code }
  })
  return loadedAtOnce(await Promise.all(files), 'stdin.js')
}

function loadedAtOnce(files: readonly File[], first: string): string[] {
  const names = new Set([first])
  // A set hands out what is added to it while it is gone through
  for (const name of names) {
    for (const imported of files.find(({ fileName }) => fileName === name)?.imports ?? []) names.add(imported)
  }
  return [...names].map((name) => files.find(({ fileName }) => fileName === name)?.code ?? '')
}

/** Bytes on the wire, each file compressed by itself. */
export function transferSize(files: readonly string[]): number {
  return files.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).byteLength, 0)
}
