import { serve } from '@hono/node-server'
import { build } from 'esbuild'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { listen } from '@weavz/sdk/mock/node'
import { createBackend } from './backend.js'

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The page's script with `@weavz/sdk/browser` in it, as a bundler of yours would make it. */
async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file('page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
  })
  return outputFiles[0]?.text ?? ''
}

/** Starts an offline Weavz and the app. Port 0 takes a free one. */
export async function startExample({ port }: { port: number }) {
  const offline = createMockWeavz()
  const weavzServer = await listen(offline)
  const weavz = new WeavzClient({ apiKey: offline.apiKey, baseUrl: weavzServer.url })
  offline.onAction('slack', 'send_channel_message', ({ input }) => ({ ok: true, channel: input['channel'] }))

  const { workspace } = await weavz.workspaces.create({ name: 'Acme', slug: 'acme' })
  for (const integrationName of ['slack', 'openai']) {
    await weavz.workspaces.integrations.create(workspace.id, {
      integrationName,
      connectionStrategy: 'per_user',
    })
  }

  const [html, script] = await Promise.all([readFile(file('index.html'), 'utf8'), bundlePage()])
  const app = createBackend(weavz, workspace.id)
  app.get('/', (context) => context.html(html))
  app.get('/page.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript' }))

  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await weavzServer.close()
    },
  }
}
