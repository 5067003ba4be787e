import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  installClient,
  transferSize,
  withEsbuild,
  withRollup,
  type Bundler,
  type Installed,
} from './bundlers.js'

let installed: Installed
beforeAll(async () => {
  installed = await installClient()
}, 60_000)
afterAll(() => installed.remove())

const bundlers: [string, Bundler][] = [
  ['esbuild', withEsbuild],
  ['rollup', withRollup],
]
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

describe.each(bundlers)('Bundled with %s, dependencies included, minified and gzipped', (_, bundle) => {
  test.each([
    ['the client', `export { WeavzClient } from '@weavz/sdk'`, 20_000],
    ['all of the main entry', `export * from '@weavz/sdk'`, 20_000],
    ['the browser entry', `export * from '@weavz/sdk/browser'`, 5_000],
  ])('%s stays below its ceiling', async (name, source, ceiling) => {
    const size = transferSize(await bundle(source, installed.project))
    const message = `${name}: ${kilobytes(size)} of at most ${kilobytes(ceiling)}`
    expect(size, message).toBeLessThanOrEqual(ceiling)
  })
})
