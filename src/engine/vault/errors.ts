import { kindOf } from '../../contract/mismatch.js'
import { didYouMean, shownName, strangeOption } from '../nearest.js'

/** What each code means; the message of an error adds which key, field or option, never a value. */
const messages = {
  /** Whatever the reason: no envelope, unknown or retired key, wrong context, altered bytes. */
  VAULT_OPEN_FAILED: 'The sealed value does not open',
  /** Only plain JavaScript, or a cast, gets there. */
  VAULT_INVALID_ARGUMENT: 'An argument cannot be used',
  VAULT_INVALID_CONTEXT: 'The context of a sealed value is incomplete or malformed',
  VAULT_INVALID_PURPOSE: 'A sealed value is opened for execute, refresh or test',
  VAULT_INVALID_PLAINTEXT: 'Only well-formed text of at most 64 KiB can be sealed',
  VAULT_INVALID_KEY: 'The key is not 32 random bytes',
  VAULT_INVALID_KEY_ID: 'A key id is 1 to 40 characters of a-z, 0-9, _ and -',
  VAULT_KEY_EXISTS: 'The ring has, or had, a key with this id; give the new one another id',
  VAULT_KEY_NOT_FOUND: 'The ring has no key with this id',
  VAULT_KEY_RETIRED: 'The key is retired and forgotten; add the next one under another id',
  VAULT_KEY_IN_USE: 'The key is still in use',
  VAULT_KEY_UNAVAILABLE: 'The key provider did not give the key',
  VAULT_NO_PRIMARY_KEY: 'The ring has no key yet; add one with keys.add(kid, source)',
} as const

/** The stable codes of `VaultError`. */
export type VaultErrorCode = keyof typeof messages

/**
 * Every error of the vault. `code` is stable and safe to branch on; neither the message nor any property carries a
 * key, a secret or a part of an envelope.
 *
 * @example if (error instanceof VaultError && error.code === 'VAULT_KEY_IN_USE') await vault.reseal(store)
 */
export class VaultError extends Error {
  override readonly name = 'VaultError'

  constructor(
    readonly code: VaultErrorCode,
    detail?: string,
  ) {
    super(detail ? `${messages[code]}: ${detail}` : messages[code])
  }
}

/** For an argument that the types refuse. */
export function invalidArgument(detail: string): VaultError {
  return new VaultError('VAULT_INVALID_ARGUMENT', detail)
}

/** What came instead, by its kind alone, because it may be a secret. */
export function received(value: unknown): string {
  return `received ${value instanceof Promise ? 'a promise: await it' : kindOf(value)}`
}

/**
 * @param call Whose options they are.
 * @throws VaultError `VAULT_INVALID_ARGUMENT` for a name that no option has.
 */
export function checkOptionNames(call: string, options: object, names: Readonly<Record<string, true>>): void {
  const strange = strangeOption(options, names)
  if (strange === undefined) return
  const known = Object.keys(names)
  const meant = didYouMean(strange, known)
  // What resembles no option is not shown: it may be a key, and those have no form to tell them by
  throw invalidArgument(
    meant
      ? `${call} has no option ${shownName(strange)}${meant}`
      : `${call} was given an option that it does not have; it has only: ${known.join(', ')}`,
  )
}
