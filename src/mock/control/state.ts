import * as z from 'zod/mini'
import { Page } from '../../contract/schema.js'
import { showApiKey } from '../../engine/api-keys.js'
import { showApproval } from '../../engine/approvals/row.js'
import { getSession } from '../../engine/connect.js'
import { showConnection } from '../../engine/connections.js'
import { showAttempt } from '../../engine/deliveries.js'
import { showEndUser } from '../../engine/end-users.js'
import type { Engine } from '../../engine/engine.js'
import { showServer } from '../../engine/mcp/servers.js'
import type { State } from '../../engine/state.js'
import { page, type Rows } from '../../engine/table.js'
import { showTrigger } from '../../engine/triggers/sources.js'
import { parseQuery } from '../parse.js'
import { clockState } from './clock.js'
import type { ControlCall } from './route.js'

type Tables = State['tables']
type RowOf<Name extends keyof Tables> = Tables[Name] extends Rows<infer R> ? R : never

const asItIs = (_engine: Engine, row: object): object => row

/** How the resources of the API are shown: as the API shows them. Other tables hold what it never shows. */
const shown = {
  workspaces: asItIs,
  workspaceIntegrations: asItIs,
  endUsers: showEndUser,
  connections: (_engine, row) => showConnection(row),
  sessions: (engine, { id }) => getSession(engine, id),
  partials: asItIs,
  apiKeys: (_engine, row) => showApiKey(row),
  triggerSources: showTrigger,
  approvalPolicies: asItIs,
  approvals: (_engine, row) => showApproval(row),
  deliveries: (_engine, row) => showAttempt(row),
  mcpServers: showServer,
  mcpTools: asItIs,
} as const satisfies {
  [Name in keyof Tables]?: (engine: Engine, row: RowOf<Name>, baseUrl: string) => object
}
type Shown = keyof typeof shown

const resources = Object.keys(shown) as [Shown, ...Shown[]]

const Query = z.strictObject({
  /** `connections`: that one alone. Default: all. */
  resource: z.optional(z.enum(resources)),
  ...Page,
})

/** `GET /_weavz/state`: how much there is of everything, and one page of each resource. No secret is in it. */
export function showState({ engine, weavz, query, baseUrl }: ControlCall) {
  const { tables } = engine.state
  const { resource, ...range } = parseQuery(Query, query) as z.infer<typeof Query>
  const pageOf = (name: Shown) => {
    const show = shown[name] as (engine: Engine, row: object, baseUrl: string) => object
    const { items } = page<object>(tables[name], range)
    return items.map((row) => engine.vault.redactor.value(show(engine, row, baseUrl)))
  }
  const wanted = resource === undefined ? resources : [resource]
  return {
    clock: clockState({ weavz }),
    counts: Object.fromEntries(Object.entries(tables).map(([name, { size }]) => [name, size])),
    resources: Object.fromEntries(wanted.map((name) => [name, pageOf(name)])),
  }
}
