import type { EndpointId } from '../../contract/index.js'
import type { ValidationIssue } from '../../contract/errors.js'
import { redacted } from '../../contract/secrets.js'
import { timestamp, type Clock } from '../../engine/clock.js'
import type { Engine } from '../../engine/engine.js'
import { equalJson } from '../../engine/json.js'
import { callbackPath } from '../../engine/oauth/authorization.js'
import { Refusal } from '../../engine/refusal.js'
import type { Resolution, ResolutionRequest, RungName, StepStatus } from '../../engine/resolver/index.js'
import type { JournalFault } from './faults.js'
import type { Opening, Vault } from '../../engine/vault/index.js'

/** How one connection was chosen. `weavz.explain` tells more. */
export interface JournalResolution {
  readonly request: ResolutionRequest
  readonly outcome: Resolution['outcome']
  /** UUID of the connection that was chosen, or that a refusal is about. */
  readonly connectionId: string | null
  /** Of a refusal. */
  readonly code: string | null
  /** Of a refusal. */
  readonly reason: string | null
  /** The rungs of the ladder that were reached, in order. */
  readonly steps: readonly {
    readonly rung: RungName
    readonly status: StepStatus
    readonly because: string
  }[]
}

/** One exchange. No credential, key or token is in it. */
export interface JournalEntry {
  /** Counts from 1, in the order in which requests arrived. */
  readonly seq: number
  /** ISO 8601, when the request arrived. */
  readonly at: string
  /** `actions.execute`; null where the request was for none of the API. */
  readonly endpoint: EndpointId | null
  readonly request: {
    readonly method: string
    readonly path: string
    readonly query: Readonly<Record<string, string>>
    readonly headers: Readonly<Record<string, string>>
    /** The JSON that was sent; undefined if it was not read. */
    readonly body: unknown
  }
  /** What was wrong with the request: empty if it was well-formed. */
  readonly issues: readonly ValidationIssue[]
  readonly resolutions: readonly JournalResolution[]
  /** The credentials that were opened for it. */
  readonly openings: readonly Pick<Opening, 'connectionId' | 'field' | 'purpose'>[]
  /** The injected faults that struck it. */
  readonly faults: readonly JournalFault[]
  /** Null while it is under way, and if it never got an answer. */
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    /** The JSON that was answered; undefined if it was something else. */
    readonly body: unknown
  } | null
}

/** What happened, oldest first. */
export interface Journal {
  /** How many exchanges there were. */
  readonly count: number
  /** Those that are kept: the last `journalLimit`. */
  list(): readonly JournalEntry[]
  /** Forgets all of them; the count goes on. */
  clear(): void
  /** The kept entries: `JSON.stringify(weavz.journal)` is the same for the same seed and the same requests. */
  toJSON(): readonly JournalEntry[]
}

/** One exchange while it is under way. */
export class Exchange {
  endpoint: EndpointId | null = null
  body: unknown
  reply: unknown
  /** Why no answer arrives. */
  lost: { readonly error: unknown } | undefined
  readonly faults: JournalFault[] = []
  issues: readonly ValidationIssue[] = []
  readonly resolutions: JournalResolution[] = []
  readonly openings: JournalEntry['openings'][number][] = []

  /** The engine, telling this exchange what it does for it. */
  observe(engine: Engine): Engine {
    const vault: Vault = {
      ...engine.vault,
      open: async (envelope, context, purpose) => {
        const opening = { connectionId: context.connectionId, field: context.field, purpose }
        // Now, because which of several is opened first is for the platform's threads to decide
        this.openings.push(opening)
        try {
          return await engine.vault.open(envelope, context, purpose)
        } catch (error) {
          this.openings.splice(this.openings.indexOf(opening), 1)
          throw error
        }
      },
    }
    return {
      ...engine,
      vault,
      observer: (request, answer, steps) => {
        const denied = answer.outcome === 'denied'
        const resolution: JournalResolution = {
          request,
          outcome: answer.outcome,
          connectionId: answer.connection?.id ?? null,
          code: denied ? answer.code : null,
          reason: denied ? (answer.reason ?? null) : null,
          steps: steps.map(({ rung, status, because }) => ({ rung, status, because })),
        }
        // Asked again once tokens were fresh, with the same result more often than not
        if (!equalJson(this.resolutions.at(-1), resolution)) this.resolutions.push(resolution)
      },
    }
  }

  /** Hears why the request was refused. */
  refused(error: unknown): void {
    if (!(error instanceof Refusal) || error.code !== 'VALIDATION_ERROR') return
    this.issues = (error.details as { issues?: readonly ValidationIssue[] } | undefined)?.issues ?? []
  }
}

export interface RecordingJournal extends Journal {
  /** Notes a request. */
  begin(request: Request): Exchange
  /** The exchange that a request began. */
  exchangeOf(request: Request): Exchange | undefined
  /** Notes its answer. */
  end(exchange: Exchange, request: Request, response: Response): void
}

/** What a provider sends back through the browser names no field of ours: codes and states among it, so none is kept. */
function queryOf(path: string, query: URLSearchParams, redactor: Vault['redactor']): Record<string, string> {
  if (path !== callbackPath) return redactor.value(Object.fromEntries(query)) as Record<string, string>
  return Object.fromEntries(Array.from(query.keys(), (name) => [name, redacted]))
}

export function createJournal(clock: Clock, { redactor }: Vault, limit = 1000): RecordingJournal {
  let entries: JournalEntry[] = []
  let count = 0
  const exchanges = new WeakMap<Request, { exchange: Exchange; entry: JournalEntry }>()
  // Cut in bulk: a shift at every entry would move the whole journal
  const kept = () => (limit > 0 ? entries.slice(-limit) : [])

  return {
    get count() {
      return count
    },
    list: kept,
    toJSON: kept,
    clear() {
      entries = []
    },
    begin(request) {
      const { pathname, searchParams } = new URL(request.url)
      const exchange = new Exchange()
      const entry: JournalEntry = {
        seq: ++count,
        at: timestamp(clock.now()),
        endpoint: null,
        request: {
          method: request.method,
          path: redactor.text(pathname),
          query: queryOf(pathname, searchParams, redactor),
          headers: redactor.headers(request.headers),
          body: undefined,
        },
        issues: [],
        resolutions: [],
        openings: [],
        faults: [],
        response: null,
      }
      if (entries.length >= 2 * limit) entries = kept()
      entries.push(entry)
      exchanges.set(request, { exchange, entry })
      return exchange
    },
    exchangeOf: (request) => exchanges.get(request)?.exchange,
    end(exchange, request, response) {
      const known = exchanges.get(request)
      const at = known ? entries.indexOf(known.entry) : -1
      if (!known || at < 0) return
      const { endpoint, body, reply, issues, resolutions, openings, faults, lost } = exchange
      entries[at] = {
        ...known.entry,
        endpoint,
        request: { ...known.entry.request, body: redactor.value(body) },
        // Ids and names of the request, and what was said about them
        issues: redactor.value(issues) as JournalEntry['issues'],
        resolutions: redactor.value(resolutions) as JournalEntry['resolutions'],
        openings: [...openings],
        faults: [...faults],
        response: lost
          ? null
          : {
              status: response.status,
              headers: redactor.headers(response.headers),
              body: redactor.value(reply),
            },
      }
    },
  }
}
