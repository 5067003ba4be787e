import { expect } from 'vitest'
import { endpoints, type EndpointId } from '../../../src/contract/index.js'
import { Api } from '../door.js'
import type { Ground } from './world.js'

type Row = Readonly<Record<string, unknown>> & { readonly id: string }
type Tables = Readonly<Record<string, readonly Row[]>>

/** Fields that name a row of another table, which must be there. What the API lets dangle is not among them. */
const references: readonly (readonly [table: string, field: string, target: string])[] = [
  ['workspaceIntegrations', 'workspaceId', 'workspaces'],
  ['endUsers', 'workspaceId', 'workspaces'],
  ['credentials', 'id', 'connections'],
  ['connections', 'id', 'credentials'],
  ['sessions', 'workspaceId', 'workspaces'],
  ['authorizations', 'id', 'sessions'],
  ['connections', 'workspaceId', 'workspaces'],
  ['portalTokens', 'workspaceId', 'workspaces'],
  ['portalTokens', 'endUser', 'endUsers'],
  ['partials', 'workspaceId', 'workspaces'],
  ['triggerSources', 'workspaceId', 'workspaces'],
  ['approvalPolicies', 'workspaceId', 'workspaces'],
  ['approvals', 'workspaceId', 'workspaces'],
  ['mcpServers', 'workspaceId', 'workspaces'],
  ['mcpTools', 'mcpServerId', 'mcpServers'],
  ['mcpTools', 'sourceWorkspaceIntegrationId', 'workspaceIntegrations'],
  ['mcpTokens', 'mcpServerId', 'mcpServers'],
  ['mcpTokens', 'endUser', 'endUsers'],
  ['mcpCodeRuns', 'mcpServerId', 'mcpServers'],
]

/** What no two rows of a table may have in common. Rows without one of the fields are not compared. */
const unique: readonly (readonly [table: string, ...fields: string[]])[] = [
  ['workspaces', 'slug'],
  ['workspaceIntegrations', 'workspaceId', 'alias'],
  ['endUsers', 'workspaceId', 'externalId'],
  ['connections', 'workspaceId', 'integrationName', 'externalId'],
  ['partials', 'workspaceId', 'integrationAlias', 'actionName', 'triggerName', 'name'],
  ['mcpTools', 'mcpServerId', 'integrationAlias', 'actionName'],
  ['apiKeys', 'keyHash'],
  ['sessions', 'tokenHash'],
  ['mcpTokens', 'tokenHash'],
]

const keyOf = (row: Row, fields: readonly string[]) =>
  JSON.stringify(fields.map((field) => row[field] ?? null))

function checkTables(tables: Tables): void {
  const rowsOf = (name: string): readonly Row[] => {
    const rows = tables[name]
    if (!rows) throw new Error(`There is no table ${name}`)
    // At organization level a workspaceId limits nothing, and outlives its workspace
    if (name !== 'connections') return rows
    return rows.map((row) => (row['scope'] === 'ORGANIZATION' ? { ...row, workspaceId: null } : row))
  }
  for (const [table, field, target] of references) {
    const there = new Set(rowsOf(target).map(({ id }) => id))
    const dangling = rowsOf(table).filter((row) => row[field] !== null && !there.has(row[field] as string))
    expect(dangling, `${table} whose ${field} names none of ${target}`).toEqual([])
  }
  for (const [table, ...fields] of unique) {
    const keys = rowsOf(table).map((row) => keyOf(row, fields))
    const twice = keys.filter((key, at) => keys.indexOf(key) !== at)
    expect(twice, `${table} that share ${fields.join()}`).toEqual([])
  }
  const owners = new Set(rowsOf('endUsers').map((row) => keyOf(row, ['workspaceId', 'externalId'])))
  const ownerless = rowsOf('connections').filter(
    (row) =>
      row['endUserId'] !== null &&
      !owners.has(keyOf({ ...row, externalId: row['endUserId'] }, ['workspaceId', 'externalId'])),
  )
  expect(ownerless, 'connections of end users that are not there').toEqual([])
}

