import { describe, expect, it } from 'vitest'
import type * as z from 'zod/mini'
import type { AnyEndpoint } from '../../src/contract/endpoint.js'
import { endpoints } from '../../src/contract/index.js'
import { parse } from '../../src/contract/issues.js'
import { parseCurl } from '../seeds/curl.js'
import { pages } from '../seeds/samples/index.js'

/** The endpoint of a request, found by its method and by the form of its path. */
function endpointFor(method: string, url: URL): AnyEndpoint | undefined {
  const found = (endpoints as readonly AnyEndpoint[]).filter(
    ({ method: its, path }) =>
      its === method && new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(url.pathname),
  )
  return (
    found.find(({ selectedBy }) => selectedBy && url.searchParams.has(selectedBy.param)) ??
    found.find(({ selectedBy }) => !selectedBy)
  )
}

describe.each(pages)('the documentation, $page', ({ samples }) => {
  it.each(samples.map((sample) => [sample.place, sample] as const))('%s: is in the contract', (_, sample) => {
    const { method, url, body, headers } = parseCurl(sample.curl)
    const at = new URL(url)
    const endpoint = endpointFor(method, at) as AnyEndpoint
    expect(endpoint, `${method} ${at.pathname}`).toBeDefined()
    expect(Object.keys(endpoint.responses)).toContain(String(sample.status))
    if (endpoint.auth === 'api-key') expect(headers.get('authorization')).toMatch(/^Bearer wvz_/)
    if (endpoint.query) {
      expect(parse(endpoint.query as z.core.$ZodType, Object.fromEntries(at.searchParams))).toMatchObject({
        ok: true,
      })
    }
    if (body !== undefined) {
      const sent: unknown = JSON.parse(body)
      expect(parse(endpoint.body as z.core.$ZodType, sent)).toEqual({ ok: true, value: sent })
    }
  })
})
