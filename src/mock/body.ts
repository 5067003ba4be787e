import { Refusal } from '../engine/refusal.js'

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

/** The JSON of a body. Its content type is not looked at; an empty body counts as `{}`. */
export async function readJson(request: Request): Promise<unknown> {
  try {
    const text = await readText(request)
    return text.trim() === '' ? {} : (JSON.parse(text) as unknown)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('INVALID_JSON', 'The body is not JSON in UTF-8')
  }
}
