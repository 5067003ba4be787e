import { redactHeaders, redacted, redactText, redactValue } from '../../contract/secrets.js'
import { formsOf } from './forms.js'

/** How many characters of a form the index goes by; every form of a value of `minLength` has as many. */
const prefixLength = 8
/** Shorter values are taken out by the name of their field only: `eu` or `1234` would turn every text into noise. */
const minLength = 8
/** Of one generation. */
const maxValues = 1000
/** Of all values of one generation together; their forms take about twenty times as much memory. */
const maxCharacters = 256 * 1024
const buckets = 1 << 14

interface Remembered {
  readonly value: string
  /** Made when a text is first searched, because opening must be cheap. */
  forms: readonly string[] | undefined
}
type Generation = Map<number, Remembered>

/**
 * Takes secrets out of whatever is shown: what the contract knows by name and form, and the values that were opened in
 * this process, wherever they turn up, raw or in base64 (also inside a longer text, as in `Basic` credentials),
 * base64url, hexadecimal, percent, JSON or HTML notation.
 *
 * Values of fewer than 8 characters are not searched for. At least the latest 1000 values, or 256 Ki characters in all,
 * are remembered, and at most twice as many: older ones are forgotten together.
 *
 * @example journal.push(vault.redactor.value({ request, response }))
 */
export class Redactor {
  /** Two generations, because to forget the oldest values one by one would be the dearest thing about remembering. */
  #young: Generation = new Map()
  #old: Generation = new Map()
  #youngest: string | undefined
  /** Of the young ones. */
  #characters = 0
  /** Whether any value has no forms yet. */
  #behind = false
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
    const key = keyIn(this.#young, value)
    if (this.#young.has(key)) return
    const oldKey = keyIn(this.#old, value)
    const remembered = this.#old.get(oldKey) ?? { value, forms: undefined }
    this.#old.delete(oldKey)
    this.#behind ||= remembered.forms === undefined
    this.#young.set(key, remembered)
    this.#characters += value.length
    if (this.#young.size <= maxValues && this.#characters <= maxCharacters) return
    // Not before: whoever is told needs it to be known. It is the first of the next generation, because this one is full
    this.#forgetOld()
    this.#old.delete(key)
    this.#young.set(fingerprint(value), remembered)
    this.#characters = value.length
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
    return `[redactor of ${this.#young.size + this.#old.size} values]`
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
    for (const generation of [this.#old, this.#young]) {
      for (const remembered of generation.values()) {
        if (remembered.forms) continue
        remembered.forms = formsOf(remembered.value)
        for (const form of remembered.forms) this.#addForm(form)
      }
    }
    this.#behind = false
  }

  #addForm(form: string): void {
    const prefix = form.slice(0, prefixLength)
    const bucket = this.#forms.get(prefix)
    if (bucket) bucket.push(form)
    else this.#forms.set(prefix, [form])
    this.#count(form, 1)
  }

  #removeForm(form: string): void {
    const prefix = form.slice(0, prefixLength)
    const bucket = this.#forms.get(prefix) ?? []
    bucket.splice(bucket.indexOf(form), 1)
    if (bucket.length === 0) this.#forms.delete(prefix)
    this.#count(form, -1)
  }

  #forgetOld(): void {
    if (this.#old.size > 0) for (const listener of this.#beforeForgetting) listener()
    for (const { forms = [] } of this.#old.values()) {
      for (const form of forms) this.#removeForm(form)
    }
    this.#old = this.#young
    this.#young = new Map()
  }

  #count(form: string, by: 1 | -1): void {
    const start = hashAt(form, 0)
    // Not before: each fork of a mock has a redactor, and most never open anything
    this.#starts ??= new Uint16Array(buckets)
    this.#starts[start] = (this.#starts[start] ?? 0) + by
  }
}

/** Where a value is in a generation, or belongs: by its fingerprint, or behind those that have the same. */
function keyIn(generation: Generation, value: string): number {
  let key = fingerprint(value)
  for (let known = generation.get(key); known && known.value !== value; known = generation.get(key)) {
    key = (key + 1) | 0
  }
  return key
}

/**
 * Of both ends, because to hash all of a long value at each opening would take a tenth of the time that WebCrypto takes.
 * Values whose ends and length are the same stand behind one another, in the worst case a generation of them.
 */
function fingerprint(value: string): number {
  let hash = value.length
  for (let i = 0; i < minLength; i++) {
    hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0
    hash = (Math.imul(hash, 31) + value.charCodeAt(value.length - 1 - i)) | 0
  }
  return hash
}

function hashAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 4) ^ (text.charCodeAt(at + 2) << 8)) & (buckets - 1)
  )
}
