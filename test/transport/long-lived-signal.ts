/**
 * Makes 100,000 calls that share one signal, as a server does whose signal says that it shuts down, and prints what is
 * left of them. Run by leaks.test.ts, in a process of its own, because heaps can be compared only where nothing else runs.
 */
import { getEventListeners } from 'node:events'
import { connections } from '../../src/contract/connections.js'
import { Transport } from '../../src/transport/index.js'
import { connection } from './support.js'

const body = JSON.stringify({ connection })
const transport = new Transport({
  apiKey: 'wvz_0123456789abcdef0123456789abcdef',
  baseUrl: 'https://api.test',
  fetch: async () => new Response(body),
})
const { signal } = new AbortController()

async function calls(count: number): Promise<number> {
  for (let i = 0; i < count; i++) {
    await transport.call(connections.get, { query: { id: connection.id } }, { signal })
  }
  // What a collection finds may need another turn of the loop to be let go
  for (let i = 0; i < 3; i++) {
    await new Promise(setImmediate)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

const early = await calls(20_000)
const late = await calls(80_000)
const timers = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
console.log(
  JSON.stringify({ listeners: getEventListeners(signal, 'abort').length, timers, grown: late - early }),
)
