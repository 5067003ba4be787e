/** Why a value may be opened: an action runs, a token endpoint is called, or a test looks. */
export const purposes = ['execute', 'refresh', 'test'] as const
export type Purpose = (typeof purposes)[number]

/** One value that left the vault. */
export interface Opening {
  /** Counts from 1, without gaps. */
  readonly seq: number
  /** Milliseconds since the epoch, by the vault's clock. */
  readonly at: number
  readonly connectionId: string | null
  readonly field: string | null
  readonly purpose: Purpose
  readonly kid: string
}

type Listener = (opening: Opening) => void

/**
 * Every opening, in order. What is not in it was not opened.
 *
 * @example
 * const before = vault.openings.count
 * await client.connections.list()
 * expect(vault.openings.count).toBe(before)
 */
export interface Openings {
  /** How many there were. */
  readonly count: number
  /** Those after `seq`, oldest first; by default all. The log keeps the last 10 000. */
  list(after?: number): readonly Opening[]
  /**
   * Calls `listener` with each opening before the secret is handed out; answers how to stop. If it throws, the secret
   * is not handed out: what cannot be recorded does not happen.
   */
  subscribe(listener: Listener): () => void
}

const kept = 10_000

export class OpeningLog implements Openings {
  #count = 0
  #log: Opening[] = []
  readonly #listeners = new Set<Listener>()

  get count(): number {
    return this.#count
  }

  list(after = 0): readonly Opening[] {
    return this.#log.filter(({ seq }) => seq > after).slice(-kept)
  }

  subscribe(listener: Listener): () => void {
    // A function subscribed twice is called twice, and each is stopped on its own
    const own: Listener = (opening) => listener(opening)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  record({ at, connectionId, field, purpose, kid }: Omit<Opening, 'seq'>): void {
    const entry = Object.freeze({ seq: ++this.#count, at, connectionId, field, purpose, kid })
    // Cut in bulk: a shift at every opening would move the whole log
    if (this.#log.length >= 2 * kept) this.#log = this.#log.slice(-kept)
    this.#log.push(entry)
    for (const listener of this.#listeners) listener(entry)
  }
}
