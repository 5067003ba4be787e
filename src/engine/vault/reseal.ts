import type { VaultContext } from './context.js'
import { checkOptionNames, invalidArgument, received } from './errors.js'

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

/** @throws VaultError `VAULT_INVALID_ARGUMENT` if the store lacks one of the methods that `call` needs. */
export function checkStore(call: string, store: unknown, ...methods: (keyof SealedStore)[]): void {
  for (const name of methods) {
    if (typeof Reflect.get(Object(store), name) === 'function') continue
    throw invalidArgument(`${call} needs a store with a method \`${name}\`, ${received(store)}`)
  }
}

/**
 * What a store lists. An entry whose envelope goes by another name would pass for one under no key, and a key would be
 * retired that it needs.
 *
 * @throws VaultError `VAULT_INVALID_ARGUMENT`
 */
export async function* entriesOf(store: Pick<SealedStore, 'list'>): AsyncGenerator<SealedEntry> {
  const entries: unknown = store.list()
  if (!isIterable(entries)) {
    throw invalidArgument(
      entries instanceof Promise
        ? '`list` of the store gave a promise; write it as `async *list() { yield* await rows() }`'
        : `\`list\` of the store must give something to iterate over, ${received(entries)}`,
    )
  }
  for await (const entry of entries) {
    if (typeof Object(entry).envelope !== 'string') {
      throw invalidArgument(
        'every entry of `list` must have an `envelope`, as vault.seal gave it; leave out rows that hold none',
      )
    }
    yield entry
  }
}

function isIterable(value: unknown): value is ReturnType<SealedStore['list']> {
  return [Symbol.asyncIterator, Symbol.iterator].some(
    (symbol) => typeof Reflect.get(Object(value), symbol) === 'function',
  )
}

function checkOptions(options: ResealOptions): void {
  // A signal has no `signal` in it, so that it would never be heard
  if (Object(options) !== options || isSignal(options)) throw invalidArgument('reseal takes { signal }')
  checkOptionNames('reseal', options, { signal: true })
  if (options.signal === undefined || isSignal(options.signal)) return
  throw invalidArgument(`\`signal\` must be an AbortSignal, ${received(options.signal)}`)
}

function isSignal(value: unknown): boolean {
  return typeof Reflect.get(Object(value), 'throwIfAborted') === 'function'
}

/**
 * Walks the store until a pass finds nothing left to do. There is no cursor to keep: a value that is under the
 * primary key needs no work, so that stopping at any point loses nothing.
 *
 * @param renew The value under the primary key; undefined if it is, null if it does not open.
 */
export async function resealAll(
  store: SealedStore,
  renew: (entry: SealedEntry) => Promise<string | null | undefined>,
  options: ResealOptions,
): Promise<ResealResult> {
  checkStore('reseal', store, 'list', 'replace')
  checkOptions(options)
  const { signal } = options
  let resealed = 0
  const failed = new Set<string>()
  for (let pass = 0; pass < maxPasses; pass++) {
    let found = 0
    failed.clear()
    for await (const entry of entriesOf(store)) {
      signal?.throwIfAborted()
      const next = await renew(entry)
      if (next === null) failed.add(entry.id)
      if (next == null) continue
      found++
      // Refused: the value changed meanwhile, and the newer one stays; the next pass looks at it
      const replaced: unknown = await store.replace(entry.id, entry.envelope, next)
      if (typeof replaced !== 'boolean') {
        throw invalidArgument(`\`replace\` of the store must answer true or false, ${received(replaced)}`)
      }
      if (replaced) resealed++
    }
    if (found === 0) return { resealed, failed: [...failed], complete: true }
  }
  return { resealed, failed: [...failed], complete: false }
}
