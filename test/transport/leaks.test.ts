import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('./long-lived-signal.ts', import.meta.url))

test('100,000 calls with one long-lived signal leave no listener on it, no timer, and the heap as it was', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', program])
  const { listeners, timers, grown } = JSON.parse(stdout) as Record<string, number>
  expect({ listeners, timers }).toEqual({ listeners: 0, timers: 0 })
  // The least that a call could leave behind, an empty closure, is more than 50 bytes
  expect(grown, `the heap has grown by ${grown} bytes in 80,000 calls`).toBeLessThan(80_000 * 50)
}, 120_000)
