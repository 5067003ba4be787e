import { systemClock, type Clock } from '../clock.js'
import { secureRandom, type RandomSource } from '../random.js'
import { sealBytes } from './cipher.js'
import {
  contextTexts,
  encodeContext,
  encodeTexts,
  isWellFormed,
  type EncodedContext,
  type VaultContext,
} from './context.js'
import { formatEnvelope, maxPlaintext, parseEnvelope, saltLength } from './envelope.js'
import { checkOptionNames, invalidArgument, received, VaultError } from './errors.js'
import { isKeyRing, sealingKey, type KeyRing } from './key-ring.js'
import { isBytes } from './keys.js'
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
   * `VAULT_KEY_UNAVAILABLE`, `VAULT_INVALID_KEY`; `VAULT_INVALID_ARGUMENT` if `random` gives no salt
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
   * @throws VaultError `VAULT_INVALID_ARGUMENT` if the store or the options are none; `VAULT_NO_PRIMARY_KEY`,
   * `VAULT_INVALID_CONTEXT`, and `VAULT_KEY_UNAVAILABLE`, `VAULT_INVALID_KEY` if the provider of a key fails; the reason
   * of `signal`; what the store throws
   * @example
   * await vault.keys.promote('2025-07')
   * const { complete } = await vault.reseal(store)
   */
  reseal(store: SealedStore, options?: ResealOptions): Promise<ResealResult>
}

/**
 * AES-256 at rest for credentials.
 *
 * @see docs/encryption.md
 * @throws VaultError `VAULT_INVALID_ARGUMENT` for options that cannot be used or that there are not
 * @example const vault = createVault({ keys: new KeyRing().add('2025-01', keyFromText(process.env.WEAVZ_VAULT_KEY)) })
 */
export function createVault(options: VaultOptions): Vault {
  checkOptions(options)
  const { keys, random = secureRandom, clock = systemClock } = options
  const log = new OpeningLog()
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
      if (plaintext.length > maxPlaintext) throw new VaultError('VAULT_INVALID_PLAINTEXT')
      // Before anything waits: with a seeded source the order of the calls decides who gets which salt
      const given = random.bytes(saltLength)
      // A copy, because the source may give the same buffer for the next value
      const salt = isBytes(given) ? new Uint8Array(given) : undefined
      if (salt?.length !== saltLength) {
        throw invalidArgument(`\`random\` must give the ${saltLength} bytes that it is asked for`)
      }
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
    openings: readOnly(log),
    redactor,

    async seal(plaintext, context) {
      if (typeof plaintext !== 'string') throw new VaultError('VAULT_INVALID_PLAINTEXT', notText(plaintext))
      if (plaintext.length > maxPlaintext || !isWellFormed(plaintext)) {
        throw new VaultError('VAULT_INVALID_PLAINTEXT')
      }
      const encoded = encodeContext(context)
      return sealUnderPrimary(encoder.encode(plaintext), encoded)
    },

    async open(text, context, purpose) {
      if (!purposes.includes(purpose)) throw new VaultError('VAULT_INVALID_PURPOSE')
      const texts = contextTexts(context)
      // Now, because the caller may change the object while the value is being opened
      const { connectionId, field } = context
      const opened = await openers.open(text, texts)
      const plaintext = opened && decodeAndWipe(opened.bytes)
      if (!opened || plaintext === undefined) throw new VaultError('VAULT_OPEN_FAILED')
      redactor.remember(plaintext)
      log.record({ at: clock.now(), connectionId, field, purpose, kid: opened.kid })
      return new Secret(plaintext)
    },

    async reseal(store, options = {}) {
      // Without one every value that is none would pass for done
      if (keys.primary === undefined) throw new VaultError('VAULT_NO_PRIMARY_KEY')
      return resealAll(
        store,
        async ({ envelope: text, context }) => {
          if (parseEnvelope(text)?.kid === keys.primary) return undefined
          const texts = contextTexts(context)
          const opened = await openers.open(text, texts)
          return opened ? sealUnderPrimary(opened.bytes, encodeTexts(texts)) : null
        },
        options,
      )
    },
  }
}

const optionNames: Readonly<Record<keyof VaultOptions, true>> = { keys: true, random: true, clock: true }

function checkOptions(options: VaultOptions): void {
  if (Object(options) !== options) throw invalidArgument('createVault takes an object: createVault({ keys })')
  checkOptionNames('createVault', options, optionNames)
  const { keys, random, clock } = options
  if (!isKeyRing(keys)) {
    throw invalidArgument(
      typeof Reflect.get(Object(keys), 'promote') === 'function'
        ? '`keys` stands in for a KeyRing, or is one of another copy of the package: take both from one copy'
        : `\`keys\` must be a KeyRing, ${received(keys)}; ` +
            "for example createVault({ keys: new KeyRing().add('2025-01', keyFromText(text)) })",
    )
  }
  checkMethod('random', random, 'bytes')
  checkMethod('clock', clock, 'now')
}

function checkMethod(option: string, given: unknown, method: string): void {
  if (given === undefined || typeof Reflect.get(Object(given), method) === 'function') return
  throw invalidArgument(`\`${option}\` must have a method \`${method}\`, ${received(given)}`)
}

function notText(given: unknown): string {
  return given instanceof Secret ? 'received a Secret: seal what its reveal() gives' : received(given)
}

/** The log as its readers see it: only the vault writes to it. */
function readOnly(log: OpeningLog): Openings {
  return {
    get count() {
      return log.count
    },
    list: (after) => log.list(after),
    subscribe(listener) {
      // Else every opening would fail from here on
      if (typeof listener !== 'function')
        throw invalidArgument(`subscribe takes a function, ${received(listener)}`)
      return log.subscribe(listener)
    },
  }
}
