import { request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AnyEndpoint } from '../../src/contract/endpoint.js'
import { endpoints } from '../../src/contract/index.js'
import { maxBodyBytes } from '../../src/mock/body.js'
import { createMockWeavz } from '../../src/mock/index.js'
import { listen } from '../../src/mock/node.js'
import { census } from './census.js'
import { Api, refusalOf, throughBothDoors } from './door.js'
import { begin } from './world.js'

/** JSON text that nests so deep; not built by JSON.stringify, which could not. */
const nested = (depth: number, inner = '1') => '{"a":'.repeat(depth) + inner + '}'.repeat(depth)

throughBothDoors('a body larger than 2 MiB', (open) => {
  const large = JSON.stringify({ name: 'x'.repeat(3 * 1024 * 1024), slug: 'large' })

  it('is refused with 413, and leaves nothing behind', async () => {
    const { api } = await begin(open)
    const before = await census(api)
    for (let round = 0; round < 5; round++) {
      const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', { body: large }))
      expect(refusal).toMatchObject({ status: 413, code: 'VALIDATION_ERROR', paths: ['body'] })
    }
    expect(await census(api)).toEqual(before)
  })

  it('is refused so by every endpoint that takes one', async () => {
    const { api, workspaceId } = await begin(open)
    const before = await census(api)
    const taking = (endpoints as readonly AnyEndpoint[]).filter(({ body }) => body !== undefined)
    expect(taking.length).toBeGreaterThan(30)
    for (const { id, method, path, idPattern } of taking) {
      const form = idPattern === undefined ? workspaceId : `apr_${'0'.repeat(32)}`
      const response = await api.raw(method, path.replace(/\{\w+\}/g, form), { body: large })
      expect(await refusalOf(response), id).toMatchObject({ status: 413, code: 'VALIDATION_ERROR' })
    }
    expect(await census(api)).toEqual(before)
  })

  it('is refused with 413 when it comes in chunks without a declared length', async () => {
    const { api } = await begin(open)
    for (let round = 0; round < 5; round++) {
      const body = new Blob([large]).stream()
      const init = { body, duplex: 'half' } as RequestInit
      const refusal = await refusalOf(await api.raw('POST', '/api/v1/workspaces', init))
      expect(refusal).toMatchObject({ status: 413, code: 'VALIDATION_ERROR' })
    }
    await api.ok('workspaces.list')
  })

  it('is measured in bytes, and one of just 2 MiB is read', async () => {
    const { api, workspaceId } = await begin(open)
    const padded = (bytes: number) => {
      const body = JSON.stringify({ workspaceId, externalId: 'u' })
      return body + ' '.repeat(bytes - body.length)
    }
    expect((await api.raw('POST', '/api/v1/end-users', { body: padded(maxBodyBytes) })).status).toBe(201)
    expect((await api.raw('POST', '/api/v1/end-users', { body: padded(maxBodyBytes + 1) })).status).toBe(413)
    const wide = JSON.stringify({ name: 'ä'.repeat(maxBodyBytes / 2), slug: 'wide' })
    expect((await api.raw('POST', '/api/v1/workspaces', { body: wide })).status).toBe(413)
  })
})

describe('a slow or broken upload', () => {
  it('that ends early leaves nothing behind, and the server goes on', async () => {
    const weavz = createMockWeavz()
    const server = await listen(weavz)
    onTestFinished(() => server.close())
    const api = new Api(weavz, server.url, (url, init) => fetch(url, init))
    await new Promise<void>((resolve) => {
      const headers = { authorization: `Bearer ${weavz.apiKey}`, 'content-length': '1000' }
      const upload = request(`${server.url}/api/v1/workspaces`, { method: 'POST', headers })
      upload.on('error', () => resolve())
      upload.on('close', () => resolve())
      upload.write('{"name":"A","slug":"a"}', () => upload.destroy())
    })
    expect((await api.ok('workspaces.list')).total).toBe(0)
  })
})

throughBothDoors('the length of a text', (open) => {
  it.each([
    ['ASCII', 'a'],
    ['beyond ASCII', 'ß'],
    ['emoji, two UTF-16 units each', '😀'],
    ['letters of several code points, of which each counts', 'e\u0301'],
  ])('is counted in Unicode code points: %s', async (_, unit) => {
    const { api, workspaceId } = await begin(open)
    const most = unit.repeat(Math.floor(255 / [...unit].length))
    const body = (externalId: string) => ({ body: { workspaceId, externalId } })
    const { endUser } = await api.ok('endUsers.create', body(most))
    expect(endUser.externalId).toBe(most)
    const name = (text: string) => ({ params: { id: workspaceId }, body: { name: text } })
    await api.ok('workspaces.update', name(most))
    const { paths, error } = await api.refused('endUsers.create', 'VALIDATION_ERROR', body(most + unit))
    expect(paths).toEqual(['body.externalId'])
    expect(error).toContain('at most 255 characters')
    await api.refused('workspaces.update', 'VALIDATION_ERROR', name(most + unit))
  })
})

throughBothDoors('nesting', (open) => {
  it('is stored and read back as deep as 190 levels', async () => {
    const { api, workspaceId } = await begin(open)
    const body = `{"workspaceId":"${workspaceId}","externalId":"u","metadata":${nested(190)}}`
    const created = await api.raw('POST', '/api/v1/end-users', { body })
    expect(created.status).toBe(201)
    expect(await created.text()).toContain(nested(190))
  })

  it.each([
    ['objects', nested(100_000)],
    ['lists', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['just too many objects', nested(201)],
  ])('of %s beyond that is refused wherever it is, and nothing is kept', async (_, deep) => {
    const { api, workspaceId } = await begin(open)
    const before = await census(api)
    for (const [path, body] of [
      ['/api/v1/end-users', `{"workspaceId":"${workspaceId}","externalId":"u","metadata":${deep}}`],
      [
        '/api/v1/actions/execute',
        `{"workspaceId":"${workspaceId}","integrationName":"kv-store","actionName":"put","input":{"key":"k","value":${deep}}}`,
      ],
      ['/api/v1/workspaces', `{"name":"A","slug":"a","extra":${deep}}`],
    ] as const) {
      const refusal = await refusalOf(await api.raw('POST', path, { body }))
      expect(refusal).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', paths: ['body'] })
    }
    expect(await census(api)).toEqual(before)
  })
})
