import { Refusal, invalid } from '../engine/refusal.js'
import { isWellFormed } from '../engine/vault/context.js'

/** The largest body that is read: 2 MiB. */
export const maxBodyBytes = 2 * 1024 * 1024

function tooLarge(): Refusal {
  const message = `The body is larger than ${maxBodyBytes} bytes`
  return new Refusal('VALIDATION_ERROR', message, { issues: [{ path: 'body', message }] }, { status: 413 })
}

/** The text of a body; stops reading once it is larger than allowed, whatever its headers say. */
async function readText(request: Request): Promise<string> {
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (declared > maxBodyBytes) throw tooLarge()
  if (request.body === null) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = request.body.getReader()
  let text = ''
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.byteLength
    if (size > maxBodyBytes) {
      await reader.cancel().catch(() => undefined)
      throw tooLarge()
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** How deep a body may nest: far beyond what people send, far below what overflows the stack of a recursive reader. */
const maxDepth = 200

/** Refuses what JSON allows but nothing could store or send on: endless nesting, and texts that are no Unicode. */
function refuseUnstorable(root: unknown): void {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: 'body', depth: 0 }]
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, path, depth } = at
    if (typeof value === 'string' && !isWellFormed(value)) throw invalid(path, 'Expected well-formed Unicode')
    if (typeof value !== 'object' || value === null) continue
    // The path of what is too deep would be as long as the body
    if (depth === maxDepth) throw invalid('body', `Must not nest deeper than ${maxDepth} levels`)
    for (const [name, child] of Object.entries(value)) {
      if (!isWellFormed(name)) throw invalid(path, 'Expected keys in well-formed Unicode')
      open.push({ value: child, path: `${path}.${name}`, depth: depth + 1 })
    }
  }
}

/** The JSON of a body. Its content type is not looked at; an empty body counts as `{}`. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    const text = await readText(request)
    const json: unknown = text.trim() === '' ? {} : JSON.parse(text)
    refuseUnstorable(json)
    return json
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('INVALID_JSON', 'The body is not JSON in UTF-8')
  }
}
