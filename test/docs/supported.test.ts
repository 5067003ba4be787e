import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { WeavzClient } from '../../src/index.js'
import { support, supportedText, supportedUrl } from '../../scripts/supported.js'

describe('SUPPORTED.md', () => {
  it('is what `npm run docs:generate` writes', async () => {
    expect(await readFile(supportedUrl, 'utf8')).toBe(supportedText())
  })

  it('shows every endpoint with a method of the client, a handler of the mock and tests of both', () => {
    for (const { endpoint, methods, mock, tests } of support()) {
      const { id } = endpoint
      // Asked by machines that watch the API, and not by apps
      if (id !== 'health.check') {
        expect(methods, id).toContain(id)
        expect(tests, id).toContainEqual(expect.stringMatching(/^test\/resources\//))
      }
      expect(mock, id).toBe(true)
      expect(tests, id).toContainEqual(expect.stringMatching(/^test\/mock\//))
    }
  })

  it('names only methods that the client has', () => {
    const weavz: unknown = new WeavzClient({ apiKey: 'wvz_test' })
    for (const method of support().flatMap(({ methods }) => methods)) {
      const found = method.split('.').reduce((at, name) => (at as Record<string, unknown>)[name], weavz)
      expect(found, method).toBeTypeOf('function')
    }
  })
})
