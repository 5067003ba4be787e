import { redactHeaders, redacted, redactText, redactValue } from '../../contract/secrets.js'
import { formsOf } from './forms.js'

/** How many characters of a form the index goes by; every form of a value of `minLength` has as many. */
const prefixLength = 8
/** Shorter values are taken out by the name of their field only: `eu` or `1234` would turn every text into noise. */
const minLength = 8
const maxValues = 1000
/** Characters of all remembered values together; their forms take about twenty times as much memory. */
const maxCharacters = 256 * 1024
const buckets = 1 << 14

/**
 * Takes secrets out of whatever is shown: what the contract knows by name and form, and the values that were opened in
 * this process, wherever they turn up, raw or in base64 (also inside a longer text, as in `Basic` credentials),
 * base64url, hexadecimal, percent, JSON or HTML notation.
 *
 * Values of fewer than 8 characters are not searched for. The latest 1000 values, 256 Ki characters in all, are
 * remembered; older ones are forgotten.
 *
 * @example journal.push(vault.redactor.value({ request, response }))
 */
export class Redactor {
  /** Oldest first. The forms of a value are made when a text is first searched, because opening must be cheap. */
  readonly #values = new Map<string, readonly string[] | undefined>()
  #youngest: string | undefined
  /** Whether any value has no forms yet. */
  #behind = false
  #characters = 0
  /** Forms by their first characters. */
  readonly #forms = new Map<string, string[]>()
  readonly #beforeForgetting: (() => void)[] = []
  /** How many forms begin with three characters of that hash: most places of a text are dismissed with one look. */
  #starts: Uint16Array | undefined

  /** Adds a value to search for. The vault does so for each one that it opens. */
  remember(value: string): void {
    if (value.length < minLength || value.length > maxCharacters) return
    // Most calls are about the connection of the call before
    if (value === this.#youngest) return
    this.#youngest = value
    if (this.#values.has(value)) {
      const forms = this.#values.get(value)
      this.#values.delete(value)
      this.#values.set(value, forms)
      return
    }
    this.#values.set(value, undefined)
    this.#behind = true
    this.#characters += value.length
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= maxValues && this.#characters <= maxCharacters) break
      this.#forget(oldest)
    }
  }

  /** Calls whoever keeps raw texts to take the secrets out of them later: now, before one is no longer known. */
  beforeForgetting(listener: () => void): void {
    this.#beforeForgetting.push(listener)
  }

  /** The text without secrets. */
  readonly text = (text: string): string => redactText(this.#withoutValues(text))

  /** A deep copy without secrets, as `redactValue` of the contract. */
  readonly value = (value: unknown): unknown => redactValue(value, this.text)

  /** Headers without secrets, as `redactHeaders` of the contract. */
  readonly headers = (headers: Headers | Readonly<Record<string, unknown>>): Record<string, string> =>
    redactHeaders(headers, this.text)

  /** Nothing of what is remembered shows in JSON; private fields do not print. */
  toJSON(): string {
    return `[redactor of ${this.#values.size} values]`
  }

  #withoutValues(text: string): string {
    this.#index()
    const starts = this.#starts
    if (!starts || this.#forms.size === 0) return text
    let result = ''
    /** Where the last secret ends. One that begins before that is part of the same gap. */
    let end = 0
    const last = text.length - prefixLength
    for (let at = 0; at <= last; at++) {
      if (starts[hashAt(text, at)] === 0) continue
      const length = this.#longestAt(text, at)
      if (length === 0) continue
      if (at >= end) result += text.slice(end, at) + redacted
      end = Math.max(end, at + length)
    }
    return result + text.slice(end)
  }

  #longestAt(text: string, at: number): number {
    let longest = 0
    for (const form of this.#forms.get(text.slice(at, at + prefixLength)) ?? []) {
      if (form.length > longest && text.startsWith(form, at)) longest = form.length
    }
    return longest
  }

  #index(): void {
    if (!this.#behind) return
    for (const [value, known] of this.#values) {
      if (known) continue
      const forms = formsOf(value)
      this.#values.set(value, forms)
      for (const form of forms) {
        const prefix = form.slice(0, prefixLength)
        const bucket = this.#forms.get(prefix)
        if (bucket) bucket.push(form)
        else this.#forms.set(prefix, [form])
        this.#count(form, 1)
      }
    }
    this.#behind = false
  }

  #forget(value: string): void {
    for (const listener of this.#beforeForgetting) listener()
    for (const form of this.#values.get(value) ?? []) {
      const prefix = form.slice(0, prefixLength)
      const bucket = this.#forms.get(prefix) ?? []
      bucket.splice(bucket.indexOf(form), 1)
      if (bucket.length === 0) this.#forms.delete(prefix)
      this.#count(form, -1)
    }
    this.#values.delete(value)
    this.#characters -= value.length
  }

  #count(form: string, by: 1 | -1): void {
    const start = hashAt(form, 0)
    // Not before: each fork of a mock has a redactor, and most never open anything
    this.#starts ??= new Uint16Array(buckets)
    this.#starts[start] = (this.#starts[start] ?? 0) + by
  }
}

function hashAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 4) ^ (text.charCodeAt(at + 2) << 8)) & (buckets - 1)
  )
}
