import { build } from 'esbuild'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { launchChromium, skipBrowser } from '../../browser/chromium/harness/chromium.js'
import { servePage, type ServedPage } from './page.js'
import { run } from './run.js'
import { told } from './scenario.js'
import { here } from './tools.js'

const consumer = inject('consumer')

/** What the files import or require, statically or not, as a parser sees it. */
async function importedBy(entryPoints: string[]): Promise<string[]> {
  const { metafile } = await build({
    entryPoints,
    outdir: 'unused',
    write: false,
    bundle: true,
    format: 'esm',
    external: ['*'],
    metafile: true,
  })
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map((imported) => imported.path))
}

/** A marker of the offline Weavz that survives minification: the type in its snapshots. */
const ofTheMock = 'weavz-snapshot'

let browser: Browser | undefined
beforeAll(async () => {
  if (!skipBrowser) browser = await launchChromium()
})
afterAll(() => browser?.close())

describe.each(['esbuild', 'rollup', 'vite', 'webpack'])('Bundled for pages by %s', (bundler) => {
  const bundled = (page: string) => path.join(consumer, 'bundles', bundler, page)
  const files = (page: string) =>
    readdirSync(bundled(page))
      .filter((file) => file.endsWith('.js'))
      .map((file) => path.join(bundled(page), file))
  const code = (page: string) =>
    files(page)
      .map((file) => readFileSync(file, 'utf8'))
      .join('')

  beforeAll(async () => {
    for (const page of ['page', 'client-page']) {
      const program = path.join(here, 'bundlers', `${bundler}.mjs`)
      await run(process.execPath, [program, path.join(consumer, `${page}.mjs`), bundled(page)], { cwd: here })
    }
  })

  it('loads nothing but its own files, and nothing of Node', async () => {
    const imported = await importedBy([...files('page'), ...files('client-page')])
    expect(imported.filter((name) => !name.startsWith('./'))).toEqual([])
  })

  it('leaves the offline Weavz out of what uses the client and the connect helper alone', () => {
    expect(code('page')).toContain(ofTheMock)
    expect(code('client-page')).not.toContain(ofTheMock)
  })

  describe.skipIf(skipBrowser)('in Chromium, under a content security policy without eval', () => {
    const resultOf = async (page: string) => {
      const served: ServedPage = await servePage(bundled(page))
      try {
        const tab = await browser!.newPage()
        const errors: string[] = []
        tab.on('pageerror', ({ message }) => errors.push(message))
        await tab.goto(served.url)
        const result: unknown = await tab.evaluate('globalThis.result')
        await tab.close()
        expect(errors).toEqual([])
        return result
      } finally {
        await served.close()
      }
    }

    it('tells the whole scenario', async () => {
      expect(await resultOf('page')).toEqual(told)
    })

    it('has client and connect helper at work', async () => {
      expect(await resultOf('client-page')).toEqual([
        'a key is refused',
        'a call is answered',
        'a session is followed',
      ])
    })
  })
})
