import { standInFor } from './stand-in.js'

export type PlainHeaders = Readonly<Record<string, string>>

/** What a platform would take as it is, and so would everybody else: in small letters, without white space at the ends. */
const plainName = /^[a-z][a-z\d-]*$/
const plainValue = /^[!-~](?:[ -~]*[!-~])?$/

/**
 * Headers made of texts. A platform checks, sorts and copies them, all to be asked for one or two, and the journal has to
 * copy them back.
 */
class TextHeaders {
  readonly #plain: PlainHeaders
  #whole: Headers | undefined

  constructor(plain: PlainHeaders) {
    this.#plain = plain
  }

  get(name: string): string | null {
    if (!this.#whole) {
      if (Object.hasOwn(this.#plain, name)) return this.#plain[name] as string
      // In other letters it may be there all the same, or be no name at all
      if (plainName.test(name)) return null
    }
    return this.whole.get(name)
  }

  /** From here on what counts, because whoever has it may change it. */
  get whole(): Headers {
    return (this.#whole ??= new Headers(this.#plain))
  }

  static plain(headers: Headers): PlainHeaders | undefined {
    return #plain in headers && !headers.#whole ? headers.#plain : undefined
  }
}
standInFor(TextHeaders, Headers)

/** A copy of the headers, if these are texts that a platform would take as they are. */
function textsOf(init: HeadersInit): Record<string, string> | undefined {
  if (Object(init) !== init || Object.getPrototypeOf(init) !== Object.prototype) return undefined
  const texts = { ...(init as Record<string, string>) }
  for (const name of Reflect.ownKeys(texts)) {
    if (typeof name !== 'string' || !plainName.test(name)) return undefined
    const value: unknown = texts[name]
    if (typeof value !== 'string' || !plainValue.test(value)) return undefined
  }
  return texts
}

/**
 * Headers of what `fetch`, `Request` and `Response` take for headers.
 *
 * @param contentType Unless there is one.
 * @throws TypeError as the platform does for what are none.
 */
export function headersFrom(init: HeadersInit = {}, contentType?: string): Headers {
  const texts = textsOf(init)
  if (texts) {
    if (contentType !== undefined) texts['content-type'] ??= contentType
    return textHeaders(texts)
  }
  const headers = new Headers(init)
  if (contentType !== undefined && !headers.has('content-type')) headers.set('content-type', contentType)
  return headers
}

/**
 * Headers of texts that are known to be such: names in small letters, values without white space at the ends. Takes over
 * the object, which must not change any more.
 */
export const textHeaders = (texts: PlainHeaders): Headers => new TextHeaders(texts) as unknown as Headers

/** The headers as they are now, in any order. */
export function plainHeaders(headers: Headers): PlainHeaders {
  return TextHeaders.plain(headers) ?? Object.fromEntries(headers)
}
