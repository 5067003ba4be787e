import { isWellFormed } from '../../engine/vault/context.js'
import { headersFrom } from './headers.js'
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
  readonly headers: Headers
  readonly #address: URL
  readonly #body: string | undefined
  #signal: AbortSignal | undefined
  #whole: Request | undefined

  constructor(address: URL, { method = 'GET', headers, body, signal }: RequestInit) {
    this.method = method
    this.#address = address
    this.#body = typeof body === 'string' ? body : undefined
    this.headers = headersFrom(headers, this.#body === undefined ? undefined : textType)
    this.#signal = signal ?? undefined
  }

  get url(): string {
    return this.#address.href
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

  static addressOf(request: Request): URL | undefined {
    return #address in request ? request.#address : undefined
  }
}
standInFor(TextRequest, Request)

function parseAddress(input: string | URL): URL | undefined {
  try {
    return new URL(input)
  } catch {
    return undefined
  }
}

/** The address, if these are texts that the platform would take as they are. */
function textAddress(input: string | URL, init: RequestInit): URL | undefined {
  const { method = 'GET', body, signal } = init
  if (!methods.has(method) || (signal && !(signal instanceof AbortSignal))) return undefined
  if (body != null && (typeof body !== 'string' || method === 'GET' || method === 'HEAD')) return undefined
  // On the way through bytes these change
  if (body && (body.startsWith('\ufeff') || !isWellFormed(body))) return undefined
  const address = parseAddress(input)
  return address?.username === '' && address.password === '' ? address : undefined
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
  const address = textAddress(input, texts)
  return address === undefined
    ? new Request(input, given)
    : (new TextRequest(address, texts) as unknown as Request)
}

/** Where a request goes, for all who only read it. */
export const addressOf = (request: Request): URL => TextRequest.addressOf(request) ?? new URL(request.url)

/** The body of a request as text, if it is at hand; undefined if it has to be read from the request. */
export const sentText = (request: Request): string | undefined => TextRequest.bodyOf(request)
