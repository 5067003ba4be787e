import { timestamp, type Clock } from '../../engine/clock.js'
import type { Vault } from '../../engine/vault/index.js'
import { isApiPath, type OutgoingId } from '../exchanges.js'
import { Exchange, type Answer, type JournalEntry } from './exchange.js'
import { fieldsOf, headersOf } from './shown.js'

/** What happened, oldest first. */
export interface Journal {
  /** How many exchanges there were. */
  readonly count: number
  /** How many of them it no longer has, because there were more than `journalLimit`. */
  readonly dropped: number
  /** Those that are kept: the last `journalLimit`. */
  list(): readonly JournalEntry[]
  /** Forgets all of them; the counts go on. */
  clear(): void
  /** The kept entries: `JSON.stringify(weavz.journal)` is the same for the same seed and the same requests. */
  toJSON(): readonly JournalEntry[]
}

export interface RecordingJournal extends Journal {
  /** Notes a request. */
  begin(request: Request): Exchange
  /** The exchange that a request began. */
  exchangeOf(request: Request): Exchange | undefined
  /** Notes its answer. */
  end(exchange: Exchange, response: Response): void
  /** Notes a request that this Weavz sends. */
  send(endpoint: OutgoingId, method: string, url: URL, cause?: Exchange): Exchange
  /** Notes what has become of it so far. */
  follow(exchange: Exchange): void
}

export function createJournal(clock: Clock, { redactor }: Vault, limit = 1000): RecordingJournal {
  let entries: JournalEntry[] = []
  let count = 0
  let dropped = 0
  const exchanges = new WeakMap<Request, Exchange>()
  // Cut in bulk: a shift at every entry would move the whole journal
  const kept = () => (limit > 0 ? entries.slice(-limit) : [])

  function add(entry: Pick<JournalEntry, 'direction' | 'cause' | 'endpoint' | 'request'>): Exchange {
    if (entries.length >= 2 * limit) {
      dropped += entries.length - kept().length
      entries = kept()
    }
    const exchange = new Exchange(++count)
    entries.push({
      seq: exchange.seq,
      at: timestamp(clock.now()),
      ...entry,
      issues: [],
      resolutions: [],
      executions: [],
      openings: [],
      faults: [],
      attempts: [],
      response: null,
    })
    return exchange
  }

  function note(exchange: Exchange, answer: Answer | undefined): void {
    // They are numbered without gaps
    const at = exchange.seq - (entries[0]?.seq ?? 0)
    const entry = entries[at]
    if (!entry) return
    const {
      endpoint,
      headers = entry.request.headers,
      body,
      issues,
      resolutions,
      executions,
      openings,
      faults,
      attempts,
    } = exchange
    entries[at] = {
      ...entry,
      endpoint,
      request: { ...entry.request, headers, body: redactor.value(body) },
      // Ids and names of the request, and what was said about them
      issues: redactor.value(issues) as JournalEntry['issues'],
      resolutions: redactor.value(resolutions) as JournalEntry['resolutions'],
      executions: redactor.value(executions) as JournalEntry['executions'],
      openings: [...openings],
      faults: [...faults],
      attempts: redactor.value(attempts) as JournalEntry['attempts'],
      response: answer
        ? {
            status: answer.status,
            headers: headersOf(answer.headers, redactor),
            body: redactor.value(answer.body),
          }
        : null,
    }
  }

  return {
    get count() {
      return count
    },
    get dropped() {
      return dropped + entries.length - kept().length
    },
    list: kept,
    toJSON: kept,
    clear() {
      dropped += entries.length - kept().length
      entries = []
    },
    begin(request) {
      const { pathname, searchParams } = new URL(request.url)
      const exchange = add({
        direction: 'incoming',
        cause: null,
        endpoint: null,
        request: {
          method: request.method,
          origin: null,
          path: redactor.text(pathname),
          query: isApiPath(pathname)
            ? (redactor.value(Object.fromEntries(searchParams)) as Record<string, string>)
            : fieldsOf(searchParams, redactor),
          headers: headersOf(request.headers, redactor),
          body: undefined,
        },
      })
      exchanges.set(request, exchange)
      return exchange
    },
    exchangeOf: (request) => exchanges.get(request),
    end(exchange, { status, headers }) {
      note(exchange, exchange.lost ? undefined : { status, headers, body: exchange.reply })
    },
    send(endpoint, method, url, cause) {
      const exchange = add({
        direction: 'outgoing',
        cause: cause?.seq ?? null,
        endpoint,
        request: {
          method,
          origin: url.origin,
          path: redactor.text(url.pathname),
          query: redactor.value(Object.fromEntries(url.searchParams)) as Record<string, string>,
          headers: {},
          body: undefined,
        },
      })
      exchange.endpoint = endpoint
      return exchange
    },
    follow: (exchange) => note(exchange, exchange.answer),
  }
}
