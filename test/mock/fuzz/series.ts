import { expect } from 'vitest'
import type * as z from 'zod/mini'
import { commonErrors, ErrorBody, errorStatus, type KnownErrorCode } from '../../../src/contract/errors.js'
import type { EndpointId } from '../../../src/contract/index.js'
import { parse } from '../../../src/contract/issues.js'
import { hush, strangers } from '../door.js'
import { differences, holdings } from './holdings.js'
import { endpointOf, wireOf, type Call, type Wire } from './request.js'
import { carriesBody } from './spoil.js'
import type { Ground } from './world.js'

const { FUZZ_SEED, FUZZ_TIMES } = process.env
const seed = Number(FUZZ_SEED ?? 20250115)
const times = Number(FUZZ_TIMES ?? 1)

/** The same requests at each run, unless the environment asks for others, or for more of them. */
export const fuzz = {
  how: `FUZZ_SEED=${seed} FUZZ_TIMES=${times}`,
  /** Of `fc.assert`: nothing is shrunk, because a series is short and each of its requests may be what it takes. */
  parameters: ({ numRuns }: { numRuns: number }) => ({ seed, numRuns: numRuns * times, endOnFailure: true }),
}

/** How many requests were sent and what came of them, over all series. */
export class Tally {
  requests = 0
  readonly #answers = new Map<string, { succeeded: number; refused: number }>()

  count(what: string, ok: boolean): void {
    this.requests++
    const answers = this.#answers.get(what) ?? { succeeded: 0, refused: 0 }
    answers[ok ? 'succeeded' : 'refused']++
    this.#answers.set(what, answers)
  }

  of(what: string) {
    return this.#answers.get(what) ?? { succeeded: 0, refused: 0 }
  }
}

/** Only a request that never ends takes that long. */
const hangMs = 15_000

