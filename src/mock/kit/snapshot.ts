import * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'
import { clockRange } from '../../engine/clock.js'
import type { Memory } from '../../engine/engine.js'
import { canonicalJson, toJson } from '../../engine/json.js'
import { State } from '../../engine/state.js'
import type { Table } from '../../engine/table.js'
import { createStore } from '../provider/index.js'
import type { RateWindows } from '../rate-limit.js'
import type { Past } from '../world.js'

const Rows = z.record(z.string(), z.array(z.looseObject({ id: z.string() })))

/** Grows with every change of what is in it. */
const version = 2

/** Whose requests they are, when their minute ends, and how many there were. */
const Windows = z.array(z.tuple([z.string(), z.number(), z.number()]))

const Snapshot = z.strictObject({
  type: z.literal('weavz-snapshot'),
  version: z.literal(version),
  /** Id of the key that the credentials are sealed under. */
  vaultKey: z.string(),
  orgId: z.string(),
  clock: z.strictObject({
    frozenAt: z.nullable(z.number().check(z.minimum(clockRange.from), z.maximum(clockRange.to))),
    offset: z.number().check(z.minimum(-clockRange.to), z.maximum(clockRange.to)),
  }),
  /** Of the generator, 128 bits. */
  random: z.nullable(z.array(z.int32()).check(z.length(4))),
  tables: Rows,
  /** The tables of the built-in OAuth provider. */
  provider: Rows,
  /** The tables of the server where end users sign in for MCP clients. */
  signIn: Rows,
  traffic: z.strictObject({
    /** How many requests of the API there were. */
    requests: z.number(),
    keys: Windows,
    addresses: Windows,
  }),
})

export type AnyTables = Readonly<Record<string, Table<{ id: string }>>>

/** The tables of a world, under the names that a snapshot gives them. */
export const tablesOf = ({ memory, store, signInStore }: Past) => ({
  tables: memory.state.tables,
  provider: store,
  signIn: signInStore,
})

/** What a snapshot holds beside tables and traffic. */
export function headOf({ clock, random, memory }: Past, vaultKey: string) {
  return { type: 'weavz-snapshot', version, vaultKey, orgId: memory.orgId, clock, random }
}

const dumpWindows = (windows: RateWindows): z.infer<typeof Windows> =>
  Array.from(windows, ([caller, { until, count }]) => [caller, until, count])

const loadWindows = (windows: z.infer<typeof Windows>): RateWindows =>
  new Map(windows.map(([caller, until, count]) => [caller, { until, count }]))

/** The traffic so far, as a snapshot holds it. */
export function trafficOf({ traffic: { requests, keys, addresses } }: Past) {
  return { requests, keys: dumpWindows(keys), addresses: dumpWindows(addresses) }
}

const dump = (tables: object) =>
  Object.fromEntries(Object.entries(tables as AnyTables).map(([name, table]) => [name, [...table.values()]]))

function load(tables: object, rows: z.infer<typeof Rows>): void {
  for (const [name, all] of Object.entries(rows)) {
    const table = (tables as AnyTables)[name]
    if (!table) throw new TypeError(`Not a snapshot of this version: it has a table "${name}"`)
    try {
      for (const row of all) table.put(row)
    } catch (error) {
      // What it is found by is missing
      throw new TypeError(`Not a snapshot of this version: a row of "${name}" is incomplete`, {
        cause: error,
      })
    }
  }
}

/**
 * Canonical JSON: the same state gives the same text. Credentials stay sealed in it. Not in it: what a test taught the
 * mock (handlers, integrations), the journal and faults: those are about one run, and predicates are no data.
 */
export function writeSnapshot(past: Past, vaultKey: string): string {
  const groups = Object.entries(tablesOf(past)).map(([name, tables]) => [name, dump(tables)] as const)
  const whole = { ...headOf(past, vaultKey), traffic: trafficOf(past), ...Object.fromEntries(groups) }
  return canonicalJson(toJson(whole))
}

/** A snapshot whose credentials this mock has no key for. */
export class OtherKeyError extends TypeError {}

/** Beyond what bodies may nest, and far below what overflows the stack when it is written again. */
const maxDepth = 500

function refuseEndless(root: unknown): void {
  const open = [{ value: root, depth: 0 }]
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, depth } = at
    if (typeof value !== 'object' || value === null) continue
    if (depth === maxDepth) throw new TypeError(`Not a snapshot: it nests deeper than ${maxDepth} levels`)
    for (const child of Object.values(value)) open.push({ value: child as unknown, depth: depth + 1 })
  }
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
    throw new OtherKeyError(
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
  const { requests, keys, addresses } = snapshot.traffic
  const traffic = { requests, keys: loadWindows(keys), addresses: loadWindows(addresses) }
  return { clock, random, memory: { ...taught, orgId, state }, store, signInStore, traffic }
}

function parseJson(text: string): unknown {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new TypeError('Not a snapshot: it is no JSON')
  }
  refuseEndless(json)
  return json
}
