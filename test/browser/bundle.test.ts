import { build, type Metafile } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'

let code: string
let meta: Metafile

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/browser/index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  })
  code = outputFiles[0]!.text
  meta = metafile
})

it('is made of this room, the mark that errors carry and the usual base URL alone', () => {
  const foreign = Object.keys(meta.inputs).filter((file) => !file.startsWith('src/browser/'))
  expect(foreign).toEqual(['src/contract/base-url.ts', 'src/contract/brand.ts'])
})

it.each([
  'zod',
  'ky',
  'Authorization',
  'apiKey',
  'WEAVZ_API_KEY',
  'process',
  'Buffer',
  'node:',
  '/api/v1/connections',
])('contains no %s', (name) => {
  expect(code).not.toContain(name === 'ky' ? 'from"ky"' : name)
})

it('exports these names and no other', async () => {
  const url = `data:text/javascript,${encodeURIComponent(code)}`
  const names = Object.keys((await import(/* @vite-ignore */ url)) as object)
  expect(names.sort()).toEqual([
    'WeavzConnectError',
    'openConnect',
    'preopen',
    'redirectConnect',
    'resumeConnect',
    'waitForConnect',
  ])
})
