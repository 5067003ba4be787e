import { build } from 'esbuild'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, inject, it } from 'vitest'
import { told } from './scenario.js'
import { startOffline } from './offline.js'
import { run } from './run.js'
import { runtime } from './tools.js'

it('workerd tells the whole scenario without the compatibility with Node, and calls a port', async () => {
  const consumer = inject('consumer')
  const offline = await startOffline(consumer, 'wvz_for_the_worker')
  try {
    await build({
      entryPoints: [path.join(consumer, 'worker.mjs')],
      outfile: path.join(consumer, 'workerd/worker.js'),
      bundle: true,
      format: 'esm',
      conditions: ['workerd', 'worker', 'browser'],
      logLevel: 'silent',
    })
    writeFileSync(path.join(consumer, 'workerd/config.capnp'), config(offline))
    const workerd = runtime('@cloudflare/workerd-linux-64/bin/workerd')
    expect((await run(workerd, ['test', 'workerd/config.capnp'], { cwd: consumer })).trim()).toBe(
      JSON.stringify(told),
    )
  } finally {
    await offline.stop()
  }
})

/** A worker with the network of this machine as its only way out. */
function config({ url, apiKey }: { url: string; apiKey: string }): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "2026-11-01",
      bindings = [(name = "url", text = "${url}"), (name = "apiKey", text = "${apiKey}")],
      globalOutbound = "loopback",
    )),
    (name = "loopback", network = (allow = ["local"])),
  ],
);
`
}
