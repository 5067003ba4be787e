import { defineConfig } from 'vitest/config'

/** The packed tarball as its users meet it: `npm run build && npm run test:package`. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: './setup.ts',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
