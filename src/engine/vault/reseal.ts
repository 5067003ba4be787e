import type { VaultContext } from './context.js'

/** A sealed value where it is stored. */
export interface SealedEntry {
  /** How the store finds it again. */
  readonly id: string
  readonly envelope: string
  readonly context: VaultContext
}

/** What rotation needs of a store. */
export interface SealedStore {
  /**
   * Every value that is in the store during the whole iteration; one that comes, goes or changes meanwhile may be
   * listed or not.
   */
  list(): AsyncIterable<SealedEntry> | Iterable<SealedEntry>
  /**
   * Compare and swap: stores `next` if the value is still `expected`, and answers whether it was. It must be atomic.
   */
  replace(id: string, expected: string, next: string): Promise<boolean> | boolean
}

export interface ResealOptions {
  /** Stops between two values, with the signal's reason. Calling again goes on where it stopped. */
  readonly signal?: AbortSignal
}

export interface ResealResult {
  /** Values that are now under the primary key and were not. */
  readonly resealed: number
  /** Ids of values that do not open; they are left as they are. */
  readonly failed: readonly string[]
  /** Whether a whole pass found every value that opens under the primary key. */
  readonly complete: boolean
}

/** After so many passes somebody else is sealing under another key as fast as this one reseals. */
const maxPasses = 10

/**
 * Walks the store until a pass finds nothing left to do. There is no cursor to keep: a value that is under the
 * primary key needs no work, so that stopping at any point loses nothing.
 *
 * @param renew The value under the primary key; undefined if it is, null if it does not open.
 */
export async function resealAll(
  store: SealedStore,
  renew: (entry: SealedEntry) => Promise<string | null | undefined>,
  { signal }: ResealOptions,
): Promise<ResealResult> {
  let resealed = 0
  const failed = new Set<string>()
  for (let pass = 0; pass < maxPasses; pass++) {
    let found = 0
    failed.clear()
    for await (const entry of store.list()) {
      signal?.throwIfAborted()
      const next = await renew(entry)
      if (next === null) failed.add(entry.id)
      if (next == null) continue
      found++
      // Refused: the value changed meanwhile, and the newer one stays; the next pass looks at it
      if (await store.replace(entry.id, entry.envelope, next)) resealed++
    }
    if (found === 0) return { resealed, failed: [...failed], complete: true }
  }
  return { resealed, failed: [...failed], complete: false }
}
