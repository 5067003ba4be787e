import { timestamp, type Clock } from '../../engine/clock.js'
import type { Vault } from '../../engine/vault/index.js'
import type { Redactor } from '../../engine/vault/redactor.js'
import { isApiPath, type OutgoingId } from '../exchanges.js'
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

type PlainHeaders = Readonly<Record<string, string>>
function plainHeaders(headers: Headers): PlainHeaders {
  const plain: Record<string, string> = {}
  headers.forEach((value, name) => (plain[name] = value))
  return plain
}

/** A request as it came or went. */
interface Begun {
  readonly method: string
  readonly url: string
  /** Of an incoming one. */
  readonly headers?: PlainHeaders
  readonly outgoing?: { readonly endpoint: OutgoingId; readonly cause: number | null }
}

/** What `raw` holds. */
interface RawEntry extends Partial<Pick<JournalEntry, 'issues' | 'resolutions' | 'executions' | 'attempts'>> {
  readonly body?: unknown
  readonly reply?: unknown
}

/** What was noted of an exchange last. */
interface Noted extends Pick<JournalEntry, 'endpoint' | 'openings' | 'faults'> {
  readonly headers?: PlainHeaders
  /** JSON with secrets in it: what it was made of may change, and takes more memory. */
  readonly raw: string
  /** JSON of the answer, if it is not part of `raw`. */
  readonly reply: string | undefined
  readonly answer: { readonly status: number; readonly headers: PlainHeaders } | undefined
}

/** An exchange, raw: to take out the secrets costs more than most of what the mock does, and few entries are read. */
interface Slot {
  readonly seq: number
  readonly at: number
  readonly begun: Begun
  noted?: Noted
  /** Without secrets, each once it was read, or before the redactor forgets what they are. */
  request?: JournalEntry['request']
  shown?: JournalEntry
}

function requestOf({ method, headers, outgoing, ...begun }: Begun, redactor: Redactor) {
  const url = new URL(begun.url)
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
  const raw = redactor.value(JSON.parse(noted?.raw ?? '{}')) as RawEntry
  const reply = noted?.reply === undefined ? raw.reply : redactor.value(JSON.parse(noted.reply))
  slot.shown = {
    seq,
    at: timestamp(slot.at),
    direction: begun.outgoing ? 'outgoing' : 'incoming',
    cause: begun.outgoing?.cause ?? null,
    endpoint: noted ? noted.endpoint : (begun.outgoing?.endpoint ?? null),
    request: { ...request, ...(noted?.headers && { headers: noted.headers }), body: raw.body },
    // Ids and names of the request, and what was said about them
    issues: raw.issues ?? [],
    resolutions: raw.resolutions ?? [],
    executions: raw.executions ?? [],
    openings: noted?.openings ?? [],
    faults: noted?.faults ?? [],
    attempts: raw.attempts ?? [],
    response: noted?.answer
      ? { status: noted.answer.status, headers: headersOf(noted.answer.headers, redactor), body: reply }
      : null,
  }
  return slot.shown
}

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

  function add(url: URL, begun: Omit<Begun, 'url'>): Exchange {
    if (slots.length >= 2 * limit) {
      dropped += slots.length - kept().length
      slots = kept()
    }
    const exchange = new Exchange(url, ++count)
    slots.push({ seq: exchange.seq, at: clock.now(), begun: { url: url.href, ...begun } })
    return exchange
  }

  function note(exchange: Exchange, answer: Answer | undefined, reply?: string): void {
    // They are numbered without gaps
    const slot = slots[exchange.seq - (slots[0]?.seq ?? 0)]
    if (!slot) return
    const { endpoint, headers, body, issues, resolutions, executions, openings, faults, attempts } = exchange
    slot.noted = {
      endpoint,
      ...(headers && { headers }),
      raw: JSON.stringify({ body, issues, resolutions, executions, attempts, reply: answer?.body }),
      reply,
      openings: [...openings],
      faults: [...faults],
      answer: answer && { status: answer.status, headers: plainHeaders(answer.headers) },
    }
    delete slot.shown
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
      return add(url, { method: request.method, headers: plainHeaders(request.headers) })
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
      const exchange = add(url, { method, outgoing: { endpoint, cause: cause?.seq ?? null } })
      exchange.endpoint = endpoint
      return exchange
    },
    follow: (exchange) => note(exchange, exchange.answer),
  }
}
