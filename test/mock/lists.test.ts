import { expect, it } from 'vitest'
import { refusalOf, throughBothDoors } from './door.js'
import { makeConnection, makeWorkspace } from './world.js'

throughBothDoors('lists', (open) => {
  it('are in order of creation, and paged by limit and offset with the full total', async () => {
    const api = await open()
    const ids: string[] = []
    for (let at = 0; at < 53; at++) ids.push((await makeWorkspace(api, `w-${at}`)).id)
    const page = async (query: { limit?: number; offset?: number; includeSuspended?: boolean }) => {
      const { workspaces, total } = await api.ok('workspaces.list', { query })
      expect(total).toBe(53)
      return workspaces.map(({ id }) => id)
    }
    expect(await page({})).toEqual(ids.slice(0, 50))
    expect(await page({ limit: 100 })).toEqual(ids)
    expect(await page({ limit: 2, offset: 51 })).toEqual(ids.slice(51))
    expect(await page({ limit: 1 })).toEqual(ids.slice(0, 1))
    expect(await page({ offset: 53 })).toEqual([])
    expect(await page({ offset: 1_000_000, includeSuspended: true })).toEqual([])
    // A change keeps its place
    await api.ok('workspaces.update', { params: { id: ids[0] as string }, body: { slug: 'last' } })
    expect(await page({ limit: 1 })).toEqual(ids.slice(0, 1))
  })

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=',
    'offset=-1',
    'offset=x',
    'limit=NaN',
  ])('refuse %s', async (query) => {
    const api = await open()
    const refusal = await refusalOf(await api.raw('GET', `/api/v1/workspaces?${query}`))
    expect(refusal).toMatchObject({
      status: 400,
      code: 'VALIDATION_ERROR',
      paths: [`query.${query.split('=')[0]}`],
    })
  })

  it.each(['yes', '1', 'TRUE', ''])('refuse includeSuspended=%s', async (value) => {
    const api = await open()
    const refusal = await refusalOf(await api.raw('GET', `/api/v1/connections?includeSuspended=${value}`))
    expect(refusal).toMatchObject({ status: 400, paths: ['query.includeSuspended'] })
  })

  it('page through a filter, too', async () => {
    const api = await open()
    const { id: workspaceId } = await makeWorkspace(api)
    for (let at = 0; at < 5; at++)
      await makeConnection(api, { externalId: `c${at}`, ...(at % 2 && { workspaceId }) })
    const { connections, total } = await api.ok('connections.list', {
      query: { workspaceId, limit: 1, offset: 1 },
    })
    expect(total).toBe(2)
    expect(connections.map(({ externalId }) => externalId)).toEqual(['c3'])
  })
})
