import { Transport, type Fetch, type Runtime, type TransportOptions } from '../../src/transport/index.js'

/** A request as `fetch` got it. */
export interface Sent {
  method: string
  url: URL
  headers: Record<string, string>
  /** Parsed; undefined if none was sent. */
  body: unknown
  signal: AbortSignal
}

type Reply = Response | Error | ((sent: Sent) => Response | Promise<Response>)

/** A `fetch` that answers from a script, in order, and remembers what it got. Anything beyond the script is an error. */
export function script(...replies: Reply[]): { fetch: Fetch; sent: Sent[] } {
  const sent: Sent[] = []
  const fetch: Fetch = async (url, init) => {
    const request: Sent = {
      method: init.method ?? 'GET',
      url: new URL(url),
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      signal: init.signal as AbortSignal,
    }
    sent.push(request)
    const reply = replies[sent.length - 1]
    if (reply === undefined) throw new Error(`Unexpected request ${sent.length}: ${request.method} ${url}`)
    if (reply instanceof Error) throw reply
    return typeof reply === 'function' ? reply(request) : reply
  }
  return { fetch, sent }
}

/** A `fetch` that answers every request with the same. */
export function always(reply: (sent: Sent) => Response | Promise<Response>): { fetch: Fetch; sent: Sent[] } {
  return script(...Array.from({ length: 1000 }, () => reply))
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

export function refusal(status: number, code = 'HTTP_ERROR', headers: Record<string, string> = {}): Response {
  return json({ error: `refused with ${status}`, code }, status, headers)
}

/** Never answers; ends when it is aborted. */
export function hang({ signal }: Sent): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

/** A clock that only sleeping moves, and chance that is none. */
export function stillRuntime(random = 0.5): Runtime & { slept: number[] } {
  let now = Date.parse('2025-01-15T10:30:00.000Z')
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    random: () => random,
    async sleep(ms) {
      slept.push(ms)
      now += ms
    },
  }
}

export const apiKey = 'wvz_0123456789abcdef0123456789abcdef'

export function transport(options: Partial<TransportOptions>, runtime: Runtime = stillRuntime()): Transport {
  return new Transport({ apiKey, baseUrl: 'https://api.test', ...options }, runtime)
}

/** What a promise rejects with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('The promise was expected to reject')
}

const at = '2025-01-15T10:30:00.000Z'

export const connection = {
  id: '11111111-1111-4111-8111-111111111111',
  displayName: 'Team Slack',
  integrationName: 'slack',
  externalId: 'conn_slack',
  authMethodKey: 'oauth2',
  type: 'OAUTH2',
  status: 'ACTIVE',
  scope: 'WORKSPACE',
  workspaceId: '22222222-2222-4222-8222-222222222222',
  endUserId: null,
  createdAt: at,
  updatedAt: at,
} as const
