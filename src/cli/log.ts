import { redactText } from '../contract/secrets.js'
import type { ListenOptions } from '../mock/node.js'
import type { LogForm } from './mock-args.js'

type Around = NonNullable<ListenOptions['around']>

/** One exchange. Neither a query nor a body is in it, because both may hold secrets. */
interface Line {
  /** ISO 8601, when the request came. */
  readonly time: string
  readonly method: string
  readonly path: string
  /** Null where no answer was sent. */
  readonly status: number | null
  /** How long the answer took. */
  readonly ms: number
  readonly requestId: string | null
}

const forms: Readonly<Record<LogForm, (line: Line) => string>> = {
  json: (line) => JSON.stringify(line),
  pretty: ({ time, method, path, status, ms }) =>
    `${time.slice(11, 23)} ${String(status ?? 'lost').padEnd(4)} ${method.padEnd(6)} ${path} ${ms} ms`,
}

/** Writes a line for each exchange. */
export function logging(form: LogForm, write: (line: string) => void): Around {
  return async (request, next) => {
    const [time, start] = [new Date().toISOString(), performance.now()]
    const path = redactText(new URL(request.url).pathname)
    let response: Response | undefined
    try {
      response = await next()
      return response
    } finally {
      const ms = Math.round(performance.now() - start)
      const [status, requestId] = [response?.status ?? null, response?.headers.get('x-request-id') ?? null]
      write(forms[form]({ time, method: request.method, path, status, ms, requestId }))
    }
  }
}
