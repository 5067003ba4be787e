/**
 * What counts as a secret, by name and by form, and how it is taken out of whatever is shown: errors, logs, hooks,
 * the journal of the offline server. Pure and small, because the client's bundle carries it.
 *
 * Every pattern is linear on hostile input: a match that starts also ends, so nothing is scanned twice.
 */

/** What stands in the place of a secret. */
export const redacted = '[secret]'

/** The prefixes of the tokens that Weavz issues. `apr_` and `srv_` are not secrets. */
const issued = '(?:wvz|cst|eut|mcpo?)_'

/** How the name of a secret field or header ends: `access_token`, `clientSecret`, `X-Api-Key`, `Set-Cookie`. */
const name =
  '(?:secret(?:[-_]?text)?|pass(?:word|phrase)|token|(?:api|plain|private|secret|access)[-_]?key(?:[-_]?id)?|code[-_]?verifier|authorization|cookie|user[-_]?name)'

/** Fields that hold several credentials under names of their own. */
const bundles = /^(?:props|credentials?|secrets|auth[-_]?fields|callback[-_]?headers)$/i
/** Fields that are credentials only in the company of an access token. */
const alongside = /^(?:data|tokenType|scope_oauth)$/
const secretName = new RegExp(name + '$', 'i')

const patterns: readonly (readonly [RegExp, string])[] = [
  // `?access_token=…`, also percent-encoded inside another URL
  [new RegExp(`(${name}(?:=|%3D))(${issued})?[^\\s&"'<>;,]+`, 'gi'), `$1$2${redacted}`],
  // `"clientSecret":"…"`
  [new RegExp(`(${name}\\\\*"\\s*:\\s*\\\\*")(${issued})?(?:[^"\\\\]|\\\\[^])+`, 'gi'), `$1$2${redacted}`],
  // `https://user:password@host`
  [/(:\/\/)[^\s/@]+@/g, `$1${redacted}@`],
  // `Bearer …` and `Basic …`, but not prose such as "Bearer token required", nor what a challenge says
  [
    new RegExp(
      `(bearer|basic)(\\s+|%20)(?!(?:auth\\w*|tokens?|scheme|realm)(?:[\\s.,:;)]|$)|(?:error|resource_metadata)=")(${issued})?(?:\\[secret\\]|[\\w.~+/=%-]+)`,
      'gi',
    ),
    `$1$2$3${redacted}`,
  ],
  // `mcp_bearer` is the name of a token type, `mcp_tools` and `mcp_code` are sources of calls
  [new RegExp(`(${issued})(?!(?:bearer|tools|code)(?![\\w-]))[\\w-]+`, 'g'), `$1${redacted}`],
]
const jwt = /eyJ[\w-]{8,}(\.[\w-]+\.[\w-]*(?:\.[\w-]*)*)?/g

/**
 * Whether a field or header of that name holds a secret: `apiKey`, `refresh_token`, `Authorization`, `X-Api-Key`.
 *
 * @example isSecretName('client_secret') // true
 */
export function isSecretName(field: string): boolean {
  return secretName.test(field)
}

/**
 * The text without the secrets that can be told by their form: Weavz tokens (the prefix stays), `Bearer` and `Basic`
 * credentials, JSON Web Tokens, passwords in URLs, and values of secret names in queries and in JSON.
 *
 * @example redactText('key wvz_4f0c refused') // 'key wvz_[secret] refused'
 */
export function redactText(text: string): string {
  for (const [pattern, replacement] of patterns) text = text.replace(pattern, replacement)
  return text.replace(jwt, (match, rest) => (rest ? redacted : match))
}

/**
 * Headers as a plain object with lower-case names; the values of secret ones become `[secret]`.
 *
 * @param text How other values are redacted. Default `redactText`.
 * @example redactHeaders(response.headers)
 */
export function redactHeaders(
  headers: Headers | Readonly<Record<string, unknown>>,
  text: (value: string) => string = redactText,
): Record<string, string> {
  const entries: [string, unknown][] = headers instanceof Headers ? [...headers] : Object.entries(headers)
  return Object.fromEntries(
    entries.map(([key, value]) => [key.toLowerCase(), isSecretName(key) ? redacted : text(String(value))]),
  )
}

/** What a secret name means for the value below it. */
const enum Under {
  Nothing,
  /** A text or a list of texts is secret; an object is one of the API (`apiKey: { id, name }`) and is looked into. */
  Name,
  /** Everything below is secret. */
  Bundle,
}

/**
 * A deep copy without secrets, fit to be printed or stored. Values of secret names become `[secret]`, other text goes
 * through `redactText`; Map and Set stay what they are, errors and Headers become plain objects, whatever has a
 * `toJSON` (URL, Date) becomes that. Cycles become `[circular]`, what lies deeper than 20 levels `[deep]`, binary data
 * `[bytes]`. Never throws.
 *
 * @param text How text is redacted. Default `redactText`.
 * @example redactValue({ type: 'SECRET_TEXT', secretText: 'sk-1' }) // { type: 'SECRET_TEXT', secretText: '[secret]' }
 */
export function redactValue(value: unknown, text: (value: string) => string = redactText): unknown {
  const seen = new Map<unknown, unknown>()

  function copy(value: unknown, under: Under, depth: number): unknown {
    const type = typeof value
    if (type === 'function' || type === 'symbol') return `[${type}]`
    if (value == null || value === '' || type === 'boolean') return value
    if (type !== 'object') return under ? redacted : type === 'string' ? text(value as string) : value
    if (depth > 20) return '[deep]'
    if (!seen.has(value)) {
      seen.set(value, '[circular]')
      let result: unknown = '[unreadable]'
      try {
        result = copyObject(value, under, depth + 1)
      } catch {
        // A getter or a proxy that throws
      }
      seen.set(value, result)
    }
    return seen.get(value)
  }

  function copyObject(value: object, under: Under, depth: number): unknown {
    if (Array.isArray(value)) return value.map((item) => copy(item, under, depth))
    if (value instanceof Set) return new Set(Array.from(value, (item) => copy(item, under, depth)))
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]'
    if (value instanceof Headers) return redactHeaders(value, text)
    if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), under, depth)
    if (value instanceof Map) return new Map(fields(value, under, depth))
    const own: [unknown, unknown][] = Object.entries(value)
    if (value instanceof Error) {
      // Not enumerable, and what an error is about
      for (const key of ['name', 'message', 'stack', 'cause', 'errors']) {
        if (key in value) own.push([key, Reflect.get(value, key)])
      }
    }
    return Object.fromEntries(fields(own, under, depth))
  }

  function fields(entries: Iterable<[unknown, unknown]>, under: Under, depth: number): [string, unknown][] {
    const all = [...entries]
    const has = (field: string) => all.some(([key]) => key === field)
    // A catalog entry describes the field of a secret; it holds none
    if (has('displayName') && has('type')) under = Under.Nothing
    return all.map(([key, value]) => {
      const field = String(key)
      // Names for anything, but beside an access token they are what the provider said along with it
      const below =
        under === Under.Bundle || bundles.test(field) || (alongside.test(field) && has('accessToken'))
          ? Under.Bundle
          : isSecretName(field)
            ? Under.Name
            : Under.Nothing
      return [text(field), copy(value, below, depth)]
    })
  }

  return copy(value, Under.Nothing, 0)
}
