/**
 * Runs the benchmarks, each in a process of its own, so that none warms up or litters the heap of the next.
 *
 *   npm run bench                      all of them
 *   npm run bench -- resolver vault    some
 *   npm run bench -- --quick           whether they still work, in seconds; the figures mean nothing
 *   npm run bench -- --json FILE       where the figures go; default artifacts/bench.json
 *   npm run bench -- soak              ten minutes of traffic with random faults, by itself; see soak.ts
 *
 * `npm run bench:install` first installs the peers; the report says which ones were left out.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from './lib/build.js'
import { documentOf, missed, type Findings, type Report } from './lib/report.js'

// Not a comparison: it counts, and takes long
const [first, ...others] = process.argv.slice(2)
if (first === 'soak') {
  const program = fileURLToPath(new URL('./soak.ts', import.meta.url))
  const { status } = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', program, ...others], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}

const benchmarks = ['call', 'offline', 'port', 'resolver', 'vault', 'imports', 'types']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string', default: 'artifacts/bench.json' },
  },
})
const { quick, json } = values
const unknown = positionals.filter((name) => !benchmarks.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${benchmarks.join(', ')}.`)
  process.exit(2)
}
const names = positionals.length > 0 ? positionals : benchmarks

const place = await build({ types: names.includes('types') && !quick })

const findings: Findings[] = []
let broken = false
for (const name of names) {
  const file = join(place, `${name}.json`)
  const program = join(place, 'bench/one.js')
  console.error(`${name} …`)
  const { status } = spawnSync(process.execPath, [program, name, file, ...(quick ? ['--quick'] : [])], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status === 0) findings.push(JSON.parse(readFileSync(file, 'utf8')) as Findings)
  else broken = true
}
rmSync(place, { recursive: true })

const [cpu] = cpus()
const report: Report = {
  node: process.versions.node,
  machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}`,
  quick,
  tables: findings.flatMap(({ tables }) => tables),
  leftOut: [...new Set(findings.flatMap(({ leftOut }) => leftOut))],
}
mkdirSync(dirname(json), { recursive: true })
writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
console.log(documentOf(report))

// What a short run measures is no reason to fail
if (broken || (!quick && missed(report).length > 0)) process.exitCode = 1
