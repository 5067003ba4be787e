import { systemClock, type Clock } from '../clock.js'
import { secureRandom, type RandomSource } from '../random.js'
import { sealBytes } from './cipher.js'
import { encodeContext, isWellFormed, type EncodedContext, type VaultContext } from './context.js'
import { formatEnvelope, maxPlaintext, parseEnvelope, saltLength } from './envelope.js'
import { VaultError } from './errors.js'
import { sealingKey, type KeyRing } from './key-ring.js'
import { Openers } from './openers.js'
import { OpeningLog, purposes, type Openings, type Purpose } from './openings.js'
import { Redactor } from './redactor.js'
import { resealAll, type ResealOptions, type ResealResult, type SealedStore } from './reseal.js'
import { Secret } from './secret.js'

export interface VaultOptions {
  readonly keys: KeyRing
  /** Where salts come from. Default: the platform's secure random source. Anything else is for tests. */
  readonly random?: RandomSource
  /** Where the time of an opening comes from. Default: the machine's clock. */
  readonly clock?: Clock
}

export interface Vault {
  /** The keys, for rotation. */
  readonly keys: KeyRing
  /** Every value that was opened. */
  readonly openings: Openings
  /** Takes out of text and objects what was opened here, beside what is a secret by its name or form. */
  readonly redactor: Redactor

  /**
   * Seals a text under the primary key, bound to its context. Calls may overlap.
   *
   * @param plaintext At most 64 KiB of UTF-8.
   * @throws VaultError `VAULT_INVALID_PLAINTEXT`, `VAULT_INVALID_CONTEXT`, `VAULT_NO_PRIMARY_KEY`,
   * `VAULT_KEY_UNAVAILABLE`, `VAULT_INVALID_KEY`
   * @example row.secretText = await vault.seal(body.secretText, { ...context, field: 'secretText' })
   */
  seal(plaintext: string, context: VaultContext): Promise<string>

  /**
   * Opens a sealed value and records that. The only way to a plaintext.
   *
   * @throws VaultError `VAULT_OPEN_FAILED` whatever is wrong with value, key or context; `VAULT_INVALID_PURPOSE`,
   * `VAULT_INVALID_CONTEXT`, and `VAULT_KEY_UNAVAILABLE`, `VAULT_INVALID_KEY` if the provider of the key fails
   * @example const secret = await vault.open(row.secretText, context, 'execute')
   */
  open(envelope: string, context: VaultContext, purpose: Purpose): Promise<Secret>

  /**
   * Brings every value of a store under the primary key. Writers may go on meanwhile: a value that they changed is
   * never overwritten, and every value opens at all times. It may be stopped and called again. No plaintext leaves
   * the vault, so that nothing is recorded as an opening.
   *
   * @example
   * await vault.keys.promote('2025-07')
   * const { complete } = await vault.reseal(store)
   */
  reseal(store: SealedStore, options?: ResealOptions): Promise<ResealResult>
}

/** AES-256 at rest for credentials: docs/encryption.md. */
export function createVault({ keys, random = secureRandom, clock = systemClock }: VaultOptions): Vault {
  const openings = new OpeningLog()
  const openers = new Openers(keys)
  const redactor = new Redactor()
  const encoder = new TextEncoder()
  // Without `ignoreBOM` a text that starts with U+FEFF would come back without it
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  async function sealUnderPrimary(
    plaintext: Uint8Array<ArrayBuffer>,
    context: EncodedContext,
  ): Promise<string> {
    try {
      // Before anything waits: with a seeded source the order of the calls decides who gets which salt
      const salt = random.bytes(saltLength)
      const { kid, base, done } = sealingKey(keys)
      try {
        return formatEnvelope(await sealBytes(kid, await base, salt, context, plaintext))
      } finally {
        done()
      }
    } finally {
      plaintext.fill(0)
    }
  }

  function decodeAndWipe(bytes: Uint8Array<ArrayBuffer>): string | undefined {
    try {
      return decoder.decode(bytes)
    } catch {
      // Whoever holds the key may have sealed what is no text
      return undefined
    } finally {
      bytes.fill(0)
    }
  }

  return {
    keys,
    openings,
    redactor,

    async seal(plaintext, context) {
      if (typeof plaintext !== 'string' || plaintext.length > maxPlaintext || !isWellFormed(plaintext)) {
        throw new VaultError('VAULT_INVALID_PLAINTEXT')
      }
      const bytes = encoder.encode(plaintext)
      if (bytes.length > maxPlaintext) throw new VaultError('VAULT_INVALID_PLAINTEXT')
      return sealUnderPrimary(bytes, encodeContext(context))
    },

    async open(text, context, purpose) {
      if (!purposes.includes(purpose)) throw new VaultError('VAULT_INVALID_PURPOSE')
      const encoded = encodeContext(context)
      // Now, because the caller may change the object while the value is being opened
      const { connectionId, field } = context
      const opened = await openers.open(text, encoded)
      const plaintext = opened && decodeAndWipe(opened.bytes)
      if (!opened || plaintext === undefined) throw new VaultError('VAULT_OPEN_FAILED')
      redactor.remember(plaintext)
      openings.record({ at: clock.now(), connectionId, field, purpose, kid: opened.kid })
      return new Secret(plaintext)
    },

    reseal: (store, options = {}) =>
      resealAll(
        store,
        async ({ envelope: text, context }) => {
          if (parseEnvelope(text)?.kid === keys.primary) return undefined
          const encoded = encodeContext(context)
          const opened = await openers.open(text, encoded)
          return opened ? sealUnderPrimary(opened.bytes, encoded) : null
        },
        options,
      ),
  }
}