export async function inTime<T>(what: string, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not answered`)), hangMs)
  })
  return Promise.race([answer, hang]).finally(() => clearTimeout(timer))
}

export function refusalIn(status: number, body: unknown): KnownErrorCode {
  const parsed = parse(ErrorBody, body)
  if (!parsed.ok) throw new Error(`Not an error of the API: ${JSON.stringify(body)}`)
  const { error, code, details } = parsed.value
  expect(error).not.toBe('')
  const known = errorStatus as Readonly<Record<string, number>>
  expect(Object.keys(known), error).toContain(code)
  // A body that is too large is the one exception that the decisions name
  expect([known[code as string], ...(code === 'VALIDATION_ERROR' ? [413] : [])], error).toContain(status)
  if (code === 'VALIDATION_ERROR') expect(details, error).toBeDefined()
  return code as KnownErrorCode
}

/** What of the state a request may change: what it succeeds in, or nothing at all. `anything`: even where it is refused. */
type Changes = 'if it succeeds' | 'nothing' | 'anything'

/** Requests into one world, one after the other, each of whose answers is held against what was promised. */
export class Series {
  #before: string
  #sent: Wire | undefined

  constructor(
    readonly ground: Ground,
    private readonly tally: Tally,
  ) {
    this.#before = holdings(ground)
  }

  /** Takes one step after the other; an error says which request it was. */
  async each<T>(steps: readonly T[], take: (step: T) => Promise<void>): Promise<void> {
    for (const step of steps) {
      try {
        await take(step)
      } catch (error) {
        const { method, path, headers, body } = this.#sent ?? {}
        const text =
          typeof body === 'string' ? body : body && `${Buffer.from(body).toString('latin1')} (bytes)`
        const head = `${method} ${path} ${JSON.stringify(headers)}`
        throw new Error(`${brief(head)}\n${brief(text ?? '')}\n${(error as Error).message}`, { cause: error })
      }
    }
  }

  /** Sends it, and checks what every answer has to be: in time, no defect, without secrets, and harmless if it refuses. */
  async exchange(what: string, wire: Wire, changes: Changes): Promise<{ response: Response; text: string }> {
    this.#sent = wire
    const { weavz } = this.ground
    const { method, path, headers, body } = wire
    const answer = weavz.fetch(`http://weavz.test${path}`, {
      ...{ method, headers, redirect: 'manual' },
      ...(body !== undefined && carriesBody(wire) && { body }),
    })
    const response = await inTime(what, answer)
    const text = await inTime(what, response.text())
    expect(response.status, brief(text)).toBeLessThan(500)
    expect(text).not.toContain(hush)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    await weavz.settled()
    const after = holdings(this.ground)
    if (changes === 'nothing' || (changes === 'if it succeeds' && !response.ok)) {
      // A run that failed has been a run
      const but = text.includes('"ACTION_FAILED"') ? ['usage'] : []
      expect(differences(this.#before, after, but), brief(text)).toEqual([])
    }
    this.#before = after
    this.tally.count(what, response.ok)
    return { response, text }
  }

  /** A request of the API that somebody has spoilt: refused in the envelope, or answered in JSON all the same. */
  async spoilt(wire: Wire): Promise<void> {
    const { method, headers } = wire
    const reads = ['GET', 'HEAD', 'OPTIONS'].includes(method)
    const { response, text } = await this.exchange('spoilt', wire, reads ? 'nothing' : 'if it succeeds')
    if (method === 'HEAD' || response.status === 204) return expect(text).toBe('')
    expect(response.headers.get('content-type'), JSON.stringify(headers)).toBe('application/json')
    const answered: unknown = JSON.parse(text)
    if (!response.ok) refusalIn(response.status, answered)
  }

  /** A request beside the API. Pages may change something and say no; what they show is for the next requests to use. */
  async visit(surface: string, wire: Wire): Promise<void> {
    const { response, text } = await this.exchange(surface, wire, 'anything')
    const type = response.headers.get('content-type') ?? ''
    const { pool } = this.ground
    if (type.startsWith('application/json')) pool.harvest(JSON.parse(text))
    else if (text !== '') expect(type).toMatch(/^text\/(?:html|plain); ?charset=utf-8$/i)
    for (const [, name = '', value = ''] of text.matchAll(/name="(\w+)"\s+value="([^"]*)"/g)) {
      pool.put('', { [name]: value })
    }
    const location = response.headers.get('location')
    if (location !== null)
      pool.put('', Object.fromEntries(new URL(location, 'http://weavz.test').searchParams))
  }

  /** A call of the API. */
  async call(call: Call): Promise<void> {
    const { pool, keys, weavz } = this.ground
    const wire = wireOf(call, pool, keys)
    const { method, path, safeToRetry = false } = endpointOf(call.id)
    const reads = method === 'GET' || safeToRetry
    const { response, text } = await this.exchange(call.id, wire, reads ? 'nothing' : 'if it succeeds')
    // The query may select another endpoint of the same path
    const { responses, errors, ...endpoint } = endpointOf(
      (weavz.journal.list().findLast(({ direction }) => direction === 'incoming')?.endpoint ??
        call.id) as EndpointId,
    )
    expect(endpoint.path).toBe(path)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-ratelimit-limit')).toMatch(/^\d+$/)
    const { status } = response
    const answered: unknown = JSON.parse(text)
    if (!response.ok) {
      const allowed = [...errors, ...commonErrors, ...(method === 'PATCH' ? ['NO_UPDATES'] : [])]
      expect(allowed, brief(text)).toContain(refusalIn(status, answered))
      return
    }
    const schema = (responses as Readonly<Record<number, z.core.$ZodType>>)[status]
    if (!schema) throw new Error(`${call.id} answered ${status}, which the contract does not know`)
    // The catalog is large, and always the same
    const known = `${endpoint.id} ${text}`
    if (checked.has(known)) return
    const parsed = parse(schema, answered)
    expect(parsed.ok ? [] : parsed.issues, brief(text)).toEqual([])
    expect(strangers(schema, answered)).toEqual([])
    if (text.length > 100_000) checked.add(known)
    else pool.harvest(answered)
  }
}

/** Answers that were held against their schemas. */
const checked = new Set<string>()

const brief = (text: string) => text.slice(0, 1000)
