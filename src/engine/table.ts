/**
 * Rows by id, in the order of their creation, with an index for every look-up that the API makes. Rows are
 * immutable: a change replaces the row, so that a row once handed out never changes under its holder, and a copy of
 * the table is a copy of its maps.
 */

interface Row {
  readonly id: string
}

/** The key of a row in an index; undefined leaves the row out. */
type KeyOf<R> = (row: R) => string | undefined

/** Joins the parts of a key so that no two lists of parts give the same text. */
export function key(...parts: readonly (string | null)[]): string {
  let text = ''
  for (const part of parts) text += part === null ? '~;' : `${part.length}:${part};`
  return text
}

/** Rows in the order of their creation. */
export interface Rows<R> {
  readonly size: number
  has(id: string): boolean
  values(): Iterable<R>
}

// Most keys name one row, and a map for each of them would cost more memory than the rows themselves.
type Bucket<R> = R | Map<string, R>

interface Index<R> {
  readonly keyOf: KeyOf<R>
  buckets: Map<string, Bucket<R>>
}

const noRows: Rows<never> = { size: 0, has: () => false, values: () => [] }

export class Table<R extends Row, Name extends string = never> implements Rows<R> {
  #rows = new Map<string, R>()
  readonly #indexes: readonly Index<R>[]
  readonly #byName: Readonly<Record<Name, Index<R>>>
  /** Hears of every change: the row as it is now, or the id of one that is gone. Copies have no listener. */
  onChange: ((change: R | string) => void) | undefined
  /** Whether another copy reads the same maps, so that whoever writes first has to make its own. */
  #shared = false

  constructor(private readonly keys: Readonly<Record<Name, KeyOf<R>>>) {
    const byName = {} as Record<Name, Index<R>>
    this.#indexes = Object.entries<KeyOf<R>>(keys).map(
      ([name, keyOf]) => (byName[name as Name] = { keyOf, buckets: new Map() }),
    )
    this.#byName = byName
  }

  get size(): number {
    return this.#rows.size
  }

  get(id: string): R | undefined {
    return this.#rows.get(id)
  }

  has(id: string): boolean {
    return this.#rows.has(id)
  }

  values(): Iterable<R> {
    return this.#rows.values()
  }

  /** The rows under one key of an index. */
  where(index: Name, key: string): Rows<R> {
    const bucket = this.#byName[index].buckets.get(key)
    if (bucket === undefined) return noRows
    return bucket instanceof Map ? bucket : { size: 1, has: (id) => id === bucket.id, values: () => [bucket] }
  }

  /** The first row under one key of an index: the only one where keys are unique. */
  find(index: Name, key: string): R | undefined {
    const bucket = this.#byName[index].buckets.get(key)
    return bucket instanceof Map ? bucket.values().next().value : bucket
  }

  /** Adds a row, or replaces the one with its id and keeps its place in the order. */
  put(row: R): R {
    this.#own()
    const before = this.#rows.get(row.id)
    this.#rows.set(row.id, row)
    for (const { keyOf, buckets } of this.#indexes) {
      const now = keyOf(row)
      const then = before && keyOf(before)
      if (then !== undefined && then !== now) drop(buckets, then, row.id)
      if (now !== undefined) add(buckets, now, row)
    }
    this.onChange?.(row)
    return row
  }

  delete(id: string): R | undefined {
    const row = this.#rows.get(id)
    if (!row) return undefined
    this.#own()
    this.#rows.delete(id)
    for (const { keyOf, buckets } of this.#indexes) {
      const key = keyOf(row)
      if (key !== undefined) drop(buckets, key, id)
    }
    this.onChange?.(id)
    return row
  }

  /** An independent copy, in no time: the maps are copied when one of the two first writes. */
  fork(): Table<R, Name> {
    const copy = new Table<R, Name>(this.keys)
    copy.#rows = this.#rows
    this.#indexes.forEach(({ buckets }, at) => ((copy.#indexes[at] as Index<R>).buckets = buckets))
    this.#shared = copy.#shared = true
    return copy
  }

  #own(): void {
    if (!this.#shared) return
    this.#rows = new Map(this.#rows)
    for (const index of this.#indexes) {
      const buckets = new Map(index.buckets)
      for (const [key, bucket] of buckets) if (bucket instanceof Map) buckets.set(key, new Map(bucket))
      index.buckets = buckets
    }
    this.#shared = false
  }
}

function add<R extends Row>(buckets: Map<string, Bucket<R>>, key: string, row: R): void {
  const bucket = buckets.get(key)
  if (bucket instanceof Map) bucket.set(row.id, row)
  else if (bucket === undefined || bucket.id === row.id) buckets.set(key, row)
  else {
    buckets.set(
      key,
      new Map([
        [bucket.id, bucket],
        [row.id, row],
      ]),
    )
  }
}

function drop<R extends Row>(buckets: Map<string, Bucket<R>>, key: string, id: string): void {
  const bucket = buckets.get(key)
  if (!(bucket instanceof Map)) buckets.delete(key)
  else if (bucket.delete(id) && bucket.size === 0) buckets.delete(key)
}

/** Looking at all rows takes time: it is done whenever so many more are there. */
const between = 1000

/**
 * Drops the rows that nothing can reach any more, whenever a row was added that makes the table a multiple of 1000 long:
 * a Weavz that runs for long forgets what has expired, and others need not look for it.
 *
 * @returns What was dropped.
 */
export function dropSpent<R extends Row>(
  table: Pick<Table<R>, 'size' | 'values' | 'delete'>,
  isSpent: (row: R) => boolean,
): readonly R[] {
  if (table.size % between !== 0) return []
  const spent = [...table.values()].filter(isSpent)
  for (const { id } of spent) table.delete(id)
  return spent
}

/** The rows that all of them hold; the smallest is walked, the others are asked. */
export function intersect<R extends Row>(...all: readonly [Rows<R>, ...Rows<R>[]]): Rows<R> {
  const [least, ...others] = [...all].sort((a, b) => a.size - b.size) as [Rows<R>, ...Rows<R>[]]
  if (others.length === 0) return least
  const found = new Map<string, R>()
  for (const row of least.values()) if (others.every((rows) => rows.has(row.id))) found.set(row.id, row)
  return found
}

/** Whether a list shows what belongs to that workspace; null is the organization. */
export type Visibility = (workspaceId: string | null) => boolean

/** The rows that a predicate lets pass. */
export function filterRows<R extends Row>(rows: Rows<R>, pass: (row: R) => boolean): Rows<R> {
  const found = new Map<string, R>()
  for (const row of rows.values()) if (pass(row)) found.set(row.id, row)
  return found
}

/** One page of rows and the number of all of them. */
export interface Page<R> {
  readonly items: R[]
  readonly total: number
}

/** Cuts a page out of rows; `limit` is 50 unless given. */
export function page<R>(
  rows: Rows<R>,
  { limit = 50, offset = 0 }: { limit?: number | undefined; offset?: number | undefined },
): Page<R> {
  const items: R[] = []
  let at = 0
  if (offset < rows.size) {
    for (const row of rows.values()) {
      if (at++ < offset) continue
      items.push(row)
      if (items.length === limit) break
    }
  }
  return { items, total: rows.size }
}
