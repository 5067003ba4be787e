import type { Bytes } from '../bytes.js'
import { openAgain, openBytes, type Opener } from './cipher.js'
import { encodeTexts, sameTexts, type ContextTexts } from './context.js'
import { parseEnvelope, type Envelope } from './envelope.js'
import { openingKey, type KeyRing } from './key-ring.js'

interface Entry {
  readonly envelope: Envelope
  readonly context: ContextTexts
  readonly opener: Opener
}

/** A value that opened, and the id of the key that it is sealed under. */
export interface Opened {
  readonly kid: string
  readonly bytes: Bytes
}

const kept = 256

/**
 * Opens envelopes, and keeps the derived keys of the latest 256 that opened more than once, so that an app which runs
 * one action after the other on a connection does not derive its keys each time. Kept are keys that nobody can extract,
 * never a plaintext: whoever can use them has the key ring, too.
 */
export class Openers {
  readonly #keys: KeyRing
  /** By the text of the envelope, so that any other bit is another entry. The least recently used comes first. */
  readonly #latest = new Map<unknown, Entry>()
  /** The last one of them: to put it behind itself would cost as much as to look it up. */
  #last: unknown
  /** What has opened lately. A platform's key is dear to let go of once it is old: most are never needed again. */
  readonly #once = new Set<unknown>()

  constructor(keys: KeyRing) {
    this.#keys = keys
  }

  /**
   * The plaintext, or undefined when the text is no envelope, or its key, place or tag does not fit.
   *
   * Rejects with VaultError `VAULT_INVALID_CONTEXT`.
   */
  open(text: unknown, context: ContextTexts): Promise<Opened | undefined> {
    const known = this.#latest.get(text)
    return known && sameTexts(known.context, context)
      ? this.#openAgain(text, known)
      : this.#openFirst(text, context)
  }

  async #openFirst(text: unknown, context: ContextTexts): Promise<Opened | undefined> {
    const encoded = encodeTexts(context)
    const envelope = parseEnvelope(text)
    // By key id alone: trying several keys would tell which one it was
    const base = envelope && openingKey(this.#keys, envelope.kid)
    const opened = base && (await openBytes(envelope, await base, encoded))
    // What does not open must not push out what does
    if (!opened) return undefined
    this.#note(text, { envelope, context, opener: opened.opener })
    return { kid: envelope.kid, bytes: opened.bytes }
  }

  async #openAgain(text: unknown, known: Entry): Promise<Opened | undefined> {
    const { envelope, opener } = known
    // Its key may have been retired since
    const bytes = openingKey(this.#keys, envelope.kid) && (await openAgain(opener, envelope))
    if (!bytes) return undefined
    if (text !== this.#last) this.#note(text, known)
    return { kid: envelope.kid, bytes }
  }

  #note(text: unknown, entry: Entry): void {
    if (!this.#latest.delete(text) && !this.#once.delete(text)) {
      if (this.#once.size === kept) this.#once.clear()
      this.#once.add(text)
      return
    }
    this.#latest.set(text, entry)
    this.#last = text
    if (this.#latest.size <= kept) return
    const [oldest] = this.#latest.keys()
    this.#latest.delete(oldest)
  }
}
