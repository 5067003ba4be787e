/**
 * Times one way to answer a call: `node offline-call.js NAME BATCH_MS`. Prints whether it takes part, and after each line
 * that it gets the milliseconds of processor time that one call of a batch took. In a process of its own, because what
 * one library does to the globals, or switches on in Node, slows the others down.
 */
import { createInterface } from 'node:readline'
import { timed } from '../lib/measure.js'
import { offlineCalls } from '../lib/offline-calls.js'

const [name = '', batchMs] = process.argv.slice(2)
const task = await offlineCalls[name]?.()
if (task) {
  const { sample } = await timed(task, { batchMs: Number(batchMs), clock: 'processor' })
  console.log('ready')
  for await (const _ of createInterface({ input: process.stdin })) console.log((await sample()).time)
} else console.log('missing')
process.exit()
