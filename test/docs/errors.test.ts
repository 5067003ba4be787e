import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorStatus, resolutionReasons } from '../../src/contract/errors.js'
import * as sdk from '@weavz/sdk'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

describe('docs/errors.md', () => {
  it('names every code of the API', () => {
    expect(Object.keys(errorStatus).filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })

  it('gives each code the status that it has', () => {
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ])
    expect(rows.length).toBeGreaterThan(40)
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(Object.entries(errorStatus).filter(([code]) => rows.some(([row]) => row === code))),
    )
  })

  it('names every reason of the resolver', () => {
    expect(resolutionReasons.filter((reason) => !page.includes(`\`${reason}\``))).toEqual([])
  })

  it('names every class of error', () => {
    const classes = Object.keys(sdk).filter((name) => name.endsWith('Error') && name !== 'isWeavzError')
    expect(classes.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
