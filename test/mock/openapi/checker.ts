import {
  registerSchema,
  unregisterSchema,
  validate,
  type SchemaObject,
  type Validator,
} from '@hyperjump/json-schema/openapi-3-1'

/** One request with its answer. Bodies are undefined where there is none, and text where they do not parse. */
export interface Exchange {
  method: string
  url: URL
  requestBody: unknown
  status: number
  headers: Headers
  body: unknown
}

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>
type Node = Record<string, any>

/** A `fetch` that keeps what passes through it. */
export function recorded(fetch: Fetch): { fetch: Fetch; exchanges: Exchange[] } {
  const exchanges: Exchange[] = []
  return {
    exchanges,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const sent = await request.clone().text()
      const response = await fetch(request)
      exchanges.push({
        method: request.method,
        url: new URL(request.url),
        requestBody: jsonOf(sent),
        status: response.status,
        headers: response.headers,
        // What is no JSON may be a stream without an end
        body: isJson(response) ? jsonOf(await response.clone().text()) : undefined,
      })
      return response
    },
  }
}

function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.includes('json') ?? false
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

let checkers = 0

/**
 * Holds exchanges against an OpenAPI document, which is all that it knows of the API. Schemas are those of the
 * document, evaluated by a validator that knows its dialect.
 */
export class Checker {
  readonly #uri: string
  readonly #document: Node
  readonly #validators = new Map<string, Promise<Validator>>()
  /** The operations that were seen, and what they answered: `GET /api/v1/workspaces 200`. */
  readonly seen = new Set<string>()

  constructor(document: unknown) {
    this.#document = document as Node
    this.#uri = `https://openapi.test/${++checkers}`
    // Read as a schema of the dialect of OpenAPI 3.1: what matters are the schemas inside, at their places.
    registerSchema(document as SchemaObject, this.#uri, 'https://spec.openapis.org/oas/3.1/dialect/base')
  }

  close(): void {
    unregisterSchema(this.#uri)
  }

  /** Whether the document has the operation. */
  readonly knows = ({ method, url }: Exchange): boolean => this.#find(method, url.pathname) !== undefined

  /** What is wrong with an exchange, in words. */
  readonly violations = async (exchange: Exchange): Promise<string[]> => {
    const { method, url, status } = exchange
    const found = this.#find(method, url.pathname)
    if (!found) return [`${method} ${url.pathname}: no such operation`]
    const { pointer, operation, params } = found
    const title = `${method} ${pointer[1]}`
    this.seen.add(`${title} ${status}`)
    if (!operation.responses[status]) return [`${title}: no such status, ${status}`]
    const at = this.#follow([...pointer, 'responses', String(status)])
    const problems = [
      ...(await this.#answer(at, exchange)),
      // What is answered with success was a request as described.
      ...(status < 300 ? await this.#request(pointer, operation, params, exchange) : []),
    ]
    return problems.map((problem) => `${title} ${status}: ${problem}`)
  }

  #find(method: string, pathname: string) {
    const segments = pathname.split('/')
    const candidates = Object.entries(this.#document.paths as Node)
      .filter(([, item]) => method.toLowerCase() in item)
      .map(([template, item]) => {
        const params: Record<string, string> = {}
        const pattern = template.split('/')
        const fits = pattern.every((part, at) => {
          const name = /^\{(.+)\}$/.exec(part)?.[1]
          if (name) params[name] = decoded(segments[at] ?? '')
          return name ? segments[at] !== '' : part === segments[at]
        })
        return { template, item, params, fits: fits && pattern.length === segments.length }
      })
      .filter(({ fits }) => fits)
      // A concrete path goes before a templated one.
      .sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)
    const [first] = candidates
    if (!first) return undefined
    const key = method.toLowerCase()
    return {
      pointer: ['paths', first.template, key],
      operation: first.item[key] as Node,
      params: first.params,
    }
  }

  #get(pointer: readonly string[]): Node {
    return pointer.reduce<Node>((node, key) => node[key], this.#document)
  }

  /** Where a pointer leads, references followed. */
  #follow(pointer: readonly string[]): string[] {
    const { $ref } = this.#get(pointer)
    return $ref === undefined ? [...pointer] : this.#follow($ref.slice(2).split('/'))
  }

  async #answer(at: string[], { headers, body }: Exchange): Promise<string[]> {
    const problems: string[] = []
    if (headers.get('content-type') !== 'application/json') {
      problems.push(`content type ${headers.get('content-type')}`)
    }
    for (const name of Object.keys(this.#get(at).headers)) {
      const header = this.#follow([...at, 'headers', name])
      const value = headers.get(name)
      if (value !== null) problems.push(...(await this.#value([...header, 'schema'], asTyped(value), name)))
      else if (this.#get(header).required) problems.push(`header ${name} is missing`)
    }
    problems.push(...(await this.#value([...at, 'content', 'application/json', 'schema'], body, 'body')))
    return problems
  }

  async #request(
    pointer: string[],
    operation: Node,
    params: Record<string, string>,
    { url, requestBody: sent }: Exchange,
  ): Promise<string[]> {
    const { parameters, requestBody } = operation
    // Where a parameter selects what is answered, the parameters of the other answers are ignored.
    const ignored = operation['x-weavz-endpoints'].length > 1 ? 'query' : undefined
    const problems: string[] = []
    for (const [index, { name, in: place, required }] of (parameters as Node[]).entries()) {
      if (place === 'header' || place === ignored) continue
      const value = place === 'path' ? params[name] : (url.searchParams.get(name) ?? undefined)
      const schema = [...pointer, 'parameters', String(index), 'schema']
      if (value !== undefined) {
        const typed = this.#get(schema).type === 'string' ? value : asTyped(value)
        problems.push(...(await this.#value(schema, typed, `${place} ${name}`)))
      } else if (required) problems.push(`${place} ${name} is missing`)
    }
    if (requestBody && sent !== undefined) {
      const schema = [...pointer, 'requestBody', 'content', 'application/json', 'schema']
      problems.push(...(await this.#value(schema, sent, 'request')))
    } else if (requestBody?.required) problems.push('request body is missing')
    return problems
  }

  async #value(pointer: readonly string[], value: unknown, name: string): Promise<string[]> {
    const validator = await this.#validator(pointer)
    const json = value as Parameters<Validator>[0]
    // To tell what is wrong costs more than to tell whether something is.
    if (validator(json).valid) return []
    const output = validator(json, 'BASIC')
    if (output.valid) return []
    const where = (output.errors ?? []).map(
      ({ instanceLocation, absoluteKeywordLocation }) =>
        `${instanceLocation} against ${absoluteKeywordLocation.split('#')[1]}`,
    )
    return [`${name} is not as described: ${where.join('; ')}: ${JSON.stringify(value)?.slice(0, 500)}`]
  }

  #validator(pointer: readonly string[]): Promise<Validator> {
    const escaped = pointer.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')))
    const uri = `${this.#uri}#/${escaped.join('/')}`
    const compiled = this.#validators.get(uri) ?? validate(uri)
    this.#validators.set(uri, compiled)
    return compiled
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** A header or a query parameter as the number or boolean that it spells. */
function asTyped(text: string): unknown {
  const value = jsonOf(text)
  return typeof value === 'number' || typeof value === 'boolean' ? value : text
}
