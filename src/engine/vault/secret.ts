import { redacted } from '../../contract/secrets.js'
import { invalidArgument, received } from './errors.js'

/**
 * An opened value that does not show. `reveal()` gives the text; printing, JSON, templates, `util.inspect` and the
 * diffs of test runners give `[secret]`. Two of them are structurally equal whatever they hold, so that a comparison
 * tells nothing either: to compare, reveal.
 *
 * @example
 * const secret = await vault.open(envelope, context, 'execute')
 * `${secret}` // '[secret]'
 * secret.reveal() // the credential
 */
export class Secret {
  /** A private field is out of reach of inspection, also with `showHidden`, of JSON and of structured clones. */
  readonly #text: string

  /** @throws VaultError `VAULT_INVALID_ARGUMENT` for what is no text */
  constructor(text: string) {
    if (typeof text !== 'string') throw invalidArgument(`a Secret holds a text, ${received(text)}`)
    this.#text = text
    Object.freeze(this)
  }

  /** The text itself. Hand it to the third party, and to nothing that prints. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  /** Node, Deno and Bun print what this returns. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted
  }
}
