'use strict'
const { deepStrictEqual, ok } = require('node:assert')

const names = {
  browser: '@weavz/sdk/browser',
  matchers: '@weavz/sdk/mock/matchers',
  mock: '@weavz/sdk/mock',
  node: '@weavz/sdk/mock/node',
  resolver: '@weavz/sdk/resolver',
  sdk: '@weavz/sdk',
  vault: '@weavz/sdk/vault',
}
const entries = Object.fromEntries(Object.entries(names).map(([entry, name]) => [entry, require(name)]))

async function main() {
  const { callOverPort, tell } = await import('./scenario.mjs')
  const done = await tell(entries)

  const offline = entries.mock.createMockWeavz()
  const server = await entries.node.listen(offline)
  await callOverPort(entries, { url: server.url, apiKey: offline.apiKey, slug: 'port' })
  await server.close()

  for (const [entry, name] of Object.entries(names)) {
    deepStrictEqual(Object.keys(entries[entry]).sort(), Object.keys(await import(name)).sort(), name)
  }

  // An app that loads both copies of the package still knows its errors
  const { WeavzClient } = await import('@weavz/sdk')
  const client = new WeavzClient({ apiKey: 'wvz_wrong', fetch: offline.fetch })
  const error = await client.workspaces.list().catch((reason) => reason)
  ok(!(error instanceof entries.sdk.WeavzError), 'there is one copy alone')
  ok(entries.sdk.isWeavzError(error, 'UNAUTHORIZED'), 'the error of the other copy is not known')

  console.log(JSON.stringify(done))
}

main()
