import { configDefaults, defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'
import tsconfig from './tsconfig.json' with { type: 'json' }

/** The package's own entry names resolve to its sources, from the one list in tsconfig.json. */
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: fileURLToPath(new URL(file as string, import.meta.url)),
}))

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    // About the packed tarball, with a config of its own: npm run test:package
    exclude: [...configDefaults.exclude, 'test/package/tarball/**'],
    maxWorkers: 2,
    testTimeout: 20_000,
    coverage: { provider: 'v8', include: ['src/**'] },
  },
})
