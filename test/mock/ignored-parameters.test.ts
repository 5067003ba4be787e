import { expect, it } from 'vitest'
import type { ListConnections } from '../../src/contract/connections.js'
import { WeavzClient } from '../../src/index.js'
import { hush, throughBothDoors } from './door.js'
import { makeWorkspace } from './world.js'

throughBothDoors('parameters that a list does not have', (open) => {
  async function begin() {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    const { weavz, url: baseUrl, fetch } = api
    weavz.journal.clear()
    const { connections } = new WeavzClient({ apiKey: weavz.apiKey, baseUrl, fetch })
    const list = (query: object) => connections.list(query as ListConnections)
    const ignored = () => weavz.calls('connections.list').flatMap(({ issues }) => issues)
    return { api, weavz, workspaceId, list, ignored }
  }

  it.each([
    ['workspaceID', ' Did you mean "workspaceId"?'],
    ['endUser', ' Did you mean "endUserId"?'],
    ['page', ''],
    ['constructor', ''],
  ])('are ignored, as %s is, and told in the journal and by assertQuiet', async (name, meant) => {
    const { weavz, list, ignored } = await begin()
    expect(await list({ [name]: 'x', limit: 5 })).toMatchObject({ connections: [], total: 0 })
    const path = `query.${name}`
    const message = `Ignored: there is no such parameter.${meant}`
    expect(ignored()).toEqual([{ path, message }])
    const { seq } = weavz.calls('connections.list')[0]!
    expect(() => weavz.assertQuiet()).toThrow(
      `The mock is not quiet:\n- connections.list (${seq} in the journal) got ${path}: ${message}`,
    )
    weavz.fork().assertQuiet()
  })

  it('are told with their names alone, and without a key in the place of one', async () => {
    const { weavz, list } = await begin()
    const key = `wvz_${hush.replaceAll(/\W/g, '')}${'0'.repeat(20)}`
    await list({ [key]: hush })
    expect(() => weavz.assertQuiet()).toThrow('query.wvz_[secret]: Ignored')
    expect(JSON.stringify(weavz.calls('connections.list').map(({ issues }) => issues))).not.toMatch(
      new RegExp(`${key.slice(4)}|${hush}`),
    )
  })

  it('are none of those that there are, nor of what takes no query', async () => {
    const { api, weavz, workspaceId, list, ignored } = await begin()
    await list({ workspaceId, endUserId: 'u', integrationName: 'slack', limit: 1, offset: 0 })
    await list({ workspaceId: undefined, includeSuspended: false })
    await api.raw('GET', `/api/v1/workspaces/${workspaceId}?_=1`)
    await api.raw('GET', '/api/v1/integrations?name=slack')
    expect(ignored()).toEqual([])
    weavz.assertQuiet()
  })
})
