import { timestamp, type Clock } from '../../engine/clock.js'
import { toJson } from '../../engine/json.js'
import type { Vault } from '../../engine/vault/index.js'
import type { Redactor } from '../../engine/vault/redactor.js'
import { isApiPath, type OutgoingId } from '../exchanges.js'
import { plainHeaders, type PlainHeaders } from '../messages/headers.js'
import { answeredText } from '../messages/response.js'
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
  begin(request: Request, url: URL): Exchange
  /** Notes its answer. */
  end(exchange: Exchange, response: Response): void
  /** Notes a request that this Weavz sends. */
  send(endpoint: OutgoingId, method: string, url: URL, cause?: Exchange): Exchange
  /** Notes what has become of it so far. */
  follow(exchange: Exchange): void
}

/** A request as it came or went. */
interface Begun {
  readonly method: string
  readonly address: string
  /** Of an incoming one. */
  readonly headers?: PlainHeaders
  readonly outgoing?: { readonly endpoint: OutgoingId; readonly cause: number | null }
}

/**
 * What was noted of an exchange last. What somebody may still change is kept as JSON, which takes less memory, too; nobody
 * changes the rest.
 */
interface Noted extends Pick<
  JournalEntry,
  'endpoint' | 'issues' | 'resolutions' | 'openings' | 'faults' | 'attempts'
> {
  readonly headers: PlainHeaders | undefined
  /** JSON of what was sent. */
  readonly body: string | undefined
  /** JSON of `executions`. */
  readonly executions: string
  readonly answer: { readonly status: number; readonly headers: PlainHeaders } | undefined
  /** JSON of what was answered. */
  readonly reply: string | undefined
}

/** An exchange, raw: to take out the secrets costs more than most of what the mock does, and few entries are read. */
interface Slot {
  readonly seq: number
  readonly at: number
  readonly begun: Begun
  noted: Noted | undefined
  /** Without secrets, each once it was read, or before the redactor forgets what they are. */
  request: JournalEntry['request'] | undefined
  shown: JournalEntry | undefined
}

function requestOf({ method, headers, outgoing, address }: Begun, redactor: Redactor) {
  const url = new URL(address)
  const plain = outgoing || isApiPath(url.pathname)
  return {
    method,
    origin: outgoing ? url.origin : null,
    path: redactor.text(url.pathname),
    query: plain
      ? (redactor.value(Object.fromEntries(url.searchParams)) as Record<string, string>)
      : fieldsOf(url.searchParams, redactor),
    headers: headers ? headersOf(headers, redactor) : {},
    body: undefined,
  }
}

function show(slot: Slot, redactor: Redactor): JournalEntry {
  const { seq, begun, noted } = slot
  const request = (slot.request ??= requestOf(begun, redactor))
  if (slot.shown) return slot.shown
  // Numbers that JSON cannot write come in as texts that it can read
  const clean = (value: unknown) => redactor.value(toJson(value))
  const read = (json: string | undefined) => (json === undefined ? undefined : clean(JSON.parse(json)))
  slot.shown = {
    seq,
    at: timestamp(slot.at),
    direction: begun.outgoing ? 'outgoing' : 'incoming',
    cause: begun.outgoing?.cause ?? null,
    endpoint: noted ? noted.endpoint : (begun.outgoing?.endpoint ?? null),
    request: {
      ...request,
      ...(noted?.headers && { headers: noted.headers }),
      body: read(noted?.body),
    },
    // Ids and names of the request, and what was said about them
    issues: clean(noted?.issues ?? []) as JournalEntry['issues'],
    resolutions: clean(noted?.resolutions ?? []) as JournalEntry['resolutions'],
    executions: (read(noted?.executions) ?? []) as JournalEntry['executions'],
    openings: noted?.openings ?? [],
    faults: noted?.faults ?? [],
    attempts: clean(noted?.attempts ?? []) as JournalEntry['attempts'],
    response: noted?.answer
      ? {
          status: noted.answer.status,
          headers: headersOf(noted.answer.headers, redactor),
          body: read(noted.reply),
        }
      : null,
  }
  return slot.shown
}

const jsonOf = (value: unknown) => JSON.stringify(value) as string | undefined

export function createJournal(clock: Clock, { redactor }: Vault, limit = 1000): RecordingJournal {
  let slots: Slot[] = []
  let count = 0
  let dropped = 0
  // Cut in bulk: a shift at every entry would move the whole journal
  const kept = () => (limit > 0 ? slots.slice(-limit) : [])
  const list = () => kept().map((slot) => show(slot, redactor))
  redactor.beforeForgetting(() => {
    for (const slot of slots) show(slot, redactor)
  })

  function add(url: URL, begun: Begun): Exchange {
    if (slots.length >= 2 * limit) {
      dropped += slots.length - kept().length
      slots = kept()
    }
    const exchange = new Exchange(url, ++count)
    const { seq } = exchange
    slots.push({ seq, at: clock.now(), begun, noted: undefined, request: undefined, shown: undefined })
    return exchange
  }

  function note(exchange: Exchange, answer: Answer | undefined, reply = jsonOf(answer?.body)): void {
    // They are numbered without gaps
    const slot = slots[exchange.seq - (slots[0]?.seq ?? 0)]
    if (!slot) return
    const { endpoint, headers, issues, resolutions, executions, openings, faults, attempts } = exchange
    slot.noted = {
      endpoint,
      headers,
      body: exchange.sent ?? jsonOf(exchange.body),
      issues,
      resolutions: [...resolutions],
      executions: JSON.stringify(executions),
      openings: [...openings],
      faults: [...faults],
      attempts: [...attempts],
      answer: answer && { status: answer.status, headers: plainHeaders(answer.headers) },
      reply,
    }
    slot.shown = undefined
  }

  return {
    get count() {
      return count
    },
    get dropped() {
      return dropped + slots.length - kept().length
    },
    list,
    toJSON: list,
    clear() {
      dropped += slots.length - kept().length
      slots = []
    },
    begin(request, url) {
      return add(url, { method: request.method, address: url.href, headers: plainHeaders(request.headers) })
    },
    end(exchange, response) {
      if (exchange.lost) return note(exchange, undefined)
      const { status, headers } = response
      const text = answeredText(response)
      // What was written once need not be written again
      if (text === undefined) note(exchange, { status, headers, body: exchange.reply })
      else note(exchange, { status, headers }, text)
    },
    send(endpoint, method, url, cause) {
      const outgoing = { endpoint, cause: cause?.seq ?? null }
      const exchange = add(url, { method, address: url.href, outgoing })
      exchange.endpoint = endpoint
      return exchange
    },
    follow: (exchange) => note(exchange, exchange.answer),
  }
}
