import { isWellFormed } from '../../engine/vault/context.js'
import { standInFor } from './stand-in.js'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const known = new Set(['method', 'headers', 'body', 'signal'])

/** What a text as body is taken for (Fetch, "extract a body"). */
const textType = 'text/plain;charset=UTF-8'

/**
 * A request made of texts. To make a platform's Request of them costs as much as all that is done with it: it follows
 * the signal, which leaves work for the garbage collector, and makes a stream of the body, which is then read back from
 * it.
 */
class TextRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly #body: string | undefined
  #signal: AbortSignal | undefined
  #whole: Request | undefined

  constructor(url: string, { method = 'GET', headers, body, signal }: RequestInit) {
    this.method = method
    this.url = url
    this.headers = new Headers(headers)
    if (typeof body === 'string') {
      if (!this.headers.has('content-type')) this.headers.set('content-type', textType)
      this.#body = body
    }
    this.#signal = signal ?? undefined
  }

  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal)
  }

  get whole(): Request {
    const { method, headers, signal } = this
    const body = this.#body === undefined ? {} : { body: this.#body }
    return (this.#whole ??= new Request(this.url, { method, headers, signal, ...body }))
  }

  static bodyOf(request: Request): string | undefined {
    return #whole in request && request.#whole === undefined ? (request.#body ?? '') : undefined
  }
}
standInFor(TextRequest, Request)

/** The address, if these are texts that the platform would take as they are. */
function addressOf(input: string | URL, init: RequestInit): string | undefined {
  const { method = 'GET', body, signal } = init
  if (!methods.has(method) || (signal && !(signal instanceof AbortSignal))) return undefined
  if (body != null && (typeof body !== 'string' || method === 'GET' || method === 'HEAD')) return undefined
  // On the way through bytes these change
  if (body && (body.startsWith('\ufeff') || !isWellFormed(body))) return undefined
  if (!URL.canParse(input)) return undefined
  const { username, password, href } = new URL(input)
  return username === '' && password === '' ? href : undefined
}

/**
 * What `fetch` was given, as a request.
 *
 * @throws TypeError as the platform does for what is no request.
 */
export function requestOf(input: string | URL | Request, init?: RequestInit | null): Request {
  const given = init ?? {}
  if (input instanceof Request || typeof given !== 'object') return new Request(input, given)
  for (const name in given) if (!known.has(name)) return new Request(input, given)
  // Each is read once: what was looked at is what is sent
  const { method, headers, body, signal } = given
  const texts = { method, headers, body, signal }
  const address = addressOf(input, texts)
  return address === undefined
    ? new Request(input, given)
    : (new TextRequest(address, texts) as unknown as Request)
}

/** The body of a request as text, if it is at hand; undefined if it has to be read from the request. */
export const sentText = (request: Request): string | undefined => TextRequest.bodyOf(request)
