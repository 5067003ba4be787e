/**
 * Runs the benchmarks, each in a process of its own, so that none warms up or litters the heap of the next.
 *
 *   npm run bench                 all of them
 *   npm run bench -- resolver     one
 *
 * `npm run bench:install` first installs the peers; a benchmark says which ones it had to leave out.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const benchmarks = ['resolver', 'vault'] as const

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !benchmarks.some((benchmark) => benchmark === name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${benchmarks.join(', ')}.`)
  process.exit(2)
}

let failed = false
for (const name of asked.length > 0 ? asked : benchmarks) {
  console.log(`\n# ${name}\n`)
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' })
  failed ||= status !== 0
}
process.exitCode = failed ? 1 : 0
