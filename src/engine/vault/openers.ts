import type { Bytes } from '../bytes.js'
import { equalBytes, openBytes, openerOf, type Opener } from './cipher.js'
import type { Envelope } from './envelope.js'

interface Entry {
  readonly context: Bytes
  readonly opener: Opener
}

const kept = 256

/**
 * Opens envelopes, and keeps the derived keys of the latest 256 that opened, so that an app which runs one action after
 * the other on a connection derives its keys once. Kept are keys that nobody can extract, never a plaintext: whoever
 * can use them has the key ring, too.
 */
export class Openers {
  /** By the text of the envelope, so that any other bit is another entry. The least recently used comes first. */
  readonly #latest = new Map<string, Entry>()

  /** The plaintext, or undefined when key, place or tag does not fit. `base` is the ring's, as it stands now. */
  async open(
    text: string,
    envelope: Envelope,
    base: Promise<CryptoKey>,
    context: Bytes,
  ): Promise<Bytes | undefined> {
    const known = this.#latest.get(text)
    if (known && equalBytes(known.context, context)) {
      this.#keep(text, known)
      return openBytes(known.opener, envelope)
    }
    const opener = await openerOf(envelope, await base, context)
    const bytes = opener && (await openBytes(opener, envelope))
    // What does not open must not push out what does
    if (bytes) this.#keep(text, { context, opener })
    return bytes
  }

  #keep(text: string, entry: Entry): void {
    this.#latest.delete(text)
    this.#latest.set(text, entry)
    if (this.#latest.size <= kept) return
    const [oldest] = this.#latest.keys()
    this.#latest.delete(oldest as string)
  }
}
