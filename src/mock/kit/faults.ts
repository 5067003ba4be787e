import * as z from 'zod/mini'
import { errorStatus, type ValidationIssue } from '../../contract/errors.js'
import { parse } from '../../contract/issues.js'
import type { ControlledClock } from '../../engine/controlled-clock.js'
import { didYouMean, shownName } from '../../engine/nearest.js'
import { answersHtml, exchangeIds, type ExchangeId } from '../exchanges.js'
import { ConnectionLost, answerOf, cutShort, malformed, slowly, waitFor } from './fault-effects.js'

/**
 * Where faults can be injected: the endpoints of the API; the hosted pages (`pages.…`), the built-in provider
 * (`provider.authorize`, `provider.token`) and the MCP endpoint (`mcp.…`); and what this Weavz sends, to the token
 * endpoints of any provider (`provider.token`) and to receivers of events (`webhooks.…`).
 */
export type FaultTarget = ExchangeId

export const isTarget = (name: unknown): name is FaultTarget => exchangeIds.some((id) => id === name)
export const noTarget = (name: unknown) =>
  `Nothing is called ${shownName(name)}${didYouMean(name, exchangeIds)}`

const Target = z.custom<FaultTarget>(isTarget, { error: ({ input }) => noTarget(input) })
const positive = z.number().check(z.minimum(0))
/** The longest that a timer can take, 24 days; beyond it would go off at once. */
const milliseconds = z.number().check(z.minimum(0), z.maximum(2 ** 31 - 1))

function areHeaders(headers: Record<string, string>): boolean {
  try {
    return Boolean(new Headers(headers))
  } catch {
    return false
  }
}

const Effect = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('status'),
    status: z.number().check(z.int(), z.minimum(200), z.maximum(599)),
    /** JSON. Default: the error envelope. */
    body: z.optional(z.unknown()),
    headers: z.optional(
      z
        .record(z.string(), z.string())
        .check(z.refine(areHeaders, 'Expected names and values of HTTP headers')),
    ),
  }),
  z.strictObject({
    type: z.literal('rate-limit'),
    /** `Retry-After`: seconds, or an HTTP date. Default 1. */
    retryAfter: z.optional(
      z
        .union([z.number(), z.string()])
        .check(
          z.refine((value) => areHeaders({ value: String(value) }), 'Expected the value of an HTTP header'),
        ),
    ),
  }),
  z.strictObject({
    type: z.literal('latency'),
    /** Milliseconds. */
    ms: milliseconds,
    /** Whose time passes. `mock` (default) on a frozen clock: until it is moved. */
    clock: z.optional(z.enum(['mock', 'real'])),
  }),
  z.strictObject({ type: z.literal('reset') }),
  z.strictObject({ type: z.literal('no-answer') }),
  z.strictObject({
    type: z.literal('truncate'),
    /** How many bytes of the body arrive. Default: half of them. */
    bytes: z.optional(positive),
  }),
  z.strictObject({ type: z.literal('malformed-json') }),
  z.strictObject({
    type: z.literal('slow-body'),
    /** Milliseconds before each of ten parts of the body. */
    ms: milliseconds,
  }),
])

const Spec = z.strictObject({
  /** Which calls it is about: all of them unless given. */
  match: z.optional(
    z.strictObject({
      endpoint: z.optional(Target),
      /** Begins with that matching call, counted from 1. Default 1. */
      nth: z.optional(z.number().check(z.int(), z.minimum(1))),
    }),
  ),
  effect: Effect,
  /** How many calls it strikes. Default 1. */
  times: z.optional(z.union([z.number().check(z.int(), z.minimum(1)), z.literal('always')])),
  /** `before` (default): nothing was done. `after`: the work was done, and its answer is lost or spoilt. */
  phase: z.optional(z.enum(['before', 'after'])),
})

export type FaultEffect = z.infer<typeof Effect>
export type FaultSpec = z.infer<typeof Spec> & {
  readonly match?: { readonly when?: ((call: FaultCall) => boolean) | undefined } | undefined
}

/** What a predicate is asked about. */
export interface FaultCall {
  readonly target: FaultTarget
  readonly method: string
  readonly url: URL
  readonly headers: Headers
}

/** A fault as it stands. */
export interface Fault {
  readonly id: number
  readonly spec: FaultSpec
  /** How many calls it has struck. */
  readonly struck: number
  /** Whether it still waits for a call. One that strikes always does not, once it has. */
  readonly pending: boolean
}

/** Lies on demand. */
export interface Faults {
  /**
   * Arms a fault. Several that match one call strike in the order in which they were added.
   *
   * @returns How to take it back.
   * @throws TypeError if it is none.
   * @example
   * weavz.faults.add({ match: { endpoint: 'actions.execute' }, effect: { type: 'status', status: 503 }, times: 2 })
   * weavz.faults.add({ effect: { type: 'reset' }, phase: 'after' })
   */
  add(spec: FaultSpec): () => void
  list(): readonly Fault[]
  /** Takes back the one with that id; false if there is none. */
  remove(id: number): boolean
  clear(): void
}

/** What a fault did to one exchange. */
export interface JournalFault {
  readonly id: number
  readonly type: FaultEffect['type']
  readonly phase: 'before' | 'after'
}

