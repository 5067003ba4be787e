import { kindOf } from '../../contract/mismatch.js'
import { redactText } from '../../contract/secrets.js'
import { didYouMean } from '../nearest.js'
import { importBase } from './cipher.js'
import { isKid, parseEnvelope } from './envelope.js'
import { VaultError } from './errors.js'
import { checkedKey, type KeySource } from './keys.js'
import { checkStore, entriesOf, type SealedStore } from './reseal.js'

/** `primary` seals and opens, `active` opens, `retired` does neither. */
export type KeyState = 'primary' | 'active' | 'retired'

interface Entry {
  /** Forgotten once the key is retired. */
  source: KeySource | undefined
  base: Promise<CryptoKey> | undefined
  /** Seals begun and seals still running under this key. */
  begun: number
  running: number
}

/** Why a key cannot be retired yet, and what to do first. */
const remedies = {
  primary: 'it is the primary key, which seals; promote another one first: keys.promote(kid)',
  sealing:
    'it is sealing, or has just sealed, a value; let that be stored, then vault.reseal(store), and try again',
  values: 'values under it are in the store; vault.reseal(store) first, and mind what it reports as failed',
} as const

/** A key for one value: `done()` once the value is sealed. */
interface SealingKey {
  readonly kid: string
  readonly base: Promise<CryptoKey>
  done(): void
}

/** Whether it is one of this class, and no stand-in, which has no keys. */
export let isKeyRing: (value: unknown) => value is KeyRing
/** For the vault alone: whoever holds a ring can turn keys, but not use them. */
export let sealingKey: (ring: KeyRing) => SealingKey
export let openingKey: (ring: KeyRing, kid: string) => Promise<CryptoKey> | undefined

/**
 * Keys by id. The first one that is added seals; those added later open, until one is promoted.
 *
 * Rotation: `add` the new key everywhere, `promote` it, `vault.reseal(store)`, `retire` the old one.
 *
 * @example
 * const keys = new KeyRing()
 * keys.add('2025-01', keyFromText(process.env.WEAVZ_VAULT_KEY))
 */
export class KeyRing {
  readonly #entries = new Map<string, Entry>()
  #primary: string | undefined

  static {
    isKeyRing = (value): value is KeyRing => Object(value) === value && #entries in (value as object)
    sealingKey = (ring) => ring.#sealing()
    openingKey = (ring, kid) => {
      const entry = ring.#entries.get(kid)
      return entry?.source && ring.#load(entry)
    }
  }

  /** Id of the key that seals; undefined while the ring is empty. */
  get primary(): string | undefined {
    return this.#primary
  }

  /** Every key and its state, in the order in which they were added. */
  list(): { kid: string; state: KeyState }[] {
    return Array.from(this.#entries, ([kid, { source }]) => ({
      kid,
      state: kid === this.#primary ? 'primary' : source ? 'active' : 'retired',
    }))
  }

  /**
   * Adds a key: as primary if it is the first, else as active. Bytes are checked and copied at once; a function is
   * called when the key is first needed.
   *
   * @param kid 1 to 40 characters of `a-z`, `0-9`, `_`, `-`; it is part of every value sealed under the key.
   * @throws VaultError `VAULT_INVALID_KEY_ID`, `VAULT_KEY_EXISTS` (also for the id of a retired key), `VAULT_INVALID_KEY`
   */
  add(kid: string, source: KeySource): this {
    if (!isKid(kid)) throw new VaultError('VAULT_INVALID_KEY_ID')
    if (this.#entries.has(kid)) throw new VaultError('VAULT_KEY_EXISTS', kid)
    const checked = typeof source === 'function' ? source : checkedKey(source)
    this.#entries.set(kid, { source: checked, base: undefined, begun: 0, running: 0 })
    this.#primary ??= kid
    return this
  }

  /**
   * Makes an active key the primary one; the former primary stays active. A provider is asked first, so that a key
   * that cannot be had never becomes the one that seals.
   *
   * @throws VaultError `VAULT_KEY_NOT_FOUND`, `VAULT_KEY_RETIRED`, `VAULT_KEY_UNAVAILABLE`, `VAULT_INVALID_KEY`
   */
  async promote(kid: string): Promise<void> {
    await this.#load(this.#usable(kid))
    this.#usable(kid)
    this.#primary = kid
  }

  /**
   * Retires an active key and forgets it. Refused while `store` holds a value under it: reseal first. A writer that
   * has sealed a value and not stored it yet cannot be seen from here, so let writes that began before `promote`
   * finish.
   *
   * @throws VaultError `VAULT_KEY_IN_USE` for the primary key, while values under the key exist or are being sealed:
   * the message says what to do first; `VAULT_KEY_NOT_FOUND`; `VAULT_INVALID_ARGUMENT` for what is no store
   */
  async retire(kid: string, store: Pick<SealedStore, 'list'>): Promise<void> {
    checkStore('retire', store, 'list')
    const entry = this.#entry(kid)
    if (!entry.source) return
    const begun = entry.begun
    this.#checkIdle(kid, entry, begun)
    for await (const { envelope } of entriesOf(store)) {
      if (parseEnvelope(envelope)?.kid === kid) throw new VaultError('VAULT_KEY_IN_USE', remedies.values)
    }
    // The key may have sealed again while the store was read
    this.#checkIdle(kid, entry, begun)
    entry.source = undefined
    entry.base = undefined
  }

  #checkIdle(kid: string, entry: Entry, begun: number): void {
    if (kid === this.#primary) throw new VaultError('VAULT_KEY_IN_USE', remedies.primary)
    if (entry.running > 0 || entry.begun !== begun) throw new VaultError('VAULT_KEY_IN_USE', remedies.sealing)
  }

  #entry(kid: string): Entry {
    const entry = this.#entries.get(kid)
    if (entry) return entry
    // The id itself is not shown: a key may have come in its place
    const meant = didYouMean(kid, [...this.#entries.keys()])
    throw new VaultError('VAULT_KEY_NOT_FOUND', `add it first, or take one of keys.list()${meant}`)
  }

  #usable(kid: string): Entry {
    const entry = this.#entry(kid)
    if (!entry.source) throw new VaultError('VAULT_KEY_RETIRED', kid)
    return entry
  }

  #sealing(): SealingKey {
    const kid = this.#primary
    if (kid === undefined) throw new VaultError('VAULT_NO_PRIMARY_KEY')
    const entry = this.#usable(kid)
    entry.begun++
    entry.running++
    return { kid, base: this.#load(entry), done: () => entry.running-- }
  }

  /** Imports a key once; whoever comes meanwhile waits for the same import. */
  #load(entry: Entry): Promise<CryptoKey> {
    return (entry.base ??= importKey(entry.source).catch((error: unknown) => {
      entry.base = undefined
      throw error
    }))
  }
}

function messageOf(error: unknown): string {
  const message: unknown = typeof error === 'string' ? error : Object(error).message
  return typeof message === 'string' ? message : `it threw ${kindOf(error)}`
}

async function importKey(source: KeySource | undefined): Promise<CryptoKey> {
  let given: Uint8Array | undefined
  try {
    given = typeof source === 'function' ? await source() : source
  } catch (error) {
    // Not as `cause`: the error of a KMS client may carry the request and its credentials
    throw new VaultError('VAULT_KEY_UNAVAILABLE', redactText(messageOf(error)))
  }
  const key = checkedKey(given as Uint8Array)
  try {
    const base = await importBase(key)
    // From here on only WebCrypto holds the ring's copy, and it gives it to nobody
    if (source instanceof Uint8Array) source.fill(0)
    return base
  } finally {
    key.fill(0)
  }
}
