import { redactText, redactValue, redacted } from '../contract/secrets.js'

/** Shorter texts occur by chance in any message, and would be of no use as a secret. */
const shortestSecret = 4

export type Redact = (text: string) => string

/**
 * Redaction for one failed call: what has the form of a secret, and besides, word for word, the key and the credentials
 * that this very call sent, should the answer repeat them. Costs nothing until an error is made.
 */
export function redactorFor(apiKey: string | undefined, body: unknown): Redact {
  const secrets = new Set<string>()
  if (apiKey !== undefined) secrets.add(apiKey)
  collectSecrets(body, redactValue(body), secrets)
  const known = [...secrets].filter((secret) => secret.length >= shortestSecret)
  // Longest first: one secret may begin with another
  known.sort((a, b) => b.length - a.length)
  return (text) => redactText(known.reduce((result, secret) => result.replaceAll(secret, redacted), text))
}

/** The texts that redaction took out are the secret ones: nothing else needs to know the rules. */
function collectSecrets(value: unknown, shown: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    if (shown === redacted) into.add(value)
  } else if (typeof value === 'object' && value !== null) {
    const copy = typeof shown === 'object' && shown !== null ? shown : {}
    for (const [key, item] of Object.entries(value)) collectSecrets(item, Reflect.get(copy, key), into)
  }
}

/**
 * A copy of what a `fetch` threw, fit to be kept as `cause`: names, codes and messages, redacted. The original may carry
 * the request with its headers, and is printed with them.
 */
export function safeCause(error: unknown, redact: Redact, depth = 0): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error)))
  const nested: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
  const cause = nested === undefined || depth > 3 ? undefined : safeCause(nested, redact, depth + 1)
  const copy: Error & { code?: unknown } = new Error(redact(error.message), cause && { cause })
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code === 'string') copy.code = code
  copy.name = error.name
  if (error.stack !== undefined) copy.stack = redact(error.stack)
  return copy
}
