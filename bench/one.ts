/** Runs one benchmark in this process: `node one.js NAME FILE [--quick]`. `run.ts` starts it, from the built folder. */
import { writeFileSync } from 'node:fs'
import type { Benchmark } from './lib/report.js'

const [name = '', file = '', quick] = process.argv.slice(2)
const { run } = (await import(new URL(`./${name}.js`, import.meta.url).href)) as { run: Benchmark }
writeFileSync(file, JSON.stringify(await run({ quick: quick === '--quick' })))
// A client of the peers may keep a connection open
process.exit()
