import { redacted } from '../contract/secrets.js'
import { requestHeaders, type Carrier, type Message } from '../engine/deliveries.js'
import type { Engine } from '../engine/engine.js'
import type { Fetch } from '../engine/oauth/token-request.js'
import type { TriggerSourceRow } from '../engine/triggers/sources.js'
import type { Redactor } from '../engine/vault/redactor.js'
import type { OutgoingId } from './exchanges.js'
import type { Exchange } from './kit/exchange.js'
import type { FaultSet } from './kit/faults.js'
import type { RecordingJournal } from './kit/journal.js'
import type { Strays } from './kit/strays.js'
import { fieldsOf, textOf, tokenAnswerOf } from './kit/shown.js'

/** The headers of somebody else's answer that say something, and are the same whenever it is given. */
const shownHeaders = ['content-type', 'retry-after']

/** What this Weavz sends: all of it is in the journal, and faults strike it. */
export interface Outgoing {
  /** Carries a request to a token endpoint. */
  readonly tokens: Fetch
  /** Goes along with an event. */
  readonly follow: (message: Message, fetch: Fetch) => Carrier
  /** The engine whose requests belong to that exchange. */
  during(exchange: Exchange, engine: Engine): Engine
  /** The engine for one firing of a trigger, which is one exchange from the choice of its connection on. */
  firing(source: TriggerSourceRow, engine: Engine): Engine
}

interface OutgoingOptions {
  readonly journal: RecordingJournal
  readonly faults: FaultSet
  readonly strays: Strays
  readonly redactor: Redactor
  /** Reaches token endpoints. */
  readonly tokenFetch: Fetch
}

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { journal, faults, strays, redactor, tokenFetch } = options

  /** One request among faults. */
  async function send(
    exchange: Exchange,
    target: OutgoingId,
    fetch: Fetch,
    [address, init]: Parameters<Fetch>,
  ): Promise<Response> {
    const { method = 'GET', signal } = init
    const call = () => ({ target, method, url: new URL(address), headers: new Headers(init.headers) })
    exchange.answer = undefined
    const response = await faults.around(
      call,
      signal,
      (fault) => exchange.faults.push(fault),
      () => fetch(address, init),
    )
    const headers = new Headers()
    for (const name of shownHeaders) {
      const value = response.headers.get(name)
      if (value !== null) headers.set(name, value)
    }
    exchange.answer = { status: response.status, headers }
    return response
  }

  const tokensDuring =
    (cause: Exchange | undefined): Fetch =>
    async (address, init) => {
      const { method = 'GET', headers, body } = init
      const exchange = journal.send('provider.token', method, new URL(address), cause)
      exchange.headers = redactor.headers(new Headers(headers))
      exchange.body = fieldsOf(new URLSearchParams(String(body)), redactor)
      try {
        const response = await send(exchange, 'provider.token', tokenFetch, [address, init])
        const text = await textOf(response.clone()).catch(() => undefined)
        if (exchange.answer && text !== undefined) {
          exchange.answer = { ...exchange.answer, body: tokenAnswerOf(text, redactor) }
        }
        return response
      } finally {
        journal.follow(exchange)
      }
    }

  /** @param exchange What was begun for the event. Default: begun now. */
  function followed(message: Message, fetch: Fetch, cause?: Exchange, begun?: Exchange): Carrier {
    const target = `webhooks.${message.kind}` as const
    const exchange = begun ?? journal.send(target, 'POST', new URL(message.url), cause)
    const own = Object.keys(message.headers ?? {}).map((name) => [name, redacted])
    exchange.headers = { ...redactor.headers(requestHeaders(message)), ...Object.fromEntries(own) }
    exchange.body = message.body
    journal.follow(exchange)
    return {
      fetch: (...request) => send(exchange, target, fetch, request),
      ended({ attempt, status, httpStatus, errorMessage: error }) {
        exchange.attempts.push({ attempt, status, httpStatus, error })
        journal.follow(exchange)
      },
    }
  }

  function within(exchange: Exchange, engine: Engine, follow: Outgoing['follow']): Engine {
    const { oauth, deliveries } = engine
    const own = { oauth: { ...oauth, fetch: tokensDuring(exchange) }, deliveries: { ...deliveries, follow } }
    return { ...engine, ...own, ...exchange.observe(engine, strays) }
  }

  return {
    tokens: tokensDuring(undefined),
    follow: (message, fetch) => followed(message, fetch),
    during: (exchange, engine) =>
      within(exchange, engine, (message, fetch) => followed(message, fetch, exchange)),
    firing({ callbackUrl }, engine) {
      const exchange = journal.send('webhooks.trigger', 'POST', new URL(callbackUrl))
      return within(exchange, engine, (message, fetch) => followed(message, fetch, undefined, exchange))
    },
  }
}
