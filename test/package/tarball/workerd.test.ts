import { build } from 'esbuild'
import path from 'node:path'
import { expect, inject, it } from 'vitest'
import { told } from './scenario.js'
import { startOffline } from './offline.js'
import { run } from './run.js'
import { here, node } from './tools.js'

it('workerd tells the whole scenario without the compatibility with Node, and calls a port', async () => {
  const consumer = inject('consumer')
  const offline = await startOffline(consumer, 'wvz_for_the_worker')
  const worker = path.join(consumer, 'workerd/worker.js')
  try {
    await build({
      entryPoints: [path.join(consumer, 'worker.mjs')],
      outfile: worker,
      bundle: true,
      format: 'esm',
      conditions: ['workerd', 'worker', 'browser'],
      logLevel: 'silent',
    })
    // A program of its own, because miniflare needs Node 22
    const env = { WORKER: worker, URL: offline.url, API_KEY: offline.apiKey }
    const answer = await run(node('22'), [path.join(here, 'miniflare.mjs')], { cwd: consumer, env })
    expect(answer.trim()).toBe(JSON.stringify(told))
  } finally {
    await offline.stop()
  }
})
