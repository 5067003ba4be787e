/**
 * Puts the figures of a run into docs/performance.md: `npm run bench:docs`, or with the file that `--json` named.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { documentOf, type Report } from './lib/report.js'

const [file = 'artifacts/bench.json'] = process.argv.slice(2)
const page = new URL('../docs/performance.md', import.meta.url)
const begin = '<!-- figures: npm run bench:docs -->'
const end = '<!-- end of figures -->'

const report = JSON.parse(readFileSync(file, 'utf8')) as Report
if (report.quick) throw new Error(`${file} is of a short run, whose figures mean nothing`)
const text = readFileSync(page, 'utf8')
const from = text.indexOf(begin)
const to = text.indexOf(end)
if (from < 0 || to < from) throw new Error('docs/performance.md has no place for the figures')
writeFileSync(
  page,
  `${text.slice(0, from + begin.length)}\n\n${documentOf(report).trim()}\n\n${text.slice(to)}`,
)
