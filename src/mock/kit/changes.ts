import * as z from 'zod/mini'
import { parse } from '../../contract/issues.js'
import type { World } from '../world.js'
import { headOf, tablesOf, trafficOf, writeSnapshot, type AnyTables } from './snapshot.js'

/** Hears of the worlds of a mock. */
export interface Recorder {
  /**
   * This one is the current world from now on.
   *
   * @param vaultKey Id of the key that its credentials are sealed under.
   */
  follow(world: World, vaultKey: string): void
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string }

/** Where a table is in a snapshot, and what became of a row: the row itself, or the id of one that is gone. */
export type Change = readonly [group: string, table: string, row: Row | string]

/** What happened since a snapshot, or since other such changes. JSON. */
export interface Changes {
  /** All that a snapshot holds beside tables. */
  readonly head: Readonly<Record<string, unknown>>
  /** In the order in which they happened. */
  readonly rows: readonly Change[]
}

const Changes = z.strictObject({
  head: z.record(z.string(), z.unknown()),
  rows: z.array(z.tuple([z.string(), z.string(), z.union([z.looseObject({ id: z.string() }), z.string()])])),
})

/** What is to be written: a snapshot where another world has come, else what has changed. */
export type Unsaved = { readonly snapshot: string } | { readonly changes: Changes }

export interface ChangeRecorder extends Recorder {
  /** Called at every change of a row; several may come before the next `take`. */
  onChange: (() => void) | undefined
  /** The current world. */
  readonly world: World
  /** Whether there is anything to take. */
  readonly pending: boolean
  /** What has changed since the last time. */
  take(): Unsaved
  /** The whole state; nothing is pending after it. */
  takeAll(): { readonly snapshot: string }
  /** Takes note that what `take` gave was not kept. */
  giveBack(unsaved: Unsaved): void
  /** Nothing that happened so far is of interest. */
  forget(): void
}

/** Notes what changes in a mock, so that it can be kept without writing all of it each time. */
export function recordChanges(): ChangeRecorder {
  let world: World | undefined
  let vaultKey = ''
  let rows: Change[] = []
  /** Another world has come: its rows never changed one by one. */
  let replaced = false
  let head = ''

  const current = () => {
    if (!world) throw new Error('No world is followed yet')
    return world
  }
  const headNow = () => headOf(current().present(), vaultKey)

  function watch(followed: World, listening: boolean): void {
    for (const [group, tables] of Object.entries<object>(tablesOf(followed.present()))) {
      for (const [name, table] of Object.entries(tables as AnyTables)) {
        table.onChange = listening ? note.bind(undefined, group, name) : undefined
      }
    }
  }

  function note(group: string, table: string, row: Row | string): void {
    rows.push([group, table, row])
    recorder.onChange?.()
  }

  function forget(): void {
    rows = []
    replaced = false
    head = JSON.stringify(headNow())
  }

  function takeAll() {
    const snapshot = writeSnapshot(current().present(), vaultKey)
    forget()
    return { snapshot }
  }

  const recorder: ChangeRecorder = {
    onChange: undefined,
    get world() {
      return current()
    },
    get pending() {
      return replaced || rows.length > 0 || JSON.stringify(headNow()) !== head
    },
    follow(next, key) {
      // Requests that are under way in the world that was left are none of this one's
      if (world) watch(world, false)
      world = next
      vaultKey = key
      watch(next, true)
      rows = []
      replaced = true
      recorder.onChange?.()
    },
    take() {
      if (replaced) return takeAll()
      // Traffic alone is no reason to write: no answer tells about it
      const changes = { rows, head: { ...headNow(), traffic: trafficOf(current().present()) } }
      forget()
      return { changes }
    },
    takeAll,
    giveBack(unsaved) {
      head = ''
      if ('snapshot' in unsaved) replaced = true
      else rows = [...unsaved.changes.rows, ...rows]
    },
    forget,
  }
  return recorder
}

/** A snapshot to which changes are applied, one after another. */
export interface Replay {
  /** @throws TypeError if they are no changes to this snapshot. */
  apply(changes: unknown): void
  /** The snapshot as it is now. */
  snapshot(): string
}

/** @throws TypeError if it is no object in JSON. What the snapshot holds is looked at when it is restored. */
export function replay(snapshot: unknown): Replay {
  const head: Record<string, unknown> = { ...(snapshot as object) }
  const tables = new Map<string, Map<string, Row>>()

  /** The rows of one table, by id and in their order. */
  function tableOf(group: string, name: string): Map<string, Row> {
    const known = tables.get(`${group}.${name}`)
    if (known) return known
    const inGroup = head[group] as Record<string, Row[]> | undefined
    const rows = new Map((inGroup?.[name] ?? []).map((row) => [row.id, row]))
    tables.set(`${group}.${name}`, rows)
    return rows
  }

  return {
    apply(changes) {
      const parsed = parse(Changes, changes, 'changes')
      if (!parsed.ok) throw new TypeError('Not a list of changes')
      Object.assign(head, parsed.value.head)
      for (const [group, name, row] of parsed.value.rows) {
        const rows = tableOf(group, name)
        if (typeof row === 'string') rows.delete(row)
        else rows.set(row.id, row)
      }
    },
    snapshot() {
      for (const [place, rows] of tables) {
        const [group, name] = place.split('.') as [string, string]
        head[group] = { ...(head[group] as object), [name]: [...rows.values()] }
      }
      return JSON.stringify(head)
    },
  }
}
