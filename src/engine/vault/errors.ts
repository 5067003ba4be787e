/** What each code means; the message of an error adds which key or field, never a value. */
const messages = {
  /** Whatever the reason: no envelope, unknown or retired key, wrong context, altered bytes. */
  VAULT_OPEN_FAILED: 'The sealed value does not open',
  VAULT_INVALID_CONTEXT: 'The context of a sealed value is incomplete or malformed',
  VAULT_INVALID_PURPOSE: 'A sealed value is opened for execute, refresh or test',
  VAULT_INVALID_PLAINTEXT: 'Only well-formed text of at most 64 KiB can be sealed',
  VAULT_INVALID_KEY: 'The key is not 32 random bytes',
  VAULT_INVALID_KEY_ID: 'A key id is 1 to 40 characters of a-z, 0-9, _ and -',
  VAULT_KEY_EXISTS: 'The ring already has a key with this id',
  VAULT_KEY_NOT_FOUND: 'The ring has no key with this id',
  VAULT_KEY_RETIRED: 'The key is retired',
  VAULT_KEY_IN_USE: 'The key is still in use',
  VAULT_KEY_UNAVAILABLE: 'The key provider did not give the key',
  VAULT_NO_PRIMARY_KEY: 'The ring has no key',
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
