import type { Api } from './door.js'

/** What a mock holds, as far as its lists tell. */
export async function census(api: Api): Promise<unknown> {
  const { workspaces } = await api.ok('workspaces.list')
  const inside = workspaces.map(async ({ id }) => [
    await api.ok('workspaces.integrations.list', { params: { workspaceId: id } }),
    await api.ok('endUsers.list', { query: { workspaceId: id } }),
  ])
  return [workspaces, await api.ok('connections.list'), ...(await Promise.all(inside))]
}