export interface FaultSet extends Faults {
  /** Whether nothing can be struck. */
  readonly none: boolean
  /**
   * One call among faults. What it is is asked for only if there are any.
   *
   * @throws ConnectionLost where no answer arrives; the caller's own reason if it has given up.
   */
  around(
    call: () => FaultCall,
    signal: AbortSignal | null | undefined,
    struck: (fault: JournalFault) => void,
    proceed: () => Promise<Response>,
  ): Promise<Response>
}

const onBody = new Set<FaultEffect['type']>(['truncate', 'malformed-json', 'slow-body'])

const phaseOf = ({ phase, effect }: FaultSpec) => (onBody.has(effect.type) ? 'after' : (phase ?? 'before'))

/** What is wrong with a fault, and where. */
export class FaultError extends TypeError {
  constructor(readonly issues: readonly ValidationIssue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message.slice(0, 200)}`).join('; '))
  }
}

/**
 * @param root What the paths of issues begin with.
 * @throws FaultError
 */
export function parseFault(spec: unknown, root = 'fault'): FaultSpec {
  const { match } = (spec ?? {}) as FaultSpec
  const { when, ...matched } = match ?? {}
  // A predicate is nothing that a schema could look into
  const described = match && 'when' in Object(match) ? { ...(spec as FaultSpec), match: matched } : spec
  const parsed = parse(Spec, described, root)
  if (!parsed.ok) throw new FaultError(parsed.issues)
  if (when !== undefined && typeof when !== 'function') {
    throw new FaultError([{ path: `${root}.match.when`, message: 'Expected function' }])
  }
  if (parsed.value.phase === 'before' && onBody.has(parsed.value.effect.type)) {
    const message = `${parsed.value.effect.type} spoils an answer, so that it comes after the work`
    throw new FaultError([{ path: `${root}.phase`, message }])
  }
  const { endpoint } = parsed.value.match ?? {}
  if (parsed.value.effect.type === 'malformed-json' && endpoint && answersHtml(endpoint)) {
    const message = `malformed-json spoils JSON, and ${endpoint} answers pages`
    throw new FaultError([{ path: `${root}.effect.type`, message }])
  }
  return { ...parsed.value, ...(match && { match: { ...parsed.value.match, when } }) }
}

export function createFaults(clock: ControlledClock): FaultSet {
  interface Armed {
    readonly id: number
    readonly spec: FaultSpec
    seen: number
    struck: number
  }
  const armed = new Map<number, Armed>()
  let count = 0
  const limitOf = ({ times = 1 }: FaultSpec) => (times === 'always' ? Infinity : times)

  function striking(call: FaultCall): Armed[] {
    return [...armed.values()].filter((fault) => {
      const { endpoint, nth = 1, when } = fault.spec.match ?? {}
      if ((endpoint !== undefined && endpoint !== call.target) || (when && !when(call))) return false
      fault.seen++
      if (fault.seen < nth || fault.struck >= limitOf(fault.spec)) return false
      fault.struck++
      return true
    })
  }

  async function strike(
    effect: FaultEffect,
    signal: AbortSignal | null | undefined,
  ): Promise<Response | undefined> {
    switch (effect.type) {
      case 'status':
        return answerOf(effect.status, effect.body, effect.headers)
      case 'rate-limit':
        return answerOf(errorStatus.RATE_LIMITED, undefined, {
          'retry-after': String(effect.retryAfter ?? 1),
        })
      case 'reset':
        throw new ConnectionLost()
      case 'no-answer':
        return waitFor(new Promise<never>(() => undefined), signal)
      case 'latency': {
        const passed =
          effect.clock === 'real'
            ? new Promise<void>((resolve) => setTimeout(resolve, effect.ms))
            : clock.sleep(effect.ms)
        await waitFor(passed, signal)
        return undefined
      }
      default:
        return undefined
    }
  }

  async function spoil(effect: FaultEffect, response: Response): Promise<Response> {
    if (effect.type === 'truncate') return cutShort(response, effect.bytes)
    if (effect.type === 'malformed-json') return malformed(response)
    if (effect.type === 'slow-body') return slowly(response, effect.ms)
    return response
  }

  return {
    get none() {
      return armed.size === 0
    },
    add(spec) {
      const fault = { id: ++count, spec: parseFault(spec), seen: 0, struck: 0 }
      armed.set(fault.id, fault)
      return () => void armed.delete(fault.id)
    },
    list: () =>
      Array.from(armed.values(), ({ id, spec, struck }) => ({
        id,
        spec,
        struck,
        pending: spec.times === 'always' ? struck === 0 : struck < limitOf(spec),
      })),
    remove: (id) => armed.delete(id),
    clear: () => armed.clear(),
    async around(call, signal, struck, proceed) {
      if (armed.size === 0) return proceed()
      const faults = striking(call())
      const tell = ({ id, spec }: Armed) => struck({ id, type: spec.effect.type, phase: phaseOf(spec) })
      for (const fault of faults.filter(({ spec }) => phaseOf(spec) === 'before')) {
        tell(fault)
        const instead = await strike(fault.spec.effect, signal)
        if (instead) return instead
      }
      let response = await proceed()
      for (const fault of faults.filter(({ spec }) => phaseOf(spec) === 'after')) {
        tell(fault)
        response = await spoil(fault.spec.effect, (await strike(fault.spec.effect, signal)) ?? response)
      }
      return response
    },
  }
}
