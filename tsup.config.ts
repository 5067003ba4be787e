import { defineConfig, type Options } from 'tsup'

const entry = {
  index: 'src/index.ts',
  'browser/index': 'src/browser/index.ts',
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
  treeshake: true,
  // Dev dependencies are bundled into the entries that need them; a user's install has ky and zod alone.
}

export default defineConfig([
  { ...common, entry, format: 'esm', dts: true, splitting: true },
  // ky is ESM only: `require('@weavz/sdk')` must not depend on a Node that can require ESM.
  { ...common, entry, format: 'cjs', dts: true, splitting: true, noExternal: ['ky'] },
  { ...common, entry: { 'cli/main': 'src/cli/main.ts' }, format: 'esm', splitting: false, sourcemap: false },
])
