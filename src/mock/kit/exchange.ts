import type { ValidationIssue } from '../../contract/errors.js'
import type { DeliveryStatus } from '../../contract/triggers.js'
import type { Engine, EngineObserver, Execution } from '../../engine/engine.js'
import { equalJson } from '../../engine/json.js'
import { Refusal } from '../../engine/refusal.js'
import type { Resolution, ResolutionRequest, RungName, StepStatus } from '../../engine/resolver/index.js'
import type { Opening, Vault } from '../../engine/vault/index.js'
import type { ExchangeId } from '../exchanges.js'
import type { JournalFault } from './faults.js'
import type { Strays } from './strays.js'

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

/** One action that was to run: by `actions.execute`, as a tool of an MCP server, or out of code. */
export interface JournalExecution extends Execution {}

/** One attempt to deliver an event. */
export interface JournalAttempt {
  /** Counts from 1; 0 if nothing could be sent. */
  readonly attempt: number
  readonly status: DeliveryStatus
  /** Null where the receiver did not answer. */
  readonly httpStatus: number | null
  readonly error: string | null
}

/** One exchange. No credential, key or token is in it. */
export interface JournalEntry {
  /** Counts from 1, in the order in which the exchanges began. */
  readonly seq: number
  /** ISO 8601, when it began. */
  readonly at: string
  /** Whether this Weavz was asked, or asked somebody else: a token endpoint, or a receiver of events. */
  readonly direction: 'incoming' | 'outgoing'
  /** Of an outgoing one: `seq` of the exchange during which it was sent; null if there was none. */
  readonly cause: number | null
  /** `actions.execute`, `pages.connect`, `webhooks.trigger`; null where the request was for nothing that there is. */
  readonly endpoint: ExchangeId | null
  readonly request: {
    readonly method: string
    /** Where an outgoing one went: `https://app.example.com`. Null of an incoming one: this Weavz answers under any. */
    readonly origin: string | null
    readonly path: string
    readonly query: Readonly<Record<string, string>>
    readonly headers: Readonly<Record<string, string>>
    /** The JSON or the fields of the form that were sent; undefined if they were not read. */
    readonly body: unknown
  }
  /** What was wrong with the request, parameters that were ignored included: empty if it was well-formed. */
  readonly issues: readonly ValidationIssue[]
  readonly resolutions: readonly JournalResolution[]
  /** The actions that were to run in it. */
  readonly executions: readonly JournalExecution[]
  /** The credentials that were opened for it. */
  readonly openings: readonly Pick<Opening, 'connectionId' | 'field' | 'purpose'>[]
  /** The injected faults that struck it. */
  readonly faults: readonly JournalFault[]
  /** Of an event: the attempts to deliver it that have ended, oldest first. */
  readonly attempts: readonly JournalAttempt[]
  /** Null while it is under way, and if it never got an answer. Of an event: the last answer. */
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    /** JSON as it is, up to 4000 characters of a page; undefined if it was something else. */
    readonly body: unknown
  } | null
}

/** An answer before it is redacted. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body?: unknown
}

/** One exchange while it is under way. */
export class Exchange {
  endpoint: ExchangeId | null = null
  body: unknown
  /** The JSON that the body came in, if that is at hand, and short: it may be white space for the most part. */
  sent: string | undefined
  /** Of an outgoing one, without secrets. */
  headers: Readonly<Record<string, string>> | undefined
  reply: unknown
  /** Why no answer arrives. */
  lost: { readonly error: unknown } | undefined
  /** Of an outgoing one. */
  answer: Answer | undefined
  readonly faults: JournalFault[] = []
  issues: readonly ValidationIssue[] = []
  readonly resolutions: JournalResolution[] = []
  readonly executions: JournalExecution[] = []
  readonly openings: JournalEntry['openings'][number][] = []
  readonly attempts: JournalAttempt[] = []

  constructor(
    readonly url: URL,
    /** 0: not in the journal. */
    readonly seq = 0,
  ) {}

  /** What has an engine tell this exchange what it does for it; `strays` looks at what is opened. */
  observe(engine: Engine, strays: Pick<Strays, 'look'>): Pick<Engine, 'vault' | 'observer'> {
    const vault: Vault = {
      ...engine.vault,
      open: async (envelope, context, purpose) => {
        const opening = { connectionId: context.connectionId, field: context.field, purpose }
        // Now, because which of several is opened first is for the platform's threads to decide
        strays.look(this, opening)
        this.openings.push(opening)
        try {
          return await engine.vault.open(envelope, context, purpose)
        } catch (error) {
          this.openings.splice(this.openings.indexOf(opening), 1)
          throw error
        }
      },
    }
    return { vault, observer: this.#observer }
  }

  readonly #observer: EngineObserver = {
    resolved: (request, answer, steps) => {
      const denied = answer.outcome === 'denied'
      const resolution: JournalResolution = {
        request,
        outcome: answer.outcome,
        connectionId: answer.connection?.id ?? null,
        code: denied ? answer.code : null,
        reason: denied ? (answer.reason ?? null) : null,
        steps: steps.map(({ rung, status, because }) => ({ rung, status, because })),
      }
      // One call asks again with its request once tokens are fresh, and more often than not gets the same
      const last = this.resolutions.at(-1)
      if (last?.request !== request || !equalJson(last, resolution)) this.resolutions.push(resolution)
    },
    executed: (execution) => void this.executions.push(execution),
  }

  /** Hears why the request was refused. */
  refused(error: unknown): void {
    if (!(error instanceof Refusal) || error.code !== 'VALIDATION_ERROR') return
    this.issues = (error.details as { issues?: readonly ValidationIssue[] } | undefined)?.issues ?? []
  }
}
