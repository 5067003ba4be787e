import { Refusal, invalid } from '../engine/refusal.js'
import { isWellFormed } from '../engine/vault/context.js'
import { sentText } from './messages/request.js'
import { cameOverNetwork } from './peer.js'

const utf8 = new TextEncoder()

/** The largest body that is read: 2 MiB. */
export const maxBodyBytes = 2 * 1024 * 1024

/** How much of a body that is too large is read without being kept: 16 MiB. */
const maxDiscardedBytes = 8 * maxBodyBytes

function tooLarge(limit: number): Refusal {
  const message = `The body is larger than ${limit} bytes`
  return new Refusal('VALIDATION_ERROR', message, { issues: [{ path: 'body', message }] }, { status: 413 })
}

/**
 * Lets the rest of a body run out. To hang up in the middle of an upload resets the connection, and the client then
 * sees that instead of the answer; what does not end is cut off all the same.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let size = 0; size < maxDiscardedBytes;) {
    const { done, value } = await reader.read()
    if (done) return
    size += value.byteLength
  }
  await reader.cancel().catch(() => undefined)
}

/** The text of a body; stops keeping it once it is larger than allowed, whatever its headers say. */
export async function readText(request: Request, limit = maxBodyBytes): Promise<string> {
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (declared > limit) throw tooLarge(limit)
  const sent = sentText(request)
  if (sent !== undefined) {
    // A character takes three bytes at most
    if (sent.length * 3 > limit && utf8.encode(sent).length > limit) throw tooLarge(limit)
    return sent
  }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  // Known to be small enough: servers have it whole in a fraction of the time that a stream of it takes
  if (declared <= limit && cameOverNetwork(request)) return decoder.decode(await request.arrayBuffer())
  if (request.body === null) return ''
  const reader = request.body.getReader()
  let text = ''
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.byteLength
    if (size > limit) {
      await discard(reader)
      throw tooLarge(limit)
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** How deep a body may nest: far beyond what people send, far below what overflows the stack of a recursive reader. */
const maxDepth = 200

/** What is wrong with a value, and where in it. */
interface Unstorable {
  readonly message: string
  readonly path: readonly string[]
}

/** Finds what JSON allows but nothing could store or send on: endless nesting, texts that are no Unicode, `__proto__`. */
function findUnstorable(value: unknown, depth = 0): Unstorable | undefined {
  if (typeof value === 'string') {
    return isWellFormed(value) ? undefined : { message: 'Expected well-formed Unicode', path: [] }
  }
  if (typeof value !== 'object' || value === null) return undefined
  // The path of what is too deep would be as long as the body
  if (depth === maxDepth) throw invalid('body', `Must not nest deeper than ${maxDepth} levels`)
  for (const name of Object.keys(value)) {
    if (!isWellFormed(name)) return { message: 'Expected keys in well-formed Unicode', path: [] }
    // What reads it as a field, what as the prototype, and what leaves it out, nobody could tell
    if (name === '__proto__') return { message: 'No field can have this name', path: [name] }
    const found = findUnstorable(value[name as keyof typeof value], depth + 1)
    if (found) return { message: found.message, path: [name, ...found.path] }
  }
  return undefined
}

/** The JSON of a body. Its content type is not looked at; an empty body counts as `{}`. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    const text = await readText(request)
    const json: unknown = text.trim() === '' ? {} : JSON.parse(text)
    const found = findUnstorable(json)
    if (found) throw invalid(['body', ...found.path].join('.'), found.message)
    return json
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('INVALID_JSON', 'The body is not JSON in UTF-8')
  }
}

/** The fields of a form that a page posted (`application/x-www-form-urlencoded`). */
export async function readForm(request: Request): Promise<URLSearchParams> {
  try {
    return new URLSearchParams(await readText(request))
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('VALIDATION_ERROR', 'The form is not in UTF-8')
  }
}
