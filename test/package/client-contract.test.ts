import { build } from 'esbuild'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientContract, clientContractPlugin } from '../../scripts/client-contract.js'
import { serverFields, type AnyEndpoint, type ClientEndpoint } from '../../src/contract/endpoint.js'
import { endpoints as whole } from '../../src/contract/index.js'

let folder: string
let lean: readonly ClientEndpoint[]
let modules: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weavz-contract-'))
  const outfile = path.join(folder, 'contract.mjs')
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/contract/index.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    outfile,
    metafile: true,
    logLevel: 'error',
    plugins: [clientContractPlugin],
  })
  const file = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as {
    endpoints: ClientEndpoint[]
  }
  lean = file.endpoints
  modules = Object.keys(metafile.inputs)
}, 30_000)
afterAll(() => rm(folder, { recursive: true }))

/** What a schema describes: of zod's `def` the part that the client reads. */
function described(schema: unknown): unknown {
  const { def } = (schema as { _zod: { def: Record<string, unknown> } })._zod
  const { type, shape, values, ...rest } = def
  const { innerType, element, valueType } = rest
  return {
    type,
    values,
    shape:
      shape && Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, described(field)])),
    inner: [innerType, element, valueType].flatMap((inner) =>
      inner === undefined ? [] : [described(inner)],
    ),
  }
}

const fieldsOf = ({ responses, ...endpoint }: ClientEndpoint) => ({
  ...endpoint,
  responses: Object.fromEntries(
    Object.entries(responses).map(([status, schema]) => [status, described(schema)]),
  ),
})

describe('The contract in the build of the client', () => {
  it('has every endpoint, with the same fields and the same responses, and without what servers read', () => {
    const expected = whole.map((endpoint: AnyEndpoint) => {
      const fields = Object.entries(endpoint).filter(([name]) => !serverFields.some((left) => left === name))
      return fieldsOf(Object.fromEntries(fields) as unknown as ClientEndpoint)
    })
    expect(lean.map(fieldsOf)).toEqual(expected)
  })

  it('is without zod', () => {
    expect(modules.filter((file) => file.includes('zod'))).toEqual(['src/contract/zod-lean.ts'])
  })
})

describe('The text of a file of the contract', () => {
  const before = `
import * as z from 'zod/mini'
const Query = z.object({ a: z.string() })
export const things = {
  list: endpoint('things.list', {
    method: 'GET',
    query: Query.check(
      z.refine(() => true),
    ),
    errors,
    responses: { 200: z.looseObject({ status: openEnum(['on', 'off']), body: z.string() }) },
    list: openEnum([
      'on',
      'off',
    ]),
    summary: 'Lists, endpoint by endpoint.'
  }),
}
export const size = (errors: string[]) => errors.length
`

  it('loses what the client does not read, and nothing that is only called the same', () => {
    const after = clientContract(before)
    expect(after).not.toMatch(/query:|errors,|summary|'off'/)
    expect(after).toContain('responses: { 200: z.looseObject({ status: openEnum(), body: z.string() }) }')
    expect(after).toContain('export const size = (errors: string[]) => errors.length')
    expect(after).toContain("import * as z from './zod-lean.js'")
  })

  it('marks constants, so that a bundler drops the ones that nobody reads', () => {
    expect(clientContract(before)).toContain(
      'const Query = /* @__PURE__ */ (() => (z.object({ a: z.string() })))()',
    )
  })

  it('keeps its lines, for source maps', () => {
    const lines = (text: string) => text.split('\n')
    const after = lines(clientContract(before))
    expect(after).toHaveLength(lines(before).length)
    expect(after.findIndex((line) => line.includes('export const size'))).toBe(
      lines(before).findIndex((line) => line.includes('export const size')),
    )
  })
})
