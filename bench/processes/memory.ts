/**
 * How much heap 100,000 connections take, in bytes: `node --expose-gc memory.js HOLDER COUNT`. The holders: `map`, the
 * objects that the API would answer, in a Map; `mock`, the offline Weavz, which keeps sealed credentials and the indexes
 * of its tables with them.
 */
import { createMockWeavz, type SeedConnection } from '@weavz/sdk/mock'
import { answers, ids } from '../lib/exchange.js'

const [holder, count] = process.argv.slice(2)
const names = Array.from({ length: Number(count) }, (_, n) => `connection_${n}`)

function used(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function hold(): Promise<unknown> {
  if (holder === 'map') {
    const json = (name: string, n: number) => {
      const id = ids.connection.slice(0, -6) + String(n).padStart(6, '0')
      return answers.GET.replace('acme_slack', name).replace(ids.connection, id)
    }
    // Strings of their own for each, as they come from the wire
    return new Map(names.map((name, n) => [name, JSON.parse(json(name, n)).connection]))
  }
  const connection: SeedConnection = { workspace: 'acme', integrationName: 'slack' }
  const weavz = createMockWeavz({
    seed: {
      workspaces: { acme: {} },
      connections: Object.fromEntries(names.map((name) => [name, connection])),
    },
  })
  await weavz.ready
  return weavz
}

const before = used()
const held = await hold()
console.log(JSON.stringify({ heap: used() - before, held: typeof held }))
// A clock may still run
process.exit()