/** Reads a list to its end. */
async function listed(
  api: Api,
  headers: Record<string, string>,
  id: EndpointId,
  where: object,
): Promise<Row[]> {
  const { list = '', paginated } = endpoints.find(
    (endpoint) => endpoint.id === id,
  ) as (typeof endpoints)[number] & {
    list?: string
    paginated?: boolean
  }
  const rows: Row[] = []
  for (;;) {
    const query = { ...where, ...(paginated && { limit: 100, offset: rows.length }) }
    const body = (await api.ok(id, { params: where, query, headers } as never)) as Record<string, unknown>
    rows.push(...(body[list] as Row[]))
    const total = body['total'] as number
    if (!paginated || rows.length >= total) {
      // Approvals are limited, and oldest first: those that do not fit are counted all the same
      expect(rows.length, `${id}: total`).toBe(id === 'approvals.list' ? Math.min(total, 50) : total)
      return rows
    }
  }
}

/**
 * Holds a whole world against what must always be true of one: each row can be read through the API in the shape that
 * the contract promises, counts agree, nothing refers to what is gone, and nothing is there twice that must be unique.
 */
export async function checkWorld({ weavz, keys }: Ground): Promise<void> {
  const { tables } = JSON.parse(weavz.snapshot()) as { tables: Tables }
  checkTables(tables)
  const api = new Api(weavz, 'http://weavz.test', weavz.fetch)
  const headers = { authorization: keys.admin as string }
  const sameRows = (shown: readonly Row[], table: string, of: (row: Row) => boolean = () => true) =>
    expect(shown.map(({ id }) => id).sort(), table).toEqual(
      (tables[table] ?? [])
        .filter(of)
        .map(({ id }) => id)
        .sort(),
    )
  const get = (id: EndpointId, call: object) =>
    api.ok(id, { ...call, headers } as never) as Promise<Record<string, unknown>>

  const workspaces = await listed(api, headers, 'workspaces.list', {})
  sameRows(workspaces, 'workspaces')
  const connections = await listed(api, headers, 'connections.list', {})
  sameRows(connections, 'connections')
  for (const connection of connections) {
    expect((await get('connections.get', { query: { id: connection.id } }))['connection']).toEqual(connection)
  }
  for (const { id: workspaceId } of workspaces) {
    const here = (row: Row) => row['workspaceId'] === workspaceId
    for (const [list, table] of [
      ['workspaces.integrations.list', 'workspaceIntegrations'],
      ['partials.list', 'partials'],
      ['triggers.list', 'triggerSources'],
      ['mcpServers.list', 'mcpServers'],
      ['endUsers.list', 'endUsers'],
    ] as const) {
      sameRows(await listed(api, headers, list, { workspaceId }), table, here)
    }
  }
  for (const row of tables['endUsers'] ?? []) {
    const { endUser, connections: own } = await get('endUsers.get', { params: { id: row.id } })
    const theirs = connections.filter(
      ({ workspaceId, endUserId }) => workspaceId === row['workspaceId'] && endUserId === row['externalId'],
    )
    expect(own).toEqual(theirs)
    expect(endUser).toMatchObject({ id: row.id, connectionCount: theirs.length })
  }
  for (const { id } of tables['mcpServers'] ?? []) {
    sameRows(
      (await get('mcpServers.get', { params: { id } }))['tools'] as Row[],
      'mcpTools',
      (row) => row['mcpServerId'] === id,
    )
  }
  sameRows(await listed(api, headers, 'approvalPolicies.list', {}), 'approvalPolicies')
  sameRows(await listed(api, headers, 'apiKeys.list', {}), 'apiKeys')
  for (const { id } of await listed(api, headers, 'approvals.list', {}))
    await get('approvals.get', { params: { id } })
  for (const { id } of tables['sessions'] ?? [])
    await get('connect.getSession', { params: { sessionId: id } })
  for (const { id } of tables['partials'] ?? []) await get('partials.get', { params: { id } })
  for (const { id } of tables['approvalPolicies'] ?? []) await get('approvalPolicies.get', { params: { id } })
}
