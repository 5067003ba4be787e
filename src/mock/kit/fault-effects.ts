import { errorStatus } from '../../contract/errors.js'

/** The connection broke before an answer arrived: what the platform's `fetch` rejects with when its socket is reset. */
export class ConnectionLost extends TypeError {
  constructor() {
    super('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
  }
}

/** Resolves like `work`, unless the caller gives up before. */
export function waitFor<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => reject(signal.reason as Error)
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}

/** An answer in place of the real one: the error envelope unless a body is given. */
export function answerOf(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const [code = status < 500 ? 'VALIDATION_ERROR' : 'INTERNAL_ERROR'] =
    Object.entries(errorStatus).find(([, usual]) => usual === status) ?? []
  const hasBody = status !== 204 && status !== 205 && status !== 304
  const text = JSON.stringify(body === undefined ? { error: 'An injected fault', code } : body)
  return new Response(hasBody ? text : null, {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** The same answer with another body. Its length is that of `announced`, whatever arrives. */
function withBody({ status, headers }: Response, body: BodyInit, announced: number): Response {
  const changed = new Headers(headers)
  changed.set('content-length', String(announced))
  return new Response(body, { status, headers: changed })
}

const brokenOff = new WeakMap<ReadableStream, Uint8Array<ArrayBuffer>>()

/** What arrives of a body that breaks off; undefined for all others. A server has to break its connection after it. */
export function arrivingPart({ body }: Response): Uint8Array<ArrayBuffer> | undefined {
  return body ? brokenOff.get(body) : undefined
}

/** The connection breaks in the middle of the body. */
export async function cutShort(response: Response, bytes?: number): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer())
  const part = whole.slice(0, bytes ?? Math.floor(whole.length / 2))
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent && part.length > 0) controller.enqueue(part)
      else controller.error(new TypeError('terminated', { cause: new Error('other side closed') }))
      sent = true
    },
  })
  brokenOff.set(body, part)
  return withBody(response, body, whole.length)
}

/** All of a body but its end, as if that were all. */
export async function malformed(response: Response): Promise<Response> {
  const text = (await response.text()).slice(0, -1)
  return withBody(response, text, new TextEncoder().encode(text).length)
}

/** The body in ten parts, each of which takes its time. */
export async function slowly(response: Response, ms: number): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer())
  const size = Math.max(1, Math.ceil(whole.length / 10))
  let at = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => (timer = setTimeout(resolve, ms)))
      controller.enqueue(whole.slice(at, at + size))
      at += size
      if (at >= whole.length) controller.close()
    },
    cancel: () => clearTimeout(timer),
  })
  return withBody(response, body, whole.length)
}
