import { redacted } from '../../contract/secrets.js'
import type { Redactor } from '../../engine/vault/redactor.js'

/** What the journal shows of what is not JSON of the API, where no name tells what is secret. */

/** Longer bodies are not kept. */
const maxBytes = 2 * 1024 * 1024
/** How much of a page or another text is kept. */
const maxCharacters = 4000

/** The fields that are neither credentials nor what a user typed; whatever else there is may be either. */
const shownFields = new Set([
  ...['account', 'client_id', 'code_challenge_method', 'decision', 'grant_type', 'id', 'intent'],
  ...['redirect_uri', 'resource', 'response_mode', 'response_type', 'scope'],
])

/** A query or a form, by name. */
export function fieldsOf(params: URLSearchParams, redactor: Redactor): Record<string, string> {
  const fields = Array.from(params, ([name, value]): [string, string] => [
    redactor.text(name),
    shownFields.has(name) ? redactor.text(value) : redacted,
  ])
  return Object.fromEntries(fields)
}

/** The headers that hold addresses, in whose queries codes travel. */
const addresses = ['location', 'referer']

export function headersOf(
  headers: Readonly<Record<string, string>>,
  redactor: Redactor,
): Record<string, string> {
  // In one order, whoever made them
  const names = Object.keys(headers).sort()
  const shown = redactor.headers(Object.fromEntries(names.map((name) => [name, headers[name]])))
  for (const name of addresses) {
    const text = shown[name]
    if (text !== undefined)
      shown[name] = text.replace(/([?&](?:code|state|error\w*)=)[^&#]*/g, `$1${redacted}`)
  }
  return shown
}

type Message = Request | Response

/** A message that was read for the journal, while others go on with it. */
export async function readShown(message: Message, redactor: Redactor): Promise<unknown> {
  if (!message.body) return undefined
  const type = (message.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const text = await textOf(message.clone())
  if (text === undefined) return `[${type || 'a body'} of more than ${maxBytes} bytes]`
  if (text === '') return undefined
  if (/^application\/(?:.+\+)?json$/.test(type)) return jsonOf(text, redactor)
  if (type === 'application/x-www-form-urlencoded') return fieldsOf(new URLSearchParams(text), redactor)
  // Of a request it may be anything, and whoever wrote it wants these searches to take long
  if (type === 'text/html' && message instanceof Response) return excerptOf(pageOf(text), redactor)
  return type.startsWith('text/') ? excerptOf(text, redactor) : `[${type || 'a body'}]`
}

/** The text of a message; undefined if it is too long to be kept. */
export async function textOf({ body }: Message): Promise<string | undefined> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (;;) {
    const part = await reader?.read()
    if (!part || part.done) return text + decoder.decode()
    size += part.value.byteLength
    if (size > maxBytes) {
      // Not awaited: a cloned stream waits until its twin is cancelled, too
      void reader?.cancel().catch(() => undefined)
      return undefined
    }
    text += decoder.decode(part.value, { stream: true })
  }
}

function jsonOf(text: string, redactor: Redactor): unknown {
  try {
    return redactor.value(JSON.parse(text))
  } catch {
    return excerptOf(text, redactor)
  }
}

function excerptOf(text: string, redactor: Redactor): string {
  const shown = redactor.text(text)
  if (shown.length <= maxCharacters) return shown
  return `${shown.slice(0, maxCharacters)}… [${shown.length - maxCharacters} more characters]`
}

/** What is in the body of one of our own pages, without scripts and without what its inputs hold. */
function pageOf(text: string): string {
  return text
    .slice(Math.max(0, text.indexOf('<body')))
    .replace(/<(script|style)\b[^]*?<\/\1>/g, '')
    .replace(/(<input\b[^>]*?\bvalue=")[^"]*/g, `$1${redacted}`)
    .replace(/\s+/g, ' ')
    .trim()
}

/** The errors of RFC 6749 §5.2. */
const tokenErrors = new Set([
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'],
  ...['unsupported_grant_type', 'invalid_scope'],
])

/**
 * What a token endpoint answered, as far as it cannot hold a token: whose it is, and what it means by its fields, is
 * not known here.
 */
export function tokenAnswerOf(text: string, redactor: Redactor): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined
  const fields = Object.entries(answer).map(([name, value]): [string, unknown] => {
    const harmless =
      (name === 'expires_in' && typeof value === 'number') ||
      (name === 'token_type' && /^bearer$/i.test(String(value))) ||
      (name === 'error' && tokenErrors.has(String(value)))
    return [redactor.text(name), harmless ? value : redacted]
  })
  return Object.fromEntries(fields)
}
