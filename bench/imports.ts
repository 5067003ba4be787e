/** What an import costs a process that has just started, beside the imports of peers. */
import { interleave, type Sampler } from './lib/measure.js'
import { missingPeers, optional } from './lib/peers.js'
import { ask, program } from './lib/processes.js'
import { tableOf, type Benchmark } from './lib/report.js'

const entries = ['', '/browser', '/resolver', '/vault', '/mock', '/mock/node', '/msw'].map(
  (path) => `@weavz/sdk${path}`,
)
const peers = [
  'ky',
  'zod/mini',
  'openai',
  'stripe',
  '@octokit/core',
  '@nangohq/node',
  '@pipedream/sdk',
  '@composio/client',
  '@composio/core',
  'msw/node',
  'nock',
  'hono',
]
const nothing = 'nothing'

function importing(name: string): Sampler<'time' | 'peak'> {
  const args = [program('import'), ...(name === nothing ? [] : [name])]
  return {
    name,
    async sample() {
      const begin = performance.now()
      const { peak } = await ask<{ peak: number }>(args)
      return { time: performance.now() - begin, peak }
    },
  }
}

export const run: Benchmark = async ({ quick }) => {
  const installed: string[] = []
  for (const name of peers) if (await optional(name)) installed.push(name)
  const names = [nothing, ...entries, ...installed]
  const samples = await interleave(names.map(importing), quick ? 1 : 25)
  const table = tableOf({
    title: 'Cold imports',
    about:
      'Time of a process that imports one module and ends, and the most memory that it had, beside a process that ' +
      'imports nothing.',
    reference: nothing,
    ours: entries,
    columns: [
      { title: 'Time', unit: 'time', samples },
      { title: 'Memory', unit: 'bytes', samples, metric: 'peak' },
    ],
    notes: {
      '@weavz/sdk': 'With ky.',
      '@weavz/sdk/mock': 'The whole API, the catalog, the hosted pages and the authorization server.',
    },
  })
  return { tables: [table], leftOut: missingPeers() }
}
