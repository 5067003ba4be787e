import * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'
import type { Memory } from '../../engine/engine.js'
import { canonicalJson, toJson } from '../../engine/json.js'
import { State } from '../../engine/state.js'
import type { Table } from '../../engine/table.js'
import { createStore } from '../provider/index.js'
import type { Past } from '../world.js'

const Rows = z.record(z.string(), z.array(z.looseObject({ id: z.string() })))

const Snapshot = z.strictObject({
  type: z.literal('weavz-snapshot'),
  /** Grows with every change that older readers would misread. */
  version: z.literal(1),
  /** Id of the key that the credentials are sealed under. */
  vaultKey: z.string(),
  orgId: z.string(),
  clock: z.strictObject({ frozenAt: z.nullable(z.number()), offset: z.number() }),
  random: z.nullable(z.array(z.number())),
  tables: Rows,
  /** The tables of the built-in OAuth provider. */
  provider: Rows,
  /** The tables of the server where end users sign in for MCP clients. */
  signIn: Rows,
})

export type AnyTables = Readonly<Record<string, Table<{ id: string }>>>

/** The tables of a world, under the names that a snapshot gives them. */
export const tablesOf = ({ memory, store, signInStore }: Past) => ({
  tables: memory.state.tables,
  provider: store,
  signIn: signInStore,
})

/** All that a snapshot holds beside tables. */
export function headOf({ clock, random, memory }: Past, vaultKey: string) {
  return { type: 'weavz-snapshot', version: 1, vaultKey, orgId: memory.orgId, clock, random }
}

const dump = (tables: object) =>
  Object.fromEntries(Object.entries(tables as AnyTables).map(([name, table]) => [name, [...table.values()]]))

function load(tables: object, rows: z.infer<typeof Rows>): void {
  for (const [name, all] of Object.entries(rows)) {
    const table = (tables as AnyTables)[name]
    if (!table) throw new TypeError(`Not a snapshot of this version: it has a table "${name}"`)
    for (const row of all) table.put(row)
  }
}

/**
 * Canonical JSON: the same state gives the same text. Credentials stay sealed in it. Not in it: what a test taught the
 * mock (handlers, integrations), the journal, faults, and the windows of the rate limit.
 */
export function writeSnapshot(past: Past, vaultKey: string): string {
  const groups = Object.entries(tablesOf(past)).map(([name, tables]) => [name, dump(tables)] as const)
  return canonicalJson(toJson({ ...headOf(past, vaultKey), ...Object.fromEntries(groups) }))
}

/**
 * Where a world begins that goes on from a snapshot.
 *
 * @param taught What the mock keeps: the snapshot does not hold it.
 * @throws TypeError if it is no snapshot of this version, or was sealed under another key.
 */
export function readSnapshot(
  text: string,
  vaultKey: string,
  taught: Pick<Memory, 'catalog' | 'actions' | 'properties'>,
): Past {
  const parsed = parse(Snapshot, parseJson(text), 'snapshot')
  if (!parsed.ok) {
    const [issue] = parsed.issues
    throw new TypeError(`Not a snapshot of this version: ${issue?.path}: ${issue?.message}`)
  }
  const snapshot = parsed.value
  if (snapshot.vaultKey !== vaultKey) {
    throw new TypeError(
      'The snapshot was sealed under another key: give both mocks the same vaultKey, or the same random source',
    )
  }
  const state = new State(taught.catalog)
  load(state.tables, snapshot.tables)
  const store = createStore()
  load(store, snapshot.provider)
  const signInStore = createStore()
  load(signInStore, snapshot.signIn)
  const { clock, random, orgId } = snapshot
  return { clock, random, memory: { ...taught, orgId, state }, store, signInStore }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('Not a snapshot: it is no JSON')
  }
}
