import { defineConfig, type Options } from 'tsup'

const entry = {
  index: 'src/index.ts',
  'browser/index': 'src/browser/index.ts',
  'resolver/index': 'src/engine/resolver/index.ts',
  'vault/index': 'src/engine/vault/index.ts',
  'mock/index': 'src/mock/index.ts',
  'mock/node': 'src/mock/node.ts',
  'msw/index': 'src/msw/index.ts',
}

const common: Options = {
  target: 'es2022',
  outDir: 'dist',
  sourcemap: true,
  treeshake: true,
  // Names of classes show in error messages and stacks.
  keepNames: false,
  // What only one entry needs is bundled into it; a user's install has ky and zod alone.
  noExternal: ['hono', '@hono/node-server', 'pure-rand', '@noble/hashes', 'citty'],
}

export default defineConfig([
  { ...common, entry, format: 'esm', dts: true, splitting: true },
  // ky is ESM only: `require('@weavz/sdk')` must not depend on a Node that can require ESM.
  { ...common, entry, format: 'cjs', dts: true, splitting: true, noExternal: [...(common.noExternal as string[]), 'ky'] },
  { ...common, entry: { 'cli/main': 'src/cli/main.ts' }, format: 'esm', splitting: false, sourcemap: false },
])
