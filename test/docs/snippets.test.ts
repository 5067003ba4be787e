import * as mcpAuth from '@modelcontextprotocol/sdk/client/auth.js'
import * as sdk from '@weavz/sdk'
import * as browser from '@weavz/sdk/browser'
import * as mock from '@weavz/sdk/mock'
import * as node from '@weavz/sdk/mock/node'
import * as resolver from '@weavz/sdk/resolver'
import * as vault from '@weavz/sdk/vault'
import * as vitest from 'vitest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { announced, documents, linksOf, run, typeErrors } from './snippets.js'

const modules = {
  '@modelcontextprotocol/sdk/client/auth.js': mcpAuth,
  '@weavz/sdk': sdk,
  '@weavz/sdk/browser': browser,
  '@weavz/sdk/mock': mock,
  '@weavz/sdk/mock/node': node,
  '@weavz/sdk/resolver': resolver,
  '@weavz/sdk/vault': vault,
  vitest,
}

const newKey = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')

/** An offline Weavz in place of api.weavz.io, with a user who approves whatever they are asked for, and new keys. */
function standIn(): void {
  vi.stubEnv('WEAVZ_VAULT_KEY', newKey())
  vi.stubEnv('WEAVZ_VAULT_KEY_2025_07', newKey())
  const offline = mock.createMockWeavz()
  vi.stubEnv('WEAVZ_API_KEY', offline.apiKey)
  vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
    const response = await offline.fetch(...request)
    if (new URL(String(request[0])).pathname === '/api/v1/connect/token' && response.ok) {
      const { token } = await response.clone().json()
      await offline.user.approve(token)
    }
    return response
  })
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

describe('The code in README.md and docs', () => {
  it('compiles', { timeout: 60_000 }, () => {
    const programs = documents.flatMap(({ program }) => program ?? [])
    const excerpts = documents.flatMap((document) => document.excerpts)
    expect(programs.map(({ place }) => place.split(':')[0])).toContain('README.md')
    expect([
      ...typeErrors(programs, { excerpts: false }),
      ...typeErrors(excerpts, { excerpts: true }),
    ]).toEqual([])
  })

  it.each(documents.flatMap(({ file, program }) => (program ? [[file, program] as const] : [])))(
    'runs, and prints what it says: %s',
    async (_, program) => {
      standIn()
      expect(await run(program, modules)).toEqual(announced(program))
    },
  )

  it('would not pass the compiler with a mistake in it', { timeout: 60_000 }, () => {
    const code = `import { WeavzClient } from '@weavz/sdk'\nnew WeavzClient({ apiKy: 'wvz_dev' })`
    for (const excerpts of [true, false]) {
      const errors = typeErrors([{ place: 'here', code }], { excerpts })
      expect(errors).toEqual([expect.stringMatching(/^here, line 2: .*apiKy/)])
    }
  })
})

describe('The links in docs', () => {
  it('lead to every page from docs/README.md', () => {
    const pages = documents.map(({ file }) => file).filter((file) => /^docs\/[^/]+\.md$/.test(file))
    const linked = ['README.md', ...linksOf('docs/README.md')].map((target) => `docs/${target}`)
    expect(pages.filter((page) => !linked.includes(page))).toEqual([])
  })
})
