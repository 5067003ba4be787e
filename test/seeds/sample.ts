import { expect } from 'vitest'
import type { WeavzClient } from '@weavz/sdk'
import { parseCurl } from './curl.js'

/** What stands in a sample → what is sent in its place: the ids and tokens that a reader has to fill in. */
export type Placeholders = Readonly<Record<string, string>>

/** One curl command of a page, word by word. */
export interface CurlSample {
  /** Where on the page it stands. */
  readonly place: string
  readonly curl: string
  /** Makes what the sample takes for granted. */
  readonly prepare?: (client: WeavzClient) => Promise<Placeholders>
  readonly status: number
  /** What the page shows of the answer: compared by keys and types. */
  readonly shows: unknown
  /** What the answer repeats of the request: compared by value. */
  readonly echoes?: object
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/**
 * Fills in the placeholders, runs the command, and holds the answer against the page. `standIns` are for what not
 * every sample has: another host, another key.
 */
export async function checkSample(
  sample: CurlSample,
  client: WeavzClient,
  run: (command: string) => Promise<Answer>,
  standIns: Placeholders = {},
): Promise<void> {
  let command = fillIn(sample.curl, (await sample.prepare?.(client)) ?? {})
  for (const [shown, value] of Object.entries(standIns)) command = command.replaceAll(shown, value)
  const { status, body } = await run(command)
  expect({ status, body }).toMatchObject({ status: sample.status })
  expectToShow(body, sample.shows)
  if (sample.echoes) expect(body).toMatchObject(sample.echoes)
}

/** A sample with ids that exist. A placeholder that the sample does not have is a mistake of the test. */
function fillIn(sample: string, placeholders: Placeholders): string {
  let text = sample
  for (const [placeholder, value] of Object.entries(placeholders)) {
    if (!text.includes(placeholder)) throw new Error(`The sample has no ${placeholder}`)
    text = text.replaceAll(placeholder, value)
  }
  return text
}

/** Runs a command with fetch. */
export function viaFetch(fetch: (url: string, init: RequestInit) => Promise<Response>) {
  return async (command: string): Promise<Answer> => {
    const { url, body, ...init } = parseCurl(command)
    const response = await fetch(url, { ...init, ...(body !== undefined && { body }) })
    return { status: response.status, body: await response.json() }
  }
}

/** Expects the keys that a page shows, each with a value of the type that it shows. A null there says nothing. */
export function expectToShow(answer: unknown, page: unknown): void {
  expect(shapeOf(answer, page)).toEqual(shapeOf(page, page))
}

function shapeOf(value: unknown, page: unknown): unknown {
  if (value === undefined) return 'missing'
  if (page === null) return 'present'
  if (Array.isArray(page)) {
    if (!Array.isArray(value)) return kindOf(value)
    return page.length === 0 ? 'array' : [shapeOf(value[0], page[0])]
  }
  if (typeof page !== 'object') return kindOf(value)
  if (typeof value !== 'object' || value === null) return kindOf(value)
  const fields = Object.entries(page).map(([name, shown]) => {
    return [name, shapeOf((value as Record<string, unknown>)[name], shown)]
  })
  return Object.fromEntries(fields)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'string') return typeof value
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return 'uuid'
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? 'timestamp' : 'string'
}
