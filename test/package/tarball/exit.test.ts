import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { run } from './run.js'
import { node, nodeVersions } from './tools.js'

let server: Server
let url: string

/** Never closes a connection by itself, so that nothing but the client can let go of one. */
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url?.startsWith('/silent')) return
    if (request.url?.startsWith('/busy')) return void response.writeHead(503, { 'retry-after': '60' }).end()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ workspaces: [], total: 0 }))
  })
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
})

// No program calls process.exit: each ends when nothing holds it, or is killed in the end, which fails the test
describe.each(nodeVersions)('On Node %s a process ends by itself', (version) => {
  const runsOut = async (program: string) => {
    const printed = await run(node(version), [`exit/${program}`, url], { cwd: inject('consumer') })
    return printed.trim().split('\n')
  }

  it('after its last call, though the server keeps the connections open', async () => {
    expect(await runsOut('calls.mjs')).toEqual(['200'])
  })

  it('after calls that were timed out or given up', async () => {
    expect(await runsOut('gives-up.mjs')).toEqual(['WeavzTimeoutError WeavzAbortError WeavzAbortError'])
  })

  it('after waits that were given up', async () => {
    expect(await runsOut('waits.mjs')).toEqual(['WeavzAbortError WeavzConnectError'])
  })

  it('though an offline Weavz has a session and an approval pending', async () => {
    expect(await runsOut('unfinished.mjs')).toEqual(['approval_required'])
  })

  it('once an offline Weavz that listens is closed, and no sooner', async () => {
    expect(await runsOut('listens.mjs')).toEqual(['closed'])
  })
})

it('A process that something holds is noticed', async () => {
  const held = ['--eval', 'setInterval(() => {}, 1000)']
  await expect(run(node('20'), held, { cwd: inject('consumer'), limit: 500 })).rejects.toThrow('did not end')
})
