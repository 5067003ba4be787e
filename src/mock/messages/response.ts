import { textHeaders, type PlainHeaders } from './headers.js'
import { standInFor } from './stand-in.js'

/**
 * A response whose body is a text. Half of the time of a small call is what a platform's Response takes to make a stream
 * of the text, and the caller to read it back from there.
 */
class TextResponse {
  readonly #status: number
  readonly #body: string
  #headers: Headers
  #used = false
  #whole: Response | undefined

  constructor(status: number, headers: PlainHeaders, body: string) {
    this.#status = status
    this.#headers = textHeaders(headers)
    this.#body = body
  }

  get status(): number {
    return this.#status
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299
  }

  get headers(): Headers {
    return this.#headers
  }

  get bodyUsed(): boolean {
    return this.#whole?.bodyUsed ?? this.#used
  }

  async text(): Promise<string> {
    // The platform has an error for who reads twice
    if (this.#whole || this.#used) return this.whole.text()
    this.#used = true
    return this.#body
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown
  }

  static bodyOf(response: Response): string | undefined {
    return #body in response ? response.#body : undefined
  }

  static platformsOwn(response: Response): Response {
    return #body in response ? response.whole : response
  }

  get whole(): Response {
    if (this.#whole) return this.#whole
    const whole = new Response(this.#body, { status: this.#status, headers: this.#headers })
    if (this.#used) void whole.text()
    this.#headers = whole.headers
    return (this.#whole = whole)
  }
}
standInFor(TextResponse, Response)

/** A response with a text as body; its status must allow one. The headers are taken as they are: see `textHeaders`. */
export function textResponse(status: number, headers: PlainHeaders, body: string): Response {
  return new TextResponse(status, headers, body) as unknown as Response
}

/** The body of a response that `textResponse` made; undefined if it has to be read. */
export const answeredText = (response: Response): string | undefined => TextResponse.bodyOf(response)

/** The same as the platform's own object, which servers outside JavaScript take apart. */
export const platformResponse = (response: Response): Response => TextResponse.platformsOwn(response)
