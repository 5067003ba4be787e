/** Builds what is measured: the package as users get it, and the benchmarks as plain JavaScript beside it. */
import { build as bundle } from 'esbuild'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as buildPackage } from 'tsup'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Builds into a new folder, where `@weavz/sdk` is the package that was just built, because of the package.json beside
 * it, and its dependencies are those of the project.
 *
 * @param types Whether to emit declarations, which takes a while.
 * @returns The folder, for the caller to remove.
 */
export async function build({ types }: { types: boolean }): Promise<string> {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const place = mkdtempSync(join(cache, 'weavz-bench-'))
  mkdirSync(join(place, 'bench'))
  copyFileSync(join(root, 'package.json'), join(place, 'package.json'))
  const peers = join(root, 'bench/node_modules')
  if (existsSync(peers)) symlinkSync(peers, join(place, 'bench/node_modules'), 'junction')

  await buildPackage({ outDir: join(place, 'dist'), silent: true, ...(types ? {} : { dts: false }) })
  await bundle({
    entryPoints: ['bench', 'bench/processes'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(root, folder, file)),
    ),
    outdir: join(place, 'bench'),
    outbase: join(root, 'bench'),
    format: 'esm',
    target: 'node20',
    bundle: true,
    packages: 'external',
    // Its paths lead to the sources
    tsconfigRaw: {},
  })
  return place
}
