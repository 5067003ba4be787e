import { WeavzClient } from '@weavz/sdk'
import { createMockWeavz } from '@weavz/sdk/mock'
import { listen } from '@weavz/sdk/mock/node'
import { Landings } from './faults.js'
import { Draw } from './random.js'
import { Tally } from './tally.js'
import { Tenant } from './tenant.js'

export interface SoakOptions {
  /** How long, in milliseconds. Workspaces that are open then are still compared and closed. */
  readonly durationMs: number
  readonly seed: number
  /** How many customers are at work at a time: every other one over a port. */
  readonly tenants?: number
  /** How many steps a workspace lives. */
  readonly steps?: number
  /** Called about once a second, while nothing else runs. */
  readonly onPause?: (tally: Tally) => void
}

/**
 * Mixed traffic at full speed against one mock, in process and over a port, with random faults; beside it a model that
 * knows what was acknowledged.
 */
export async function soak(options: SoakOptions): Promise<Tally> {
  const { durationMs, seed, tenants = 8, steps = 300, onPause = () => undefined } = options
  const weavz = createMockWeavz({ journalLimit: 100 })
  // Says which credentials reached the third party
  weavz.onAction('openai', 'chat_completion', ({ credentials }) => credentials?.['secretText']?.reveal())
  const landings = new Landings()
  const server = await listen(weavz, { around: landings.around })
  const inProcess = (url: string | URL | Request, init?: RequestInit) => {
    const request = new Request(url, init)
    return landings.around(request, () => weavz.fetch(request))
  }
  // No retries: each call has one fate
  const common = { apiKey: weavz.apiKey, maxRetries: 0, timeout: 30_000 }
  const clients = [
    new WeavzClient({ ...common, fetch: inProcess }),
    new WeavzClient({ ...common, baseUrl: server.url }),
  ]
  const tally = new Tally()
  const until = performance.now() + durationMs
  let paused = performance.now()

  async function work(at: number): Promise<void> {
    const draw = new Draw(seed + at)
    const client = clients[at % clients.length] as WeavzClient
    const door = { client, landings }
    for (let life = 0; performance.now() < until; life += 1) {
      const tenant = await Tenant.open(weavz, door, draw, tally, `tenant-${at}-${life}`)
      for (let step = 0; step < steps && performance.now() < until; step += 1) {
        await tenant.step()
        if (performance.now() - paused > 1000) {
          onPause(tally)
          paused = performance.now()
        }
      }
      await tenant.close()
      tally.lives += 1
    }
  }

  try {
    await Promise.all(Array.from({ length: tenants }, (_, at) => work(at)))
    const { total } = await (clients[0] as WeavzClient).workspaces.list()
    if (total !== 0) tally.lose(`the end of ${total} workspaces`)
  } finally {
    await server.close()
  }
  return tally
}
