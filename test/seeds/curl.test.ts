import { describe, expect, it } from 'vitest'
import { parseCurl, shellWords } from './curl.js'
import { checkSample, expectToShow, viaFetch } from './sample.js'
import { pages } from './samples/index.js'
import { openOffline } from './world.js'

describe.each(pages)('Page $page answers as documented, curl', ({ apiKey, samples }) => {
  it.each(samples.map((sample) => [sample.place, sample] as const))('%s', async (_, sample) => {
    const { client, offline } = openOffline(apiKey)
    await checkSample(sample, client, viaFetch(offline.fetch))
  })
})

describe('A curl command is read as a shell and curl read it', () => {
  it('joins continued lines and takes quoted text as it stands', () => {
    expect(shellWords('a \\\n  "b \\"c\\" $1" \'d "e" \\n\' f\\ g"h"')).toEqual([
      'a',
      'b "c" $1',
      'd "e" \\n',
      'f gh',
    ])
  })

  it('refuses a quote that is never closed', () => {
    expect(() => shellWords(`curl 'x`)).toThrow('Not the words of a command')
  })

  it('sends a body by POST, as a form unless told otherwise', () => {
    const { method, headers, body } = parseCurl(`curl https://api.weavz.io/x -d 'a=1'`)
    expect({ method, body, type: headers.get('content-type') }).toEqual({
      method: 'POST',
      body: 'a=1',
      type: 'application/x-www-form-urlencoded',
    })
    expect(parseCurl('curl https://api.weavz.io/x').method).toBe('GET')
  })

  it('refuses options that it does not know', () => {
    expect(() => parseCurl('curl --data-raw x https://api.weavz.io')).toThrow('--data-raw')
  })
})

describe('An answer is held against what a page shows', () => {
  const page = {
    id: '7df5c03e-4df5-4b5f-95a7-5277d8f972db',
    at: '2025-01-15T10:30:00.000Z',
    list: [{ a: 1 }],
    no: null,
  }
  const answer = { ...page, id: '00000000-0000-4000-8000-000000000000', no: 'more', extra: true }

  it('accepts other values of the same types, and more keys', () => {
    expect(() => expectToShow(answer, page)).not.toThrow()
  })

  it.each([
    ['a missing key', { ...answer, no: undefined }],
    ['an id that is no UUID', { ...answer, id: 'conn_1' }],
    ['a time without milliseconds', { ...answer, at: '2025-01-15T10:30:00Z' }],
    ['an empty list', { ...answer, list: [] }],
    ['an item without its key', { ...answer, list: [{}] }],
  ])('notices %s', (_, wrong) => {
    expect(() => expectToShow(wrong, page)).toThrow()
  })
})
