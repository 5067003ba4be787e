/** What the declarations cost the compiler of a user: one file that makes two calls, beside the same with peers. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { interleave, type Sampler } from './lib/measure.js'
import { notInstalled } from './lib/peers.js'
import { tableOf, type Benchmark } from './lib/report.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const plain = 'fetch, no SDK'
const ours = '@weavz/sdk'

/** A file of each that makes two calls. */
const consumers: Readonly<Record<string, string>> = {
  [plain]: `
    const got = await (await fetch('https://api.weavz.io/api/v1/connections')).json()
    const posted = await (await fetch('https://api.weavz.io/api/v1/actions/execute', { method: 'POST' })).json()
    export { got, posted }`,
  [ours]: `
    import { WeavzClient } from '@weavz/sdk'
    const weavz = new WeavzClient({ apiKey: 'wvz_x' })
    export const { connection } = await weavz.connections.get('id')
    export const { output } = await weavz.actions.execute('slack', 'send', { workspaceId: 'id', input: {} })`,
  '@weavz/sdk/mock': `
    import { createMockWeavz } from '@weavz/sdk/mock'
    const weavz = createMockWeavz({ seed: { workspaces: { acme: {} } } })
    export const acme = weavz.seeded.workspaces.acme
    export const calls = weavz.calls('actions.execute')`,
  openai: `
    import OpenAI from 'openai'
    const client = new OpenAI({ apiKey: 'x' })
    export const model = await client.models.retrieve('id')
    export const response = await client.responses.create({ model: 'x', input: 'x' })`,
  stripe: `
    import Stripe from 'stripe'
    const stripe = new Stripe('x')
    export const customer = await stripe.customers.retrieve('id')
    export const created = await stripe.customers.create({ name: 'x' })`,
  '@composio/client': `
    import Composio from '@composio/client'
    const client = new Composio({ apiKey: 'x' })
    export const account = await client.connectedAccounts.retrieve('id')
    export const result = await client.tools.execute('slug', { arguments: {} })`,
  '@pipedream/sdk': `
    import { PipedreamClient } from '@pipedream/sdk'
    const client = new PipedreamClient({ projectId: 'x', clientId: 'x', clientSecret: 'x' })
    export const account = await client.accounts.retrieve('id')
    export const result = await client.actions.run({ id: 'x', externalUserId: 'x' })`,
}

const options = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
}

const require = createRequire(import.meta.url)

/** The folder of an installed package, whatever its exports. */
function folderOf(name: string): string | undefined {
  return require.resolve
    .paths(name)
    ?.map((path) => join(path, name))
    .find((path) => existsSync(path))
}

type Metric = 'time' | 'memory' | 'declarations'

/** A project of its own for each, whose `node_modules` has that one package. */
function compiling(name: string, code: string, place: string): Sampler<Metric> | undefined {
  const folder = join(place, name.replaceAll(/\W+/g, '-'))
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  if (name !== plain) {
    const module = name.startsWith(ours) ? ours : name
    const source = module === ours ? root : folderOf(module)
    if (source === undefined) return undefined
    const link = join(folder, 'node_modules', module)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(source, link, 'junction')
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'index.ts'), code)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['index.ts'] }),
  )

  const tsc = require.resolve('typescript/bin/tsc')
  return {
    name,
    async sample() {
      const args = [tsc, '-p', folder, '--extendedDiagnostics', '--listFiles']
      const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
      if (status !== 0) throw new Error(`${name} does not compile: ${stdout}`)
      const figure = (label: string) => Number(new RegExp(`^${label}: +([\\d.]+)`, 'm').exec(stdout)?.[1])
      const read = stdout.split('\n').filter((line) => /\.d\.[cm]?ts$/.test(line))
      const sizes = read
        .filter((file) => !file.includes('/typescript/lib/'))
        .map((file) => statSync(file).size)
      return {
        time: figure('Total time') * 1000,
        memory: figure('Memory used') * 1024,
        declarations: sizes.reduce((sum, size) => sum + size, 0),
      }
    },
  }
}

export const run: Benchmark = async ({ quick }) => {
  if (quick) return { tables: [], leftOut: ['types: a short run emits no declarations'] }
  const place = mkdtempSync(join(root, 'types-'))
  try {
    const found = Object.entries(consumers).map(([name, code]) => compiling(name, code, place))
    const samplers = found.filter((sampler) => sampler !== undefined)
    const samples = await interleave(samplers, 5)
    const common = { ours: [ours, '@weavz/sdk/mock'] }
    const compiler = tableOf({
      ...common,
      title: 'Types',
      about:
        'Compiling one file that makes two calls, with `strict`, `skipLibCheck` and module resolution `nodenext`.',
      reference: plain,
      columns: [
        { title: 'Time', unit: 'time', samples },
        { title: 'Memory', unit: 'bytes', samples, metric: 'memory' },
      ],
    })
    const declared = new Map([...samples].filter(([name]) => name !== plain))
    const declarations = tableOf({
      ...common,
      title: 'Declarations',
      about: 'Size of the declarations that the compiler reads for that file, beyond its own.',
      reference: ours,
      columns: [{ title: 'Size', unit: 'bytes', samples: declared, metric: 'declarations' }],
    })
    const missing = Object.keys(consumers).filter((name) => !samples.has(name))
    return { tables: [compiler, declarations], leftOut: missing.map(notInstalled) }
  } finally {
    rmSync(place, { recursive: true })
  }
}
