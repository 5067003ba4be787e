import { defineConfig, type Options } from 'tsup'
import { clientContractPlugin } from './scripts/client-contract.js'

/** What apps and pages load. It takes of the contract what a client needs. */
const client = {
  index: 'src/index.ts',
  'browser/index': 'src/browser/index.ts',
}

/** What tests and tools load, with the whole contract. */
const tools = {
  'resolver/index': 'src/engine/resolver/index.ts',
  'vault/index': 'src/engine/vault/index.ts',
  'mock/index': 'src/mock/index.ts',
  'mock/node': 'src/mock/node.ts',
  'mock/matchers': 'src/mock/matchers/index.ts',
  'msw/index': 'src/msw/index.ts',
}

const common: Options = {
  target: 'es2022',
  outDir: 'dist',
  sourcemap: true,
  splitting: true,
  treeshake: true,
  // Dev dependencies are bundled into the entries that need them; a user's install has ky and zod alone.
}

const esm: Options = { ...common, format: 'esm' }
// ky is ESM only: `require('@weavz/sdk')` must not depend on a Node that can require ESM.
const cjs: Options = { ...common, format: 'cjs', noExternal: ['ky'] }

/** Also built by the tests of its size. */
export const clientBuild: Options = { ...esm, entry: client, esbuildPlugins: [clientContractPlugin] }

export default defineConfig([
  clientBuild,
  { ...cjs, entry: client, esbuildPlugins: [clientContractPlugin] },
  { ...esm, entry: tools },
  { ...cjs, entry: tools },
  // One run over all entries, so that they share the types that they have in common.
  { ...common, entry: { ...client, ...tools }, format: ['esm', 'cjs'], dts: { only: true } },
  { ...esm, entry: { 'cli/main': 'src/cli/main.ts' }, splitting: false, sourcemap: false },
])
